/** What the recording writes down, one JSON line each, and how it is read back. */
import { existsSync, readFileSync } from 'node:fs';

/** Environment variable with the path of the file that the recording appends to. */
export const RECORD_FILE = 'BREVET_BENCH_RECORD';

export const SERVICES = ['identitystore', 'organizations', 'sso-admin', 'states', 'lambda', 'dynamodb'] as const;
export type ServiceName = (typeof SERVICES)[number] | 'other';

export interface CallName {
  readonly service: ServiceName;
  readonly operation: string;
}

interface RecordedLine {
  /** Number of the invocation; 0 outside any. */
  readonly invocation: number;
  /** Epoch milliseconds. */
  readonly at: number;
}

export interface RecordedInvocation extends RecordedLine {
  readonly kind: 'invocation';
  readonly functionName: string;
  readonly payload: string;
}
export interface RecordedCall extends RecordedLine, CallName {
  readonly kind: 'call';
}
export interface RecordedAnswer extends RecordedLine {
  readonly kind: 'answer';
}
export type Recorded = RecordedInvocation | RecordedCall | RecordedAnswer;

const BY_TARGET: readonly (readonly [prefix: string, service: ServiceName])[] = [
  ['DynamoDB_', 'dynamodb'],
  ['AWSStepFunctions', 'states'],
  ['SWBExternalService', 'sso-admin'],
  ['AWSIdentityStore', 'identitystore'],
  ['AWSOrganizations', 'organizations'],
];

/** Names a request by its target header (AWS JSON) or its path (Lambda). */
export const callOf = (method: string, path: string, target: string | undefined): CallName => {
  if (target === undefined) {
    const isInvoke = /\/functions\/[^/]+\/invocations$/.test(path);
    return isInvoke ? { service: 'lambda', operation: 'Invoke' } : { service: 'other', operation: `${method} ${path}` };
  }
  const [, service = 'other'] = BY_TARGET.find(([prefix]) => target.startsWith(prefix)) ?? [];
  return { service, operation: target.slice(target.indexOf('.') + 1) };
};

export const readRecord = (file: string): readonly Recorded[] =>
  existsSync(file)
    ? readFileSync(file, 'utf8')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as Recorded)
    : [];
