/** An exported organization as the policy looks at it: the same facts that the service reads, out of a file. */
import type { OrganizationExport } from '../../lambda/contract/organization-export.ts';
import { groupedBy } from '../../lambda/domain/grouped.ts';
import type { Account, PermissionSet, Person, Requester } from '../../lambda/domain/policy/facts.ts';
import type { Staff } from '../../lambda/domain/policy/known-names.ts';
import { missingBy, type NamesThere } from '../../lambda/domain/policy/missing.ts';
import { type Policy, requesterGroups } from '../../lambda/domain/policy/policy.ts';
import { foldedCase } from '../../lambda/domain/proven-identity.ts';

export interface OfflineOrganization {
  readonly content: OrganizationExport;
  readonly accounts: readonly Account[];
  /** Those that can be assigned; `content` has the others, too. */
  readonly permissionSets: readonly PermissionSet[];
  readonly people: readonly Person[];
  readonly groupNames: ReadonlySet<string>;
  readonly units: ReadonlySet<string>;
  groupsOf(personId: string): ReadonlySet<string>;
  /** Nobody where several bear the name: the service takes it for nobody's, too. */
  personNamed(userName: string): Person | undefined;
  readonly staff: Staff;
}

const groupsByMember = ({ groups }: OrganizationExport): ReadonlyMap<string, ReadonlySet<string>> => {
  const found = new Map<string, Set<string>>();
  for (const { name, memberIds } of groups) {
    for (const id of memberIds) {
      const mine = found.get(id) ?? new Set<string>();
      mine.add(name);
      found.set(id, mine);
    }
  }
  return found;
};

const NONE: ReadonlySet<string> = new Set();

const onlyBearers = (people: readonly Person[]): ReadonlyMap<string, Person> =>
  new Map(
    [...groupedBy(people, ({ userName }) => foldedCase(userName))].flatMap(([name, [only, another]]) =>
      only && !another ? [[name, only] as const] : [],
    ),
  );

const staffOf = (
  { groups }: OrganizationExport,
  { people, personNamed }: Pick<OfflineOrganization, 'people' | 'personNamed'>,
): Staff => {
  const byId = new Map(people.map((person) => [person.id, person]));
  const members = new Map(groups.map(({ name, memberIds }) => [name, memberIds]));
  return {
    people,
    personOf: (id) => byId.get(id),
    idsOf: (named) => [
      ...named.users.flatMap((userName) => personNamed(userName)?.id ?? []),
      ...named.groups.flatMap((name) => members.get(name) ?? []),
    ],
  };
};

export const offlineOrganization = (content: OrganizationExport): OfflineOrganization => {
  const accounts = content.accounts.map(({ forbidden, ...one }) => ({ ...one, ...(forbidden && { forbidden }) }));
  const groups = groupsByMember(content);
  const people: readonly Person[] = content.people.map((one) => ({ ...one }));
  const byName = onlyBearers(people);
  const personNamed = (userName: string) => byName.get(foldedCase(userName));
  return {
    content,
    accounts,
    permissionSets: content.permissionSets.filter(({ outOfReach }) => outOfReach === undefined),
    people,
    groupNames: new Set(content.groups.map(({ name }) => name)),
    units: new Set(content.organizationalUnits),
    groupsOf: (personId) => groups.get(personId) ?? NONE,
    personNamed,
    staff: staffOf(content, { people, personNamed }),
  };
};

const namesThere = ({ content, accounts, units, groupNames }: OfflineOrganization): NamesThere => ({
  groups: groupNames,
  organizationalUnits: units,
  accountIds: new Set(accounts.map(({ id }) => id)),
  accountNames: new Set(accounts.map(({ name }) => name)),
  permissionSets: new Set(content.permissionSets.map(({ name }) => name)),
});

/** The person as the policy sees them, and what it speaks of that is not there. */
export const requesterIn = (organization: OfflineOrganization, policy: Policy) => {
  const named = new Set(requesterGroups(policy));
  const missing = missingBy(policy, namesThere(organization));
  return (person: Person): Requester => ({
    person,
    groups: new Set([...organization.groupsOf(person.id)].filter((name) => named.has(name))),
    missing,
  });
};
