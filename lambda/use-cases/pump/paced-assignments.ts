/** Identity Center as the runs of a pump see it: their requests are paced, their writes have places, their outcomes are asked for together. */
import { leaseIdOf } from '../../domain/lease.ts';
import type { Write } from '../../domain/pause.ts';
import { addSeconds, earliest, type Instant } from '../../domain/time.ts';
import type { Assignments, WriteStarted } from '../../ports/assignments.ts';
import type { Clock } from '../../ports/clock.ts';
import { ServiceFault } from '../../ports/faults.ts';
import type { Outcomes } from './outcomes.ts';
import type { RequestPace } from './request-pace.ts';
import type { WriteSlots } from './write-slots.ts';

const THROTTLED = 'ThrottlingException';
/** The ledger is read again after so long, since a deadline may have passed. */
const WAIT_SECONDS = 8;

const isThrottling = (thrown: unknown): boolean => thrown instanceof ServiceFault && thrown.code === THROTTLED;

/** Looks that wait for their turn among all requests, and notice when there are too many. */
export const pacedLooks = (assignments: Assignments, pace: RequestPace): Assignments => {
  const paced =
    <Given extends readonly unknown[], Answer>(ask: (...given: Given) => Promise<Answer>) =>
    async (...given: Given): Promise<Answer> => {
      await pace.take();
      try {
        return await ask(...given);
      } catch (fault) {
        if (isThrottling(fault)) pace.throttled();
        throw fault;
      }
    };
  return {
    ...assignments,
    isAssigned: paced(assignments.isAssigned),
    creationStatus: paced(assignments.creationStatus),
    deletionStatus: paced(assignments.deletionStatus),
    creationsInProgress: paced(assignments.creationsInProgress),
    deletionsInProgress: paced(assignments.deletionsInProgress),
  };
};

interface Parts {
  /** Whose looks are paced. */
  readonly looks: Assignments;
  readonly pace: RequestPace;
  readonly slots: WriteSlots;
  readonly outcomes: Outcomes;
  readonly clock: Clock;
  readonly deadline: Instant;
}

/** The right to the request of a write was taken with its place: a claim must not wait (`pump.ts`). */
export const pacedAssignments = ({ looks, pace, slots, outcomes, clock, deadline }: Parts): Assignments => {
  const noticing =
    (write: Write, start: Assignments[Write]): Assignments[Write] =>
    async (principalId, target) => {
      const leaseId = leaseIdOf(principalId, target);
      const answer: WriteStarted = await start(principalId, target);
      if (answer.kind === 'started') outcomes.track(write, answer.operationId, leaseId, clock.now());
      else slots.release(leaseId);
      if (answer.kind === 'busy' && answer.code === THROTTLED) pace.throttled();
      return answer;
    };
  const waitUntil = (): Instant => earliest(deadline, addSeconds(clock.now(), WAIT_SECONDS));
  return {
    ...looks,
    create: noticing('create', looks.create),
    delete: noticing('delete', looks.delete),
    creationStatus: (id) => outcomes.wait('create', id, waitUntil()),
    deletionStatus: (id) => outcomes.wait('delete', id, waitUntil()),
  };
};
