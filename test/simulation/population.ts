/** Who and what there is in one world: people in teams, accounts in units, permission sets, and the policy among them. */
import { createMemoryDirectory, type MemoryGroup } from '../../lambda/adapters/memory/memory-directory.ts';
import { createMemoryOnCall } from '../../lambda/adapters/memory/memory-on-call.ts';
import { createMemoryOrganization } from '../../lambda/adapters/memory/memory-organization.ts';
import { createMemoryPolicySource } from '../../lambda/adapters/memory/memory-policy-source.ts';
import type { Account, PermissionSet, Person, PersonAttributes } from '../../lambda/domain/policy/facts.ts';
import type { AttributeTest, BreakGlassRule, Entitlement, Policy, Stage } from '../../lambda/domain/policy/policy.ts';
import type { DurationSeconds } from '../../lambda/domain/time.ts';
import type { Chance } from './chance.ts';

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const TEAMS = ['payments', 'storefront', 'search', 'platform'] as const;
export const ADMINISTRATORS = 'administrators';
/** Where people are; of some it is not said, and of some it was not read. */
export const DEPARTMENTS: readonly PersonAttributes[] = [{ department: 'audit' }, { department: 'sales' }, {}];
const IN_AUDIT: readonly AttributeTest[] = [{ attribute: 'department', values: ['audit', 'risk'] }];
/** Where Brevet itself is; its name, since accounts are closed, too. */
export const HOST = 'host';
/** The one schedule of on-call. */
export const DUTY = 'duty';

export interface SessionChange {
  readonly arn: string;
  readonly at: number;
  readonly sessionSeconds: number;
}

export interface Population {
  readonly directory: ReturnType<typeof createMemoryDirectory>;
  readonly organization: ReturnType<typeof createMemoryOrganization>;
  readonly policies: ReturnType<typeof createMemoryPolicySource>;
  readonly onCall: ReturnType<typeof createMemoryOnCall>;
  /** Ids of those who are on call now. */
  readonly onDuty: Set<string>;
  /** As they are now, for those who change them and those who check. */
  readonly people: Map<string, Person>;
  readonly groups: Map<string, MemoryGroup>;
  readonly accounts: Map<string, Account>;
  readonly permissionSets: Map<string, PermissionSet>;
  readonly policyOf: (version: string) => Policy | undefined;
  readonly policyNow: () => Policy;
  /** When facts about a person, a group, an account or the policy changed last. */
  readonly changedAt: Map<string, number>;
  /** Every change of how long sessions of a permission set last, in order. */
  readonly sessionChanges: SessionChange[];
  readonly teams: readonly string[];
  publish(policy: Policy): void;
}

/** Some sessions outlive every window. */
export const SESSION_HOURS = [1, 4, 12] as const;

const permissionSet = (name: string, number: number): PermissionSet => ({
  arn: `arn:aws:sso:::permissionSet/ssoins-7223c4d1e8b6a509/ps-${String(number).padStart(16, '0')}`,
  name,
  sessionSeconds: (SESSION_HOURS[number] ?? 1) * HOUR,
});

const account = (number: number, name: string, ouPath: string): Account => ({
  id: String(400_000_000_000 + number),
  name,
  ouPath,
  active: true,
});

const rule = (
  name: string,
  who: readonly string[],
  units: readonly string[],
  permissionSets: readonly string[],
  maxSeconds: number,
  approval: readonly Stage[] = [],
): Entitlement => ({
  name,
  who: { groups: who, users: [], attributes: [] },
  what: {
    accounts: { ids: [], names: [], organizationalUnits: units, tags: [] },
    permissionSets: { names: permissionSets, tags: [] },
  },
  match: [],
  maxDurationSeconds: maxSeconds as DurationSeconds,
  approval,
  require: { justificationLength: 3 },
});

const onDuty = (one: Entitlement): Entitlement => ({ ...one, require: { ...one.require, onCall: DUTY } });

const stage = (required: number, groups: readonly string[], change: Partial<Stage> = {}): Stage => ({
  required,
  groups,
  users: [],
  attributes: [],
  ...change,
});

/** The leads first, who are reminded and for whom somebody else steps in; then one of the others, or a person by name. */
const inStages = (chance: Chance, team: string): readonly Stage[] => [
  stage(chance.pick([1, 1, 2]), [`${team}-leads`], {
    remindAfterSeconds: (chance.whole(1, 15) * MINUTE) as DurationSeconds,
    escalation: {
      afterSeconds: (chance.whole(2, 20) * MINUTE) as DurationSeconds,
      groups: ['seconds'],
      users: ['user0'],
    },
  }),
  stage(1, ['seconds'], {
    users: ['user1'],
    remindAfterSeconds: (chance.whole(1, 15) * MINUTE) as DurationSeconds,
  }),
];

/** Everybody who is in audit, whoever they are; in some versions two of them. */
const byAudit = (number: number): readonly Stage[] => [
  stage(number % 3 === 0 ? 2 : 1, [], {
    everybodyWith: IN_AUDIT,
    remindAfterSeconds: (5 * MINUTE) as DurationSeconds,
  }),
];

/** Of a group that is not there and of two people, those who are in audit, and nobody else. */
const byFewOfAudit: readonly Stage[] = [stage(1, ['vanished'], { users: ['user6', 'user7'], attributes: IN_AUDIT })];

