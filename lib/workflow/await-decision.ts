/** First stage: wait until the request is decided; past its expiry, expire it unless somebody decided just then. */

import { Choice, Condition, Errors, Fail, JitterType, type TaskStateBase } from 'aws-cdk-lib/aws-stepfunctions';
import { Duration } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { STATES } from '../../lambda/contract/workflow.ts';
import { answeringTask, FAULTS, LAMBDA_FAILURES, type WorkflowParts, waitingTask } from './workflow-task.ts';

/** So that differing clocks never let the timeout come before the request's own expiry. */
const CLOCK_SLACK_SECONDS = 5;

/** Longer than the workflow function may run, so that its own failure is what is reported. */
const EXPIRE_TIMEOUT_SECONDS = 90;

const awaitTask = (scope: Construct, parts: WorkflowParts): TaskStateBase =>
  waitingTask(scope, STATES.awaitDecision, parts, {
    step: 'await-decision',
    comment: 'Waits for the approvers; a request that needs none is answered at once',
    timeoutSeconds: parts.limits.pendingExpirySeconds + CLOCK_SLACK_SECONDS,
    resultPath: '$.decision',
  })
    // Storing the token failed. People take minutes to decide, so there is time to be patient: four minutes or so.
    // A bug (any other error) is not retried: it would fail the same way, and the alarm should not have to wait for it.
    .addRetry({
      errors: [...LAMBDA_FAILURES, ...FAULTS],
      interval: Duration.seconds(1),
      backoffRate: 2,
      maxAttempts: 8,
      maxDelay: Duration.minutes(1),
      jitterStrategy: JitterType.FULL,
    });

const expireTask = (scope: Construct, parts: WorkflowParts): TaskStateBase =>
  answeringTask(scope, STATES.expire, parts, {
    step: 'expire',
    comment: 'Expires the request, unless it was decided meanwhile: answers how it was decided',
    timeoutSeconds: EXPIRE_TIMEOUT_SECONDS,
    resultPath: '$.decision',
  })
    // Everything is retried here: the step is conditional, so repeating it does no harm, and one possible error is that
    // the request's expiry has not come yet, which time mends. Four minutes or so, then the sweep expires it.
    .addRetry({
      errors: [Errors.ALL],
      interval: Duration.seconds(1),
      backoffRate: 2,
      maxAttempts: 8,
      maxDelay: Duration.minutes(1),
      jitterStrategy: JitterType.FULL,
    });

/** @returns the first state, and the choice whose `when` and `otherwise` the workflow sets. */
export const awaitDecision = (
  scope: Construct,
  parts: WorkflowParts,
): { start: TaskStateBase; wasApproved: Choice } => {
  const start = awaitTask(scope, parts);
  const expire = expireTask(scope, parts);
  const wasApproved = new Choice(scope, STATES.wasApproved, {
    comment: 'Rejected, cancelled and expired requests are over',
  });
  const leftToSweep = new Fail(scope, STATES.decisionLeftToSweep, {
    comment: 'The sweep expires the request when it is due, and starts its workflow anew; this failure rings the alarm',
    error: 'DecisionLeftToSweep',
    cause: 'The decision could not be awaited; the request is unharmed, and the sweep goes on with it',
  });
  // The timeout is the ordinary way to expire. Whatever else is left has used up its retries or is a bug: stop here,
  // loudly. Nothing has been granted, and expiring a request that might still be approved would be a second outcome.
  start.addCatch(expire, { errors: [Errors.TIMEOUT], resultPath: '$.fault' });
  start.addCatch(leftToSweep, { errors: [Errors.ALL], resultPath: '$.fault' });
  expire.addCatch(leftToSweep, { errors: [Errors.ALL], resultPath: '$.fault' });
  start.next(wasApproved);
  expire.next(wasApproved);
  return { start, wasApproved };
};

/** Whether the decision, whoever made it, was to approve. */
export const isApproved: Condition = Condition.booleanEquals('$.decision.approved', true);
