/** Third stage: ask for the access and wait until the ledger shows that it is usable, or that the grant failed. */

import { Errors, JitterType, type TaskStateBase } from 'aws-cdk-lib/aws-stepfunctions';
import { Duration } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { STATES } from '../../lambda/contract/workflow.ts';
import { FAULTS, LAMBDA_FAILURES, type WorkflowParts, waitingTask } from './workflow-task.ts';

/** Two sweeps: at the deadline the sweep fails the grant in the ledger and answers; only a lost answer lets this time out. */
const ANSWER_SLACK_SECONDS = 120;

/** `onFailure` is where to go when the grant cannot be confirmed: to End, which confirms that nothing is left. */
export const grant = (scope: Construct, parts: WorkflowParts, onFailure: TaskStateBase): TaskStateBase =>
  waitingTask(scope, STATES.grant, parts, {
    step: 'grant',
    comment:
      'Asks for the access and waits until it is usable; a grant that failed answers with a moment that has passed',
    timeoutSeconds: parts.limits.timeToGrantSeconds + ANSWER_SLACK_SECONDS,
    resultPath: '$.hold',
  })
    // An engineer is waiting: try again soon, for about half a minute. Beginning a grant twice is one grant, since the
    // intent is stored on condition. A timeout is not retried: the deadline has passed, and no later success may count.
    .addRetry({
      errors: [...LAMBDA_FAILURES, ...FAULTS],
      interval: Duration.seconds(1),
      backoffRate: 1.5,
      maxAttempts: 6,
      maxDelay: Duration.seconds(10),
      jitterStrategy: JitterType.FULL,
    })
    // Whatever went wrong, nobody knows whether access was given. So it is ended: End confirms that nothing is left.
    .addCatch(onFailure, { errors: [Errors.ALL], resultPath: '$.fault' });
