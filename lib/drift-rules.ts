/** What calls the search for drift: each minute, to go on with its round, and CloudTrail's events about assignments, at once. */
import { type EventPattern, Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Duration } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { driftEventPattern } from '../lambda/contract/drift-events.ts';

export const driftRules = (scope: Construct, drift: IFunction, convergeRoleArn: string): void => {
  new Rule(scope, 'DriftSchedule', {
    description: 'Brevet goes on with its search for drift each minute',
    schedule: Schedule.rate(Duration.minutes(1)),
    // The next minute's event is the retry.
    targets: [new LambdaFunction(drift, { retryAttempts: 0, maxEventAge: Duration.minutes(1) })],
  });
  const eventPattern: EventPattern = driftEventPattern(convergeRoleArn);
  new Rule(scope, 'DriftEvents', {
    description: 'Brevet looks where somebody else changed an assignment',
    eventPattern,
    targets: [new LambdaFunction(drift, { retryAttempts: 3, maxEventAge: Duration.hours(1) })],
  });
};
