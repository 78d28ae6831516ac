/** Sweep: every minute, whatever the workflows did, make everything happen whose time has come (law 3). */
import { type AccessRequest, isOpen } from '../domain/access-request.ts';
import { leaseIdOf, overdueSince } from '../domain/lease.ts';
import { type NoticeKind, nextNotice } from '../domain/notices.ts';
import { isRefusal } from '../domain/refusal.ts';
import { addSeconds, type Instant, secondsBetween } from '../domain/time.ts';
import type { Due } from '../ports/ledger.ts';
import { beginGrant } from './begin-grant.ts';
import { endRequestByClock } from './end-request.ts';
import { expireInLedger } from './expire-request.ts';
import { giveNotices } from './give-notices.ts';
import { inBatches, inParts } from './in-parts.ts';
import { repeatAnswers } from './repeat-answers.ts';
import { restartDeadWorkflows } from './restart-workflows.ts';
import { ringAlarm } from './ring-alarm.ts';
import type { Needs } from './world.ts';

/** NB. What is due needs no workflow: where Step Functions hangs, nothing waits for it whose time has come (law 3). */
type Sweepers = Needs<'ledger' | 'places' | 'converger' | 'clock' | 'ids' | 'reporter' | 'bell' | 'limits'>;

export interface DueReport {
  /** Items found due, leases among them. */
  readonly due: number;
  readonly expired: number;
  readonly begun: number;
  readonly ended: number;
  /** Stages whose approvers were reminded, and stages that others may decide from now on. */
  readonly reminded: number;
  readonly escalated: number;
  readonly leasesWoken: number;
  /** Alarms about broken glasses that rang. */
  readonly alarmsRung: number;
  readonly failures: number;
  /** How late the latest ending was that this sweep found not yet done, seconds. */
  readonly latestEndingSeconds: number;
}

export interface SweepReport extends DueReport {
  /** Workflows that were told what they had not heard. */
  readonly answersRepeated: number;
  readonly workflowsRestarted: number;
}

type Outcome = 'expired' | 'begun' | 'ended' | 'woken' | 'rung' | 'nothing' | 'failed';

interface Attended {
  readonly outcome: Outcome;
  readonly notices?: readonly NoticeKind[];
  readonly lateSeconds: number;
}

const PAGE_PER_SHARD = 25;
/** Bounded work a run: the next one goes on where this one stopped, so that what is stuck keeps nothing else from its turn. */
const MOST_DUE = 2_000;
const AT_ONCE = 10;

/** Seconds of its minute after which a run takes up nothing more of what is due, of those that wait, of dead workflows. */
const STOPS_AFTER = { due: 30, waiting: 40, open: 50 } as const;

/** @param toldDue hears what was due before any workflow is looked after, which may take longer than the run has */
export const sweep = async (
  world: Sweepers & Needs<'workflow'>,
  toldDue: (report: DueReport) => void = () => undefined,
): Promise<SweepReport> => {
  const now = world.clock.now();
  const due = await sweepDue(world, now);
  toldDue(due);
  const answersRepeated = await repeatAnswers(world, addSeconds(now, STOPS_AFTER.waiting));
  const workflowsRestarted = await restartDeadWorkflows(world, addSeconds(now, STOPS_AFTER.open));
  return { ...due, answersRepeated, workflowsRestarted };
};

const sweepDue = async (world: Sweepers, now: Instant): Promise<DueReport> => {
  // Workflows get no head start: where they are gone, it would come on top of the sweep's period. Who is first does not matter.
  const collected = collectingWakes(world);
  const results: Attended[] = [];
  let isWoken = true;
  try {
    await attendAllDue(collected.world, now, results);
  } finally {
    // Though what is due could not be listed to its end: whoever is ended in the ledger by now is ended in truth, too.
    isWoken = await wakeForAll(world, [...collected.leaseIds]);
  }
  const count = (wanted: Outcome): number => results.filter(({ outcome }) => outcome === wanted).length;
  const notices = results.flatMap(({ notices: given = [] }) => given);
  return {
    due: results.length,
    expired: count('expired'),
    begun: count('begun'),
    ended: count('ended'),
    reminded: notices.filter((kind) => kind === 'remind').length,
    escalated: notices.filter((kind) => kind === 'escalate').length,
    leasesWoken: count('woken'),
    alarmsRung: count('rung'),
    failures: count('failed') + (isWoken ? 0 : 1),
    latestEndingSeconds: Math.max(0, ...results.map(({ lateSeconds }) => lateSeconds)),
  };
};

