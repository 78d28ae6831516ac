// The tables of the stand-in's world: what can change, and how it starts out from the seed.
import { derivedResourceId, derivedRoleSuffix } from '../seed/derived-ids.ts';
import type { Seed, SeedAssignment, SeedPerson } from '../seed/seed.ts';

export type Assignment = SeedAssignment;

export interface AssignmentOperation {
  readonly requestId: string;
  readonly kind: 'creation' | 'deletion';
  readonly assignment: Assignment;
  readonly createdAtMs: number;
  readonly settlesAtMs: number;
  readonly status: 'IN_PROGRESS' | 'SUCCEEDED' | 'FAILED';
  readonly failureReason: string | undefined;
  /** A fault that was in force when it was accepted: it will fail for this reason, always or only if there is nothing to delete. */
  readonly doom: { readonly reason: string; readonly onlyWhenAbsent: boolean } | undefined;
}

export interface Membership {
  readonly membershipId: string;
  readonly groupId: string;
  readonly userId: string;
}

/** A user in the form that the Identity Store speaks, without the store's id. */
export interface User {
  readonly UserId: string;
  readonly UserName: string;
  readonly UserStatus: 'ENABLED' | 'DISABLED';
  readonly Emails: readonly { readonly Value: string; readonly Type?: string; readonly Primary?: boolean }[];
  /** Further attributes by their names on the wire: `Name`, `DisplayName`, `Title` … */
  readonly [attribute: string]: unknown;
}

export interface Rows {
  readonly assignments: Assignment;
  readonly operations: AssignmentOperation;
  /** By account and permission set: the suffix of the role that exists there. */
  readonly roles: string;
  readonly memberships: Membership;
  readonly users: User;
  /** By account, organizational unit, root or permission set. */
  readonly tags: Readonly<Record<string, string>>;
  /** By account: the root or organizational unit it is in. */
  readonly accountParents: string;
}

export type TableName = keyof Rows;
export type Tables = { readonly [Table in TableName]: ReadonlyMap<string, Rows[Table]> };
export type Change = {
  [Table in TableName]: { readonly table: Table; readonly key: string; readonly value: Rows[Table] | null };
}[TableName];

export const assignmentKey = (assignment: Assignment): string =>
  [assignment.accountId, assignment.permissionSetArn, assignment.principalType, assignment.principalId].join(' ');

export const roleKey = (accountId: string, permissionSetArn: string): string => `${accountId} ${permissionSetArn}`;

export const seedTables = (seed: Seed): { [Table in TableName]: Map<string, Rows[Table]> } => ({
  assignments: new Map(seed.standingAssignments.map((assignment) => [assignmentKey(assignment), assignment])),
  operations: new Map(),
  roles: new Map(
    seed.standingAssignments.map(({ accountId, permissionSetArn }) => [
      roleKey(accountId, permissionSetArn),
      derivedRoleSuffix(accountId, permissionSetArn),
    ]),
  ),
  memberships: new Map(seedMemberships(seed).map((membership) => [membership.membershipId, membership])),
  users: new Map(seed.people.map((person) => [person.userId, seedUser(person)])),
  tags: new Map([
    ...seed.accounts.map(({ id, tags }) => [id, tags] as const),
    ...seed.permissionSets.map(({ arn, tags }) => [arn, tags] as const),
  ]),
  accountParents: new Map(seed.accounts.map(({ id, parentId }) => [id, parentId])),
});

const seedMemberships = (seed: Seed): Membership[] =>
  seed.groups.flatMap(({ groupId, memberUserIds }) =>
    memberUserIds.map((userId) => ({
      membershipId: derivedResourceId(seed.identityStoreId, 'membership', `${groupId} ${userId}`),
      groupId,
      userId,
    })),
  );

/** The team is the department of AWS's enterprise extension, which answers only when asked for. */
const seedUser = (person: SeedPerson): User => ({
  UserId: person.userId,
  UserName: person.userName,
  UserStatus: person.status,
  Name: { Formatted: person.displayName, GivenName: person.givenName, FamilyName: person.familyName },
  DisplayName: person.displayName,
  Title: person.title,
  UserType: 'Employee',
  Emails: [{ Value: person.email, Type: 'work', Primary: true }],
  Extensions: { 'aws:identitystore:enterprise': { department: person.attributes.team } },
});
