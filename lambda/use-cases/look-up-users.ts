/** Who people are by the Identity Store, for a proposed policy: as many as one call may look up, and no longer than it may take. */
import type { Everyone } from '../domain/policy/everyone.ts';
import type { Bearers } from '../domain/policy/known-names.ts';
import { foldedCase } from '../domain/proven-identity.ts';
import type { Instant } from '../domain/time.ts';
import type { Match } from '../ports/directory.ts';
import type { CheckLimits, Needs } from './world.ts';

/** One after the other. @returns what was found until then; whatever is not in it was not looked up */
export const lookUpEach = async <Wanted, Found>(
  { clock }: Needs<'clock'>,
  all: Iterable<Wanted>,
  until: Instant,
  lookUp: (one: Wanted) => Promise<Found>,
): Promise<ReadonlyMap<Wanted, Found>> => {
  const found = new Map<Wanted, Found>();
  for (const one of all) {
    if (clock.now() >= until) break;
    found.set(one, await lookUp(one));
  }
  return found;
};

/** Users by their names. */
export interface UsersSeen {
  /** Undefined for a name that was not looked up. */
  bearersOf(userName: string): Bearers | undefined;
  /** Without an id where nobody for certain bears the name; undefined where it was not looked up. */
  named(userName: string): { readonly id?: string } | undefined;
  /** How many of the names were not looked up. */
  readonly leftOut: number;
}

const bearersIn = (match: Match): Bearers => (match === 'several' ? match : match ? 'one' : 'none');

/** Each name once, whatever the case of A to Z, in the order in which they come. */
export const lookUpUsers = async (
  world: Needs<'directory' | 'clock'> & { readonly limits: CheckLimits },
  userNames: readonly string[],
  until: Instant,
): Promise<UsersSeen> => {
  const writings = new Map(userNames.toReversed().map((userName) => [foldedCase(userName), userName]));
  const keys = [...new Set(userNames.map(foldedCase))];
  const found = await lookUpEach(world, keys.slice(0, world.limits.policyCheckUsers), until, (key) =>
    world.directory.findByUserName(writings.get(key) ?? key),
  );
  const matchOf = <Read>(userName: string, read: (match: Match) => Read): Read | undefined => {
    const key = foldedCase(userName);
    return found.has(key) ? read(found.get(key)) : undefined;
  };
  return {
    bearersOf: (userName) => matchOf(userName, bearersIn),
    named: (userName) => matchOf(userName, (match) => (match && match !== 'several' ? { id: match.id } : {})),
    leftOut: keys.length - found.size,
  };
};

/** By the count, of whomever was not looked up: it has every name, as it was some minutes ago. */
export const orCounted = (seen: UsersSeen, { bearersOf }: Everyone): UsersSeen => ({
  ...seen,
  bearersOf: (userName) => seen.bearersOf(userName) ?? bearersOf(userName),
  leftOut: 0,
});