const attendAllDue = async (world: Sweepers, now: Instant, results: Attended[]): Promise<void> => {
  await inParts<Due>(world, {
    name: 'due',
    page: (cursor) => world.ledger.listDue(now, PAGE_PER_SHARD, cursor),
    attend: async (due) => void results.push(...(await inBatches(due, AT_ONCE, (one) => attend(world, one, now)))),
    mayGoOn: () => results.length < MOST_DUE && world.clock.now() < addSeconds(now, STOPS_AFTER.due),
  });
};

/** Whatever is attended to wakes the converger: it needs to hear all of that once. */
const collectingWakes = (world: Sweepers): { world: Sweepers; leaseIds: ReadonlySet<string> } => {
  const leaseIds = new Set<string>();
  const wake = async (woken: readonly string[]): Promise<void> => {
    for (const leaseId of woken) leaseIds.add(leaseId);
  };
  return { world: { ...world, converger: { wake } }, leaseIds };
};

/** Whoever is woken here waits for one that has died at work, which nobody else would do. */
const wakeForAll = async (world: Sweepers, leaseIds: readonly string[]): Promise<boolean> => {
  if (leaseIds.length === 0) return true;
  try {
    await world.converger.wake(leaseIds, true);
    return true;
  } catch (fault) {
    world.reporter.warn('the sweep could not wake the converger', { leases: leaseIds.length, fault });
    return false;
  }
};

/** One item that fails must not keep the others from their turn; how late it is, is told all the same. */
const attend = async (world: Sweepers, due: Due, now: Instant): Promise<Attended> => {
  let lateSeconds = 0;
  try {
    if (due.kind === 'lease') {
      await world.converger.wake([due.id]);
      const lease = await world.ledger.readLease(due.id);
      return { outcome: 'woken', lateSeconds: latenessSince(lease && overdueSince(lease), now) };
    }
    if (due.kind === 'unknown') throw new Error('what is due is of a kind that this version does not know');
    if (due.kind === 'glass') return { outcome: await ringAlarm(world, due.id, now), lateSeconds };
    const request = await world.ledger.readRequest(due.id);
    if (!request || !isOpen(request)) return { outcome: 'nothing', lateSeconds };
    lateSeconds = latenessSince(latestEndOf(request), now);
    const outcome = await attendRequest(world, request);
    const isWaiting = outcome === 'nothing' && nextNotice(request) !== undefined;
    return { outcome, lateSeconds, ...(isWaiting && { notices: await giveNotices(world, request.id) }) };
  } catch (fault) {
    world.reporter.warn('the sweep could not attend to an item', { due, fault });
    return { outcome: 'failed', lateSeconds };
  }
};

const latenessSince = (end: Instant | undefined, now: Instant): number =>
  end === undefined ? 0 : Math.max(0, secondsBetween(end, now));

/** NB. What is being granted may be there already, though nobody has heard of it. */
const latestEndOf = (request: AccessRequest): Instant | undefined => {
  if (request.status === 'granting') return request.latestEnd;
  return request.status === 'active' || request.status === 'ending' ? request.endsAt : undefined;
};

const attendRequest = async (world: Sweepers, request: AccessRequest): Promise<Outcome> => {
  switch (request.status) {
    case 'pending':
      return isRefusal(await expireInLedger(world, request.id)) ? 'nothing' : 'expired';
    case 'scheduled':
      return isRefusal(await beginGrant(world, request.id)) ? 'nothing' : 'begun';
    case 'active':
      return isRefusal(await endRequestByClock(world, request.id)) ? 'nothing' : 'ended';
    case 'granting':
    case 'ending':
      await world.converger.wake([leaseIdOf(request.requester.id, request.target)]);
      return 'woken';
    default:
      return 'nothing';
  }
};
