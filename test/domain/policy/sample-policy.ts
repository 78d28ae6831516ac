/** A person, accounts, permission sets and rules for tests of the policy. */
import type { JudgedAsk } from '../../../lambda/domain/policy/ask.ts';
import type { Account, PermissionSet, Requester } from '../../../lambda/domain/policy/facts.ts';
import { judge } from '../../../lambda/domain/policy/judge.ts';
import type {
  Effect,
  Entitlement,
  Exception,
  Guardrail,
  Hours,
  Policy,
  Stage,
  TagTest,
  What,
  Who,
  Window,
} from '../../../lambda/domain/policy/policy.ts';
import { isRefusal } from '../../../lambda/domain/refusal.ts';
import { instant } from '../../../lambda/domain/time.ts';
import { seconds } from '../samples.ts';

export const ANN: Requester = {
  person: { id: 'id-ann', userName: 'Ann.Archer@example.com', displayName: 'Ann Archer', enabled: true },
  groups: new Set(['engineers']),
};

export const account = (name: string, ouPath: string, change: Partial<Account> = {}): Account => ({
  id: '400000000001',
  name,
  ouPath,
  active: true,
  ...change,
});
export const PROD = account('payments-prod', 'Workloads/Payments/Prod');

export const permissionSet = (name: string): PermissionSet => ({ arn: `arn:${name}`, name, sessionSeconds: 3600 });
export const ADMIN = permissionSet('AdministratorAccess');

export interface RuleChange {
  readonly name?: string;
  readonly groups?: readonly string[];
  readonly users?: readonly string[];
  readonly accountIds?: readonly string[];
  readonly accountNames?: readonly string[];
  readonly units?: readonly string[];
  readonly permissionSets?: readonly string[];
  readonly maxSeconds?: number;
  readonly required?: number;
  readonly justificationLength?: number;
  readonly ticketPattern?: string;
  readonly attributes?: Who['attributes'];
  readonly accountTags?: readonly TagTest[];
  readonly permissionSetTags?: readonly TagTest[];
  readonly except?: Partial<Exception>;
  readonly match?: Entitlement['match'];
  readonly hours?: Hours;
  readonly approval?: readonly Stage[];
}

const whatOf = (change: RuleChange): What => ({
  accounts: {
    ids: change.accountIds ?? [],
    names: change.accountNames ?? [],
    organizationalUnits: change.units ?? ['Workloads/Payments'],
    tags: change.accountTags ?? [],
    ...(change.except && { except: { ids: [], organizationalUnits: [], tags: [], ...change.except } }),
  },
  permissionSets: { names: change.permissionSets ?? ['AdministratorAccess'], tags: change.permissionSetTags ?? [] },
});

/** By default one approval of the leads. */
export const stage = (change: Partial<Stage> = {}): Stage => ({
  required: 1,
  groups: ['leads'],
  users: [],
  attributes: [],
  ...change,
});

/** By default a rule that lets engineers ask for production as administrators, for four hours, with one approval. */
export const rule = (change: RuleChange = {}): Entitlement => ({
  name: change.name ?? 'a-rule',
  who: { groups: change.groups ?? ['engineers'], users: change.users ?? [], attributes: change.attributes ?? [] },
  what: whatOf(change),
  match: change.match ?? [],
  maxDurationSeconds: seconds(change.maxSeconds ?? 14_400),
  approval: change.approval ?? (change.required === 0 ? [] : [stage({ required: change.required ?? 1 })]),
  require: {
    justificationLength: change.justificationLength ?? 1,
    ...(change.ticketPattern === undefined ? {} : { ticketPattern: change.ticketPattern }),
    ...(change.hours === undefined ? {} : { hours: change.hours }),
  },
});

export const policy = (...entitlements: readonly Entitlement[]): Policy => ({
  version: 'a'.repeat(64),
  entitlements,
  guardrails: [],
});

export const guarded = (entitlements: readonly Entitlement[], ...guardrails: readonly Guardrail[]): Policy => ({
  ...policy(...entitlements),
  guardrails,
});

export const guardrail = (effect: Effect, change: Partial<Guardrail> = {}): Guardrail => ({
  name: 'a-guardrail',
  ...change,
  effect,
});

/** An hour from a Monday morning, 08:00 UTC, on. */
export const HOUR: Window = { from: instant(Date.UTC(2026, 10, 23, 8)), until: instant(Date.UTC(2026, 10, 23, 9)) };

export const ASK: JudgedAsk = {
  requester: ANN,
  account: PROD,
  permissionSet: ADMIN,
  durationSeconds: 3600,
  window: HOUR,
  justification: 'Deploy the fix',
  others: [],
};

/** The name of the rule that lets the ask through, or the code of the refusal. */
export const verdictOf = (given: Policy, change: Partial<JudgedAsk> = {}): string => {
  const result = judge(given, { ...ASK, ...change });
  return isRefusal(result) ? result.refused : result.entitlement.name;
};
