/** Where the functions' log goes, with the errors among it told on the terminal in one line each. */
import { closeSync, openSync, writeSync } from 'node:fs';

export interface LogFile {
  readonly path: string;
  /** For programs that write to it by themselves. */
  readonly descriptor: number;
  write(text: string): void;
  /** A line of our own, in the form of the functions' lines. */
  note(level: 'INFO' | 'WARN' | 'ERROR', message: string, facts?: Readonly<Record<string, unknown>>): void;
  close(): void;
}

/** Opened for appending, so that several writers do not overwrite one another. */
export const openLogFile = (path: string): LogFile => {
  const descriptor = openSync(path, 'a', 0o600);
  const write = (text: string): void => {
    writeSync(descriptor, text);
  };
  return {
    path,
    descriptor,
    write,
    note: (level, message, facts = {}) =>
      write(`${JSON.stringify({ level, message, timestamp: new Date().toISOString(), service: 'local', ...facts })}\n`),
    close: () => closeSync(descriptor),
  };
};
