/** Starts again the workflows of open requests that never started or died: promptness comes from them, correctness does not. */
import type { AccessRequest } from '../domain/access-request.ts';
import { addSeconds, type Instant } from '../domain/time.ts';
import type { Needs } from './world.ts';

/** A workflow younger than this may merely not be listed yet, seconds. */
const SETTLING_SECONDS = 60;
const PAGE = 200;
/** Bounded work a run: pages of open requests looked at. */
const MOST_PAGES = 25;
/** Bounded work a run: workflows started again, so many at once; the rest waits for the next sweep. */
const MOST_RESTARTS = 200;
const AT_ONCE = 10;

type Restarters = Needs<'ledger' | 'workflow' | 'clock' | 'reporter'>;

/** @returns how many were started again. Failures are reported; the next sweep tries anew. */
export const restartDeadWorkflows = async (world: Restarters): Promise<number> => {
  try {
    const running = await world.workflow.running();
    const now = world.clock.now();
    const open = await listOpen(world);
    const dead = open.filter((request) => !running.has(request.id) && needsWorkflow(request, now));
    return await restartAll(world, dead.slice(0, MOST_RESTARTS), now);
  } catch (fault) {
    world.reporter.warn('the sweep could not look after the workflows', { fault });
    return 0;
  }
};

const restartAll = async (world: Restarters, dead: readonly AccessRequest[], now: Instant): Promise<number> => {
  let restarted = 0;
  for (let start = 0; start < dead.length; start += AT_ONCE) {
    const batch = dead.slice(start, start + AT_ONCE);
    const results = await Promise.all(batch.map((request) => restart(world, request, now)));
    restarted += results.filter(Boolean).length;
  }
  return restarted;
};

const needsWorkflow = (request: AccessRequest, now: Instant): boolean =>
  request.status !== 'ending' && addSeconds(request.askedAt, SETTLING_SECONDS) <= now;

const listOpen = async (world: Restarters): Promise<readonly AccessRequest[]> => {
  const found: AccessRequest[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const listed = await world.ledger.listOpen({ limit: PAGE, ...(cursor === undefined ? {} : { cursor }) });
    if (listed === 'invalid-cursor') throw new Error('the ledger refused its own cursor');
    found.push(...listed.items);
    cursor = listed.cursor;
    if (cursor === undefined) break;
  }
  return found;
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
