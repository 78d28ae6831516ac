/** What happened to a request, as a hash chain: events carry no free text, only its salted hash (law 8). */
import type { Actor, RequestStatus } from './access-request.ts';
import { type Instant, toIso } from './time.ts';

export type AuditKind =
  | 'asked'
  | 'voted'
  | 'reminded'
  | 'escalated'
  | 'cancelled'
  | 'expired'
  | 'grant-begun'
  | 'became-usable'
  | 'grant-failed'
  | 'end-begun'
  | 'gone'
  | 'extension-asked'
  | 'extended'
  | 'extension-voted'
  | 'changed-outside'
  | 'glass-broken'
  | 'acknowledged'
  | 'reviewed';

/** What happens to no request: the trail of drift, one for the whole of Brevet. */
export type DriftEventKind = 'baseline-taken' | 'removal-begun';
export type DriftStanding = 'baseline' | 'removing';
/** Stands where others have the id of their request. */
export const DRIFT_TRAIL = 'drift';

export type AuditValue = string | number | boolean | readonly string[];

/** What happened; texts are named here and replaced by their hashes when sealed. */
interface Fact<Kind, Standing> {
  readonly kind: Kind;
  readonly at: Instant;
  readonly actor: Actor;
  readonly from?: Standing;
  readonly to: Standing;
  readonly data: Readonly<Record<string, AuditValue>>;
  /** Free text from people, by name. */
  readonly texts: Readonly<Record<string, string>>;
}

/** What a transition reports. */
export type AuditFact = Fact<AuditKind, RequestStatus>;
export type DriftFact = Fact<DriftEventKind, DriftStanding>;

/** One link of a chain, as stored and exported. */
interface ChainLink<Kind, Standing> {
  readonly requestId: string;
  readonly sequence: number;
  readonly kind: Kind;
  /** ISO 8601. */
  readonly at: string;
  readonly actor: Actor;
  readonly from?: Standing;
  readonly to: Standing;
  readonly data: Readonly<Record<string, AuditValue>>;
  /** SHA-256 of salt + text, hexadecimal, by name of the text. */
  readonly textHashes: Readonly<Record<string, string>>;
  readonly previousHash: string;
  readonly hash: string;
}

export type AuditEvent = ChainLink<AuditKind, RequestStatus>;
export type DriftEvent = ChainLink<DriftEventKind, DriftStanding>;

/** Where a request's chain stands: how many events, and the hash of the last. */
export interface TrailHead {
  readonly count: number;
  readonly hash: string;
}

export const EMPTY_TRAIL: TrailHead = { count: 0, hash: '' };

/** SHA-256 of a text, hexadecimal; passed in, since the domain imports nothing. */
export type Sha256 = (text: string) => string;

/** The same JSON for the same content, whatever the order in which keys were written or read back. */
export const canonicalJson = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).filter(([, held]) => held !== undefined);
  const sorted = entries.sort(([left], [right]) => (left < right ? -1 : 1));
  return `{${sorted.map(([key, held]) => `${JSON.stringify(key)}:${canonicalJson(held)}`).join(',')}}`;
};

export const hashOfEvent = (event: Omit<ChainLink<string, string>, 'hash'>, sha256: Sha256): string =>
  sha256(canonicalJson(event));

/** Turns a fact into the next link of the chain. */
export const sealEvent = <Kind extends string, Standing extends string>(
  requestId: string,
  trail: TrailHead,
  salt: string,
  fact: Fact<Kind, Standing>,
  sha256: Sha256,
): ChainLink<Kind, Standing> => {
  const texts = Object.entries(fact.texts).map(([name, text]) => [name, sha256(`${salt}${text}`)]);
  const link = {
    requestId,
    sequence: trail.count + 1,
    kind: fact.kind,
    at: toIso(fact.at),
    actor: fact.actor,
    ...(fact.from === undefined ? {} : { from: fact.from }),
    to: fact.to,
    data: fact.data,
    textHashes: Object.fromEntries(texts) as Record<string, string>,
    previousHash: trail.hash,
  };
  return { ...link, hash: hashOfEvent(link, sha256) };
};

export const trailAfter = (event: Pick<AuditEvent, 'sequence' | 'hash'>): TrailHead => ({
  count: event.sequence,
  hash: event.hash,
});
