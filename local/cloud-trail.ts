/** A stand-in for CloudTrail and the EventBridge rules behind it: whoever changes something makes an event, and each rule that lets it through calls its function. */
import { randomUUID } from 'node:crypto';
import { CHANGING_SERVICES, catalogueEventPattern } from '../lambda/contract/catalogue-event.ts';
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

/** What only looks is left out, which EventBridge does not hand on either. */
const CHANGE = /^(\w+)\.((?:Create|Delete|Move|Tag|Untag|Update)\w+)$/;
/** The name of each service in its events, by the first half of its X-Amz-Target. */
const SERVICES: Readonly<Record<string, string>> = {
  SWBExternalService: 'sso',
  AWSIdentityStore: 'identitystore',
  AWSOrganizationsV20161128: 'organizations',
};
const ACCESS_KEY = /Credential=([^/]+)\//;

/** CloudTrail writes the names of members with a small first letter, all the way down. */
const withSmallNames = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(withSmallNames);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([name, held]) => [name.charAt(0).toLowerCase() + name.slice(1), held]);
  return Object.fromEntries(entries.map(([name, held]) => [name, withSmallNames(held)]));
};

/** Null for a body that is empty, as many answers are, or that nobody could read. */
const readBody = (text: string): unknown => {
  try {
    return withSmallNames(JSON.parse(text));
  } catch {
    return null;
  }
};

/** Only the converging function changes assignments among ours; everybody else is a user of the account. */
const identityOf = (accessKeyId: string, { accountId, ...deployment }: Deployment): object => {
  if (accessKeyId !== LOCAL_ACCESS_KEY) return { type: 'IAMUser', accountId, accessKeyId, userName: accessKeyId };
  const arn = convergeRoleArn({ accountId, ...deployment });
  const sessionIssuer = { type: 'Role', arn, accountId, userName: 'brevet-converge' };
  return { type: 'AssumedRole', accountId, accessKeyId, sessionContext: { sessionIssuer } };
};

interface Change {
  readonly service: string;
  readonly eventName: string;
}

const changeIn = ({ target }: AnsweredCall): Change | undefined => {
  const [, prefix = '', eventName] = CHANGE.exec(target) ?? [];
  const service = SERVICES[prefix];
  return service && eventName ? { service, eventName } : undefined;
};

const eventOf = ({ service, eventName }: Change, call: AnsweredCall, deployment: Deployment): object => {
  const { region, accountId } = deployment;
  const time = new Date().toISOString().replace(/\.\d+Z$/, 'Z');
  const outcome =
    call.status === 200
      ? { responseElements: readBody(call.answer) }
      : { responseElements: null, errorCode: String(JSON.parse(call.answer).__type).split('#').at(-1) };
  return {
    version: '0',
    id: randomUUID(),
    'detail-type': 'AWS API Call via CloudTrail',
    source: `aws.${service}`,
    account: accountId,
    time,
    region,
    resources: [],
    detail: {
      eventVersion: '1.11',
      userIdentity: identityOf(ACCESS_KEY.exec(call.authorization ?? '')?.[1] ?? 'unknown', deployment),
      eventTime: time,
      eventSource: `${service}.amazonaws.com`,
      eventName,
      awsRegion: region,
      sourceIPAddress: '127.0.0.1',
      requestParameters: readBody(call.body),
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

interface EventRule {
  readonly pattern: Readonly<Record<string, unknown>>;
  readonly functionName: string;
}

/** As deployed: `lib/drift-rules.ts` and `lib/catalogue-rules.ts`. */
const rulesOf = (deployment: Deployment): readonly EventRule[] => [
  { pattern: driftEventPattern(convergeRoleArn(deployment)), functionName: deployment.functions.drift },
  ...CHANGING_SERVICES.map((service) => ({
    pattern: catalogueEventPattern(service),
    functionName: deployment.functions.catalogue,
  })),
];

export const createCloudTrail = ({ functions, deployment }: CloudTrailOptions): CloudTrail => {
  const rules = rulesOf(deployment);
  return {
    record: (call) => {
      const change = changeIn(call);
      if (!change) return;
      const event = eventOf(change, call, deployment);
      for (const { functionName } of rules.filter(({ pattern }) => matchesPattern(pattern, event))) {
        functions.invokeLater(functionName, JSON.stringify(event));
      }
    },
  };
};
