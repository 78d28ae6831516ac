/** Answers again the workflows that wait for a request that has moved on: their answer was lost, or nobody lived to give it. */
import type { Instant } from '../domain/time.ts';
import type { Waiting } from '../ports/ledger.ts';
import { inBatches, inParts } from './in-parts.ts';
import { answer } from './wake-workflow.ts';
import type { Needs } from './world.ts';

const PAGE = 100;
/** Bounded work a run. */
const MOST_LOOKED_AT = 500;
const AT_ONCE = 10;

type Repeaters = Needs<'ledger' | 'places' | 'workflow' | 'clock' | 'reporter'>;

/** @returns how many workflows went on. Failures are reported; the next sweep tries anew. */
export const repeatAnswers = async (world: Repeaters, until: Instant): Promise<number> => {
  let answered = 0;
  let lookedAt = 0;
  try {
    await inParts<Waiting>(world, {
      name: 'waiting',
      page: (cursor) => world.ledger.listAllWaiting(PAGE, cursor),
      attend: async (waiting) => {
        lookedAt += waiting.length;
        answered += (await inBatches(waiting, AT_ONCE, (one) => repeat(world, one))).filter(Boolean).length;
      },
      mayGoOn: () => lookedAt < MOST_LOOKED_AT && world.clock.now() < until,
    });
  } catch (fault) {
    world.reporter.warn('the sweep could not look after those that wait', { fault });
  }
  return answered;
};

const repeat = async (world: Repeaters, waiting: Waiting): Promise<boolean> => {
  try {
    const request = await world.ledger.readRequest(waiting.requestId);
    if (request) return (await answer(world, request, waiting)) === 'answered';
    await world.ledger.removeWaiting(waiting);
  } catch (fault) {
    world.reporter.warn('a waiting workflow was not told again', { requestId: waiting.requestId, fault });
  }
  return false;
};
