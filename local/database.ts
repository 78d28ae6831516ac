/** The database: a dynoxide process of our own that dies with us, or any DynamoDB endpoint that the settings name. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { type AddressInfo, createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { LogFile } from './log-file.ts';
import { StartError } from './start-error.ts';

export interface Database {
  readonly endpoint: string;
  close(): Promise<void>;
}

/** @throws StartError when there is no such binary for this machine. */
export const findDatabaseBinary = (platform: string, architecture: string): string => {
  const name = `@dynoxide/${platform}-${architecture}`;
  try {
    return createRequire(import.meta.url).resolve(`${name}/dynoxide${platform === 'win32' ? '.exe' : ''}`);
  } catch (cause) {
    throw new StartError(
      `The database program is missing: the optional package ${name} is not installed.\n` +
        'Run "npm ci" without --omit=optional. Where there is no such package, set BREVET_DYNAMODB_ENDPOINT\n' +
        'to another DynamoDB endpoint, for example DynamoDB Local.',
      { cause },
    );
  }
};

/**
 * Runs the database and ends it when our end of the pipe closes, which the kernel does even after kill -9.
 * A shell can do that without a program of its own; the database itself does not read its input.
 */
const WATCHED = `
  exec 3<&0
  "$1" serve --host 127.0.0.1 --port "$2" --db-path "$3" </dev/null &
  database=$!
  { cat <&3 >/dev/null; kill "$database" 2>/dev/null; } &
  wait "$database"
`;

/** The program does not tell which port it took, so one that is free now is chosen for it. */
const freePort = async (): Promise<number> => {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  await new Promise((closed) => server.close(closed));
  return port;
};

/** A process group of its own: Ctrl-C reaches the whole foreground group, and the database must outlive the last write. */
const launch = (binary: string, port: number, file: string, log: LogFile): ChildProcess =>
  spawn('sh', ['-c', WATCHED, 'brevet-database', binary, String(port), file], {
    detached: true,
    stdio: ['pipe', log.descriptor, log.descriptor],
  });

const killGroup = (child: ChildProcess): void => {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // Nobody of the group is left.
  }
};

const isUp = async (endpoint: string): Promise<boolean> =>
  fetch(endpoint).then(
    () => true,
    () => false,
  );

const START_LIMIT_MS = 15_000;

const untilUp = async (endpoint: string, child: ChildProcess, log: LogFile): Promise<void> => {
  const giveUpAt = Date.now() + START_LIMIT_MS;
  while (!(await isUp(endpoint))) {
    if (child.exitCode !== null || child.signalCode !== null || Date.now() > giveUpAt) {
      killGroup(child);
      throw new StartError(`The database does not start; its own words are at the end of ${log.path}.`);
    }
    await pause(20);
  }
};

const RESTARTS_AT_MOST = 5;

export interface DatabaseOptions {
  readonly binary: string;
  /** Where it keeps its data. */
  readonly file: string;
  readonly log: LogFile;
  /** Told when the database died and is started again, or is given up. */
  readonly onCrash: (message: string, givenUp: boolean) => void;
}

/** Starts the database and starts it again when it crashes. @throws StartError */
export const startDatabase = async ({ binary, file, log, onCrash }: DatabaseOptions): Promise<Database> => {
  const port = await freePort();
  const endpoint = `http://127.0.0.1:${port}`;
  let closing = false;
  let crashes = 0;
  let child = launch(binary, port, file, log);

  const watch = (): void => {
    child.once('exit', () => {
      killGroup(child);
      if (closing) return;
      crashes += 1;
      const givenUp = crashes > RESTARTS_AT_MOST;
      onCrash(
        givenUp ? 'The database crashed again and again.' : 'The database crashed and is started again.',
        givenUp,
      );
      if (givenUp) return;
      child = launch(binary, port, file, log);
      watch();
    });
  };
  watch();
  await untilUp(endpoint, child, log);
  return {
    endpoint,
    close: async () => {
      closing = true;
      const ended = new Promise((done) => child.once('exit', done));
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.stdin?.end();
      await Promise.race([ended, pause(2000, undefined, { ref: false })]);
      killGroup(child);
    },
  };
};
