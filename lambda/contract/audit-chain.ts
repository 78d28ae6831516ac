/**
 * Verifies exported events, offline and by nothing but their format: what an auditor would write, and does not share with
 * the code that seals events (docs/decisions/0006). Pure: SHA-256 is passed in.
 */
import * as z from 'zod';
import { parseStrictJson } from './strict-json.ts';

/** What verifying needs to know of an event; the hash covers everything else that is in it too. */
const link = z.looseObject({
  requestId: z.string().min(1).max(100),
  sequence: z.int().positive(),
  at: z.string(),
  previousHash: z.string(),
  hash: z.string(),
});
export type ChainLink = Readonly<z.infer<typeof link>>;

/** SHA-256 of a text, hexadecimal. */
export type Sha256 = (text: string) => string;

export const FINDING_KINDS = [
  /** Its hash is not the hash of what it says. */
  'changed',
  /** The chain goes on behind it, so it was there. */
  'missing',
  /** It stands behind one that came later. */
  'reordered',
  /** It stands there more than once. */
  'duplicated',
  /** It does not follow the event before it: one of the two is not of this chain. */
  'foreign',
] as const;
export type FindingKind = (typeof FINDING_KINDS)[number];

export interface Finding {
  readonly kind: FindingKind;
  readonly requestId: string;
  readonly sequence: number;
  /** The last of several missing events. */
  readonly until?: number;
}

export interface ChainReport {
  readonly events: number;
  /** Chains, one a request. */
  readonly requests: number;
  readonly findings: readonly Finding[];
  /** Chains whose beginning lies before what was exported, with the first event that is there. */
  readonly beginLater: readonly { readonly requestId: string; readonly sequence: number }[];
}

/** More than any event has; a line that nests deeper is none. */
const MOST_DEEP = 10;

/** Reads one line of an export. */
export const readLine = (line: string): { readonly event: ChainLink } | { readonly why: string } => {
  const json = parseStrictJson(line, MOST_DEEP);
  if ('fault' in json) return { why: json.why };
  const { success, error } = link.safeParse(json.value);
  if (success) return { event: json.value as ChainLink };
  const issue = error.issues[0];
  return { why: `${issue?.path.join('.') || 'the whole'}: ${issue?.message}` };
};

/** JSON without spaces, the names of each object in the order of their UTF-16 code units. */
const canonicalJson = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const names = Object.keys(value).sort((left, right) => (left < right ? -1 : 1));
  return `{${names.map((name) => `${JSON.stringify(name)}:${canonicalJson(Reflect.get(value, name))}`).join(',')}}`;
};

/** An event with the hash that it should have. */
interface Checked extends ChainLink {
  readonly trueHash: string;
}

/** The hash that an event should have, by everything that it says. */
export const trueHashOf = ({ hash: _, ...content }: ChainLink, sha256: Sha256): string =>
  sha256(canonicalJson(content));

const checked = (event: ChainLink, sha256: Sha256): Checked => ({ ...event, trueHash: trueHashOf(event, sha256) });

export const groupedBy = <Item, Key>(items: readonly Item[], keyOf: (item: Item) => Key): Map<Key, Item[]> => {
  const groups = new Map<Key, Item[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return groups;
};

const isIntact = ({ hash, trueHash }: Checked): boolean => hash === trueHash;

const finding = (kind: FindingKind, { requestId, sequence }: ChainLink): Finding => ({ kind, requestId, sequence });

/** An export is in the order of time; by time and not by sequence alone, since the clocks that stamped them may differ. */
const reorderedIn = (events: readonly Checked[]): Finding[] => {
  const isBefore = (one: ChainLink, other: ChainLink): boolean =>
    one.at === other.at ? one.sequence < other.sequence : one.at < other.at;
  let latest: Checked | undefined;
  return events.flatMap((event) => {
    if (latest && isBefore(event, latest)) return [finding('reordered', event)];
    latest = event;
    return [];
  });
};

/** All that stand at one place of the chain: one, if all is well. */
const repeatedAt = ([first, ...others]: readonly Checked[]): Finding[] =>
  others.map((event) => finding(event.trueHash === first?.trueHash ? 'duplicated' : 'foreign', event));

/** Against every event that claims the place before: a second one there is a finding of its own already. */
const strayAt = (event: Checked, before: readonly Checked[] | undefined): Finding[] => {
  if (event.sequence === 1) return event.previousHash === '' ? [] : [finding('foreign', event)];
  const fits = before?.some(({ hash, trueHash }) => event.previousHash === hash || event.previousHash === trueHash);
  return fits === false ? [finding('foreign', event)] : [];
};

const missingBetween = (requestId: string, before: number, after: number): Finding[] => {
  if (after - before <= 1) return [];
  const gap = { kind: 'missing', requestId, sequence: before + 1 } as const;
  return [after - before === 2 ? gap : { ...gap, until: after - 1 }];
};

const findingsIn = (requestId: string, events: readonly Checked[], isWhole: boolean): Finding[] => {
  const places = groupedBy(events, ({ sequence }) => sequence);
  const sequences = [...places.keys()].sort((left, right) => left - right);
  const found = sequences.flatMap((sequence, index) => {
    const here = places.get(sequence) ?? [];
    const before = index === 0 ? (isWhole ? 0 : sequence - 1) : (sequences[index - 1] ?? 0);
    const [first] = here;
    return [
      ...missingBetween(requestId, before, sequence),
      ...here.filter((event) => !isIntact(event)).map((event) => finding('changed', event)),
      ...repeatedAt(here),
      ...(first && isIntact(first) ? strayAt(first, places.get(sequence - 1)) : []),
    ];
  });
  const firstAtEachPlace = events.filter((event) => places.get(event.sequence)?.[0] === event && isIntact(event));
  return [...found, ...reorderedIn(firstAtEachPlace)];
};

/**
 * Names everything that is wrong with the chains in an export, in the order in which it stands there.
 * What it cannot see: that the newest events of a chain, or a whole chain, were left out. An earlier export shows that
 * (audit-earlier.ts).
 * @param isWhole every chain is there from its beginning; else one may begin before the window that was exported
 */
export const verifyChains = (
  events: readonly ChainLink[],
  sha256: Sha256,
  { isWhole = false }: { readonly isWhole?: boolean } = {},
): ChainReport => {
  const chains = groupedBy(
    events.map((event) => checked(event, sha256)),
    ({ requestId }) => requestId,
  );
  const firsts = [...chains].map(([requestId, chain]) => ({
    requestId,
    sequence: chain.reduce((least, { sequence }) => Math.min(least, sequence), Number.POSITIVE_INFINITY),
  }));
  return {
    events: events.length,
    requests: chains.size,
    findings: [...chains].flatMap(([requestId, chain]) => findingsIn(requestId, chain, isWhole)),
    beginLater: isWhole ? [] : firsts.filter(({ sequence }) => sequence > 1),
  };
};
