/** Runs somebody else's command as a shell would: the same terminal, every signal, its exit code. */
import { spawn } from 'node:child_process';
import { accessSync, closeSync, constants, openSync, statSync } from 'node:fs';
import { constants as system } from 'node:os';
import { delimiter, join } from 'node:path';
import { type Failure, failure } from './failure.ts';
import type { Environment, Interrupt } from './terminal.ts';

/** Exit code of a command that ended by a signal, as shells count it. */
const codeOfSignal = (signal: NodeJS.Signals): number => 128 + system.signals[signal];

const isRunnable = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
};

const missing = (name: string): Failure =>
  failure('command_missing', `There is no command "${name}" that can be run here.`, {
    next: 'Nothing was asked for. Functions and aliases of a shell are run by a shell: -- bash -ic "…"',
  });

/** @throws Failure, before anybody is asked to approve a misspelt command. */
export const requireCommand = (name: string, env: Environment): void => {
  // Windows looks for endings of its own.
  if (process.platform === 'win32') return;
  const folders = name.includes('/') ? [''] : (env.PATH ?? '').split(delimiter);
  const isThere = folders.some((folder) => isRunnable(folder === '' ? name : join(folder, name)));
  if (!isThere) throw missing(name);
};

/** Whether somebody's Ctrl-C reaches the command without us: a terminal sends it to everything that it runs. */
const terminalSendsCtrlC = (): boolean => {
  if (process.platform === 'win32') return true;
  try {
    closeSync(openSync('/dev/tty', 'r'));
    return true;
  } catch {
    return false;
  }
};

export interface Child {
  readonly code: Promise<number>;
  /** NB. Ctrl-C handed on twice would make tools such as Terraform drop everything instead of ending in order. */
  handOn(signal: Interrupt): void;
}

/** The first word is the command. Its code @throws Failure when it could not be started. */
export const startChild = (words: readonly string[], env: Environment): Child => {
  const [name = '', ...args] = words;
  const child = spawn(name, args, { stdio: 'inherit', env });
  const code = new Promise<number>((resolve, reject) => {
    child.once('error', (cause) => reject(failure('command_missing', `"${name}": ${cause.message}`, { cause })));
    child.once('exit', (exit, signal) => resolve(signal === null ? (exit ?? 0) : codeOfSignal(signal)));
  });
  return {
    code,
    handOn: (signal) => {
      if (signal !== 'SIGINT' || !terminalSendsCtrlC()) child.kill(signal);
    },
  };
};
