/** Take a baseline: an administrator finds in order everything unexplained that Brevet knows to stand now. */
import { DRIFT_TRAIL, type DriftFact, sealEvent, trailAfter } from '../domain/audit-event.ts';
import type { Baseline, Sighting } from '../domain/drift.ts';
import { type DriftState, FIRST_DRIFT_STATE, hasRoundOf } from '../domain/drift-state.ts';
import { person } from '../domain/move.ts';
import type { Person } from '../domain/policy/facts.ts';
import { type Refusal, refuse } from '../domain/refusal.ts';
import { refTo, rolesOf } from './people.ts';
import type { Needs } from './world.ts';

type Takers = Needs<'ledger' | 'driftStore' | 'driftRules' | 'directory' | 'roleGroups' | 'clock' | 'ids'>;

const ATTEMPTS = 5;

export const takeBaseline = async (
  world: Takers,
  { caller }: { readonly caller: Person },
): Promise<Baseline | Refusal> => {
  if (!(await rolesOf(world, caller.id)).administrator) {
    return refuse('not_permitted', 'Only an administrator takes a baseline.');
  }
  const tableId = await world.driftStore.tableId();
  const accepted = await countUnexplained(world);
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const state = (await world.driftStore.readState()) ?? FIRST_DRIFT_STATE;
    const { instanceArn } = world.driftRules;
    if (!hasRoundOf(state, { instanceArn, tableId })) return roundUnfinished(state);
    const { id, userName } = refTo(caller);
    const baseline = { takenAt: world.clock.now(), by: { id, userName }, instanceArn, tableId, accepted };
    if (await store(world, state, baseline, caller)) return baseline;
  }
  return refuse('changed_meanwhile', 'Others changed it at the same moment, again and again. Try again.');
};

/** NB. What was not looked at would not be in the baseline, and might be removed though it stood. */
const roundUnfinished = ({ round }: DriftState): Refusal =>
  refuse(
    'drift_round_unfinished',
    round
      ? `${round.done} of ${round.accounts} accounts have been looked at. Take the baseline when the round is over.`
      : 'No full round through the accounts has come to its end here yet. Wait for it, then take the baseline.',
  );

const store = async (world: Takers, state: DriftState, baseline: Baseline, caller: Person): Promise<boolean> => {
  const fact: DriftFact = {
    kind: 'baseline-taken',
    at: baseline.takenAt,
    actor: person(refTo(caller)),
    to: 'baseline',
    data: { accepted: baseline.accepted, instanceArn: baseline.instanceArn, tableId: baseline.tableId },
    texts: {},
  };
  const event = sealEvent(DRIFT_TRAIL, state.trail, '', fact, world.ids.sha256);
  // The round that follows shows what came later.
  const drift = { state: { ...state, baseline, isRoundWanted: true, trail: trailAfter(event) }, events: [event] };
  return (await world.ledger.commit({ drift })) === 'committed';
};

const PAGE = 500;

const isAccepted = ({ kind, goneAt, removingSince }: Sighting): boolean =>
  kind === 'unexplained' && goneAt === undefined && removingSince === undefined;

const countUnexplained = async (world: Takers): Promise<number> => {
  let count = 0;
  let cursor: string | undefined;
  do {
    const page = await world.driftStore.listSightings({ limit: PAGE, ...(cursor === undefined ? {} : { cursor }) });
    if (page === 'invalid-cursor') throw new Error('the store refused its own cursor');
    count += page.items.filter(isAccepted).length;
    cursor = page.cursor;
  } while (cursor !== undefined);
  return count;
};
