/** A generated organization and a policy for it, of any size: the same for the same size and seed. */
import type { OrganizationExport } from '../../lambda/contract/organization-export.ts';

export interface Size {
  readonly accounts: number;
  readonly units: number;
  readonly permissionSets: number;
  readonly people: number;
  readonly groups: number;
  readonly entitlements: number;
  readonly guardrails: number;
}

export const FULL: Size = {
  accounts: 5000,
  units: 600,
  permissionSets: 100,
  people: 20_000,
  groups: 2000,
  entitlements: 400,
  guardrails: 40,
};

/** A tenth in accounts and rules, and in what both are about. */
export const TENTH: Size = {
  accounts: 500,
  units: 60,
  permissionSets: 100,
  people: 2000,
  groups: 200,
  entitlements: 40,
  guardrails: 4,
};

export interface Chance {
  /** Whole, from 0 to just below the limit. */
  below(limit: number): number;
  pick<Item>(items: readonly Item[]): Item;
}

/** Mulberry32: small, and good enough for spreading things about. */
export const chanceFrom = (seed: number): Chance => {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const below = (limit: number): number => Math.floor(next() * limit);
  return {
    below,
    pick: (items) => {
      const item = items[below(items.length)];
      if (item === undefined) throw new Error('nothing to pick from');
      return item;
    },
  };
};

const DEPTH = 5;
const ENVIRONMENTS = ['prod', 'staging', 'dev'];
const RISKS = ['low', 'medium', 'high', 'critical'];
const numbered = (count: number, name: string): string[] =>
  Array.from({ length: count }, (_, index) => `${name}-${index}`);

/** Paths, five deep at most: each hangs below an earlier one that has room. */
const unitPaths = (count: number, chance: Chance): readonly string[] => {
  const paths: string[] = numbered(Math.min(8, count), 'unit');
  while (paths.length < count) {
    const parent = chance.pick(paths);
    if (parent.split('/').length < DEPTH) paths.push(`${parent}/part-${paths.length}`);
  }
  return paths;
};

export const teamsIn = ({ groups }: Size): number => Math.max(1, Math.floor(groups / 20));

export const generateOrganization = (size: Size, seed = 1): OrganizationExport => {
  const chance = chanceFrom(seed);
  const units = unitPaths(size.units, chance);
  const teams = numbered(teamsIn(size), 'team');
  const groupNames = [
    ...teams.flatMap((team) => [`${team}-engineers`, `${team}-leads`]),
    ...numbered(size.groups - 2 * teams.length, 'group'),
  ];
  const members = new Map<string, string[]>(groupNames.map((name) => [name, []]));
  const people = numbered(size.people, 'person').map((userName, index) => {
    const team = teams[index % teams.length] ?? '';
    const isLead = index % 12 === 0;
    for (const name of [`${team}-${isLead ? 'leads' : 'engineers'}`, chance.pick(groupNames), chance.pick(groupNames)])
      members.get(name)?.push(`id-${userName}`);
    return {
      id: `id-${userName}`,
      userName,
      displayName: userName,
      enabled: index % 50 !== 49,
      attributes: { department: team, user_type: index % 10 === 9 ? 'Contractor' : 'Employee' },
    };
  });
  return {
    version: 1,
    takenAt: '2026-11-23T08:00:00.000Z',
    accounts: numbered(size.accounts, 'account').map((name, index) => ({
      id: String(100_000_000_000 + index),
      name,
      ouPath: chance.pick(units),
      active: index % 100 !== 99,
      ...(index === 0 ? { forbidden: 'management-account' as const } : {}),
      tags: { team: chance.pick(teams), environment: chance.pick(ENVIRONMENTS) },
    })),
    organizationalUnits: [...units],
    permissionSets: numbered(size.permissionSets, 'set').map((name, index) => ({
      arn: `arn:aws:sso:::permissionSet/ssoins-0/${name}`,
      name,
      sessionSeconds: 3600,
      tags: { risk: RISKS[index % RISKS.length] ?? 'low' },
    })),
    groups: groupNames.map((name) => ({ id: `id-${name}`, name, memberIds: [...new Set(members.get(name) ?? [])] })),
    people,
  };
};

/** The kinds of rule that a platform team writes, over and over: for a team, for named accounts, by tag, for all teams at once. */
const ruleAbout = (organization: OrganizationExport, chance: Chance, index: number): object => {
  const groups = organization.groups.map(({ name }) => name);
  const sets = organization.permissionSets.map(({ name }) => name);
  const some = <Item>(items: readonly Item[], count: number): Item[] => [
    ...new Set(Array.from({ length: count }, () => chance.pick(items))),
  ];
  const unit = chance.pick(organization.organizationalUnits);
  const named = { names: some(organization.accounts, 4).map(({ name }) => name) };
  const kinds = [
    { accounts: { organizational_units: [unit] } },
    { accounts: { organizational_units: [unit], tags: { environment: ['prod', 'staging'] } } },
    { accounts: named },
    { accounts: { ids: some(organization.accounts, 3).map(({ id }) => id) } },
    { accounts: { organizational_units: [unit], except: { tags: { environment: 'prod' } } } },
  ];
  const isForAll = index % 80 === 79;
  const required = index % 4;
  return {
    name: `rule-${index}`,
    who: isForAll ? { attributes: { user_type: 'Employee' } } : { groups: some(groups, 1 + chance.below(3)) },
    what: {
      ...(isForAll ? { accounts: { tags: { environment: 'dev' } } } : chance.pick(kinds)),
      permission_sets: index % 10 === 0 ? { tags: { risk: 'low' } } : some(sets, 1 + chance.below(4)),
    },
    ...(isForAll ? { match: [{ person: 'department', account_tag: 'team' }] } : {}),
    max_duration: chance.pick(['30m', '1h', '2h', '4h', '8h']),
    approval: required === 0 ? 'none' : { groups: some(groups, 2), required: Math.min(required, 2) },
    require: { justification_length: 1 + chance.below(20) },
  };
};

const guardrailAbout = (organization: OrganizationExport, chance: Chance, index: number): object => {
  const unit = chance.pick(organization.organizationalUnits);
  const sets = [chance.pick(organization.permissionSets).name];
  const group = chance.pick(organization.groups).name;
  const kinds = [
    { what: { permission_sets: sets, accounts: { organizational_units: [unit] } }, forbid: 'not here' },
    { what: { accounts: { organizational_units: [unit] } }, floor: { min_approvals: 2, max_duration: '2h' } },
    { who: { groups: [group] }, what: { accounts: { tags: { environment: 'prod' } } }, forbid: 'not for them' },
    {
      what: { accounts: { organizational_units: [unit] } },
      freeze: { reason: 'quiet', from: '2030-01-01', until: '2030-01-02' },
    },
    { what: { permission_sets: { tags: { risk: 'critical' } } }, max_open: 2 },
  ];
  return { name: `guardrail-${index}`, ...kinds[index % kinds.length] };
};

/** As it is written; `change` makes of so many rules others. */
export const generatePolicy = (organization: OrganizationExport, size: Size, seed = 2, changed = 0): object => {
  const chance = chanceFrom(seed);
  const entitlements = Array.from({ length: size.entitlements }, (_, index) => ruleAbout(organization, chance, index));
  const guardrails = Array.from({ length: size.guardrails }, (_, index) => guardrailAbout(organization, chance, index));
  const other = chanceFrom(seed + 1);
  return {
    version: 1,
    entitlements: entitlements.map((rule, index) => (index < changed ? ruleAbout(organization, other, index) : rule)),
    guardrails,
  };
};
