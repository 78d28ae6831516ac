// A faithful stand-in for IAM Identity Center, the Identity Store and Organizations, on one machine.
import type { Seed } from '../seed/seed.ts';
import { settleDue } from './assignment-writes.ts';
import { type Answer, type CallGate, createCallGate } from './call-gate.ts';
import { type CallLog, createCallLog } from './call-log.ts';
import { answerControl } from './control.ts';
import { ServiceError } from './errors.ts';
import { createFaults } from './faults.ts';
import { identityStore } from './identity-store.ts';
import { organizations } from './organizations.ts';
import { createPace } from './pace.ts';
import type { Service } from './service.ts';
import { ssoAdmin } from './sso-admin.ts';
import { answerPortal, type PortalAnswer } from './sso-portal.ts';
import { openWorld } from './world.ts';

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

export interface StandIn {
  /** Answers one AWS JSON 1.1 call; target is the X-Amz-Target header. undefined when the target is none of its services'. */
  handle(target: string, body: string): Promise<Answer | undefined>;
  /** Answers the pages under /_stand-in/ (path with its query). undefined when the path is none of them. */
  control(method: string, path: string, body: string): Promise<{ status: number; body: string } | undefined>;
  /** Answers calls to Identity Center's access portal (path with its query). undefined when the path is not one of its. */
  portal(method: string, path: string, token: string | undefined): PortalAnswer | undefined;
  /** For a service that is played elsewhere: the same faults strike its calls, and the same log has them. */
  readonly gate: CallGate;
  readonly calls: CallLog;
  /** Lets hung calls go and closes the state. */
  close(): Promise<void>;
}

const SERVICES: readonly Service[] = [ssoAdmin, identityStore, organizations];

/** @throws JournalError when the state on disk belongs to another seed. */
export const createStandIn = async (options: StandInOptions): Promise<StandIn> => {
  const { seed, stateFile, mode, clock: nowMs = Date.now, random = Math.random } = options;
  const closing = new AbortController();
  const world = openWorld({ seed, stateFile, nowMs, random });
  const pace = createPace({ mode, nowMs, random });
  const faults = createFaults();
  const calls = createCallLog(nowMs);
  const gate = createCallGate({ pace, faults, calls, closing: closing.signal });

  const act = (service: Service, operation: string, input: unknown): object => {
    const perform = Object.hasOwn(service.operations, operation) ? service.operations[operation] : undefined;
    if (perform === undefined) {
      throw new ServiceError('UnknownOperationException', `The stand-in does not know ${service.name} ${operation}.`);
    }
    settleDue(world);
    const takeDoom = () => faults.takeDoom(service.name, operation, input);
    return perform(input, { world, pace, operation: `${service.name}:${operation}`, takeDoom });
  };

  return {
    handle: async (target, body) => {
      const [prefix, operation = ''] = target.split('.');
      const service = SERVICES.find(({ targetPrefix }) => targetPrefix === prefix);
      return service && gate.pass(service, operation, body, (input) => act(service, operation, input));
    },
    control: async (method, path, body) => {
      settleDue(world);
      return answerControl({ world, pace, faults, calls }, method, path, body);
    },
    portal: (method, path, token) => {
      settleDue(world);
      return answerPortal(world, method, path, token);
    },
    gate,
    calls,
    close: async () => {
      closing.abort();
      world.close();
    },
  };
};
