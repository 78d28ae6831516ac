/** What `brevet doctor` looks into: each check by itself, so that one that fails does not hide the others. */
import type { CatalogEntryView } from '../lambda/contract/api.ts';
import { parseDuration } from '../lambda/contract/duration.ts';
import { type Client, everyItem } from './client.ts';
import type { Context } from './context.ts';
import { EXIT, type ExitCode, exitOfProblem } from './exit-codes.ts';
import { Failure } from './failure.ts';
import { serviceTime } from './http.ts';
import type { DoctorReport, Finding, LongSession } from './json-documents.ts';
import { length, toRoughDuration } from './render/moment.ts';
import { complaintOf } from './render/problem.ts';
import { personName } from './render/words.ts';

/** Credentials outlive access by this much at most where the advice is followed, seconds. */
const ADVISED_SESSION_SECONDS = 3600;

/** AWS refuses signatures that are five minutes off; tokens are judged with half a minute of grace. */
const SKEW = { refused: 300, noticed: 30 } as const;

const good = (check: Finding['check'], text: string): Finding => ({ check, verdict: 'good', text });

/** @throws whatever is no Failure: a bug. */
const asFinding = (check: Finding['check'], error: unknown): Finding => {
  if (!(error instanceof Failure)) throw error;
  const { problem, next } = complaintOf(error);
  const text = `${problem.title}: ${problem.detail}`;
  return { check, verdict: 'bad', text, code: problem.code, ...(next === undefined ? {} : { next }) };
};

const attempt = async (check: Finding['check'], look: () => Promise<Finding>): Promise<Finding> => {
  try {
    return await look();
  } catch (error) {
    return asFinding(check, error);
  }
};

// ---------- sessions: the first advice ----------

const secondsOf = ({ sessionDuration }: LongSession): number => parseDuration(sessionDuration) ?? 0;

/** Each permission set once, the longest sessions first. */
export const longSessionsIn = (entries: readonly CatalogEntryView[]): readonly LongSession[] => {
  const byName = new Map(
    entries.map(({ permissionSet, sessionDuration }) => [permissionSet, { permissionSet, sessionDuration }]),
  );
  return [...byName.values()]
    .filter((one) => secondsOf(one) > ADVISED_SESSION_SECONDS)
    .sort((one, other) => secondsOf(other) - secondsOf(one) || (one.permissionSet < other.permissionSet ? -1 : 1));
};

const sessionFinding = (entries: readonly CatalogEntryView[], long: readonly LongSession[]): Finding => {
  if (entries.length === 0) {
    return {
      check: 'sessions',
      verdict: 'unknown',
      text: 'The catalogue offers you nothing whose sessions could be looked at.',
    };
  }
  if (long.length === 0) {
    return good(
      'sessions',
      'Credentials of all that you may ask for live for an hour at most; they outlive access by no more.',
    );
  }
  const named = long.map((one) => `${one.permissionSet} (${length(one.sessionDuration)})`).join(', ');
  return {
    check: 'sessions',
    verdict: 'advice',
    text: `Credentials cannot be recalled: they outlive access by up to the session duration. Longer than an hour: ${named}.`,
    next: 'Whoever keeps the permission sets: aws sso-admin update-permission-set … --session-duration PT1H, then provision them.',
  };
};

const unseen = (check: Finding['check']): Finding => ({
  check,
  verdict: 'unknown',
  text: 'Not looked at, since what it needs does not work.',
});

const lookAtSessions = async (client: Client) => {
  const entries = await everyItem((cursor) => client.catalog(cursor === undefined ? {} : { cursor }));
  const longSessions = longSessionsIn(entries);
  return { longSessions, finding: sessionFinding(entries, longSessions) };
};

// ---------- the way to the service ----------

