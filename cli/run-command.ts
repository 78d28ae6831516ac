/** Runs one command and turns however it ends into output and an exit code. Not needed for help, and loaded after it. */
import { type CommonFlags, type Context, contextOf } from './context.ts';
import { type ExitCode, exitOfProblem } from './exit-codes.ts';
import { Failure, failure } from './failure.ts';
import type { Output } from './output.ts';
import { complaintLines, complaintOf } from './render/problem.ts';
import type { Terminal } from './terminal.ts';

const asFailure = (error: unknown): Failure => {
  if (error instanceof Failure) return error;
  const said = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return failure('cli_fault', said, {
    cause: error,
    next: 'This is a bug in brevet; please report it with this text.',
  });
};

/** For people on stderr; in JSON mode also as the one document on stdout. */
export const reportFailure = (error: unknown, output: Output): ExitCode => {
  const found = asFailure(error);
  if (output.isJson) output.answer(found.problem, () => []);
  output.complain(complaintOf(found), complaintLines);
  return exitOfProblem(found.problem);
};

export const runCommand = async (
  terminal: Terminal,
  flags: CommonFlags,
  run: (context: Context) => Promise<number>,
): Promise<number> => {
  const context = contextOf(terminal, flags);
  try {
    return await run(context);
  } catch (error) {
    return reportFailure(error, context.output);
  }
};
