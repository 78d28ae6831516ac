/** Everybody by the latest count, for a proposed policy; where there is none that is good, one is begun, and whoever asks comes again. */
import type { ListedGroup } from '../domain/catalogue.ts';
import {
  type Census,
  type CensusFailure,
  type CensusProgress,
  type CensusState,
  censusFailed,
  censusUnderWay,
  covers,
  freshCensus,
} from '../domain/census.ts';
import { type Everyone, everyoneIn } from '../domain/policy/everyone.ts';
import { type Refusal, refuse } from '../domain/refusal.ts';
import { type Instant, toIso } from '../domain/time.ts';
import { readCensus } from './census-content.ts';
import type { CheckLimits, Needs } from './world.ts';

export interface Counted {
  /** When counting began. */
  readonly asOf: Instant;
  readonly everyone: Everyone;
}

type Recalling = Needs<'census' | 'censusTaker' | 'clock'> & { readonly limits: CheckLimits };

const refuseMany = (count: number, most: number): Refusal =>
  refuse(
    'check_too_large',
    `The policies name ${count} groups: more than ${most} cannot be counted for it. Leave out everybody, or judge offline: ` +
      'brevet policy lint and diff.',
    { maximum: most },
  );

const refuseMeanwhile = (progress: CensusProgress): Refusal => {
  const { people, groups, groupsInAll } = progress;
  const howFar = `${people} people so far, and the members of ${groups} of ${groupsInAll} groups`;
  return refuse('people_being_counted', `Everybody is being counted: ${howFar}. Ask again in some seconds.`, {
    ...progress,
  });
};

const WHY = {
  'identity-store': 'IAM Identity Center could not be read',
  database: 'The table could not be reached',
  'out-of-time': 'It took longer than a count may take',
  error: 'Brevet itself failed, and its log says why',
} as const satisfies Record<CensusFailure, string>;

const refuseFailed = ({ at, why }: NonNullable<CensusState['failed']>): Refusal =>
  refuse('people_not_counted', `${WHY[why]}. Ask again in a minute, or judge offline: brevet policy lint and diff.`, {
    why,
    at: toIso(at),
  });

const everyoneOf = ({ people, members }: Census, groups: readonly ListedGroup[]): Everyone => {
  const idsAt = (places: readonly number[]) => places.flatMap((place) => people[place]?.id ?? []);
  return everyoneIn(
    people,
    groups.map(({ id, name }) => ({ name, memberIds: idsAt(members[id] ?? []) })),
  );
};

const fresh = async ({ census, clock }: Recalling, state: CensusState) => {
  const taken = freshCensus(state, clock.now());
  const content = taken && (await readCensus(census, taken.version));
  return content && { asOf: taken.asOf, content };
};

/** Those of a count that is still good, too, as far as there is room: else two who look at different policies would count for ever. */
const groupsToCount = (ids: readonly string[], known: Census | undefined, most: number): readonly string[] =>
  [...new Set([...ids, ...Object.keys(known?.members ?? {})])].slice(0, most);

/**
 * @param groups those whose members have to be known
 * @param refuseFirst asked before a count is begun: nobody waits for minutes to be refused then
 */
export const recallCensus = async (
  world: Recalling,
  groups: readonly ListedGroup[],
  refuseFirst: () => Promise<Refusal | undefined>,
): Promise<Counted | Refusal> => {
  const { census, censusTaker, clock, limits } = world;
  if (groups.length > limits.policyCheckGroups) return refuseMany(groups.length, limits.policyCheckGroups);
  const ids = groups.map(({ id }) => id);
  const state = await census.readState();
  const known = await fresh(world, state);
  if (known && covers(known.content, ids)) return { asOf: known.asOf, everyone: everyoneOf(known.content, groups) };
  const underWay = censusUnderWay(state, clock.now());
  if (underWay) return refuseMeanwhile(underWay.progress);
  const failed = censusFailed(state, clock.now());
  if (failed) return refuseFailed(failed);
  const refusal = await refuseFirst();
  if (refusal) return refusal;
  const wanted = groupsToCount(ids, known?.content, limits.policyCheckGroups);
  await censusTaker.begin(wanted);
  return refuseMeanwhile({ people: 0, groups: 0, groupsInAll: wanted.length });
};
