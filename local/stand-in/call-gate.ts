// What every call passes, whichever service it is for: it is noted in the log, faults strike it, and AWS's rates hold.
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CallLog } from './call-log.ts';
import { ServiceError, wireError } from './errors.ts';
import type { CallFault, Faults } from './faults.ts';
import { InputError, validationMessage } from './input.ts';
import type { Pace } from './pace.ts';
import type { Service } from './service.ts';

export interface Answer {
  readonly status: number;
  readonly body: string;
  readonly headers?: Record<string, string>;
}

/** How a service words what it answers; what it does is handed in with each call. */
export interface Protocol extends Pick<Service, 'name' | 'namespace' | 'refuseInput' | 'throttled'> {
  readonly contentType: Service['contentType'] | 'application/json';
}

/** Most do it at once, before anybody else has a turn. */
type Act = (input: unknown) => object | Promise<object>;

export interface CallGate {
  /** @param act What the call does, given its input; throws ServiceError or InputError. */
  pass(protocol: Protocol, operation: string, body: string, act: Act): Promise<Answer>;
}

export interface CallGateParts {
  readonly pace: Pace;
  readonly faults: Faults;
  readonly calls: CallLog;
  /** Lets hung calls go. */
  readonly closing: AbortSignal;
}

/** One call on its way through. */
interface Call {
  readonly protocol: Protocol;
  readonly operation: string;
  readonly input: unknown;
  readonly note: (outcome: string) => void;
  readonly act: Act;
}

export const createCallGate = (parts: CallGateParts): CallGate => ({
  pass: async (protocol, operation, body, act) => {
    const input = inputOf(body);
    const note = parts.calls.arrive(protocol.name, operation, input);
    const headers = { 'content-type': protocol.contentType, 'x-amzn-requestid': randomUUID() };
    try {
      const value = await underFaults(parts, { protocol, operation, input, note, act });
      note('ok');
      return { status: 200, body: JSON.stringify(value), headers };
    } catch (error) {
      const refusal = refusalOf(protocol, error);
      if (!(refusal instanceof Hung)) note(refusal.code);
      return { ...wireError(refusal, protocol.namespace), headers };
    }
  },
});

/** A fault strikes before the call has an effect, or after: then the effect is there and the answer is not. */
const underFaults = async (parts: CallGateParts, call: Call): Promise<object> => {
  const fault = parts.faults.take(call.protocol.name, call.operation, call.input);
  if (fault?.when === 'before') await strike(parts, call, fault);
  const result = await attempt(() => run(parts, call));
  if (fault?.when === 'after') await strike(parts, call, fault);
  return result();
};

/** Runs it now; what it answers or throws comes when the result is asked for. */
const attempt = async (act: () => object | Promise<object>): Promise<() => object> => {
  try {
    const value = await act();
    return () => value;
  } catch (error) {
    return () => {
      throw error;
    };
  }
};

const run = ({ pace }: CallGateParts, { protocol, operation, input, act }: Call): object | Promise<object> => {
  if (!pace.admits(protocol.name, operation)) throw protocol.throttled('Rate exceeded');
  return act(input);
};

/** Throws what the fault answers; a hang with a delay returns when the delay is over. */
const strike = async ({ closing }: CallGateParts, { protocol, note }: Call, fault: CallFault): Promise<void> => {
  await wait(fault.delayMs ?? 0, closing);
  switch (fault.kind) {
    case 'hang':
      if (fault.delayMs !== undefined) return;
      note('hung');
      return await wait(FOR_EVER_MS, closing);
    case 'throttle':
      throw protocol.throttled('Rate exceeded');
    case 'outage':
      throw new ServiceError('ServiceUnavailableException', 'The stand-in plays an outage.', {}, 503);
    case 'error':
      throw new ServiceError(fault.error, fault.reason ?? 'The stand-in was told to fail.', {}, statusOf(fault.error));
  }
};

/** The longest that a timer can wait; no client waits as long. */
const FOR_EVER_MS = 2 ** 31 - 1;

const wait = async (ms: number, closing: AbortSignal): Promise<void> => {
  if (ms === 0) return;
  await sleep(ms, undefined, { signal: closing, ref: false }).catch(() => {
    throw new Hung();
  });
};

/** Closing ends a call that would have waited on. */
class Hung extends ServiceError {
  constructor() {
    super('ServiceUnavailableException', 'The stand-in closed before it answered.', {}, 503);
  }
}

const statusOf = (code: string): number => (/^(Internal|Service(Unavailable)?Exception$)/.test(code) ? 500 : 400);

/** Anything but a refusal is a bug of the stand-in's: answered as AWS answers its own. */
const refusalOf = (protocol: Protocol, error: unknown): ServiceError => {
  if (error instanceof ServiceError) return error;
  if (error instanceof InputError) {
    const wrongType = error.problems.some(({ reason }) => reason === 'WRONG_TYPE');
    return wrongType
      ? new ServiceError('SerializationException', validationMessage(error.problems))
      : protocol.refuseInput(error.problems);
  }
  console.error(error);
  return new ServiceError('InternalServerException', String(error), {}, 500);
};

/** In AWS's JSON a member that is null is not there; text that is not JSON is no input. */
const inputOf = (body: string): unknown => {
  try {
    return JSON.parse(body === '' ? '{}' : body, (_, value: unknown) => (value === null ? undefined : value));
  } catch {
    return body;
  }
};
