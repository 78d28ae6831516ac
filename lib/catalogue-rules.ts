/** When the organization is read: by the clock, which suffices, and sooner when CloudTrail tells of a change. */
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Duration } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { CHANGING_SERVICES, type ChangingService, catalogueEventPattern } from '../lambda/contract/catalogue-event.ts';

const ID_OF: Readonly<Record<ChangingService, string>> = {
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
  for (const service of CHANGING_SERVICES) {
    const { 'detail-type': detailType, ...pattern } = catalogueEventPattern(service);
    new Rule(scope, ID_OF[service], {
      description: `Brevet reads the organization after a change in ${service}`,
      eventPattern: { ...pattern, detailType },
      targets: [new LambdaFunction(catalogue, { retryAttempts: 2, maxEventAge: Duration.minutes(15) })],
    });
  }
};
