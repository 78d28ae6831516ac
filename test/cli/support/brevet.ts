/** Runs the built command as a person or a script would: as a process of its own. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildCli } from '../../../scripts/build-cli.ts';
import { ACCESS_KEY_ID, SECRET_ACCESS_KEY } from './signature.ts';

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** A session of its own, without a terminal. */
  readonly detached?: boolean;
  /** Closes the pipe of stdout at once, as `head` does. */
  readonly stopReading?: boolean;
  /** Called with everything on stderr so far, whenever there is more. */
  readonly onStderr?: (text: string, child: ChildProcessWithoutNullStreams) => void;
}

export interface Brevet {
  /** Path of the command. */
  readonly path: string;
  run(args: readonly string[], options?: RunOptions): Promise<Ran>;
  remove(): Promise<void>;
}

/** Nothing of the surroundings of the tests comes through but the path. */
const CLEAN = {
  PATH: process.env.PATH ?? '',
  TZ: 'Europe/Berlin',
  AWS_CONFIG_FILE: '/nowhere/config',
  AWS_SHARED_CREDENTIALS_FILE: '/nowhere/credentials',
  AWS_EC2_METADATA_DISABLED: 'true',
};

/** Enough to sign for a service at that endpoint. */
export const signedInAt = (endpoint: string): Record<string, string> => ({
  BREVET_ENDPOINT: endpoint,
  AWS_REGION: 'eu-central-1',
  AWS_ACCESS_KEY_ID: ACCESS_KEY_ID,
  AWS_SECRET_ACCESS_KEY: SECRET_ACCESS_KEY,
});

const run = (
  command: string,
  args: readonly string[],
  { env = {}, cwd, detached = false, onStderr, stopReading }: RunOptions,
): Promise<Ran> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [command, ...args], { env: { ...CLEAN, ...env }, cwd, detached });
    const said = { stdout: '', stderr: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said.stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said.stderr += text;
      onStderr?.(said.stderr, child);
    });
    if (stopReading) child.stdout.destroy();
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, ...said }));
  });

export const buildBrevet = async (): Promise<Brevet> => {
  const folder = await mkdtemp(join(tmpdir(), 'brevet-cli-'));
  const command = await buildCli(folder);
  return {
    path: command,
    run: (args, options = {}) => run(command, args, options),
    remove: () => rm(folder, { recursive: true }),
  };
};
