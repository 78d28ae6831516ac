/** Reads exported audit events, line by line: an export of years need not fit into memory as one text. */
import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { type ChainLink, readLine } from '../lambda/contract/audit-chain.ts';
import { usage } from './failure.ts';

/** A line that is no event. */
export interface UnreadableLine {
  readonly kind: 'unreadable';
  readonly line: number;
  readonly why: string;
}

const reasonOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : String(error);

async function* linesIn(input: Readable): AsyncGenerator<string> {
  let rest = '';
  for await (const chunk of input.setEncoding('utf8')) {
    const lines = (rest + String(chunk)).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  yield rest;
}

/** @param file what `brevet audit export` wrote, or `-` for stdin. @throws Failure when it cannot be read */
export const readEvents = async (file: string) => {
  const events: ChainLink[] = [];
  const unreadable: UnreadableLine[] = [];
  let line = 0;
  try {
    for await (const text of linesIn(file === '-' ? process.stdin : createReadStream(file))) {
      line += 1;
      const read = text.trim() === '' ? undefined : readLine(text);
      if (read && 'event' in read) events.push(read.event);
      else if (read) unreadable.push({ kind: 'unreadable', line, why: read.why });
    }
  } catch (error) {
    throw usage(`${file} cannot be read: ${reasonOf(error)}.`);
  }
  return { events, unreadable };
};
