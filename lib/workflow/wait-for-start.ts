/** Second stage: wait until the window opens; for an immediate request that moment has already passed. */
import { Wait, WaitTime } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { STATES } from '../../lambda/contract/workflow.ts';

export const waitForStart = (scope: Construct): Wait =>
  new Wait(scope, STATES.waitForStart, {
    comment: 'Until the window opens; at once for an immediate request',
    time: WaitTime.timestampPath('$.decision.startsAt'),
  });
