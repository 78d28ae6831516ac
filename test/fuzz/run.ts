/** Runs a sequence of calls in a world of its own, and says what is wrong with any answer, or with what it left behind. */
import { createHash } from 'node:crypto';
import { readLine, verifyChains } from '../../lambda/contract/audit-chain.ts';
import { DOOR_PREFIXES } from '../../lambda/contract/doors.ts';
import { type Answered, createApiWorld, eventFor } from '../handlers/api-world.ts';
import { DOCUMENTED, documented, type PlacedOperation, undocumented } from '../handlers/documented.ts';
import { roundFinished } from '../handlers/finished-round.ts';
import type { RawCall } from './calls.ts';

export type Step =
  | { readonly kind: 'call'; readonly call: RawCall }
  | { readonly kind: 'pass'; readonly seconds: number };

type Seen = (operationId: string, code: string) => void;

interface Run extends ReturnType<typeof createApiWorld> {
  readonly ids: string[];
  /** Every call with its answer, for people who look for the reason. */
  readonly told: string[];
  /** By operation, what leads to the next page: the cursor, and the window that it belongs to. */
  readonly nextPages: Map<string, Readonly<Record<string, string>>[]>;
}

const REFERENCE = /^@(?:id|cursor):(\d)$/;

/** The one that the run knows by that number, counted around; undefined for a text that is no reference. */
const referred = <Known>(known: readonly Known[], text: unknown): Known | 'unknown' | undefined => {
  const number = REFERENCE.exec(String(text))?.[1];
  return number === undefined ? undefined : (known[Number(number) % Math.max(1, known.length)] ?? 'unknown');
};

const pathOf = ({ ids }: Run, { operationId, id, path }: RawCall): string =>
  path(documented(operationId).path.replace('{id}', () => referred(ids, id) ?? id));

const methodOf = ({ operationId, event }: RawCall): string =>
  String(event.httpMethod ?? documented(operationId).method);

const queryOf = ({ nextPages }: Run, { operationId, query }: RawCall): Record<string, string> => {
  const next = referred(nextPages.get(operationId) ?? [], query.cursor);
  const found = next === undefined ? {} : next === 'unknown' ? { cursor: next } : next;
  return Object.fromEntries(Object.entries({ ...query, ...found }).map(([name, value]) => [name, String(value)]));
};

const send = async (run: Run, call: RawCall): Promise<Answered> => {
  const headers = Object.fromEntries(Object.entries(call.headers).map(([name, value]) => [name, String(value)]));
  const { door, isBase64: base64, event, text } = call;
  const body = text === null ? {} : { rawBody: text };
  const made = eventFor(call.as, methodOf(call), pathOf(run, call), {
    door,
    query: queryOf(run, call),
    headers,
    base64,
    ...body,
    event,
  });
  const result = await run.api(made);
  return { status: result.statusCode, body: JSON.parse(result.body), headers: result.headers ?? {} };
};

const fits = (template: string, path: string): boolean => {
  const parts = path.split('/');
  const wanted = template.split('/');
  return (
    parts.length === wanted.length &&
    wanted.every((part, index) => (part === '{id}' ? parts[index] !== '' : part === parts[index]))
  );
};

/** The operation that a method and a path below a door name, told by the document alone. */
const namedBy = (method: string, path: string): PlacedOperation | undefined =>
  DOCUMENTED.find((operation) => operation.method === method && fits(operation.path, path));

const ROUTING: Readonly<Record<string, number>> = { route_unknown: 404, method_not_allowed: 405 };

/** The one 5xx that is no fault: it takes time, and says when to ask again. */
const isCounting = ({ status, body, headers }: Answered): boolean =>
  status === 503 && body.code === 'people_being_counted' && headers['retry-after'] !== undefined;

