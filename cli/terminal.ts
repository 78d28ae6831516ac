/** The command's surroundings: two streams, the environment, the time; handed in, so that tests can stand in for them. */
import { setTimeout as delay } from 'node:timers/promises';
import type { WriteStream } from 'node:tty';
import { askOnTerminal } from './question.ts';

export interface Screen {
  write(text: string): void;
  readonly isTerminal: boolean;
  /** Infinity when nothing says how wide it is: then nothing is wrapped or cut. */
  readonly columns: number;
  readonly hasColours: boolean;
  /** Whether the line under the cursor may be redrawn. */
  readonly canRedraw: boolean;
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** What asks a program to end: Ctrl-C, `kill`, and the terminal that goes away. */
export const INTERRUPTS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
export type Interrupt = (typeof INTERRUPTS)[number];

export interface Terminal {
  /** For the result, and nothing else. */
  readonly out: Screen;
  /** For progress and messages. */
  readonly err: Screen;
  readonly env: Environment;
  /** IANA name of the local time zone. */
  readonly timeZone: string;
  /** The words with which this command itself is run. */
  readonly self: readonly string[];
  now(): number;
  /** Resolves after so many milliseconds, or as soon as the signal is aborted. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
  /** Calls the handler on the first interrupt instead of ending; the answer takes it away again. */
  onInterrupt(handler: (signal: Interrupt) => void): () => void;
  /** Calls the handler on every interrupt, and none ends the command any more. */
  onEveryInterrupt(handler: (signal: Interrupt) => void): void;
  /** What a person types; undefined where nobody is there to be asked, or they do not answer. */
  ask(question: string): Promise<string | undefined>;
}

const columnsOf = (stream: WriteStream, env: Environment): number => {
  const told = Number(env.COLUMNS);
  if (stream.isTTY) return stream.columns || told || 80;
  return Number.isSafeInteger(told) && told > 0 ? told : Number.POSITIVE_INFINITY;
};

const isForcedOff = (force: string): boolean => force === '0' || force === 'false';

/**
 * FORCE_COLOR decides where it is set, also for a pipe, as in Node itself; then NO_COLOR
 * (no-color.org), when it is not empty; then the terminal.
 */
export const hasColours = (stream: Pick<WriteStream, 'isTTY' | 'hasColors'>, env: Environment): boolean => {
  const { FORCE_COLOR, NO_COLOR, ...others } = env;
  if (FORCE_COLOR !== undefined) return !isForcedOff(FORCE_COLOR);
  if (NO_COLOR) return false;
  return stream.isTTY === true && stream.hasColors(others);
};

const screenOn = (stream: WriteStream, env: Environment): Screen => ({
  write: (text) => void stream.write(text),
  isTerminal: stream.isTTY === true,
  get columns() {
    return columnsOf(stream, env);
  },
  hasColours: hasColours(stream, env),
  canRedraw: stream.isTTY === true && env.TERM !== 'dumb' && env.CI === undefined,
});

const sleep = async (milliseconds: number, signal?: AbortSignal): Promise<void> => {
  try {
    await delay(milliseconds, undefined, signal ? { signal } : {});
  } catch {
    // Aborted: whoever aborted knows, and goes on.
  }
};

const onInterrupt = (handler: (signal: Interrupt) => void): (() => void) => {
  const forget = (): void => {
    for (const signal of INTERRUPTS) process.off(signal, once);
  };
  const once = (signal: NodeJS.Signals): void => {
    forget();
    handler(signal as Interrupt);
  };
  for (const signal of INTERRUPTS) process.on(signal, once);
  return forget;
};

const onEveryInterrupt = (handler: (signal: Interrupt) => void): void => {
  for (const signal of INTERRUPTS) process.on(signal, () => handler(signal));
};

/** Questions go where progress goes; without a terminal at both ends nobody is asked. */
const ask = async (question: string): Promise<string | undefined> =>
  process.stdin.isTTY && process.stderr.isTTY ? await askOnTerminal(question) : undefined;

export const hostTerminal = (): Terminal => ({
  out: screenOn(process.stdout, process.env),
  err: screenOn(process.stderr, process.env),
  env: process.env,
  timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
  self: [process.execPath, process.argv[1] ?? 'brevet'],
  now: Date.now,
  sleep,
  onInterrupt,
  onEveryInterrupt,
  ask,
});
