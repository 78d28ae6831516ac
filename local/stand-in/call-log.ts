// A log of the calls that the stand-in got, for counting what Brevet costs in AWS calls.
import type { ServiceName } from './service.ts';

export interface LoggedCall {
  /** 1 for the first call since the start; never used twice. */
  readonly number: number;
  /** When it arrived, ISO 8601. */
  readonly at: string;
  readonly service: ServiceName;
  readonly operation: string;
  /** `ok`, the name of the error, `hung` when it gets no answer, or `pending`. */
  readonly outcome: string;
  /** The members of the input that are text, without those that every call has and without task tokens. */
  readonly fields: Readonly<Record<string, string>>;
}

export interface CallLog {
  /** The calls with a number above `since`, oldest first. */
  list(since?: number): readonly LoggedCall[];
  /** Forgets the calls; the numbers go on. */
  clear(): void;
  /** Notes a call as it arrives and answers how to note its outcome. */
  arrive(service: ServiceName, operation: string, input: unknown): (outcome: string) => void;
}

/** So many calls are kept; older ones are forgotten first. */
const CALLS_KEPT = 100_000;

/** NB. Whoever has a task token can answer for the function that was given it. */
const LEFT_OUT = new Set(['InstanceArn', 'IdentityStoreId', 'NextToken', 'taskToken']);

export const createCallLog = (nowMs: () => number): CallLog => {
  const calls = new Map<number, LoggedCall>();
  let latest = 0;
  return {
    list: (since = 0) => [...calls.values()].filter(({ number }) => number > since),
    clear: () => calls.clear(),
    arrive: (service, operation, input) => {
      latest += 1;
      const call = {
        number: latest,
        at: new Date(nowMs()).toISOString(),
        service,
        operation,
        outcome: 'pending',
        fields: keyFields(input),
      };
      calls.set(call.number, call);
      calls.delete(call.number - CALLS_KEPT);
      return (outcome) => {
        if (calls.has(call.number)) calls.set(call.number, { ...call, outcome });
      };
    },
  };
};

const keyFields = (input: unknown): Record<string, string> =>
  Object.fromEntries(
    Object.entries(input ?? {}).filter(
      (entry): entry is [string, string] => typeof entry[1] === 'string' && !LEFT_OUT.has(entry[0]),
    ),
  );
