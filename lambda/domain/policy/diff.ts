/**
 * What changes for people between two versions of a policy: of each account and permission set of which something speaks that
 * changed, those for whom the same rules speak are looked at once, however many they are.
 */
import { accountIndexOf, permissionSetIndexOf } from './account-index.ts';
import { entryAt } from './catalog.ts';
import { type Comparison, isSameMissing, type Version } from './comparison.ts';
import { crowds } from './crowds.ts';
import type { Requester } from './facts.ts';
import { alikeBy, type Spoken } from './people-alike.ts';
import { type Change, changeOf } from './target-terms.ts';
import { type AtAccount, type SpeakingThere, versionSeen } from './version-seen.ts';

/** A person as the one and as the other version sees them. */
export interface Sides {
  readonly was: Requester;
  readonly is: Requester;
}

export interface SharedChange {
  /** Places in the list of people, ascending; one and the same list for the same people. */
  readonly people: readonly number[];
  readonly change: Change;
}

const ascending = (...positions: readonly Iterable<number>[]): readonly number[] =>
  [...new Set(positions.flatMap((some) => [...some]))].sort((one, other) => one - other);

/** NB. Where something else is missing the same rules may say something else: then everything is looked at. */
const touchedIn = (comparison: Comparison, [first]: readonly Sides[]) =>
  first && !isSameMissing(comparison, first.was.missing, first.is.missing)
    ? () => true
    : (rule: Parameters<Comparison['changed']['has']>[0]) => comparison.changed.has(rule);

/** Everything that is looked at, by the account. */
const walkOver = (comparison: Comparison, people: readonly Sides[]) => {
  const { before, after, places } = comparison;
  const lists = {
    accounts: accountIndexOf(places.accounts),
    permissionSets: permissionSetIndexOf(places.permissionSets),
  };
  const crowdOf = crowds();
  const seen = (version: Version, side: keyof Sides) =>
    versionSeen(
      version,
      places,
      people.map((one) => one[side]),
      crowdOf,
    );
  const alikeIn = alikeBy(crowdOf, touchedIn(comparison, people));
  return { lists, alikeIn, was: seen(before, 'was'), is: seen(after, 'is') };
};

type Walk = ReturnType<typeof walkOver>;

const thereAt = ({ rules, guardrailsFor }: AtAccount, { lists }: Walk, setAt: number): SpeakingThere => {
  const permissionSet = lists.permissionSets.sorted[setAt];
  return { rules: rules.get(setAt) ?? [], guardrails: permissionSet ? guardrailsFor(permissionSet) : [] };
};

function* changesAt(walk: Walk, accountAt: number): Generator<SharedChange> {
  const { lists, alikeIn } = walk;
  const account = lists.accounts.sorted[accountAt];
  if (!account) return;
  const [had, has] = [walk.was.at(accountAt, account), walk.is.at(accountAt, account)];
  for (const setAt of ascending(had.rules.keys(), has.rules.keys())) {
    const entryBy = ({ rules, guardrails }: Spoken) => entryAt(lists, rules, guardrails, accountAt, setAt);
    for (const { people, was, is } of alikeIn(thereAt(had, walk, setAt), thereAt(has, walk, setAt))) {
      const change = changeOf(entryBy(was), entryBy(is));
      if (change) yield { people, change };
    }
  }
}

/**
 * In the order of the catalogue, made as far as they are taken.
 * @param people all of whom see the same missing in a version
 * @param isOver asked between two accounts; true ends it there
 */
export function* changesAmong(
  comparison: Comparison,
  people: readonly Sides[],
  isOver?: () => boolean,
): Generator<SharedChange> {
  const walk = walkOver(comparison, people);
  for (const accountAt of ascending(walk.was.accounts, walk.is.accounts)) {
    if (isOver?.()) return;
    yield* changesAt(walk, accountAt);
  }
}

/** For one person. */
export function* changesFor(comparison: Comparison, sides: Sides, isOver?: () => boolean): Generator<Change> {
  for (const { change } of changesAmong(comparison, [sides], isOver)) yield change;
}
