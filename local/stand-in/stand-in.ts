// A faithful stand-in for IAM Identity Center, the Identity Store and Organizations, on one machine.
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Seed } from '../seed/seed.ts';
import { settleDue } from './assignment-writes.ts';
import { type CallLog, createCallLog } from './call-log.ts';
import { answerControl } from './control.ts';
import { ServiceError, wireError } from './errors.ts';
import { type CallFault, createFaults, type Faults } from './faults.ts';
import { identityStore } from './identity-store.ts';
import { InputError, validationMessage } from './input.ts';
import { organizations } from './organizations.ts';
import { createPace, type Pace } from './pace.ts';
import type { Service } from './service.ts';
import { ssoAdmin } from './sso-admin.ts';
import { answerPortal, type PortalAnswer } from './sso-portal.ts';
import { openWorld, type World } from './world.ts';

export interface StandInOptions {
  readonly seed: Seed;
  /** Path of the state on disk; made if missing; survives `kill -9`. */
  readonly stateFile: string;
  /** realistic: writes take 2 to 8 s and AWS's quotas hold; quick: writes take 50 ms and nothing is throttled. */
  readonly mode: 'realistic' | 'quick';
  /** Epoch milliseconds. */
  readonly clock?: () => number;
  /** 0 inclusive to 1 exclusive. */
  readonly random?: () => number;
}

export interface Answer {
  readonly status: number;
  readonly body: string;
  readonly headers?: Record<string, string>;
}

export interface StandIn {
  /** Answers one AWS JSON 1.1 call; target is the X-Amz-Target header. undefined when the target is none of its services'. */
  handle(target: string, body: string): Promise<Answer | undefined>;
  /** Answers the pages under /_stand-in/ (path with its query). undefined when the path is none of them. */
  control(method: string, path: string, body: string): Promise<{ status: number; body: string } | undefined>;
  /** Answers calls to Identity Center's access portal (path with its query). undefined when the path is not one of its. */
  portal(method: string, path: string, token: string | undefined): PortalAnswer | undefined;
  readonly calls: CallLog;
  /** Lets hung calls go and closes the state. */
  close(): Promise<void>;
}

interface Parts {
  readonly world: World;
  readonly pace: Pace;
  readonly faults: Faults;
  readonly calls: CallLog;
  readonly closing: AbortSignal;
}

const SERVICES: readonly Service[] = [ssoAdmin, identityStore, organizations];

/** @throws JournalError when the state on disk belongs to another seed. */
export const createStandIn = async (options: StandInOptions): Promise<StandIn> => {
  const { seed, stateFile, mode, clock: nowMs = Date.now, random = Math.random } = options;
  const closing = new AbortController();
  const parts: Parts = {
    world: openWorld({ seed, stateFile, nowMs, random }),
    pace: createPace({ mode, nowMs, random }),
    faults: createFaults(),
    calls: createCallLog(nowMs),
    closing: closing.signal,
  };
  return {
    handle: async (target, body) => {
      const [prefix, operation = ''] = target.split('.');
      const service = SERVICES.find(({ targetPrefix }) => targetPrefix === prefix);
      return service && answer(parts, service, operation, body);
    },
    control: async (method, path, body) => {
      settleDue(parts.world);
      return answerControl(parts, method, path, body);
    },
    portal: (method, path, token) => {
      settleDue(parts.world);
      return answerPortal(parts.world, method, path, token);
    },
    calls: parts.calls,
    close: async () => {
      closing.abort();
      parts.world.close();
    },
  };
};

/** One call on its way through. */
interface Call {
  readonly service: Service;
  readonly operation: string;
  readonly input: unknown;
  readonly note: (outcome: string) => void;
}

const answer = async (parts: Parts, service: Service, operation: string, body: string): Promise<Answer> => {
  const input = inputOf(body);
  const note = parts.calls.arrive(service.name, operation, input);
  const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-requestid': randomUUID() };
  try {
    const value = await underFaults(parts, { service, operation, input, note });
    note('ok');
    return { status: 200, body: JSON.stringify(value), headers };
  } catch (error) {
    const refusal = refusalOf(service, error);
    if (!(refusal instanceof Hung)) note(refusal.code);
    return { ...wireError(refusal, service.namespace), headers };
  }
};

/** A fault strikes before the call has an effect, or after: then the effect is there and the answer is not. */
const underFaults = async (parts: Parts, call: Call): Promise<object> => {
  const fault = parts.faults.take(call.service.name, call.operation, call.input);
  if (fault?.when === 'before') await strike(parts, call, fault);
  const result = attempt(() => run(parts, call));
  if (fault?.when === 'after') await strike(parts, call, fault);
  return result();
};

/** Runs it now; what it answers or throws comes when the result is asked for. */
const attempt = (act: () => object): (() => object) => {
  try {
    const value = act();
    return () => value;
  } catch (error) {
    return () => {
      throw error;
    };
  }
};

const run = ({ world, pace, faults }: Parts, { service, operation, input }: Call): object => {
  const act = service.operations[operation];
  if (act === undefined) {
    throw new ServiceError('UnknownOperationException', `The stand-in does not know ${service.name} ${operation}.`);
  }
  if (!pace.admits(service.name, operation)) throw service.throttled('Rate exceeded');
  settleDue(world);
  return act(input, {
    world,
    pace,
    operation: `${service.name}:${operation}`,
    takeDoom: () => faults.takeDoom(service.name, operation, input),
  });
};

/** Throws what the fault answers; a hang with a delay returns when the delay is over. */
const strike = async ({ closing }: Parts, { service, note }: Call, fault: CallFault): Promise<void> => {
  await wait(fault.delayMs ?? 0, closing);
  switch (fault.kind) {
    case 'hang':
      if (fault.delayMs !== undefined) return;
      note('hung');
      return await wait(FOR_EVER_MS, closing);
    case 'throttle':
      throw service.throttled('Rate exceeded');
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
const refusalOf = (service: Service, error: unknown): ServiceError => {
  if (error instanceof ServiceError) return error;
  if (error instanceof InputError) {
    const wrongType = error.problems.some(({ reason }) => reason === 'WRONG_TYPE');
    return wrongType
      ? new ServiceError('SerializationException', validationMessage(error.problems))
      : service.refuseInput(error.problems);
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
