/** The local service as a process that can be killed with its database and started again where it was. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const ROOT = resolve(import.meta.dirname, '../..');
const READY_WITHIN_MS = 60_000;

export interface Keys {
  readonly userName: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

export interface KilledService {
  readonly endpoint: string;
  readonly awsEndpoint: string;
  readonly stateFolder: string;
  people(): Promise<readonly Keys[]>;
  /** Resolves when it answers. @returns how long that took, milliseconds. */
  start(): Promise<number>;
  /** `kill -9`, and of its database too if so wished: else that sees its pipe close and ends. */
  kill9(withDatabase: boolean): Promise<void>;
  dispose(): Promise<void>;
}

const freePort = (): Promise<number> =>
  new Promise((done, failed) => {
    const server = createServer();
    server.on('error', failed);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => (typeof address === 'object' && address ? done(address.port) : failed(new Error('no port'))));
    });
  });

const ended = (child: ChildProcess): Promise<void> =>
  child.exitCode !== null || child.signalCode !== null
    ? Promise.resolve()
    : new Promise((done) => child.once('exit', () => done()));

const childrenOf = async (pid: number): Promise<readonly number[]> => {
  try {
    const text = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8');
    return text.split(' ').filter(Boolean).map(Number);
  } catch {
    return [];
  }
};

/** The database is the one child that leads a process group of its own. */
const killGroup = (pid: number): void => {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It leads no group, or is gone.
  }
};

export const createKilledService = async (
  standIn: 'quick' | 'realistic',
  sweepSeconds: number,
): Promise<KilledService> => {
  const stateFolder = await mkdtemp(join(tmpdir(), 'brevet-crash-'));
  const [port, awsPort] = [await freePort(), await freePort()];
  const endpoint = `http://127.0.0.1:${port}`;
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    BREVET_PORT: String(port),
    BREVET_AWS_PORT: String(awsPort),
    BREVET_MAIL_PORT: '0',
    BREVET_STATE_DIR: stateFolder,
    BREVET_SETTINGS: join(import.meta.dirname, 'settings.yaml'),
    BREVET_STAND_IN: standIn,
    BREVET_SWEEP_SECONDS: String(sweepSeconds),
  };
  let child: ChildProcess | undefined;
  let said = '';

  // Its database sees its pipe close, and ends with it.
  process.once('exit', () => child?.kill('SIGKILL'));

  const untilReady = async (started: ChildProcess): Promise<void> => {
    for (const until = Date.now() + READY_WITHIN_MS; Date.now() < until; ) {
      if (started.exitCode !== null) throw new Error(`the service ended: ${said}`);
      if (
        await fetch(endpoint).then(
          ({ ok }) => ok,
          () => false,
        )
      )
        return;
      await pause(50);
    }
    throw new Error(`the service does not start: ${said}`);
  };
  const kill9 = async (withDatabase: boolean): Promise<void> => {
    if (!child?.pid) return;
    const children = withDatabase ? await childrenOf(child.pid) : [];
    child.kill('SIGKILL');
    for (const pid of children) killGroup(pid);
    await ended(child);
  };

  return {
    endpoint,
    awsEndpoint: `http://127.0.0.1:${awsPort}`,
    stateFolder,
    people: async () => {
      const text = await readFile(join(stateFolder, 'people.json'), 'utf8');
      return (JSON.parse(text) as { readonly people: readonly Keys[] }).people;
    },
    start: async () => {
      const began = Date.now();
      said = '';
      const started = spawn(process.execPath, ['local/main.ts'], { env, cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
      child = started;
      for (const stream of [started.stdout, started.stderr]) {
        stream.on('data', (chunk: Buffer) => {
          said += chunk.toString();
        });
      }
      await untilReady(started);
      return Date.now() - began;
    },
    kill9,
    dispose: async () => {
      await kill9(true);
      await rm(stateFolder, { recursive: true, force: true });
    },
  };
};
