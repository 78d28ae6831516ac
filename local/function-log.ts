/** Brings what the functions print into the log file, and tells the errors among it on the terminal in one line each. */
import type { LogFile } from './log-file.ts';

/** One line of the functions' log, as far as it matters here. */
interface LogLine {
  readonly level?: unknown;
  readonly message?: unknown;
  readonly error?: { readonly name?: unknown; readonly message?: unknown };
}

const parse = (line: string): LogLine | undefined => {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
};

/** A short sentence for an error, or undefined for a line that is none. */
export const errorIn = (line: string): string | undefined => {
  const entry = parse(line);
  if (entry?.level !== 'ERROR' && entry?.level !== 'CRITICAL') return undefined;
  const cause = entry.error === undefined ? '' : `: ${entry.error.name}: ${entry.error.message}`;
  return `${entry.message}${cause}`.slice(0, 300);
};

/** @returns what takes the output as it comes, in pieces that need not be whole lines. */
export const functionLog = (log: LogFile, onError: (summary: string) => void): ((text: string) => void) => {
  let unfinished = '';
  return (text) => {
    log.write(text);
    const lines = `${unfinished}${text}`.split('\n');
    unfinished = lines.pop() ?? '';
    for (const line of lines) {
      const summary = errorIn(line);
      if (summary !== undefined) onError(summary);
    }
  };
};
