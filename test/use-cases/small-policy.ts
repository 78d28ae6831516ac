/** The policy, the people and the accounts of the small world in which the use cases are tried. */
import { policyFrom } from '../../lambda/adapters/policy-from-file.ts';
import { parsePolicyFile } from '../../lambda/contract/policy-file.ts';
import type { Account, PermissionSet, Person } from '../../lambda/domain/policy/facts.ts';
import type { Policy } from '../../lambda/domain/policy/policy.ts';

export const POLICY_TEXT = `
version: 1
entitlements:
  - name: production
    who: { groups: [engineers] }
    what: { accounts: { organizational_units: [Workloads] }, permission_sets: [Admin] }
    max_duration: 4h
    approval: { groups: [leads] }
    require: { justification_length: 5 }
  - name: incident
    who: { groups: [engineers] }
    what: { accounts: { organizational_units: [Workloads] }, permission_sets: [Admin] }
    max_duration: 10m
    approval: none
    require: { ticket_pattern: 'INC-\\d+' }
  - name: database
    who: { groups: [engineers] }
    what: { accounts: { organizational_units: [Workloads] }, permission_sets: [Database] }
    max_duration: 2h
    approval: { groups: [leads, seconds], required: 2 }
    require: { ticket_pattern: 'CHG-\\d+' }
  - name: sandbox
    who: { groups: [engineers] }
    what: { accounts: { organizational_units: [Sandbox] }, permission_sets: [Admin] }
    max_duration: 8h
    approval: none
  - name: deserted
    who: { groups: [engineers] }
    what: { accounts: { organizational_units: [Workloads] }, permission_sets: [Audit] }
    max_duration: 1h
    approval: { groups: [nobody-is-here, does-not-exist] }
`;

/** How Ann and the other engineers may break the glass: for production also otherwise, for the log archive not. */
const BREAK_GLASS = `
    break_glass:
      tell: { groups: [leads], users: [sam] }
      incident_pattern: 'INC-\\d+'
      review: { within: 24h, by: { groups: [seconds, leads] } }
      max_uses: 3
`;

/** The same, with break-glass for production, and for an audit, which nobody gets otherwise. */
export const GLASS_POLICY_TEXT = `${POLICY_TEXT.replace(
  '    require: { justification_length: 5 }\n',
  `    require: { justification_length: 5 }${BREAK_GLASS}`,
).replace('    approval: { groups: [nobody-is-here, does-not-exist] }\n', BREAK_GLASS.slice(1))}`;

/** The policy of that text; throws when it is not a valid one. */
export const policyOf = (text: string): Policy => {
  const parsed = parsePolicyFile(text);
  if (!parsed.ok) throw new Error(parsed.problems.join('; '));
  return policyFrom(parsed.file, parsed.version);
};

const someone = (userName: string, enabled = true): Person => ({
  id: `id-${userName}`,
  userName,
  displayName: userName.toUpperCase(),
  enabled,
});

/** Two engineers, two leads of whom one is an engineer too, a second approver, and those who only look or end. */
export const PEOPLE = {
  ann: someone('ann'),
  bob: someone('bob'),
  lea: someone('lea'),
  leo: someone('leo'),
  sam: someone('sam'),
  ada: someone('ada'),
  aud: someone('aud'),
  eve: someone('eve'),
  dis: someone('dis', false),
} as const;
export type Name = keyof typeof PEOPLE;

const group = (name: string, ...members: readonly Name[]) => ({
  id: `group-${name}`,
  name,
  memberIds: members.map((member) => PEOPLE[member].id),
});
export const GROUPS = {
  engineers: group('engineers', 'ann', 'bob', 'lea', 'dis'),
  leads: group('leads', 'lea', 'leo'),
  seconds: group('seconds', 'sam'),
  deserted: group('nobody-is-here', 'dis'),
  administrators: group('administrators', 'ada'),
  auditors: group('auditors', 'aud'),
} as const;

const account = (name: string, digit: number, ouPath: string, change: Partial<Account> = {}): Account => ({
  id: `40000000000${digit}`,
  name,
  ouPath,
  active: true,
  ...change,
});
export const ACCOUNTS = {
  prod: account('payments-prod', 1, 'Workloads/Payments'),
  other: account('storefront-prod', 2, 'Workloads/Storefront'),
  sandbox: account('sandbox', 3, 'Sandbox'),
  management: account('management', 4, 'Workloads', { forbidden: 'management-account' }),
  suspended: account('suspended', 5, 'Workloads', { active: false }),
} as const;

const permissionSet = (name: string, suffix: string): PermissionSet => ({
  arn: `arn:aws:sso:::permissionSet/ssoins-7223c4d1e8b6a509/ps-00000000000000${suffix}`,
  name,
  sessionSeconds: 3600,
});
export const PERMISSION_SETS = {
  Admin: permissionSet('Admin', 'aa'),
  Database: permissionSet('Database', 'bb'),
  Audit: permissionSet('Audit', 'cc'),
} as const;
