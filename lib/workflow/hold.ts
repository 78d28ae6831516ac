/** Fourth stage: access is usable; wait until its end. */
import { Wait, WaitTime } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { STATES } from '../../lambda/contract/workflow.ts';

/** An early end does not wake this: it acts at once elsewhere, and this sleeper later finds nothing to do. */
export const hold = (scope: Construct): Wait =>
  new Wait(scope, STATES.hold, {
    comment: 'Access is usable until then; an early end acts at once and leaves this asleep',
    time: WaitTime.timestampPath('$.hold.holdUntil'),
  });