/** Few uses and short patience, so that both come to their end within a day. */
const glass = (team: string): BreakGlassRule => ({
  ...rule(`${team}-admin`, [team], [`Workloads/${team}`], ['Admin'], 30 * MINUTE),
  breakGlass: {
    tell: { groups: [`${team}-leads`], users: [] },
    reviewers: { groups: ['seconds'], users: ['user3'] },
    reviewWithinSeconds: (75 * MINUTE) as DurationSeconds,
    maxUses: 3,
  },
});

/** Every version has the same rules by name, with other numbers; some versions lack the rule that asks nobody. */
export const policyVersion = (chance: Chance, number: number): Policy => ({
  version: `version-${number}`,
  guardrails: [],
  // Some versions let nobody break the glass, however they did before.
  ...(number % 4 === 0 ? {} : { breakGlass: TEAMS.map(glass) }),
  entitlements: [
    ...TEAMS.flatMap((team) => {
      const unit = [`Workloads/${team}`];
      const most = chance.pick([HOUR, HOUR, 30 * MINUTE]);
      return [
        rule(`${team}-admin`, [team], unit, ['Admin'], most, [stage(chance.pick([1, 1, 2]), [`${team}-leads`])]),
        rule(
          `${team}-database`,
          [team],
          unit,
          ['Database'],
          HOUR,
          chance.happens(0.6) ? inStages(chance, team) : [stage(2, [`${team}-leads`, 'seconds'])],
        ),
      ];
    }),
    ...TEAMS.map((team, index) =>
      rule(
        `${team}-reading`,
        [team],
        [`Workloads/${team}`],
        ['ReadOnly'],
        30 * MINUTE,
        index === 0 ? byFewOfAudit : byAudit(number),
      ),
    ),
    ...(chance.happens(0.7) ? [rule('incident', TEAMS, ['Workloads'], ['Admin'], chance.pick([5, 10]) * MINUTE)] : []),
    onDuty(rule('duty', TEAMS, ['Workloads'], ['Database'], 15 * MINUTE)),
    rule('sandbox', TEAMS, ['Sandbox'], ['Admin', 'ReadOnly'], HOUR),
    // Would open what must never be a target, if the built-in guardrail did not stand before it.
    rule('mistake', TEAMS, ['Management'], ['Admin'], HOUR),
  ],
});

const peopleOf = (chance: Chance): Person[] =>
  Array.from({ length: chance.whole(20, 300) }, (_, number) => ({
    id: `person-${number}`,
    userName: `user${number}`,
    displayName: `User ${number}`,
    enabled: true,
    ...(number % 5 === 3 ? {} : { attributes: DEPARTMENTS[number % DEPARTMENTS.length] ?? {} }),
  }));

const groupsOf = (chance: Chance, people: readonly Person[]): MemoryGroup[] => {
  const group = (name: string, members: readonly Person[]): MemoryGroup => ({
    id: `group-${name}`,
    name,
    memberIds: members.map(({ id }) => id),
  });
  const half = chance.between(0.2, 0.6);
  return [
    ...TEAMS.map((team) => group(team, chance.some(people, half))),
    ...TEAMS.map((team) =>
      group(
        `${team}-leads`,
        people.slice(0, 20).filter(() => chance.happens(0.3)),
      ),
    ),
    group('seconds', people.slice(5, 12)),
    group(ADMINISTRATORS, people.slice(0, 2)),
  ];
};

const accountsOf = (): Account[] => [
  ...TEAMS.flatMap((team, index) => [
    account(index * 10 + 1, `${team}-prod`, `Workloads/${team}/Prod`),
    account(index * 10 + 2, `${team}-dev`, `Workloads/${team}/Dev`),
  ]),
  account(91, 'sandbox', 'Sandbox'),
  { ...account(98, HOST, 'Workloads/platform/Host'), guarded: true },
  { ...account(99, 'management', 'Management'), forbidden: 'management-account' },
];

export const populate = (chance: Chance): Population => {
  const people = peopleOf(chance);
  const groups = groupsOf(chance, people);
  const accounts = accountsOf();
  const permissionSets = ['Admin', 'Database', 'ReadOnly'].map(permissionSet);
  const first = policyVersion(chance, 1);
  const policies = createMemoryPolicySource(first);
  const versions = new Map([[first.version, first]]);
  let now = first;
  return {
    directory: createMemoryDirectory({ people, groups }),
    organization: createMemoryOrganization({ accounts, permissionSets }),
    policies,
    onCall: createMemoryOnCall({ [DUTY]: [] }),
    onDuty: new Set(),
    people: new Map(people.map((person) => [person.id, person])),
    groups: new Map(groups.map((group) => [group.id, group])),
    accounts: new Map(accounts.map((one) => [one.id, one])),
    permissionSets: new Map(permissionSets.map((one) => [one.arn, one])),
    policyOf: (version) => versions.get(version),
    policyNow: () => now,
    changedAt: new Map(),
    sessionChanges: [],
    teams: TEAMS,
    publish: (policy) => {
      now = policy;
      versions.set(policy.version, policy);
      policies.publish(policy);
    },
  };
};
