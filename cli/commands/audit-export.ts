/** `brevet audit export`: the events of a window of time as JSON Lines, whole or not at all. */
import { open, rename, rm } from 'node:fs/promises';
import type { AuditEventView } from '../../lambda/contract/audit.ts';
import { DEFAULT_LIMITS } from '../../lambda/contract/limits.ts';
import type { Client } from '../client.ts';
import type { CommonFlags, Context } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { failure, usage } from '../failure.ts';
import { toSafeLine } from '../render/text.ts';

export interface ExportFlags extends CommonFlags {
  readonly from?: string;
  readonly to?: string;
  readonly out?: string;
}

/** Epoch milliseconds. */
interface Window {
  readonly from: number;
  readonly to: number;
}

const DAY_MS = 24 * 60 * 60 * 1000;
/** The service lists so much in one go; a longer window is asked for in parts. */
const SPAN_MS = DEFAULT_LIMITS.auditSpanSeconds * 1000;

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const WITH_ZONE = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})$/;

const momentFrom = (text: string, option: string): number => {
  // A date alone is read as UTC midnight (ECMAScript), and February 30 as March 2.
  const milliseconds = DAY.test(text) || WITH_ZONE.test(text) ? Date.parse(text) : Number.NaN;
  const isReal = Number.isFinite(milliseconds) && Number(text.slice(8, 10)) <= daysIn(text);
  if (isReal) return milliseconds;
  throw usage(`${option} "${text}" is no moment.`, 'Write 2026-11-01 (its first moment in UTC) or 2026-11-01T08:00Z.');
};

/** Of the month that the text begins with. */
const daysIn = (text: string): number =>
  new Date(Date.UTC(Number(text.slice(0, 4)), Number(text.slice(5, 7)), 0)).getUTCDate();

const windowFrom = ({ from, to }: ExportFlags, now: number): Window => {
  const end = to === undefined ? now : momentFrom(to, '--to');
  const start = from === undefined ? end - DAY_MS : momentFrom(from, '--from');
  if (start < end) return { from: start, to: end };
  throw usage(`The window from ${iso(start)} to ${iso(end)} is empty.`, '--from has to be before --to.');
};

const iso = (milliseconds: number): string => new Date(milliseconds).toISOString();

async function* pagesOf(client: Client, from: string, to: string): AsyncGenerator<readonly AuditEventView[]> {
  let cursor: string | undefined;
  do {
    const page = await client.events({ from, to, ...(cursor === undefined ? {} : { cursor }) });
    yield page.items;
    if (page.cursor !== undefined && page.cursor === cursor) {
      throw failure('answer_unreadable', 'The list of events does not go on.', { next: 'Report this.' });
    }
    cursor = page.cursor;
  } while (cursor !== undefined);
}

async function* pagesIn(client: Client, { from, to }: Window): AsyncGenerator<readonly AuditEventView[]> {
  for (let start = from; start < to; start += SPAN_MS) {
    yield* pagesOf(client, iso(start), iso(Math.min(start + SPAN_MS, to)));
  }
}

const linesOf = (events: readonly AuditEventView[]): string => events.map((event) => `${toSafeLine(event)}\n`).join('');

/** Hands on every page as text, and counts the events. */
const writeAll = async (client: Client, window: Window, write: (text: string) => unknown): Promise<number> => {
  let events = 0;
  for await (const page of pagesIn(client, window)) {
    await write(linesOf(page));
    events += page.length;
  }
  return events;
};

const reasonOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : String(error);

/** Beside the file first, so that half an export never passes for one. */
const writeFileWhole = async (client: Client, window: Window, file: string): Promise<number> => {
  const part = `${file}.part`;
  // NB. Who asked for what, and who approved it, is for the owner's eyes.
  const handle = await open(part, 'w', 0o600).catch((error: unknown) => {
    throw usage(`--out "${file}" cannot be written: ${reasonOf(error)}.`);
  });
  try {
    const events = await writeAll(client, window, (text) => handle.write(text));
    await handle.close();
    await rename(part, file);
    return events;
  } catch (error) {
    await handle.close().catch(() => undefined);
    await rm(part, { force: true });
    throw error;
  }
};

export const exportEvents = async ({ terminal, output, connect }: Context, flags: ExportFlags): Promise<ExitCode> => {
  const { out: file } = flags;
  if (output.isJson && file === undefined) {
    throw usage(
      '--json says what was written where.',
      'Add --out FILE, or leave --json out: the events are JSON, one a line.',
    );
  }
  const window = windowFrom(flags, terminal.now());
  const client = await connect();
  if (file === undefined) {
    await writeAll(client, window, (text) => terminal.out.write(text));
    return EXIT.usable;
  }
  const events = await writeFileWhole(client, window, file);
  const written = { from: iso(window.from), to: iso(window.to), events, file };
  output.answer(written, ({ from, to }) => [`${events} events from ${from} to ${to} are in ${file}.`]);
  return EXIT.usable;
};
