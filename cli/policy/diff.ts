/** Who gains and who loses what between two versions of a policy, over the whole organization. */
import { type Change, changesFor, comparisonOf } from '../../lambda/domain/policy/diff.ts';
import type { Policy } from '../../lambda/domain/policy/policy.ts';
import { type OfflineOrganization, requesterIn } from './offline.ts';

export type { TargetTerms } from '../../lambda/domain/policy/diff.ts';

/** People for whom exactly the same changes. */
export interface Difference {
  readonly people: readonly string[];
  readonly changes: readonly Change[];
}

export const diff = (before: Policy, after: Policy, organization: OfflineOrganization): readonly Difference[] => {
  const comparison = comparisonOf(before, after, organization);
  const [wasSeen, isSeen] = [requesterIn(organization, before), requesterIn(organization, after)];
  const alike = new Map<string, { readonly people: string[]; readonly changes: readonly Change[] }>();
  for (const person of organization.people) {
    const changes = [...changesFor(comparison, { was: wasSeen(person), is: isSeen(person) })];
    if (changes.length === 0) continue;
    const key = JSON.stringify(changes);
    const known = alike.get(key);
    if (known) known.people.push(person.userName);
    else alike.set(key, { people: [person.userName], changes });
  }
  return [...alike.values()].map(({ people, changes }) => ({ people: people.sort(), changes }));
};
