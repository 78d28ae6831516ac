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
  readonly breakGlass?: boolean;
  readonly incident?: string;
}

export type Wish = Omit<SubmitBody, 'target'>;

/** What breaking the glass adds. @throws Failure when one of the two options is there without the other. */
export const breakGlassFrom = (
  { breakGlass = false, incident, start }: WishFlags,
  example: string,
): Pick<SubmitBody, 'breakGlass'> => {
  if (!breakGlass && incident === undefined) return {};
  if (!breakGlass) throw usage('--incident says why the glass is broken, and there is no --break-glass.', example);
  if (incident === undefined) throw usage('There is no --incident, for which the glass is broken.', example);
  if (start !== undefined) throw usage('The glass is broken for access at once: leave out --start.', example);
  return { breakGlass: { incident } };
};

/** A command line that would do, for the target that was typed. */
const exampleFor = (
  command: string,
  target: string,
  { for: length = '1h', reason, breakGlass, incident }: WishFlags,
): string => {
  const isGlass = breakGlass === true || incident !== undefined;
  const glass = isGlass ? ` --break-glass --incident ${shellWord(incident ?? 'INC-42')}` : '';
  const why = reason === undefined ? '"INC-42: what is wrong, and what you will do"' : shellWord(reason);
  const behind = command === 'run' ? ' -- aws sts get-caller-identity' : '';
  return `brevet ${command} ${shellWord(target)} --for ${shellWord(length)}${glass} --reason ${why}${behind}`;
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
  const glass = breakGlassFrom(flags, example);
  if (flags.for === undefined) throw usage('There is no --for, which says how long.', example);
  const duration = isoDurationFrom(flags.for, '--for');
  const start = flags.start === undefined ? {} : { start: startFrom(flags.start, terminal.now()) };
  const justification = await reasonFrom(flags, terminal, example);
  const ticket = flags.ticket === undefined ? {} : { ticket: flags.ticket };
  return { duration, ...start, justification, ...ticket, ...glass };
};

/** Epoch milliseconds until when to wait. */
export const deadlineFrom = (timeout: string | undefined, now: number): number =>
  timeout === undefined ? Number.POSITIVE_INFINITY : now + secondsFrom(timeout, '--timeout') * 1000;
