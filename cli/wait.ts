/** Waits until a request is usable or over, and tells every change on the way. */
import type { RequestDetail, RequestView } from '../lambda/contract/api.ts';
import type { Client } from './client.ts';
import { Failure } from './failure.ts';
import type { Progress } from './progress.ts';
import { clockTime, timeOfDay, toRoughDuration } from './render/moment.ts';
import { afterEndText, decidersNow, statusLine, voteText } from './render/words.ts';
import type { Interrupt, Terminal } from './terminal.ts';

export type Waited =
  | { readonly why: 'settled' | 'timeout'; readonly request: RequestDetail }
  | { readonly why: 'interrupted'; readonly request: RequestDetail; readonly signal: Interrupt };

const SETTLED: ReadonlySet<RequestView['status']> = new Set([
  'active',
  'ended',
  'rejected',
  'cancelled',
  'expired',
  'failed',
]);

const SHORTEST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 5000;
const PAUSE_BEFORE_START_MS = 30_000;

/** Asks often while things move, and less so while people think or a start is far away. */
const pauseAfter = ({ status, startsAt }: RequestView, unchangedTurns: number, now: number): number => {
  if (status === 'scheduled' && startsAt !== undefined) {
    const untilStart = Date.parse(startsAt) - now;
    if (untilStart > LONGEST_PAUSE_MS) return Math.min(untilStart, PAUSE_BEFORE_START_MS);
  }
  if (status !== 'pending') return SHORTEST_PAUSE_MS;
  return Math.min(LONGEST_PAUSE_MS, SHORTEST_PAUSE_MS * 1.3 ** unchangedTurns);
};

const newVotes = (request: RequestDetail, before: RequestDetail | undefined): RequestDetail['approval']['votes'] =>
  request.approval.votes.slice(before?.approval.votes.length ?? 0);

const tell = (
  request: RequestDetail,
  before: RequestDetail | undefined,
  progress: Progress,
  terminal: Terminal,
): void => {
  const clockwork = { now: terminal.now(), timeZone: terminal.timeZone };
  const votes = newVotes(request, before);
  if (before && before.status === request.status && votes.length === 0) return;
  if (request.status !== 'rejected') for (const vote of votes) progress.happened(voteText(vote, clockwork));
  progress.happened(statusLine(request, clockwork));
};

/** Who was asked, and since when: what somebody who waits at night wants to know, to ring them up. */
const whoIsAsked = (request: RequestDetail, { now, timeZone }: Terminal): string => {
  const asked = Date.parse(request.askedAt);
  const age = toRoughDuration(Math.max(0, Math.round((now() - asked) / 1000)));
  return `asked at ${timeOfDay(asked, timeZone)}, ${age} ago: ${decidersNow(request) || 'nobody who could decide it now'}`;
};

const presentState = (request: RequestDetail, since: number, terminal: Terminal): string => {
  const { status, endsAt } = request;
  if (status === 'pending') return whoIsAsked(request, terminal);
  const waited = toRoughDuration(Math.round((terminal.now() - since) / 1000));
  if (status === 'granting' && endsAt !== undefined)
    return `granting, ${waited}; will be gone by ${clockTime(Date.parse(endsAt), terminal.timeZone)}; ${afterEndText(request)}`;
  return `${status}, waited ${waited}`;
};

/** How long nothing may be said while people think. */
const SILENCE_MS = 10 * 60_000;

/** Says again, every ten minutes, who has been asked. */
const reminder = ({ terminal, progress }: WaitOptions): ((request: RequestDetail, isChanged: boolean) => void) => {
  let spokenAt = terminal.now();
  return (request, isChanged) => {
    const isDue = request.status === 'pending' && terminal.now() - spokenAt >= SILENCE_MS;
    if (isDue) progress.happened(`still pending; ${whoIsAsked(request, terminal)}`);
    if (isDue || isChanged) spokenAt = terminal.now();
  };
};

export interface WaitOptions {
  readonly client: Client;
  readonly terminal: Terminal;
  readonly progress: Progress;
  /** Epoch milliseconds after which waiting ends, though the request goes on. */
  readonly deadline: number;
}

/** Stops waiting when interrupted, too: the request goes on without anyone waiting for it. */
export const waitFor = async (first: RequestDetail, options: WaitOptions): Promise<Waited> => {
  const stopping = new AbortController();
  const forget = options.terminal.onInterrupt((signal) => stopping.abort(signal));
  try {
    return await watch(first, options, stopping.signal);
  } finally {
    forget();
    options.progress.stop();
  }
};

type Look =
  | { readonly kind: 'seen'; readonly request: RequestDetail }
  | { readonly kind: 'outage'; readonly failure: Failure }
  | { readonly kind: 'interrupted' };

/** How long the service may be out of reach, while a request waits for hours, before waiting is given up. */
const OUTAGE_MS = 10 * 60_000;
const PASSING: ReadonlySet<string> = new Set(['unreachable', 'unavailable']);

const lookAt = async (client: Client, id: string): Promise<Look> => {
  try {
    return { kind: 'seen', request: await client.look(id) };
  } catch (error) {
    if (error instanceof Failure && PASSING.has(error.problem.code)) return { kind: 'outage', failure: error };
    throw error;
  }
};

/** Answers as soon as waiting is given up, though the answer of the service is still on its way. */
const nextLook = async (client: Client, id: string, interrupted: AbortSignal): Promise<Look> => {
  if (interrupted.aborted) return { kind: 'interrupted' };
  const given = new Promise<Look>((resolve) =>
    interrupted.addEventListener('abort', () => resolve({ kind: 'interrupted' }), { once: true }),
  );
  return await Promise.race([lookAt(client, id), given]);
};

/** Looks again until there is something to see. @throws Failure when the service stays out of reach. */
const nextSight = async (
  id: string,
  { client, terminal, progress, deadline }: WaitOptions,
  interrupted: AbortSignal,
): Promise<Exclude<Look, { kind: 'outage' }>> => {
  const since = terminal.now();
  for (let isTold = false; ; isTold = true) {
    const look = await nextLook(client, id, interrupted);
    if (look.kind !== 'outage') return look;
    const { title, detail } = look.failure.problem;
    if (!isTold) progress.happened(`${title}: ${detail.replace(/\.?$/, '.')} Still trying.`);
    if (terminal.now() - since >= OUTAGE_MS || terminal.now() >= deadline) throw look.failure;
    await terminal.sleep(LONGEST_PAUSE_MS, interrupted);
  }
};

const watch = async (first: RequestDetail, options: WaitOptions, interrupted: AbortSignal): Promise<Waited> => {
  const { terminal, progress, deadline } = options;
  const since = terminal.now();
  const remind = reminder(options);
  let [request, before, unchangedTurns]: [RequestDetail, RequestDetail | undefined, number] = [first, undefined, 0];
  for (;;) {
    tell(request, before, progress, terminal);
    if (SETTLED.has(request.status)) return { why: 'settled', request };
    const left = deadline - terminal.now();
    if (left <= 0) return { why: 'timeout', request };
    progress.now(presentState(request, since, terminal));
    await terminal.sleep(Math.min(left, pauseAfter(request, unchangedTurns, terminal.now())), interrupted);
    const look = await nextSight(request.id, options, interrupted);
    if (look.kind === 'interrupted') return { why: 'interrupted', request, signal: interrupted.reason as Interrupt };
    remind(look.request, look.request.status !== request.status);
    unchangedTurns = look.request.status === request.status ? unchangedTurns + 1 : 0;
    [before, request] = [request, look.request];
  }
};
