/** Puts figures into docs/reliability.md, between the marks of their proof, with what they were taken on. */
import { execFileSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { availableParallelism, cpus } from 'node:os';

const PAGE = new URL('../../docs/reliability.md', import.meta.url);

const git = (...parts: readonly string[]): string => execFileSync('git', parts, { encoding: 'utf8' }).trim();

/** The commit that is checked out, and whether the sources differ from it; the page itself may. */
const commit = (): string => {
  try {
    const changed = git('status', '--porcelain', '--', '.', ':!docs').length > 0;
    return `commit ${git('rev-parse', '--short=10', 'HEAD')}${changed ? ', with changes' : ''}`;
  } catch {
    return 'sources without a history';
  }
};

/** As it was when the figures began to be taken. */
const COMMIT = commit();

/** The command as it was given, without what asks for writing it here. */
export const commandOf = (script: string): string => {
  const given = process.argv.slice(2).filter((part) => part !== '--write');
  return ['npm run', script, ...(given.length > 0 ? ['--', ...given] : [])].join(' ');
};

/** When, of what and on what figures were taken, as a sentence. */
export const takenWith = (command: string): string => {
  const machine = `${cpus()[0]?.model ?? 'unknown processor'}, ${availableParallelism()} cores, Node ${process.versions.node}`;
  return `Taken ${new Date().toISOString().slice(0, 10)} of ${COMMIT} with \`${command}\` on ${machine}.`;
};

/** @throws when the page has no marks for the proof. */
export const writeFigures = async (name: string, text: string): Promise<void> => {
  const page = await readFile(PAGE, 'utf8');
  const [begin, end] = [`<!-- ${name}: begin -->`, `<!-- ${name}: end -->`];
  const [from, until] = [page.indexOf(begin), page.indexOf(end)];
  if (from === -1 || until < from) throw new Error(`docs/reliability.md has no place for ${name}`);
  await writeFile(PAGE, `${page.slice(0, from + begin.length)}\n${text}\n${page.slice(until)}`);
};

export const counted = (count: number): string => count.toLocaleString('en-GB');

/** A Markdown table; columns of numbers are aligned to the right. */
export const tableOf = (head: readonly string[], rows: readonly (readonly (string | number)[])[]): string => {
  const isNumeric = (column: number): boolean => rows.every((row) => /^[\d,. %s]*$/.test(String(row[column] ?? '')));
  const line = (cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |`;
  const rule = head.map((_, column) => (isNumeric(column) && column > 0 ? '---:' : '---'));
  return [line(head), line(rule), ...rows.map(line)].join('\n');
};
