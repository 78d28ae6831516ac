/** A proposed policy compared with the one in force, for people who are named or for everybody. */
import { comparisonOf } from '../domain/policy/comparison.ts';
import { changesAmong, changesFor } from '../domain/policy/diff.ts';
import type { Everyone } from '../domain/policy/everyone.ts';
import type { Person } from '../domain/policy/facts.ts';
import type { Policy } from '../domain/policy/policy.ts';
import type { Change } from '../domain/policy/target-terms.ts';
import { type ProposalFacts, requesterBy, type SeenPerson } from './proposal-facts.ts';

export interface Proposal {
  readonly inForce: Policy;
  readonly policy: Policy;
  readonly facts: ProposalFacts;
}

export interface PersonDifference {
  readonly person: Person;
  readonly changes: readonly Change[];
  /** False where there may be more: the time, or the number that is told, was used up. */
  readonly isWhole: boolean;
}

/** Of one person, so many changes are told. */
const MOST_CHANGES = 100;

const sidesBy = ({ inForce, policy, facts }: Proposal) => {
  const [was, is] = [requesterBy(inForce, facts), requesterBy(policy, facts)];
  return (one: SeenPerson) => ({ was: was(one), is: is(one) });
};

/** @param isOver ends it early */
export const compareForEach = (
  proposal: Proposal,
  people: readonly SeenPerson[],
  isOver: () => boolean,
): readonly PersonDifference[] => {
  const comparison = comparisonOf(proposal.inForce, proposal.policy, proposal.facts);
  const sidesOf = sidesBy(proposal);
  return people.map((one) => {
    const changes: Change[] = [];
    for (const change of changesFor(comparison, sidesOf(one), isOver)) {
      if (changes.length === MOST_CHANGES) return { person: one.person, changes, isWhole: false };
      changes.push(change);
    }
    return { person: one.person, changes, isWhole: !isOver() };
  });
};

/** What changes for exactly these people. */
export interface SharedDifference {
  /** The first of them by name. */
  readonly people: readonly Person[];
  readonly count: number;
  readonly changes: readonly Change[];
}

export interface EverybodysDifference {
  readonly people: number;
  /** For so many of them anything changes. */
  readonly concerned: number;
  readonly differences: readonly SharedDifference[];
  /** Found, and not told one by one. */
  readonly changesLeftOut: number;
  /** False where the time was used up before every account was looked at. */
  readonly isWhole: boolean;
}

/** Of everybody, so many changes are told one by one, and so many people of each difference by name. */
const MOST_CHANGES_IN_ALL = 500;
const MOST_NAMED = 20;

/** @param isOver ends it early */
export const compareForEverybody = (
  proposal: Proposal,
  { staff, groupsOf }: Everyone,
  isOver: () => boolean,
): EverybodysDifference => {
  const { people } = staff;
  const comparison = comparisonOf(proposal.inForce, proposal.policy, proposal.facts);
  const sidesOf = sidesBy(proposal);
  const sides = people.map((person) => sidesOf({ person, groups: groupsOf(person.id) }));
  const found = new Map<readonly number[], Change[]>();
  const concerned = new Set<number>();
  let count = 0;
  for (const { people: alike, change } of changesAmong(comparison, sides, isOver)) {
    count += 1;
    const known = found.get(alike);
    if (!known) for (const place of alike) concerned.add(place);
    const changes = known ?? [];
    found.set(alike, changes);
    if (count <= MOST_CHANGES_IN_ALL) changes.push(change);
  }
  return {
    people: people.length,
    concerned: concerned.size,
    differences: [...found].flatMap(([alike, changes]) =>
      changes.length === 0 ? [] : [shared(people, alike, changes)],
    ),
    changesLeftOut: Math.max(0, count - MOST_CHANGES_IN_ALL),
    isWhole: !isOver(),
  };
};

const shared = (
  everybody: readonly Person[],
  alike: readonly number[],
  changes: readonly Change[],
): SharedDifference => ({
  people: alike
    .flatMap((place) => everybody[place] ?? [])
    .sort((one, other) => (one.userName < other.userName ? -1 : 1))
    .slice(0, MOST_NAMED),
  count: alike.length,
  changes,
});
