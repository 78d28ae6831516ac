/** The function that tells people what concerns them, and what wakes it. Deployed where the settings say from which address. */
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import {
  EventSourceMapping,
  FilterCriteria,
  FilterRule,
  type IFunction,
  StartingPosition,
} from 'aws-cdk-lib/aws-lambda';
import { Duration } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { ENVIRONMENT } from '../lambda/contract/environment.ts';
import { type MailSettings, mailRulesFrom } from '../lambda/contract/mail-settings.ts';
import { TABLE_KEY, TELLING_PARTITIONS } from '../lambda/contract/table.ts';
import { AccessFunction } from './access-function.ts';
import type { FunctionParts } from './functions.ts';
import { streamOf, tellPeople } from './telling-permissions.ts';

/** NB. It speaks to the outside, so it judges nothing and changes nothing but its own list: it is told no policy and no instance. */
export const tellFunction = (scope: Construct, parts: FunctionParts, mail: MailSettings): AccessFunction => {
  const { settings, requestTable, logKey } = parts;
  return new AccessFunction(scope, 'Tell', {
    handler: 'tell',
    description: 'Tells people what concerns them, by mail',
    // What a run does not come to, the next one does.
    timeoutSeconds: 300,
    memoryMegabytes: 512,
    environment: {
      [ENVIRONMENT.requestTable]: requestTable.tableName,
      [ENVIRONMENT.identityStoreId]: settings.identity_center.identity_store_id,
      [ENVIRONMENT.mail]: JSON.stringify(mailRulesFrom(mail)),
    },
    permissions: tellPeople(requestTable, settings, mail),
    logKey,
    // The next minute's event is the retry.
    asynchronous: { retryAttempts: 0, maxAgeSeconds: 60 },
  });
};

/** New news only: that the function notes its progress, or is done, wakes nobody. */
const NEWS = {
  eventName: FilterRule.isEqual('INSERT'),
  dynamodb: { Keys: { [TABLE_KEY.partition]: { S: FilterRule.beginsWith(TELLING_PARTITIONS) } } },
};

/**
 * The stream makes it prompt. What it says may be lost, late or doubled: the table is the truth, and the rule the net. So a
 * call that fails is hardly repeated, and news that the stream keeps for longer is left to the rule.
 */
export const tellingWakeUps = (scope: Construct, tell: IFunction, table: ITable): void => {
  new EventSourceMapping(scope, 'TellingStream', {
    target: tell,
    eventSourceArn: streamOf(table),
    startingPosition: StartingPosition.LATEST,
    batchSize: 100,
    retryAttempts: 2,
    maxRecordAge: Duration.minutes(5),
    filters: [FilterCriteria.filter(NEWS)],
  });
  new Rule(scope, 'TellingSchedule', {
    description: 'Brevet looks each minute whether people are to be told something',
    schedule: Schedule.rate(Duration.minutes(1)),
    // The next minute's event is the retry.
    targets: [new LambdaFunction(tell, { retryAttempts: 0, maxEventAge: Duration.minutes(1) })],
  });
};
