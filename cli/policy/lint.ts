/** What is wrong with the files of a policy, each finding with its place. */
import { lintRules, withMeant } from '../../lambda/adapters/policy-lint.ts';
import type { ParsedPolicy, PlacedProblem } from '../../lambda/contract/policy-file.ts';
import { type KnownNames, type Staff, valuesByKey } from '../../lambda/domain/policy/known-names.ts';
import { lintDelegations } from './lint-delegations.ts';
import type { OfflineOrganization } from './offline.ts';

const staffOf = ({ content, personNamed }: OfflineOrganization): Staff => ({
  people: content.people,
  idsOf: ({ groups, users }) => [
    ...content.groups.filter(({ name }) => groups.includes(name)).flatMap(({ memberIds }) => memberIds),
    ...users.flatMap((userName) => personNamed(userName)?.id ?? []),
  ],
});

const knownIn = (organization: OfflineOrganization): KnownNames => {
  const { content } = organization;
  return {
    groups: content.groups.map(({ name }) => name),
    users: content.people.map(({ userName }) => userName),
    accountIds: content.accounts.map(({ id }) => id),
    accountNames: content.accounts.map(({ name }) => name),
    units: ['/', ...content.organizationalUnits],
    permissionSets: content.permissionSets.map(({ name }) => name),
    accountTags: valuesByKey(content.accounts.map(({ tags }) => tags)),
    permissionSetTags: valuesByKey(content.permissionSets.map(({ tags }) => tags)),
    attributes: valuesByKey(content.people.map(({ attributes }) => attributes)),
    staff: staffOf(organization),
  };
};

/** In the order of the files. Without an organization, no names are looked up. */
export const lint = (parsed: ParsedPolicy, organization: OfflineOrganization | undefined): readonly PlacedProblem[] => {
  if (!parsed.ok) return parsed.placed.map((finding) => withMeant(finding, finding.path.split('.').at(-1) ?? ''));
  const { findings } = lintRules(parsed.file, organization ? knownIn(organization) : {});
  const ofDelegations = organization ? lintDelegations(parsed.file, organization) : [];
  return [...findings, ...ofDelegations].map(({ path, message }) => ({
    place: parsed.placeOf(path),
    path: path.join('.'),
    message,
  }));
};
