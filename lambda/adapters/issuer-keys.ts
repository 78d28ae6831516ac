/** The issuer's public keys: where they are, fetched when they are needed, and never more often than is good for the issuer. */
import { createRemoteJWKSet, customFetch, type FetchImplementation, type JWTVerifyGetKey } from 'jose';
import type { Clock } from '../ports/clock.ts';
import { ServiceFault } from '../ports/faults.ts';
import { type Cached, cached } from './cached.ts';
import { exceptionName } from './service-call.ts';

export interface IssuerKeysParts {
  readonly issuer: string;
  /** Where the keys are; else the issuer's discovery document is asked. */
  readonly keysAt?: string | undefined;
  readonly clock: Pick<Clock, 'now'>;
  /** The network; tests hand in their own. */
  readonly fetch?: FetchImplementation;
}

export interface IssuerKeys {
  /** @throws ServiceFault while the issuer does not answer. */
  get(): Promise<JWTVerifyGetKey>;
}

const SOURCE = 'issuer';
/** The authorizer has ten seconds, for two such calls at most. */
const PATIENCE_MS = 4_000;
/** After so long keys are fetched anew, so that a key that was withdrawn is not believed for longer. */
const KEYS_MAX_AGE_MS = 10 * 60_000;
/** NB. Anybody can name a key that there is not: one such name in so long makes us look whether there are new ones. */
const UNKNOWN_KEY_PAUSE_MS = 30_000;
/** NB. And whatever fails, however often we are called, each address is asked once in so long. */
const LEAST_PAUSE_MS = 5_000;
const DISCOVERY_SECONDS = 24 * 60 * 60;

/** Fails at once where an address was asked a moment ago. */
const pausing = (fetch: FetchImplementation, { now }: Pick<Clock, 'now'>): FetchImplementation => {
  const askedAt = new Map<string, number>();
  return async (url, options) => {
    const last = askedAt.get(url);
    if (last !== undefined && now() - last < LEAST_PAUSE_MS) throw new ServiceFault(SOURCE, 'AskedJustNow', undefined);
    askedAt.set(url, now());
    return fetch(url, options);
  };
};

/** Another issuer's document would hand the decision who is who to that other issuer (OpenID Connect Discovery 1.0, 4.3). */
const discover = async (fetch: FetchImplementation, issuer: string): Promise<string> => {
  const url = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  const response = await fetch(url, {
    method: 'GET',
    headers: new Headers({ accept: 'application/json' }),
    redirect: 'manual',
    signal: AbortSignal.timeout(PATIENCE_MS),
  });
  if (response.status !== 200) throw new ServiceFault(SOURCE, `DiscoveryStatus${response.status}`, undefined);
  const document: unknown = await response.json();
  const { issuer: named, jwks_uri: keysAt } = Object(document) as Record<string, unknown>;
  if (named !== issuer) throw new ServiceFault(SOURCE, 'DiscoveryNamesAnotherIssuer', undefined);
  if (typeof keysAt !== 'string' || !isAsSafeAs(issuer, keysAt)) {
    throw new ServiceFault(SOURCE, 'DiscoveryNamesNoKeys', undefined);
  }
  return keysAt;
};

/** NB. An issuer with TLS cannot send us to keys without it. */
const isAsSafeAs = (issuer: string, keysAt: string): boolean =>
  URL.canParse(keysAt) && (new URL(keysAt).protocol === 'https:' || keysAt.startsWith(new URL(issuer).origin));

export const createIssuerKeys = ({ issuer, keysAt, clock, fetch = globalThis.fetch }: IssuerKeysParts): IssuerKeys => {
  const careful = pausing(fetch, clock);
  const load = async (): Promise<JWTVerifyGetKey> =>
    createRemoteJWKSet(new URL(keysAt ?? (await discover(careful, issuer))), {
      [customFetch]: careful,
      timeoutDuration: PATIENCE_MS,
      cacheMaxAge: KEYS_MAX_AGE_MS,
      cooldownDuration: UNKNOWN_KEY_PAUSE_MS,
    });
  const keys: Cached<JWTVerifyGetKey> = cached(load, DISCOVERY_SECONDS, clock);
  return {
    get: () =>
      keys.get().catch((error: unknown) => {
        throw error instanceof ServiceFault ? error : new ServiceFault(SOURCE, exceptionName(error), error);
      }),
  };
};
