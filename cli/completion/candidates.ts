/** The words that fit at the end of a command line; the service is asked for no longer than a moment, and never complained of. */
import { spawn } from 'node:child_process';
import { ACTIONS, type CatalogEntryView } from '../../lambda/contract/api.ts';
import { neutralise, singleLine } from '../../lambda/contract/plain-text.ts';
import { readSharedFiles } from '../aws-profile.ts';
import { type Client, everyItem } from '../client.ts';
import { type CommonFlags, contextOf } from '../context.ts';
import { approvalsNeeded } from '../render/approval.ts';
import { length } from '../render/moment.ts';
import type { Screen, Terminal } from '../terminal.ts';
import { claimFetch, keep, readKept } from './cache.ts';
import type { Analysis, Candidate, Wanted } from './wanted.ts';

/** From the first byte to the last; whoever presses Tab does not wait longer. */
const LIMIT_MS = 750;
/** How long fetching may take when nobody waits. */
const FETCH_LASTS_MS = 30_000;
const TARGETS_LAST_MS = 5 * 60_000;
/** Requests change; this is for pressing Tab twice. */
const REQUESTS_LAST_MS = 10_000;

const SILENT: Screen = {
  write: () => undefined,
  isTerminal: false,
  columns: Number.POSITIVE_INFINITY,
  hasColours: false,
  canRedraw: false,
};

/** What only the service knows. */
type FromService = Extract<Wanted, { kind: 'target' | 'request' }>;

const targetCandidates = (entries: readonly CatalogEntryView[]): Candidate[] =>
  entries.map((entry) => ({
    value: `${entry.accountName}/${entry.permissionSet}`,
    about: `at most ${length(entry.maxDuration)}, ${approvalsNeeded(entry)}`,
  }));

const fetchTargets = async (client: Client): Promise<readonly Candidate[]> =>
  targetCandidates(await everyItem((cursor) => client.catalog(cursor === undefined ? {} : { cursor })));

/** The first page is enough: nobody looks through more than that by pressing Tab. */
const fetchRequests = async (
  client: Client,
  { action }: Extract<Wanted, { kind: 'request' }>,
): Promise<readonly Candidate[]> => {
  const isVote = action === 'approve' || action === 'reject';
  const isAttending = action === 'acknowledge' || action === 'review';
  const view = isVote ? 'to-review' : isAttending ? 'break-glass' : 'mine';
  const { items } = await client.list({ view });
  return items
    .filter(({ youMay }) => action === undefined || youMay.includes(action))
    .map(({ id, status, requester, target }) => ({
      value: id,
      about: `${status}: ${target.accountName}/${target.permissionSet}${view === 'mine' ? '' : `, ${requester.userName}`}`,
    }));
};

/** In the cache, and for whoever fetches it behind our back. */
const nameOf = (wanted: FromService): string =>
  wanted.kind === 'target' ? 'targets' : `requests-${wanted.action ?? 'any'}`;

const fromName = (name: string): FromService => {
  const action = ACTIONS.find((one) => name === `requests-${one}`);
  if (name === 'targets') return { kind: 'target' };
  return { kind: 'request', ...(action ? { action } : {}) };
};

const lastsMs = ({ kind }: FromService): number => (kind === 'target' ? TARGETS_LAST_MS : REQUESTS_LAST_MS);

const fetchAndKeep = async (
  wanted: FromService,
  flags: CommonFlags,
  terminal: Terminal,
): Promise<readonly Candidate[]> => {
  const silent = contextOf({ ...terminal, out: SILENT, err: SILENT }, flags);
  const client = await silent.connect();
  const candidates = wanted.kind === 'target' ? await fetchTargets(client) : await fetchRequests(client, wanted);
  await keep(nameOf(wanted), candidates, flags, terminal.env, terminal.now());
  return candidates;
};

/** For the next time, by a process that nobody waits for. */
const fetchBehind = async (wanted: FromService, flags: CommonFlags, { self, env, now }: Terminal): Promise<void> => {
  if (!(await claimFetch(nameOf(wanted), flags, env, now(), FETCH_LASTS_MS))) return;
  const [program = '', ...words] = self;
  const options = Object.entries(flags).map(([name, value]) => `--${name}=${value}`);
  const args = [...words, '__complete', `--fetch=${nameOf(wanted)}`, ...options];
  spawn(program, args, { detached: true, stdio: 'ignore' })
    .on('error', () => undefined)
    .unref();
};

/** What is kept, while it is fresh; else what the service says in time; else what is kept all the same. */
const fromService = async (
  wanted: FromService,
  flags: CommonFlags,
  terminal: Terminal,
): Promise<readonly Candidate[]> => {
  const kept = await readKept(nameOf(wanted), flags, terminal.env, terminal.now());
  if (kept && kept.ageMs >= 0 && kept.ageMs < lastsMs(wanted)) return kept.candidates;
  const tooLate = terminal.sleep(LIMIT_MS).then(() => undefined);
  const found = await Promise.race([fetchAndKeep(wanted, flags, terminal).catch(() => []), tooLate]);
  if (found && found.length > 0) return found;
  if (!found) await fetchBehind(wanted, flags, terminal);
  return kept?.candidates ?? [];
};

/** What a process that nobody waits for does. */
export const fetchForLater = async (name: string, flags: CommonFlags, terminal: Terminal): Promise<void> => {
  await Promise.race([fetchAndKeep(fromName(name), flags, terminal), terminal.sleep(FETCH_LASTS_MS)]);
};

const profiles = async ({ env }: Terminal): Promise<readonly Candidate[]> => {
  const { config, credentials } = await readSharedFiles(env);
  const names = [...Object.keys(config), ...Object.keys(credentials)].filter(
    (name) => !name.startsWith('sso-session.'),
  );
  return [...new Set(names)].map((value) => ({ value }));
};

const everyCandidate = async ({ wanted, flags }: Analysis, terminal: Terminal): Promise<readonly Candidate[]> => {
  switch (wanted.kind) {
    case 'these':
      return wanted.candidates;
    case 'profile':
      return await profiles(terminal);
    case 'target':
    case 'request':
      return await fromService(wanted, flags, terminal);
  }
};

const safe = (text: string): string => singleLine(neutralise(text));

/** `value`, a tab, and what it is: a line each. */
export const completionLines = async (analysis: Analysis, terminal: Terminal): Promise<string[]> => {
  const typed = analysis.typed.toLowerCase();
  const found = (await everyCandidate(analysis, terminal)).filter(({ value }) => value.toLowerCase().startsWith(typed));
  return found.map(({ value, about }) => {
    const word = `${analysis.before}${safe(value)}`;
    return about === undefined ? word : `${word}\t${safe(about)}`;
  });
};
