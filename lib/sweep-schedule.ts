/** What makes law 3 true: the sweep runs each minute, whatever becomes of the workflows. */
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Duration } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';

export const sweepSchedule = (scope: Construct, sweep: IFunction): Rule =>
  new Rule(scope, 'SweepSchedule', {
    description: 'Brevet sweeps each minute',
    schedule: Schedule.rate(Duration.minutes(1)),
    // The next minute's event is the retry.
    targets: [new LambdaFunction(sweep, { retryAttempts: 0, maxEventAge: Duration.minutes(1) })],
  });
