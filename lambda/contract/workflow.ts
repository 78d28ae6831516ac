/** What passes between the state machine and the functions it calls. */
import * as z from 'zod';

/** Names of the states, in the order of the story. */
export const STATES = {
  awaitDecision: 'AwaitDecision',
  expire: 'Expire',
  wasApproved: 'WasApproved',
  waitForStart: 'WaitForStart',
  grant: 'Grant',
  hold: 'Hold',
  end: 'End',
  isOver: 'IsOver',
  over: 'Over',
  endLeftToSweep: 'EndLeftToSweep',
  decisionLeftToSweep: 'DecisionLeftToSweep',
} as const;

/** Names of the faults that the state machine tells apart, as `ports/faults.ts` throws them. */
export const FAULT_NAMES = { service: 'ServiceFault', conflict: 'ConflictFault' } as const;

export const workflowInput = z.object({ requestId: z.string() });
export type WorkflowInput = z.infer<typeof workflowInput>;

/** What a task hands to the workflow function. `taskToken` is absent for the conditional expire, which answers at once. */
export const workflowStep = z.discriminatedUnion('step', [
  z.object({ step: z.literal('await-decision'), requestId: z.string(), taskToken: z.string() }),
  z.object({ step: z.literal('expire'), requestId: z.string() }),
  z.object({ step: z.literal('grant'), requestId: z.string(), taskToken: z.string() }),
  z.object({ step: z.literal('end'), requestId: z.string(), taskToken: z.string() }),
]);
export type WorkflowStep = z.infer<typeof workflowStep>;

/** Answer of AwaitDecision and Expire. `startsAt` is an ISO instant in whole seconds (Wait states take no fractions). */
export type DecisionAnswer = { readonly approved: true; readonly startsAt: string } | { readonly approved: false };

/** Answer of Grant: until when to hold. A grant that failed answers with a moment that has passed. */
export interface GrantAnswer {
  readonly holdUntil: string;
}

/** Answer of End: over, or extended meanwhile and to be held again. */
export type EndAnswer = { readonly over: true } | { readonly over: false; readonly holdUntil: string };

export type StepAnswer = DecisionAnswer | GrantAnswer | EndAnswer;

/** What wakes the converge function: ids of leases to look at. A wake-up only; the table is the truth. */
export const convergeInput = z.object({ leaseIds: z.array(z.string()), standBy: z.boolean().optional() });
export type ConvergeInput = z.infer<typeof convergeInput>;
