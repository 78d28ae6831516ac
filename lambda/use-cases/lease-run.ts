/** One run of converging, and what a step of it comes to. */
import type { Lease } from '../domain/lease.ts';
import type { Instant } from '../domain/time.ts';
import type { Recorded } from './lease-calls.ts';
import type { Turn } from './turn.ts';

/**
 * `underWay`: the call was made, and only its outcome is waited for. `leave`: it will not go through now; whoever comes
 * next, comes later.
 */
export type StepProgress = 'settled' | 'moved' | 'wait' | 'leave' | Exclude<Recorded, 'moved'>;

/** One run of converging. */
export interface Run {
  readonly turn: Turn;
  /** Ids of requests that it has judged and that may be granted, each with how long sessions last by what was found then, seconds. */
  readonly judged: Map<string, number>;
  readonly deadline: Instant;
}

/** Calls made so far for the step under way that came to nothing. */
export const attemptsOf = ({ state }: Lease): number =>
  state.kind === 'creating' || state.kind === 'deleting' ? state.operation.attempts : 0;
