/** A person, accounts, permission sets and rules for tests of the policy. */
import type { Account, PermissionSet, Requester } from '../../../lambda/domain/policy/facts.ts';
import type { Entitlement, Policy } from '../../../lambda/domain/policy/policy.ts';
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
}

/** By default a rule that lets engineers ask for production as administrators, for four hours, with one approval. */
export const rule = (change: RuleChange = {}): Entitlement => ({
  name: change.name ?? 'a-rule',
  who: { groups: change.groups ?? ['engineers'], users: change.users ?? [] },
  what: {
    accountIds: change.accountIds ?? [],
    accountNames: change.accountNames ?? [],
    organizationalUnits: change.units ?? ['Workloads/Payments'],
    permissionSets: change.permissionSets ?? ['AdministratorAccess'],
  },
  maxDurationSeconds: seconds(change.maxSeconds ?? 14_400),
  approval: { required: change.required ?? 1, groups: ['leads'] },
  require: {
    justificationLength: change.justificationLength ?? 1,
    ...(change.ticketPattern === undefined ? {} : { ticketPattern: change.ticketPattern }),
  },
});

export const policy = (...entitlements: readonly Entitlement[]): Policy => ({ version: 'a'.repeat(64), entitlements });