const badAnswer = (run: Run, call: RawCall, answered: Answered): string | undefined => {
  if (answered.status >= 500 && !isCounting(answered)) return `answered ${answered.status}`;
  const operation = namedBy(methodOf(call), pathOf(run, call));
  if (operation) return undocumented(operation, answered);
  const isRouting = ROUTING[answered.body.code] === answered.status;
  return isRouting ? undefined : `no operation is named, and yet it answered ${answered.status} ${answered.body.code}`;
};

/** What anybody could notice afterwards. */
const tracesOf = ({ world, woken }: Run) => ({
  stored: world.ledger.contents(),
  outside: JSON.stringify([world.workflow.started, [...world.workflow.answers], woken, world.assignments.list()]),
});

const isSame = (before: ReturnType<typeof tracesOf>, after: ReturnType<typeof tracesOf>): boolean =>
  before.outside === after.outside &&
  before.stored.size === after.stored.size &&
  [...after.stored].every(([key, item]) => before.stored.get(key) === item);

const remember = ({ ids, nextPages }: Run, { operationId }: RawCall, { status, body }: Answered): void => {
  if (status === 201) ids.push(body.id);
  if (typeof body.cursor !== 'string') return;
  const window: Readonly<Record<string, string>> = body.from === undefined ? {} : { from: body.from, to: body.to };
  const known = nextPages.get(operationId) ?? [];
  nextPages.set(operationId, [...known, { ...window, cursor: String(body.cursor) }]);
};

const faultOfCall = async (run: Run, call: RawCall, seen: Seen): Promise<string | undefined> => {
  const before = tracesOf(run);
  const answered = await send(run, call);
  remember(run, call, answered);
  seen(call.operationId, answered.body.code ?? 'granted');
  run.told.push(lineOf(run, call, answered));
  const changesNothing = answered.status >= 400 || methodOf(call) === 'GET';
  if (changesNothing && !isSame(before, tracesOf(run)))
    return `${answered.status} ${answered.body.code} left something behind`;
  if (run.warnings.length > 0) return `a fault inside: ${JSON.stringify(run.warnings)}`;
  return badAnswer(run, call, answered);
};

const lineOf = (run: Run, call: RawCall, { status, body }: Answered): string => {
  const path = `${DOOR_PREFIXES[call.door]}${pathOf(run, call)}`;
  const given = JSON.stringify([queryOf(run, call), call.headers, call.text, call.event]);
  return `${call.as} ${methodOf(call)} ${JSON.stringify(path)} ${given} → ${status} ${body.code ?? ''}`;
};

const passing = async (run: Run, seconds: number): Promise<undefined> => {
  await run.pass(seconds);
  run.told.push(`${seconds} s pass`);
};

const brokenChains = ({ world }: Run): string | undefined => {
  const events = [...world.ledger.contents()].flatMap(([key, held]) =>
    key.startsWith('events ') ? (held as object[]) : [],
  );
  const links = events.map((event) => readLine(JSON.stringify(event)));
  const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
  const { findings } = verifyChains(
    links.flatMap((link) => ('event' in link ? [link.event] : [])),
    sha256,
    { isWhole: true },
  );
  return findings.length > 0 || links.some((link) => 'why' in link)
    ? `a broken chain: ${JSON.stringify(findings)}`
    : undefined;
};

/** What is wrong, in words, or undefined. @param seen is told of every answer */
export const whatIsWrongWith = async (
  steps: readonly Step[],
  seen: Seen = () => undefined,
): Promise<string | undefined> => {
  const run: Run = { ...createApiWorld({ pageSize: 2 }), ids: [], told: [], nextPages: new Map() };
  // Half of the worlds have been gone through once: only there may a baseline be taken.
  if (steps.length % 2 === 0) await roundFinished(run);
  for (const step of steps) {
    const fault = step.kind === 'pass' ? await passing(run, step.seconds) : await faultOfCall(run, step.call, seen);
    if (fault) return `${fault}\n${run.told.join('\n')}`;
  }
  return brokenChains(run);
};
