// What changed from the seed, on disk: a file of JSON lines that is only ever appended to, and compacted when opened.
import {
  appendFileSync,
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
} from 'node:fs';
import { dirname } from 'node:path';

/** One row of one table set to a value, or removed (`null`). */
export interface RowChange {
  readonly table: string;
  readonly key: string;
  readonly value: unknown;
}

export interface Journal {
  /** What the file held, oldest first. */
  readonly changes: readonly RowChange[];
  /** Either all of these are on disk when it returns, or none. */
  append(changes: readonly RowChange[]): void;
  close(): void;
}

/** The state on disk cannot be used; the message says what to do. */
export class JournalError extends Error {
  override readonly name = 'JournalError';
}

/**
 * The first line names the seed that the changes belong to; every further line is one transaction.
 * The file survives `kill -9`: a line is handed to the operating system in one write, and a last line without
 * its line feed is a transaction that never happened. `keep` leaves out what need not be written again.
 * @throws JournalError when the changes belong to another seed or a line is damaged.
 */
export const openJournal = (
  path: string,
  seedFingerprint: string,
  keep: (changes: readonly RowChange[]) => readonly RowChange[],
): Journal => {
  mkdirSync(dirname(path), { recursive: true });
  const changes = keep(existsSync(path) ? read(path, seedFingerprint) : []);
  rewrite(path, [JSON.stringify({ seed: seedFingerprint }), ...(changes.length > 0 ? [JSON.stringify(changes)] : [])]);
  const file = openSync(path, 'a');
  return {
    changes,
    append: (added) => write(file, [JSON.stringify(added)]),
    close: () => closeSync(file),
  };
};

const read = (path: string, seedFingerprint: string): RowChange[] => {
  // What follows the last line feed is an unfinished write, or nothing.
  const [header, ...lines] = readFileSync(path, 'utf8').split('\n').slice(0, -1);
  if (header === undefined) return [];
  const { seed } = parseLine(path, header, 1) as { seed?: string };
  if (seed !== seedFingerprint) {
    throw new JournalError(
      `The state in ${path} was written for another seed (${seed}, now ${seedFingerprint}). ` +
        'Delete the file to start from the seed as it is now, or take the change of the seed back.',
    );
  }
  return lines.flatMap((line, index) => parseLine(path, line, index + 2) as RowChange[]);
};

const parseLine = (path: string, line: string, number: number): unknown => {
  try {
    return JSON.parse(line);
  } catch (cause) {
    throw new JournalError(`Line ${number} of ${path} is damaged. Delete the file to start from the seed.`, { cause });
  }
};

const rewrite = (path: string, lines: readonly string[]): void => {
  const beside = `${path}.new`;
  const file = openSync(beside, 'w');
  write(file, lines);
  fsyncSync(file);
  closeSync(file);
  renameSync(beside, path);
};

const write = (file: number, lines: readonly string[]): void => {
  appendFileSync(file, `${lines.join('\n')}\n`);
};
