/** What there is to do for a lease now, told by the lease alone, and how urgent that is: the pump works in this order. */
import { type Hold, type Lease, type LeaseStep, nextStep, type Operation } from './lease.ts';
import { earliest, type Instant } from './time.ts';

/**
 * The most urgent first. What is under way counts against what Identity Center bears, so whoever comes new must know of it
 * before anything else; what takes no write waits for nobody; then who broke the glass, then ends, then grants.
 */
export const URGENCIES = ['under-way', 'settle', 'break-glass', 'end', 'grant'] as const;
export type Urgency = (typeof URGENCIES)[number];

export interface Work {
  readonly leaseId: string;
  readonly urgency: Urgency;
  /** Since when it is to be done. */
  readonly since: Instant;
}

const since = (moments: readonly Instant[]): Instant => {
  const [first, ...others] = moments;
  return first === undefined ? (0 as Instant) : earliest(first, ...others);
};

const isGranting = ({ unconfirmedSince }: Hold): boolean => unconfirmedSince !== undefined;

/** What was refused is made again when the sweep finds it due (`refusedAt`); until then nothing of it is under way. */
const isRefused = ({ operation: { id, refusal } }: { readonly operation: Operation }): boolean =>
  id === undefined && refusal !== undefined;

const grantUrgency = (granting: readonly Hold[]): Urgency =>
  granting.some(({ breakGlass }) => breakGlass) ? 'break-glass' : 'grant';

const urgencyOf = ({ state, holds }: Lease): Urgency | undefined => {
  if (state.kind === 'creating' || state.kind === 'deleting') return isRefused(state) ? undefined : 'under-way';
  const granting = holds.filter(isGranting);
  if (state.kind === 'vacant' && granting.length > 0) return grantUrgency(granting);
  if (state.kind === 'held' && holds.every(({ ending, lost }) => ending || lost)) return 'end';
  const isLeftStanding = state.kind === 'standing' && holds.length === 0;
  return isLeftStanding || granting.length > 0 || holds.some(({ ending }) => ending) ? 'settle' : undefined;
};

/** Undefined when there is nothing to do before the time has come, or somebody asks. */
export const workOf = (lease: Lease): Work | undefined => {
  const urgency = urgencyOf(lease);
  if (urgency === undefined) return undefined;
  const { state, holds, id: leaseId } = lease;
  if (state.kind === 'creating' || state.kind === 'deleting') return { leaseId, urgency, since: state.operation.since };
  const waiting = holds.flatMap(({ ending, endsAt, unconfirmedSince }) => unconfirmedSince ?? (ending ? endsAt : []));
  return { leaseId, urgency, since: since(waiting) };
};

const RANK = new Map(URGENCIES.map((urgency, rank) => [urgency, rank]));
const rankOf = ({ urgency }: Work): number => RANK.get(urgency) ?? URGENCIES.length;

export const byUrgency = (one: Work, other: Work): number =>
  rankOf(one) - rankOf(other) || one.since - other.since || (one.leaseId < other.leaseId ? -1 : 1);

/** The steps that may lead to a write: each needs its place among those that Identity Center bears at once. */
export const mayWrite = (step: LeaseStep): boolean =>
  step === 'observe' || step === 'create' || step === 'release' || step === 'delete';

/** How urgent the write is that the lease needs next, whatever is under way; undefined when it needs none. */
export const writeUrgency = (lease: Lease, now: Instant): Urgency | undefined => {
  const step = nextStep(lease, now);
  if (!mayWrite(step) || (step === 'release' && lease.state.kind === 'standing')) return undefined;
  if (step === 'release' || step === 'delete') return 'end';
  return lease.holds.some((hold) => isGranting(hold) && hold.breakGlass) ? 'break-glass' : 'grant';
};

/** Whether nothing is under way or to go, and somebody only waits for access; not whoever broke the glass, who waits for nobody. */
export const onlyAwaits = (lease: Lease, now: Instant): boolean => {
  const step = nextStep(lease, now);
  const waiting = lease.holds.filter(isGranting);
  return (step === 'observe' || step === 'none') && waiting.length > 0 && !waiting.some(({ breakGlass }) => breakGlass);
};
