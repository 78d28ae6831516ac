/** What is wished, from the options that asking takes: how long, why, from when; and how it is to be followed. */
import type { SubmitBody } from '../lambda/contract/api.ts';
import { isoDurationFrom, secondsFrom, startFrom } from './arguments.ts';
import type { CommonFlags } from './context.ts';
import { usage } from './failure.ts';
import { shellWord } from './shell.ts';
import type { Terminal } from './terminal.ts';

export interface WishFlags extends CommonFlags {
  readonly for?: string;
  readonly reason?: string;
  readonly ticket?: string;
  readonly start?: string;
}

export type Wish = Omit<SubmitBody, 'target'>;

/** A command line that would do, for the target that was typed. */
const exampleFor = (command: string, target: string, { for: length = '1h', reason }: WishFlags): string => {
  const why = reason === undefined ? '"INC-42: what is wrong, and what you will do"' : shellWord(reason);
  const behind = command === 'run' ? ' -- aws sts get-caller-identity' : '';
  return `brevet ${command} ${shellWord(target)} --for ${shellWord(length)} --reason ${why}${behind}`;
};

const reasonFrom = async (flags: WishFlags, terminal: Terminal, example: string): Promise<string> => {
  if (flags.reason !== undefined) return flags.reason;
  const typed = await terminal.ask('Why? Approvers read it: ');
  if (typed?.trim()) return typed.trim();
  throw usage('There is no --reason, which approvers read.', example);
};

/** A missing reason is asked for, where there is a person at a terminal. @throws Failure with a command line that would do. */
export const wishFrom = async (
  command: 'request' | 'run',
  target: string,
  flags: WishFlags,
  terminal: Terminal,
): Promise<Wish> => {
  const example = exampleFor(command, target, flags);
  if (flags.for === undefined) throw usage('There is no --for, which says how long.', example);
  const duration = isoDurationFrom(flags.for, '--for');
  const start = flags.start === undefined ? {} : { start: startFrom(flags.start, terminal.now()) };
  const justification = await reasonFrom(flags, terminal, example);
  return { duration, ...start, justification, ...(flags.ticket === undefined ? {} : { ticket: flags.ticket }) };
};

/** Epoch milliseconds until when to wait. */
export const deadlineFrom = (timeout: string | undefined, now: number): number =>
  timeout === undefined ? Number.POSITIVE_INFINITY : now + secondsFrom(timeout, '--timeout') * 1000;
