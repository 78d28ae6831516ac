/** The policy as the domain knows it, out of a policy file that was parsed and checked. */
import { isForEverybody, type StageInFile, stagesIn } from '../contract/policy-approval.ts';
import type { PolicyFile } from '../contract/policy-document.ts';
import { DAY_NAMES } from '../contract/policy-schedule.ts';
import { underDelegation } from '../domain/policy/delegation.ts';
import type { PersonAttribute } from '../domain/policy/facts.ts';
import type {
  AccountSelector,
  BreakGlassRule,
  Delegation,
  Effect,
  Entitlement,
  Floor,
  Guardrail,
  Hours,
  PermissionSetSelector,
  Policy,
  Stage,
  TagTest,
  TargetSelector,
  Who,
} from '../domain/policy/policy.ts';
import { foldedCase } from '../domain/proven-identity.ts';
import type { DurationSeconds } from '../domain/time.ts';
import { scheduleFrom } from './freeze-schedule.ts';

type EntitlementInFile = PolicyFile['entitlements'][number];
type DelegationInFile = PolicyFile['delegations'][number];
type GuardrailInFile = PolicyFile['guardrails'][number];
type WhoInFile = Omit<EntitlementInFile['who'], 'users'> & Partial<Pick<EntitlementInFile['who'], 'users'>>;
type AccountsInFile = EntitlementInFile['what']['accounts'];
type TargetInFile = NonNullable<GuardrailInFile['what']>;

const tagsFrom = (tags: Readonly<Record<string, readonly string[]>>): readonly TagTest[] =>
  Object.entries(tags).map(([key, values]) => ({ key, values }));

const whoFrom = ({ groups, users = [], attributes }: WhoInFile): Who => ({
  groups,
  users: users.map(foldedCase),
  attributes: Object.entries(attributes).map(([attribute, values]) => ({
    attribute: attribute as PersonAttribute,
    values: values ?? [],
  })),
});

const accountsFrom = ({ ids, names, organizational_units, tags, except }: AccountsInFile): AccountSelector => ({
  ids,
  names,
  organizationalUnits: organizational_units,
  tags: tagsFrom(tags),
  ...(except && {
    except: { ids: except.ids, organizationalUnits: except.organizational_units, tags: tagsFrom(except.tags) },
  }),
});

const permissionSetsFrom = ({ names, tags }: EntitlementInFile['what']['permission_sets']): PermissionSetSelector => ({
  names,
  tags: tagsFrom(tags),
});

const escalationFrom = ({ escalate_after, escalate_to }: StageInFile): Stage['escalation'] =>
  escalate_to && {
    afterSeconds: escalate_after as DurationSeconds,
    groups: escalate_to.groups,
    users: escalate_to.users.map(foldedCase),
  };

const approversFrom = (approvers: StageInFile['approvers']): Who & Pick<Stage, 'everybodyWith'> => {
  const { attributes, ...named } = whoFrom(approvers);
  return isForEverybody(approvers) ? { ...named, attributes: [], everybodyWith: attributes } : { ...named, attributes };
};

export const stageFrom = (stage: StageInFile): Stage => {
  const { approvers, required, remind_after } = stage;
  const escalation = escalationFrom(stage);
  return {
    ...approversFrom(approvers),
    required,
    ...(approvers.account_tag === undefined ? {} : { accountTag: approvers.account_tag }),
    ...(remind_after === undefined ? {} : { remindAfterSeconds: remind_after as DurationSeconds }),
    ...(escalation && { escalation }),
  };
};

const hoursFrom = ({ days, from, until, time_zone }: NonNullable<EntitlementInFile['require']['hours']>): Hours => ({
  days: days.map((day) => DAY_NAMES.indexOf(day)),
  fromMinute: from % (24 * 60),
  untilMinute: until,
  timeZone: time_zone,
});

const requirementsFrom = (require: EntitlementInFile['require']): Entitlement['require'] => ({
  justificationLength: require.justification_length,
  ...(require.ticket_pattern === undefined ? {} : { ticketPattern: require.ticket_pattern }),
  ...(require.hours === undefined ? {} : { hours: hoursFrom(require.hours) }),
  ...(require.on_call === undefined ? {} : { onCall: require.on_call }),
});

const ruleFrom = (rule: EntitlementInFile): Omit<Entitlement, 'approval'> => ({
  name: rule.name,
  who: whoFrom(rule.who),
  what: { accounts: accountsFrom(rule.what.accounts), permissionSets: permissionSetsFrom(rule.what.permission_sets) },
  match: rule.match.map(({ person, account_tag }) => ({ attribute: person, tag: account_tag })),
  // The schema lets whole, positive seconds through and nothing else.
  maxDurationSeconds: rule.max_duration as DurationSeconds,
  require: requirementsFrom(rule.require),
});

