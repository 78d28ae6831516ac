/** Last stage: take the access away and wait until the ledger shows it gone, or extended meanwhile. */

import { Choice, Condition, Errors, Fail, JitterType, type TaskStateBase } from 'aws-cdk-lib/aws-stepfunctions';
import { Duration } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { STATES } from '../../lambda/contract/workflow.ts';
import { type WorkflowParts, waitingTask } from './workflow-task.ts';

/** For one attempt. Removing an assignment takes seconds; the sweep tries anew each minute all the while. */
const END_TIMEOUT_SECONDS = 300;

const endTask = (scope: Construct, parts: WorkflowParts): TaskStateBase =>
  waitingTask(scope, STATES.end, parts, {
    step: 'end',
    comment: 'Ends the access and waits until it is gone; answers the new end if it was extended',
    timeoutSeconds: END_TIMEOUT_SECONDS,
    resultPath: '$.hold',
  })
    // No answer: it was lost, or Identity Center takes long. Asking again is a new wake-up; four attempts are 20 minutes.
    .addRetry({
      errors: [Errors.TIMEOUT],
      interval: Duration.seconds(1),
      backoffRate: 2,
      maxAttempts: 3,
      jitterStrategy: JitterType.FULL,
    })
    // NB. Everything else too, bugs included: when ending, the unknown means to keep trying (law 9). Some nine
    // minutes. The two together give up within about half an hour, because giving up is what rings the alarm.
    .addRetry({
      errors: [Errors.ALL],
      interval: Duration.seconds(1),
      backoffRate: 2,
      maxAttempts: 14,
      maxDelay: Duration.minutes(1),
      jitterStrategy: JitterType.FULL,
    });

/** @returns the task, and the choice whose `when` and `otherwise` the workflow sets. */
export const end = (scope: Construct, parts: WorkflowParts): { task: TaskStateBase; isOver: Choice } => {
  const task = endTask(scope, parts);
  const isOver = new Choice(scope, STATES.isOver, { comment: 'Extended meanwhile: hold again' });
  const leftToSweep = new Fail(scope, STATES.endLeftToSweep, {
    comment: 'The sweep goes on ending, each minute; this failure rings the alarm',
    error: 'EndLeftToSweep',
    cause: 'The end of the access could not be confirmed; the sweep goes on trying, and somebody should look',
  });
  // Failing is not giving up: the sweep does not depend on this execution (law 3).
  task.addCatch(leftToSweep, { errors: [Errors.ALL], resultPath: '$.fault' });
  task.next(isOver);
  return { task, isOver };
};

/** Whether the access is gone; otherwise `$.hold.holdUntil` says until when to hold again. */
export const isGone: Condition = Condition.booleanEquals('$.hold.over', true);
