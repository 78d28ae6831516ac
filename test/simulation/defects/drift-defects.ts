/** Defects of the search for drift: what stood is removed, too much is, or against the settings; or it is not found, and nobody told. */
import { instant } from '../../../lambda/domain/time.ts';
import type { AssignmentLists } from '../../../lambda/ports/assignment-lists.ts';
import type { DriftStore } from '../../../lambda/ports/drift-store.ts';
import type { Commit } from '../../../lambda/ports/ledger.ts';
import type { WholeWorld } from '../functions.ts';
import type { Weather } from '../weather.ts';
import { type Defect, ledgerOf, tampering } from './defect.ts';

const storeOf =
  (change: (store: DriftStore) => Partial<DriftStore>) =>
  ({ driftStore }: WholeWorld): Partial<WholeWorld> => ({ driftStore: { ...driftStore, ...change(driftStore) } });
const listsOf =
  (change: (lists: AssignmentLists) => Partial<AssignmentLists>) =>
  ({ assignmentLists }: WholeWorld): Partial<WholeWorld> => ({
    assignmentLists: { ...assignmentLists, ...change(assignmentLists) },
  });

const removing = ({ drift, ...weather }: Weather): Weather => ({ ...weather, drift: { ...drift, mode: 'remove' } });
/** Others assign and unassign every few minutes, and each time an event says so. */
const withBusyHands = ({ drift, ...weather }: Weather): Weather => ({
  ...weather,
  drift: {
    ...drift,
    handsEveryMs: 2 * 60_000,
    events: { lost: 0, doubled: 0.1, late: 0.4, placeless: 0 },
  },
});

const isMark = ({ requests = [] }: Commit): boolean =>
  requests.some(({ events }) => events.some(({ kind }) => kind === 'changed-outside'));

export const DRIFT_DEFECTS: readonly Defect[] = [
  {
    law: 1,
    what: 'of a list of assignments only the first page is read',
    sabotage: tampering(
      listsOf((lists) => ({ assignedAt: async (place) => (await lists.assignedAt(place)).slice(0, 1) })),
      'drift',
    ),
  },
  {
    law: 3,
    what: 'what Brevet itself has made is believed to be made by others as well',
    foundAs: [3, 10],
    sabotage: {
      ...tampering(
        listsOf((lists) => {
          let reads = 0;
          return {
            findWrite: async (kind, id) => {
              const write = await lists.findWrite(kind, id);
              reads += 1;
              // The one of the event, which is asked for first, is younger than any other.
              return write && { ...write, askedAt: instant(write.askedAt - reads) };
            },
          };
        }),
        'drift',
      ),
      weather: withBusyHands,
    },
  },
  {
    law: 4,
    what: 'what stood at the baseline is new when it comes again',
    sabotage: {
      ...tampering(
        storeOf((store) => ({
          saveSightings: ({ put, drop }) => {
            const gone = put.filter(({ goneAt }) => goneAt !== undefined);
            return store.saveSightings({ put: put.filter((one) => !gone.includes(one)), drop: [...drop, ...gone] });
          },
        })),
        'drift',
      ),
      weather: (weather) => removing(withBusyHands(weather)),
    },
  },
  {
    law: 9,
    what: 'drift is removed, whatever the settings say',
    sabotage: tampering(({ driftRules }) => ({ driftRules: { ...driftRules, mode: 'remove' } }), 'drift'),
  },
  {
    law: 9,
    what: 'a restored table is taken for the one of the baseline',
    sabotage: {
      ...tampering(storeOf(() => ({ tableId: async () => 'table-1' }))),
      weather: (weather) => {
        const { drift, ...others } = removing(withBusyHands(weather));
        const [soon, later] = [20 * 60_000, 60 * 60_000];
        const day = { baselinesAt: [soon], tableChangesAt: [{ at: later, how: 'restored' as const }] };
        return { ...others, drift: { ...drift, ...day } };
      },
    },
  },
  {
    law: 10,
    what: 'nobody is told that what they hold was changed by others',
    sabotage: tampering(
      ledgerOf((ledger) => ({ commit: async (commit) => (isMark(commit) ? 'committed' : ledger.commit(commit)) })),
    ),
  },
  {
    law: 13,
    what: 'what was removed as drift within the hour is forgotten',
    sabotage: {
      ...tampering(
        storeOf((store) => ({
          readState: async () => {
            const state = await store.readState();
            return state && { ...state, removedAt: [] };
          },
        })),
        'drift',
      ),
      weather: (weather) => removing(withBusyHands(weather)),
    },
  },
];
