// Faults that can be put in force while the stand-in runs, to see what Brevet does when AWS misbehaves.
import * as z from 'zod';
import type { ServiceName } from './service.ts';
import type { AssignmentOperation } from './tables.ts';

const common = {
  /** `CreateAccountAssignment`, `organizations:ListTagsForResource`, `sso-admin:*` or `*`. */
  operation: z
    .string()
    .regex(
      /^((sso-admin|identitystore|organizations|states|ses):)?([A-Za-z]+|\*)$/,
      'must be Operation, service:Operation, service:* or *',
    ),
  /** Only calls with these values in their input: `{ "TargetId": "400000000001" }`. */
  where: z.record(z.string(), z.string()).optional(),
  /** How often it strikes; without it, until it is taken away. */
  times: z.int().positive().optional(),
};

/** `before` its effect the call changes nothing; `after` it, the change is made and only the answer is lost. */
const when = z.enum(['before', 'after']).default('before');
const delayMs = z.int().positive().max(600_000).optional();

export const fault = z.discriminatedUnion('kind', [
  /** Answers with this error; `reason` is its message. */
  z.strictObject({
    ...common,
    kind: z.literal('error'),
    when,
    error: z.string().min(1),
    reason: z.string().optional(),
    delayMs,
  }),
  /** Answers that there were too many requests. */
  z.strictObject({ ...common, kind: z.literal('throttle'), when, delayMs }),
  /** Never answers; with `delayMs`, answers as usual but that much later. */
  z.strictObject({ ...common, kind: z.literal('hang'), when, delayMs }),
  /** The service is down: HTTP 503. */
  z.strictObject({ ...common, kind: z.literal('outage'), when, delayMs }),
  /** An asynchronous write is accepted and FAILS in the end; with `onlyWhenAbsent`, if there is nothing to delete by then. */
  z.strictObject({
    ...common,
    kind: z.literal('failed'),
    reason: z.string().optional(),
    onlyWhenAbsent: z.boolean().default(false),
  }),
]);

export const faultList = z.array(fault);

export type Fault = z.infer<typeof fault>;
/** A fault that strikes the call itself. */
export type CallFault = Exclude<Fault, { kind: 'failed' }>;

export interface Faults {
  /** Those in force, with the `times` that are left. */
  list(): readonly Fault[];
  replace(faults: readonly Fault[]): void;
  /** The first that strikes this call, counted as having struck. */
  take(service: ServiceName, operation: string, input: unknown): CallFault | undefined;
  /** Whether the asynchronous write accepted by this call is to fail. */
  takeDoom(service: ServiceName, operation: string, input: unknown): AssignmentOperation['doom'];
}

const FAILED = 'Received a 500 status error: the stand-in was told to fail this operation.';
/** What AWS is seen to answer: the reason that terraform-provider-aws takes for "already gone". */
const ABSENT = "Received a 404 status error: EntitlementItem doesn't exist with the given entitlement key.";

export const createFaults = (): Faults => {
  let inForce: readonly Fault[] = [];
  const strike = (found: Fault | undefined): void => {
    if (found?.times === undefined) return;
    const left = found.times - 1;
    inForce = inForce.flatMap((one) => (one !== found ? [one] : left === 0 ? [] : [{ ...one, times: left }]));
  };
  return {
    list: () => inForce,
    replace: (faults) => {
      inForce = faults;
    },
    take: (service, operation, input) => {
      const found = inForce.filter(isCallFault).find((one) => concerns(one, service, operation, input));
      strike(found);
      return found;
    },
    takeDoom: (service, operation, input) => {
      const found = inForce
        .filter((one) => one.kind === 'failed')
        .find((one) => concerns(one, service, operation, input));
      strike(found);
      if (found === undefined) return undefined;
      const { onlyWhenAbsent } = found;
      return { reason: found.reason ?? (onlyWhenAbsent ? ABSENT : FAILED), onlyWhenAbsent };
    },
  };
};

const isCallFault = (one: Fault): one is CallFault => one.kind !== 'failed';

const concerns = (one: Fault, service: ServiceName, operation: string, input: unknown): boolean =>
  [operation, `${service}:${operation}`, `${service}:*`, '*'].includes(one.operation) &&
  Object.entries(one.where ?? {}).every(
    ([member, value]) => (input as Record<string, unknown> | undefined)?.[member] === value,
  );
