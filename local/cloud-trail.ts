/** A stand-in for CloudTrail and the EventBridge rule behind it: whoever changes assignments makes an event, and those that the rule lets through call the search for drift. */
import { randomUUID } from 'node:crypto';
import { driftEventPattern } from '../lambda/contract/drift-events.ts';
import type { Deployment } from './deployment.ts';
import { convergeRoleArn } from './deployment.ts';
import { matchesPattern } from './event-pattern.ts';
import { LOCAL_ACCESS_KEY } from './function-environment.ts';
import type { LambdaFunctions } from './functions/lambda-functions.ts';

/** A call to a stand-in, with its answer. */
export interface AnsweredCall {
  /** The X-Amz-Target header. */
  readonly target: string;
  readonly body: string;
  readonly authorization: string | undefined;
  readonly status: number;
  readonly answer: string;
}

export interface CloudTrail {
  record(call: AnsweredCall): void;
}

export interface CloudTrailOptions {
  readonly functions: Pick<LambdaFunctions, 'invokeLater'>;
  readonly deployment: Deployment;
}

const RECORDED = /^SWBExternalService\.((?:Create|Delete)AccountAssignment)$/;
const ACCESS_KEY = /Credential=([^/]+)\//;

/** CloudTrail writes the names of members with a small first letter, all the way down. */
const withSmallNames = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(withSmallNames);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([name, held]) => [name.charAt(0).toLowerCase() + name.slice(1), held]);
  return Object.fromEntries(entries.map(([name, held]) => [name, withSmallNames(held)]));
};

/** Only the converging function changes assignments among ours; everybody else is a user of the account. */
const identityOf = (accessKeyId: string, { accountId, ...deployment }: Deployment): object => {
  if (accessKeyId !== LOCAL_ACCESS_KEY) return { type: 'IAMUser', accountId, accessKeyId, userName: accessKeyId };
  const arn = convergeRoleArn({ accountId, ...deployment });
  const sessionIssuer = { type: 'Role', arn, accountId, userName: 'brevet-converge' };
  return { type: 'AssumedRole', accountId, accessKeyId, sessionContext: { sessionIssuer } };
};

const eventOf = (eventName: string, call: AnsweredCall, deployment: Deployment): object => {
  const { region, accountId } = deployment;
  const time = new Date().toISOString().replace(/\.\d+Z$/, 'Z');
  const answered = withSmallNames(JSON.parse(call.answer));
  const outcome =
    call.status === 200
      ? { responseElements: answered }
      : { responseElements: null, errorCode: String(JSON.parse(call.answer).__type).split('#').at(-1) };
  return {
    version: '0',
    id: randomUUID(),
    'detail-type': 'AWS API Call via CloudTrail',
    source: 'aws.sso',
    account: accountId,
    time,
    region,
    resources: [],
    detail: {
      eventVersion: '1.11',
      userIdentity: identityOf(ACCESS_KEY.exec(call.authorization ?? '')?.[1] ?? 'unknown', deployment),
      eventTime: time,
      eventSource: 'sso.amazonaws.com',
      eventName,
      awsRegion: region,
      sourceIPAddress: '127.0.0.1',
      requestParameters: withSmallNames(JSON.parse(call.body)),
      ...outcome,
      requestID: randomUUID(),
      eventID: randomUUID(),
      readOnly: false,
      eventType: 'AwsApiCall',
      managementEvent: true,
      recipientAccountId: accountId,
    },
  };
};

export const createCloudTrail = ({ functions, deployment }: CloudTrailOptions): CloudTrail => {
  const pattern = driftEventPattern(convergeRoleArn(deployment));
  return {
    record: (call) => {
      const eventName = RECORDED.exec(call.target)?.[1];
      if (eventName === undefined) return;
      const event = eventOf(eventName, call, deployment);
      if (matchesPattern(pattern, event)) functions.invokeLater(deployment.functions.drift, JSON.stringify(event));
    },
  };
};
