/** Starts again the workflows of open requests that never started or died: promptness comes from them, correctness does not. */
import type { AccessRequest } from '../domain/access-request.ts';
import { addSeconds, type Instant } from '../domain/time.ts';
import type { Page } from '../ports/ledger.ts';
import { inBatches, inParts } from './in-parts.ts';
import type { Needs } from './world.ts';

/** A workflow younger than this may merely not be listed yet, seconds. Long enough to be rare, since a second one does no harm. */
const SETTLING_SECONDS = 15;
const PAGE = 200;
/** Bounded work a run: pages of open requests looked at; the next run goes on behind them. */
const MOST_PAGES = 25;
/** Bounded work a run: no further page is looked at once so many workflows were started again. */
const MOST_RESTARTS = 200;
const AT_ONCE = 10;

type Restarters = Needs<'ledger' | 'places' | 'workflow' | 'clock' | 'reporter'>;

/** @returns how many were started again. Failures are reported; the next sweep tries anew. */
export const restartDeadWorkflows = async (world: Restarters, until: Instant): Promise<number> => {
  let restarted = 0;
  let pages = 0;
  try {
    const running = await world.workflow.running();
    const now = world.clock.now();
    await inParts<AccessRequest>(world, {
      name: 'open',
      page: (cursor) => listOpen(world, cursor),
      attend: async (open) => {
        pages += 1;
        const dead = open.filter((request) => !running.has(request.id) && needsWorkflow(request, now));
        restarted += (await inBatches(dead, AT_ONCE, (request) => restart(world, request, now))).filter(Boolean).length;
      },
      mayGoOn: () => pages < MOST_PAGES && restarted < MOST_RESTARTS && world.clock.now() < until,
    });
  } catch (fault) {
    world.reporter.warn('the sweep could not look after the workflows', { fault });
  }
  return restarted;
};

const needsWorkflow = (request: AccessRequest, now: Instant): boolean =>
  request.status !== 'ending' && addSeconds(request.askedAt, SETTLING_SECONDS) <= now;

const listOpen = async (world: Restarters, cursor: string | undefined): Promise<Page<AccessRequest>> => {
  const listed = await world.ledger.listOpen({ limit: PAGE, ...(cursor === undefined ? {} : { cursor }) });
  // A place that was kept by another version of the ledger: begin anew.
  return listed === 'invalid-cursor' ? { items: [] } : listed;
};

/** The generation is the minute, so that two sweeps of the same minute start one workflow. */
const restart = async (world: Restarters, { id }: AccessRequest, now: Instant): Promise<boolean> => {
  try {
    await world.workflow.restart(id, Math.floor(now / 60_000));
    return true;
  } catch (fault) {
    world.reporter.warn('a dead workflow was not started again', { requestId: id, fault });
    return false;
  }
};