export const clockFinding = (aheadSeconds: number | undefined): Finding => {
  if (aheadSeconds === undefined) {
    return { check: 'clock', verdict: 'unknown', text: 'The service does not say what time it is there.' };
  }
  const off = Math.abs(aheadSeconds);
  const text =
    off < 2
      ? 'The clock of this machine is right.'
      : `The clock of this machine is ${toRoughDuration(off)} ${aheadSeconds > 0 ? 'ahead of' : 'behind'} the service's.`;
  if (off < SKEW.noticed) return good('clock', text);
  const next =
    'Set it by the network (NTP): signatures that are five minutes off are refused, and ends are shown wrong.';
  return { check: 'clock', verdict: off < SKEW.refused ? 'advice' : 'bad', text, next };
};

/** Whole seconds are all that the service tells. */
const lookAtClock = async (endpoint: URL, { terminal }: Context): Promise<Finding> => {
  const before = terminal.now();
  const there = await serviceTime(endpoint);
  const here = (before + terminal.now()) / 2;
  return clockFinding(there === undefined ? undefined : Math.round((here - there) / 1000));
};

const lookAtIdentity = async (client: Client): Promise<Finding> => {
  const me = await client.me();
  const roles = me.roles.length === 0 ? '' : `, ${me.roles.join(', ')}`;
  return good('identity', `The service takes you for ${personName(me)}${roles}.`);
};

// ---------- all of it ----------

const lookThrough = async (
  client: Client,
): Promise<{ readonly findings: readonly Finding[]; readonly longSessions: readonly LongSession[] }> => {
  const identity = await attempt('identity', () => lookAtIdentity(client));
  if (identity.verdict === 'bad') return { findings: [unseen('sessions'), identity], longSessions: [] };
  let longSessions: readonly LongSession[] = [];
  const sessions = await attempt('sessions', async () => {
    const seen = await lookAtSessions(client);
    longSessions = seen.longSessions;
    return seen.finding;
  });
  return { findings: [sessions, identity], longSessions };
};

const reportOf = (findings: readonly Finding[], longSessions: readonly LongSession[] = []): DoctorReport => ({
  isWell: findings.every(({ verdict }) => verdict !== 'bad'),
  findings: [...findings],
  longSessions: [...longSessions],
});

/** The advice about sessions comes first; then the way to the service, in the order in which it is gone. */
export const examine = async (context: Context): Promise<DoctorReport> => {
  let endpoint: URL | undefined;
  const settings = await attempt('settings', async () => {
    endpoint = await context.endpoint();
    const { profile } = await context.caller();
    return good('settings', `Calls go to ${endpoint.href.replace(/\/$/, '')}, with the AWS profile ${profile.name}.`);
  });
  if (endpoint === undefined) {
    return reportOf([unseen('sessions'), settings, unseen('clock'), unseen('door'), unseen('identity')]);
  }
  const at = endpoint;
  const clock = await attempt('clock', () => lookAtClock(at, context));
  let client: Client | undefined;
  const door = await attempt('door', async () => {
    client = await context.connect();
    return good(
      'door',
      client.door === 'sigv4' ? 'Calls are signed with AWS credentials.' : 'You are signed in with brevet login.',
    );
  });
  if (client === undefined) return reportOf([unseen('sessions'), settings, clock, door, unseen('identity')]);
  const { findings, longSessions } = await lookThrough(client);
  const [sessions = unseen('sessions'), ...rest] = findings;
  return reportOf([sessions, settings, clock, door, ...rest], longSessions);
};

/** By the first thing that is bad, as the command that met it would exit; advice is no failure. */
export const exitOf = ({ findings }: DoctorReport): ExitCode => {
  const bad = findings.filter(({ verdict }) => verdict === 'bad');
  const codes = bad.flatMap(({ code }) => (code === undefined ? [] : [code]));
  const [first] = codes;
  if (first !== undefined) return exitOfProblem({ code: first, status: 500 });
  return bad.length === 0 ? EXIT.usable : EXIT.refused;
};
