/** `brevet completion`: a script for the shell. The hidden `brevet __complete` answers what that script asks. */
import type { Command } from 'commander';
import { completionLines, fetchForLater } from '../completion/candidates.ts';
import { COMPLETION_SCRIPTS, SHELLS } from '../completion/scripts.ts';
import { analyse } from '../completion/wanted.ts';
import type { CommonFlags, Context } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { usage } from '../failure.ts';

export const completion = async ({ terminal }: Context, typed: string): Promise<ExitCode> => {
  const shell = SHELLS.find((one) => one === typed);
  if (shell === undefined) throw usage(`"${typed}" is none of: ${SHELLS.join(', ')}.`, 'brevet completion bash');
  terminal.out.write(COMPLETION_SCRIPTS[shell]);
  return EXIT.usable;
};

export interface CompleteFlags extends CommonFlags {
  /** What to fetch for later, instead of answering. */
  readonly fetch?: string;
}

/** NB. It never complains: what it would say would stand in the middle of a line that somebody is typing. */
export const complete = async (
  { terminal }: Context,
  program: Command,
  words: readonly string[],
  { fetch, ...flags }: CompleteFlags,
): Promise<ExitCode> => {
  try {
    if (fetch !== undefined) await fetchForLater(fetch, flags, terminal);
    else for (const line of await completionLines(analyse(program, words), terminal)) terminal.out.write(`${line}\n`);
  } catch {
    // As said.
  }
  return EXIT.usable;
};
