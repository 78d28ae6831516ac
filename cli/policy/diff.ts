/** Who gains and who loses what between two versions of a policy, over the whole organization. */
import { comparisonOf } from '../../lambda/domain/policy/comparison.ts';
import { changesAmong } from '../../lambda/domain/policy/diff.ts';
import type { Policy } from '../../lambda/domain/policy/policy.ts';
import type { Change } from '../../lambda/domain/policy/target-terms.ts';
import { type OfflineOrganization, requesterIn } from './offline.ts';

export type { TargetTerms } from '../../lambda/domain/policy/target-terms.ts';

/** What changes for exactly these people. */
export interface Difference {
  readonly people: readonly string[];
  readonly changes: readonly Change[];
}

export const diff = (before: Policy, after: Policy, organization: OfflineOrganization): readonly Difference[] => {
  const [wasSeen, isSeen] = [requesterIn(organization, before), requesterIn(organization, after)];
  const people = organization.people.map((person) => ({ was: wasSeen(person), is: isSeen(person) }));
  const found = new Map<readonly number[], Change[]>();
  for (const { people: alike, change } of changesAmong(comparisonOf(before, after, organization), people)) {
    const known = found.get(alike);
    if (known) known.push(change);
    else found.set(alike, [change]);
  }
  const nameOf = (place: number): string => organization.people[place]?.userName ?? '';
  return [...found].map(([alike, changes]) => ({ people: alike.map(nameOf).sort(), changes }));
};