export const delegationOf = (file: PolicyFile, rule: EntitlementInFile) => rule.delegation ?? file.delegation;

/** A rule without approval is for break-glass alone. */
const entitlementsFrom = (rule: EntitlementInFile): readonly Entitlement[] =>
  rule.approval === undefined ? [] : [{ ...ruleFrom(rule), approval: stagesIn(rule.approval).map(stageFrom) }];

const peopleFrom = ({ groups, users }: NonNullable<EntitlementInFile['break_glass']>['tell']) => ({ groups, users });

/** The incident stands for the ticket, and no hours hold. NB. What a delegation binds needs approval: no glass is broken by it. */
const breakGlassFrom = (file: PolicyFile, rule: EntitlementInFile): readonly BreakGlassRule[] => {
  const { break_glass: glass } = rule;
  if (!glass || delegationOf(file, rule) !== undefined) return [];
  return [
    {
      ...ruleFrom(rule),
      maxDurationSeconds: (glass.max_duration ?? rule.max_duration) as DurationSeconds,
      approval: [],
      require: {
        justificationLength: rule.require.justification_length,
        ...(glass.incident_pattern === undefined ? {} : { incidentPattern: glass.incident_pattern }),
        ...(rule.require.on_call === undefined ? {} : { onCall: rule.require.on_call }),
      },
      breakGlass: {
        tell: peopleFrom(glass.tell),
        reviewers: peopleFrom(glass.review.by ?? glass.tell),
        reviewWithinSeconds: glass.review.within as DurationSeconds,
        maxUses: glass.max_uses,
      },
    },
  ];
};

export const delegationFrom = (one: DelegationInFile): Delegation => ({
  name: one.name,
  writers: one.writers,
  organizationalUnits: one.organizational_units,
  permissionSets: permissionSetsFrom(one.permission_sets),
  maxDurationSeconds: one.max_duration as DurationSeconds,
  minApprovals: one.min_approvals,
  approversFrom: one.approvers_from ?? [],
});

/** NB. What a delegation binds is bound here for good, whatever reads the rule afterwards. */
const boundEntitlements = (file: PolicyFile): readonly Entitlement[] => {
  const delegations = new Map(file.delegations.map((one) => [one.name, delegationFrom(one)]));
  return file.entitlements.flatMap((rule) => {
    const name = delegationOf(file, rule);
    if (name === undefined) return entitlementsFrom(rule);
    return entitlementsFrom(rule).map((one) => underDelegation(one, name, delegations.get(name)));
  });
};

const targetFrom = ({ accounts, permission_sets }: TargetInFile): TargetSelector => ({
  ...(accounts && { accounts: accountsFrom(accounts) }),
  ...(permission_sets && { permissionSets: permissionSetsFrom(permission_sets) }),
});

export const floorFrom = ({
  min_approvals,
  approvers_from,
  max_duration,
}: NonNullable<GuardrailInFile['floor']>): Floor => ({
  // Approvers who are named are to be asked.
  minApprovals: min_approvals ?? (approvers_from ? 1 : 0),
  approversFrom: approvers_from ?? [],
  ...(max_duration === undefined ? {} : { maxDurationSeconds: max_duration as DurationSeconds }),
});

const effectFrom = ({ forbid, freeze, floor, not_together, max_open }: GuardrailInFile): Effect => {
  if (forbid !== undefined) return { kind: 'forbid', reason: forbid };
  if (freeze) return { kind: 'freeze', reason: freeze.reason, schedule: scheduleFrom(freeze) };
  if (floor) return { kind: 'floor', ...floorFrom(floor) };
  if (not_together) return { kind: 'not-together', targets: not_together.map(targetFrom) };
  if (max_open !== undefined) return { kind: 'open-limit', most: max_open };
  throw new Error('the schema lets no guardrail without an effect through');
};

/** Nobody is kept from an incident by a freeze, unless it says so. */
const sparesBreakGlass = ({ break_glass, freeze }: GuardrailInFile): boolean =>
  (break_glass ?? (freeze ? 'allow' : 'forbid')) === 'allow';

const guardrailFrom = (rule: GuardrailInFile): Guardrail => ({
  name: rule.name,
  ...(rule.who && { who: whoFrom(rule.who) }),
  ...(rule.what && targetFrom(rule.what)),
  effect: effectFrom(rule),
  ...(sparesBreakGlass(rule) && { sparesBreakGlass: true as const }),
});

export const policyFrom = (file: PolicyFile, version: string): Policy => {
  const breakGlass = file.entitlements.flatMap((rule) => breakGlassFrom(file, rule));
  return {
    version,
    entitlements: boundEntitlements(file),
    ...(breakGlass.length > 0 && { breakGlass }),
    guardrails: file.guardrails.map(guardrailFrom),
  };
};
