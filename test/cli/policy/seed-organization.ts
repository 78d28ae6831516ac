/** The seed organization as `brevet export organization` would write it. */
import type { OrganizationExport } from '../../../lambda/contract/organization-export.ts';
import type { Seed } from '../../../local/seed/seed.ts';

const HOURS: Readonly<Record<string, number>> = { PT1H: 1, PT2H: 2, PT4H: 4, PT8H: 8 };
/** Provisioned in the management account, out of reach of the delegated administrator. */
const OUT_OF_REACH = ['BillingView', 'OrganizationAdmin'];

export const exportOf = (seed: Seed): OrganizationExport => ({
  version: 1,
  takenAt: '2026-11-23T08:00:00.000Z',
  accounts: seed.accounts.map(({ id, name, path, state, tags }) => ({
    id,
    name,
    ouPath: path.join('/'),
    active: state === 'ACTIVE',
    ...(id === seed.managementAccountId ? { forbidden: 'management-account' as const } : {}),
    ...(id === seed.hostingAccountId ? { forbidden: 'hosting-account' as const } : {}),
    tags: { ...tags },
  })),
  organizationalUnits: seed.organizationalUnits.map(({ path }) => path.join('/')),
  permissionSets: seed.permissionSets.map(({ arn, name, sessionDuration, tags }) => ({
    arn,
    name,
    sessionSeconds: (HOURS[sessionDuration] ?? 0) * 3600,
    tags: { ...tags },
    ...(OUT_OF_REACH.includes(name) ? { outOfReach: 'provisioned-in-management-account' as const } : {}),
  })),
  groups: seed.groups.map(({ groupId: id, displayName: name, memberUserIds }) => ({
    id,
    name,
    memberIds: [...memberUserIds],
  })),
  people: seed.people.map(({ userId: id, userName, displayName, status, title, attributes }) => ({
    id,
    userName,
    displayName,
    enabled: status === 'ENABLED',
    attributes: { title, user_type: 'Employee', department: attributes.team ?? '' },
  })),
});
