/** From the words on the command line to the exit code. */
import { CommanderError } from 'commander';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { outputOn } from './output.ts';
import { type Go, programWith } from './program.ts';
import type { Terminal } from './terminal.ts';

/** commander's own codes for having shown what was asked for. */
const SHOWN: ReadonlySet<string> = new Set(['commander.helpDisplayed', 'commander.version']);
/** commander's code for having shown help because no command was given. */
const NO_COMMAND = 'commander.help';

const widthOf = (columns: number): number => (Number.isFinite(columns) ? columns : 120);

/** Behind `--` stands somebody else's command. */
const ownWords = (args: readonly string[]): readonly string[] =>
  args.includes('--') ? args.slice(0, args.indexOf('--')) : args;

/** The name is given with `=` or not at all: a target behind the option is the target. */
const withBareProfile = (args: readonly string[]): readonly string[] => {
  const own = ownWords(args).map((word) => (word === '--write-profile' ? '--write-profile=' : word));
  return [...own, ...args.slice(own.length)];
};

/** commander says `error: unknown option '--fro'`. */
const complain = async (error: CommanderError, args: readonly string[], terminal: Terminal): Promise<ExitCode> => {
  const [{ usage }, { reportFailure }] = await Promise.all([import('./failure.ts'), import('./run-command.ts')]);
  const command = args[0] !== undefined && /^[a-z-]+$/.test(args[0]) ? `${args[0]} ` : '';
  const detail = error.message.replace(/^error: /, '');
  const found = usage(`${detail.charAt(0).toUpperCase()}${detail.slice(1)}.`, `See: brevet ${command}--help`);
  return reportFailure(found, outputOn(terminal, ownWords(args).includes('--json')));
};

/** What is printed says the rest. */
export const runCommandLine = async (args: readonly string[], terminal: Terminal): Promise<number> => {
  let exit: number = EXIT.usable;
  const go: Go = async (flags, run) => {
    const { runCommand } = await import('./run-command.ts');
    exit = await runCommand(terminal, flags, run);
  };
  const program = programWith(go, {
    writeOut: (text) => terminal.out.write(text),
    writeErr: (text) => terminal.err.write(text),
    getOutHelpWidth: () => widthOf(terminal.out.columns),
    getErrHelpWidth: () => widthOf(terminal.err.columns),
  });
  try {
    await program.parseAsync(withBareProfile(args), { from: 'user' });
    return exit;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (SHOWN.has(error.code)) return EXIT.usable;
    return error.code === NO_COMMAND ? EXIT.usage : await complain(error, args, terminal);
  }
};
