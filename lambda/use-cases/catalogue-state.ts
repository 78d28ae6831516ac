/** Changes the state of the catalogue, whoever else changes it at the same moment. */
import { type CatalogueState, isReadingDue, wantedToo } from '../domain/catalogue.ts';
import { addSeconds, type Instant } from '../domain/time.ts';
import type { CatalogueStore } from '../ports/catalogue-store.ts';
import type { Clock } from '../ports/clock.ts';
import { ConflictFault } from '../ports/faults.ts';

const ATTEMPTS = 5;

/** @returns the state as it was stored; undefined when there was nothing to change. @throws ConflictFault */
export const changeState = async (
  store: CatalogueStore,
  change: (state: CatalogueState) => CatalogueState | undefined,
): Promise<CatalogueState | undefined> => {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const next = change(await store.readState());
    if (next === undefined || (await store.replaceState(next))) return next;
  }
  throw new ConflictFault('the state of the catalogue was changed again and again');
};

/** What an event told of: account ids and ARNs of permission sets, as it named them. */
export interface WakeUp {
  readonly resources: readonly string[];
}

export interface Claim {
  readonly runId: string;
  readonly wakeUp?: WakeUp;
}

interface Keeper {
  readonly store: CatalogueStore;
  readonly clock: Pick<Clock, 'now'>;
}

/** Who says nothing for so long reads no more, and another one may. */
const SILENCE_SECONDS = 120;

export const aliveUntil = (now: Instant): Instant => addSeconds(now, SILENCE_SECONDS);

/** Says that this run still reads: lists of a large organization take minutes, in which it stores nothing. */
export const stillReading = async ({ store, clock }: Keeper, runId: string): Promise<void> => {
  const until = aliveUntil(clock.now());
  await changeState(store, (state) => (state.run?.id === runId ? { ...state, run: { id: runId, until } } : undefined));
};

/**
 * One reading at a time: two would be over AWS's rates. What an event told of is kept for whoever reads next.
 * @returns the state when the reading is the caller's to do; undefined when it is not due, or another one reads.
 */
export const claimReading = async (
  { store, clock }: Keeper,
  { runId, wakeUp }: Claim,
): Promise<CatalogueState | undefined> => {
  const now = clock.now();
  const stored = await changeState(store, (state) => {
    const told = wakeUp ? wantedToo(state, wakeUp.resources, now) : state;
    if (isReadingDue(told, now)) return { ...told, begunAt: now, run: { id: runId, until: aliveUntil(now) } };
    return wakeUp && told;
  });
  return stored?.run?.id === runId ? stored : undefined;
};
