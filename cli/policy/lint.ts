/** What is wrong with the files of a policy, each finding with its place. */
import { lintRules, withMeant } from '../../lambda/adapters/policy-lint.ts';
import type { ParsedPolicy, PlacedProblem } from '../../lambda/contract/policy-file.ts';
import { type KnownNames, valuesByKey } from '../../lambda/domain/policy/known-names.ts';
import type { OfflineOrganization } from './offline.ts';

const knownIn = (organization: OfflineOrganization): KnownNames => {
  const { content } = organization;
  return {
    groups: content.groups.map(({ name }) => name),
    users: content.people.map(({ userName }) => userName),
    bearersOf: organization.bearersOf,
    accounts: content.accounts,
    units: ['/', ...content.organizationalUnits],
    permissionSets: content.permissionSets,
    accountTags: valuesByKey(content.accounts.map(({ tags }) => tags)),
    permissionSetTags: valuesByKey(content.permissionSets.map(({ tags }) => tags)),
    attributes: valuesByKey(content.people.map(({ attributes }) => attributes)),
    staff: organization.staff,
  };
};

/** In the order of the files. Without an organization, no names are looked up. */
export const lint = (parsed: ParsedPolicy, organization: OfflineOrganization | undefined): readonly PlacedProblem[] => {
  if (!parsed.ok) return parsed.placed.map((finding) => withMeant(finding, finding.path.split('.').at(-1) ?? ''));
  const { findings } = lintRules(parsed.file, organization ? knownIn(organization) : {});
  return findings.map(({ path, message }) => ({
    place: parsed.placeOf(path),
    path: path.join('.'),
    message,
  }));
};
