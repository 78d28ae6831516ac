/** Many people at once, over HTTP and signed: they ask for short windows, approve, end early, extend. */
import { setTimeout as pause } from 'node:timers/promises';
import { Sha256 } from '@aws-crypto/sha256-js';
import { SignatureV4 } from '@smithy/signature-v4';
import { IDEMPOTENCY_HEADER, type RequestDetail } from '../../lambda/contract/api.ts';
import type { Chance } from '../simulation/chance.ts';
import type { Keys } from './service.ts';

export interface Place {
  readonly accountId: string;
  readonly permissionSet: string;
}

export interface LoadParts {
  readonly endpoint: string;
  readonly region: string;
  readonly people: readonly Keys[];
  readonly places: readonly [Place, ...Place[]];
  readonly chance: Chance;
}

export interface Load {
  /** Requests that were accepted. */
  readonly accepted: () => number;
  /** Resolves when everybody has stopped. */
  stop(): Promise<void>;
}

const ENGINEERS = ['maria', 'diego', 'aiko', 'noah', 'chloe', 'ben', 'yuki', 'hugo', 'zara', 'oleg', 'omar'] as const;
const APPROVERS = ['omar', 'lena', 'victor'] as const;
const SHOWS = 8;

type Send = (userName: string, method: string, path: string, body?: object) => Promise<RequestDetail | undefined>;

/** Undefined when it is refused, or when nobody answers any more. */
const sender = ({ endpoint, region, people }: LoadParts): Send => {
  const signers = new Map(
    people.map(({ userName, accessKeyId, secretAccessKey }) => {
      const credentials = { accessKeyId, secretAccessKey };
      return [userName, new SignatureV4({ service: 'execute-api', region, credentials, sha256: Sha256 })];
    }),
  );
  let keys = 0;
  return async (userName, method, path, body) => {
    const url = new URL(`${endpoint}/iam/v1${path}`);
    const text = body === undefined ? {} : { body: JSON.stringify(body) };
    keys += 1;
    try {
      const signed = await signers.get(userName)?.sign({
        method,
        protocol: url.protocol,
        hostname: url.hostname,
        port: Number(url.port),
        path: url.pathname,
        headers: {
          host: url.host,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...(path === '/requests' ? { [IDEMPOTENCY_HEADER.toLowerCase()]: `crash-${keys}-${Date.now()}` } : {}),
        },
        ...text,
      });
      const { host: _host, ...headers } = signed?.headers ?? {};
      const answer = await fetch(url, { method, headers, ...text });
      return answer.ok ? ((await answer.json()) as RequestDetail) : undefined;
    } catch {
      return undefined;
    }
  };
};

export const startLoad = (parts: LoadParts): Load => {
  const { chance, places } = parts;
  const send = sender(parts);
  let stopped = false;
  let accepted = 0;
  const rest = (least: number, most: number): Promise<void> => pause(chance.between(least, most));
  const seconds = (least: number, most: number): string => `PT${chance.whole(least, most)}S`;

  const untilActive = async (userName: string, id: string): Promise<boolean> => {
    for (let show = 0; show < SHOWS && !stopped; show += 1) {
      const shown = await send(userName, 'GET', `/requests/${id}`);
      if (shown?.status === 'active') return true;
      await rest(100, 400);
    }
    return false;
  };
  const moreTime = async (userName: string, id: string): Promise<void> => {
    const extendTo = (await send(userName, 'POST', `/requests/${id}/extend`, { duration: seconds(1, 3) }))?.extension
      ?.extendTo;
    if (extendTo) await send(chance.pick(APPROVERS), 'POST', `/requests/${id}/approve`, { extendTo });
  };
  const changeMind = async (userName: string, id: string): Promise<void> => {
    const choice = chance.fraction();
    if (choice < 0.3) await send(userName, 'POST', `/requests/${id}/end`, {});
    else if (choice < 0.6) await moreTime(userName, id);
    else if (choice < 0.7) await send(userName, 'POST', `/requests/${id}/cancel`, {});
  };
  const askOnce = async (userName: string): Promise<void> => {
    const target = { kind: 'account', ...chance.pick(places) };
    const justification = 'the service is killed while this is asked';
    const asked = await send(userName, 'POST', '/requests', { target, duration: seconds(2, 5), justification });
    if (!asked) return;
    accepted += 1;
    if (asked.status === 'pending' && chance.happens(0.9)) {
      await rest(0, 300);
      await send(chance.pick(APPROVERS), 'POST', `/requests/${asked.id}/approve`, {});
    }
    if (await untilActive(userName, asked.id)) await changeMind(userName, asked.id);
  };
  const live = async (userName: string): Promise<void> => {
    while (!stopped) {
      await askOnce(userName);
      await rest(50, 600);
    }
  };
  // Two requests at a time each, so that they overlap.
  const lives = [...ENGINEERS, ...ENGINEERS].map(live);
  return {
    accepted: () => accepted,
    stop: async () => {
      stopped = true;
      await Promise.all(lives);
    },
  };
};
