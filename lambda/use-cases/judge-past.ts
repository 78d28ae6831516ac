/**
 * The latest requests against a proposed policy: what was asked by the audit events, people and their groups as they are now,
 * the organization as the catalogue has it. Events have no texts, so that none is read.
 */
import type { AuditEvent, DriftEvent } from '../domain/audit-event.ts';
import { type PastRequest, pastRequestsIn } from '../domain/policy/past-requests.ts';
import { type Policy, requesterGroups } from '../domain/policy/policy.ts';
import { type PastFacts, type Replayed, replayerOn } from '../domain/policy/replay.ts';
import { type ChangedAsk, changedAsks, countsOf } from '../domain/policy/replay-summary.ts';
import { addSeconds, type Instant, instant, parseInstant } from '../domain/time.ts';
import { lookUpEach, type UsersSeen } from './look-up-users.ts';
import { listedGroups, type ProposalFacts, requesterBy, type SeenPerson, withGroups } from './proposal-facts.ts';
import type { CheckLimits, Needs } from './world.ts';

type Readers = Needs<'trail' | 'directory' | 'clock'> & { readonly limits: CheckLimits };

/** What was found of the past, and the people in it as far as they were looked up. */
export interface PastKnown {
  /** Events were read back to here. */
  readonly readFrom: Instant;
  readonly begunBefore: number;
  /** Everything that was found: what else somebody had open counts. */
  readonly requests: readonly PastRequest[];
  /** Those that are to be judged, newest first. */
  readonly wanted: readonly PastRequest[];
  /** By id; undefined for whoever is not there any more. */
  readonly people: ReadonlyMap<string, SeenPerson | undefined>;
}

type Event = AuditEvent | DriftEvent;

const PAGE = 500;
/** So many are told one by one, however many extensions there were; counted are all. */
const MOST_CHANGES = 500;

const asksIn = (events: readonly Event[]): number => events.filter(({ kind }) => kind === 'asked').length;

/** Newest first, until so many requests were asked in them, or as many events were read as one call reads. */
const readBack = async ({ trail, clock, limits }: Readers, last: number) => {
  const to = instant(clock.now() + 1);
  const from = addSeconds(to, -limits.auditSpanSeconds);
  const most = limits.policyCheckEvents;
  const events: Event[] = [];
  let cursor: string | undefined;
  do {
    const limit = Math.min(PAGE, most - events.length);
    const query = { from, to, newestFirst: true, limit, ...(cursor === undefined ? {} : { cursor }) } as const;
    const page = await trail.listEvents(query);
    if (page === 'invalid-cursor') throw new Error('the ledger refused a cursor of its own');
    events.push(...page.items);
    cursor = page.cursor;
  } while (cursor !== undefined && asksIn(events) < last && events.length < most);
  const oldest = cursor === undefined ? undefined : parseInstant(events.at(-1)?.at ?? '');
  return { events: events.toReversed(), readFrom: oldest ?? from };
};

/** As many of the people, in that order, as one call may look up the memberships of. */
const seePeople = (world: Readers, ids: readonly string[], policy: Policy, facts: ProposalFacts, until: Instant) => {
  const groups = listedGroups(facts, requesterGroups(policy));
  const most = Math.floor(world.limits.policyCheckMemberships / Math.max(1, groups.length));
  return lookUpEach(world, ids.slice(0, most), until, async (id) => {
    const person = await world.directory.findById(id);
    return person && withGroups(world, person, groups);
  });
};

export const recallPast = async (
  world: Readers,
  last: number,
  { policy, facts }: { readonly policy: Policy; readonly facts: ProposalFacts },
  until: Instant,
): Promise<PastKnown> => {
  const { events, readFrom } = await readBack(world, last);
  const { requests, begunBefore } = pastRequestsIn(events);
  const wanted = requests.slice(-last).toReversed();
  const ids = [...new Set(wanted.map(({ personId }) => personId))];
  return { readFrom, begunBefore, requests, wanted, people: await seePeople(world, ids, policy, facts, until) };
};

export interface JudgedPast {
  readonly readFrom: Instant;
  readonly begunBefore: number;
  readonly judged: number;
  /** Found too, and not judged: what one call may cost was used up. */
  readonly leftOut: number;
  readonly counts: ReturnType<typeof countsOf>;
  readonly changes: readonly ChangedAsk[];
}

const pastFacts = (policy: Policy, facts: ProposalFacts, users: UsersSeen, { people }: PastKnown): PastFacts => {
  const requester = requesterBy(policy, facts);
  return {
    accounts: facts.accounts,
    permissionSets: facts.permissionSets,
    requesterOf: (personId) => {
      const seen = people.get(personId);
      return seen && requester(seen);
    },
    groupIdOf: (name) => facts.groups.get(name)?.id,
    userNamed: users.named,
  };
};

/** @param isOver ends it early; a request is judged as a whole, or left out */
export const judgePast = (
  { policy, facts, users }: { readonly policy: Policy; readonly facts: ProposalFacts; readonly users: UsersSeen },
  past: PastKnown,
  isOver: () => boolean,
): JudgedPast => {
  const { readFrom, begunBefore, requests, wanted, people } = past;
  const known = pastFacts(policy, facts, users, past);
  const outcomeOf = replayerOn(policy, known, requests);
  const judge = (request: PastRequest): readonly Replayed[] | undefined => {
    if (!people.has(request.personId)) return undefined;
    const replayed: Replayed[] = [];
    for (const ask of request.asks) {
      if (isOver()) return undefined;
      replayed.push({ request, ask, outcome: outcomeOf(request, ask) });
    }
    return replayed;
  };
  const judged = wanted.flatMap((request) => {
    const replayed = judge(request);
    return replayed ? [replayed] : [];
  });
  const counts = countsOf(judged.flat());
  const changes = changedAsks(known, judged.flat()).slice(0, MOST_CHANGES);
  return { readFrom, begunBefore, judged: judged.length, leftOut: wanted.length - judged.length, counts, changes };
};
