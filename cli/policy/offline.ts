/** An exported organization as the policy looks at it: the same facts that the service reads, out of a file. */
import type { OrganizationExport } from '../../lambda/contract/organization-export.ts';
import { type Everyone, everyoneIn } from '../../lambda/domain/policy/everyone.ts';
import type { Account, PermissionSet, Person, Requester } from '../../lambda/domain/policy/facts.ts';
import { missingBy, type NamesThere } from '../../lambda/domain/policy/missing.ts';
import { type Policy, requesterGroups } from '../../lambda/domain/policy/policy.ts';

export interface OfflineOrganization extends Everyone {
  readonly content: OrganizationExport;
  readonly accounts: readonly Account[];
  /** Those that can be assigned; `content` has the others, too. */
  readonly permissionSets: readonly PermissionSet[];
  readonly people: readonly Person[];
  readonly groupNames: ReadonlySet<string>;
  readonly units: ReadonlySet<string>;
}

export const offlineOrganization = (content: OrganizationExport): OfflineOrganization => {
  const accounts = content.accounts.map(({ forbidden, ...one }) => ({ ...one, ...(forbidden && { forbidden }) }));
  const people: readonly Person[] = content.people.map((one) => ({ ...one }));
  return {
    content,
    accounts,
    permissionSets: content.permissionSets.filter(({ outOfReach }) => outOfReach === undefined),
    people,
    groupNames: new Set(content.groups.map(({ name }) => name)),
    units: new Set(content.organizationalUnits),
    ...everyoneIn(people, content.groups),
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
