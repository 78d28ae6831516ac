/** When the organization is read: by the clock, which suffices, and sooner when CloudTrail tells of a change. */
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Duration } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { CHANGING_CALLS } from '../lambda/contract/catalogue-event.ts';

/** Of what people do, and of what AWS then does for them, such as an account that is ready minutes after it was asked for. */
const FROM_CLOUD_TRAIL = ['AWS API Call via CloudTrail', 'AWS Service Event via CloudTrail'];

const ID_OF: Readonly<Record<keyof typeof CHANGING_CALLS, string>> = {
  organizations: 'OrganizationsChanged',
  sso: 'PermissionSetsChanged',
  identitystore: 'GroupsChanged',
  'sso-directory': 'DirectoryGroupsChanged',
};

/**
 * Organizations tells of changes only in us-east-1 and only the management account; elsewhere its rule waits for events
 * that somebody forwards, and the clock finds what changed.
 */
export const catalogueRules = (scope: Construct, catalogue: IFunction): void => {
  new Rule(scope, 'CatalogueSchedule', {
    description: 'Brevet looks each minute whether the organization is to be read',
    schedule: Schedule.rate(Duration.minutes(1)),
    // The next minute's event is the retry.
    targets: [new LambdaFunction(catalogue, { retryAttempts: 0, maxEventAge: Duration.minutes(1) })],
  });
  for (const [service, eventName] of Object.entries(CHANGING_CALLS)) {
    new Rule(scope, ID_OF[service as keyof typeof CHANGING_CALLS], {
      description: `Brevet reads the organization after a change in ${service}`,
      eventPattern: {
        source: [`aws.${service}`],
        detailType: FROM_CLOUD_TRAIL,
        detail: { eventSource: [`${service}.amazonaws.com`], eventName: [...eventName] },
      },
      targets: [new LambdaFunction(catalogue, { retryAttempts: 2, maxEventAge: Duration.minutes(15) })],
    });
  }
};
