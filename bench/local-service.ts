/** Starts the local service as `npm start` does, in a folder of its own, with or without the recording of calls. */
import { type ChildProcess, spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { RECORD_FILE } from './recorded.ts';
import { makeFolder, removeFolder } from './temporary-folder.ts';

export const ROOT = fileURLToPath(new URL('..', import.meta.url));
const HERE = fileURLToPath(new URL('.', import.meta.url));
const READY_WITHIN_MS = 60_000;

export interface LocalService {
  /** Of the API. */
  readonly endpoint: string;
  /** Of the AWS stand-ins. */
  readonly awsEndpoint: string;
  readonly people: readonly BenchPerson[];
  /** What the functions called. */
  readonly recordFile: string;
  /** Where the service keeps its state. */
  readonly stateFolder: string;
  stop(): Promise<void>;
}

export interface BenchPerson {
  readonly userName: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

export const ended = (child: ChildProcess): Promise<void> =>
  child.exitCode !== null || child.signalCode !== null
    ? Promise.resolve()
    : new Promise((done) => child.once('exit', () => done()));

/** Both addresses as the service says them once it answers. */
const untilReady = (child: ChildProcess): Promise<{ endpoint: string; awsEndpoint: string }> =>
  new Promise((ready, failed) => {
    let said = '';
    const late = setTimeout(() => failed(new Error(`the service does not start:\n${said}`)), READY_WITHIN_MS);
    const hear = (chunk: Buffer): void => {
      said += chunk.toString();
      const [, endpoint] = /people\s+(http:\S+)/.exec(said) ?? [];
      const [, awsEndpoint] = /AWS\s+(http:\S+)/.exec(said) ?? [];
      if (endpoint === undefined || awsEndpoint === undefined) return;
      clearTimeout(late);
      ready({ endpoint, awsEndpoint });
    };
    child.stdout?.on('data', hear);
    child.stderr?.on('data', hear);
    child.once('exit', () => {
      clearTimeout(late);
      failed(new Error(`the service ended:\n${said}`));
    });
  });

/** What the service starts with; absent: the bench's own settings, and the organization that everybody starts with. */
export interface ServiceFiles {
  readonly settings?: string;
  readonly seed?: string;
}

/** On free ports of this machine alone, with the bench's own policy. */
export const startLocalService = async (
  standIn: 'realistic' | 'quick',
  { settings = join(HERE, 'settings.yaml'), seed }: ServiceFiles = {},
): Promise<LocalService> => {
  const folder = makeFolder();
  const recordFile = join(folder, 'calls.jsonl');
  const child = spawn(process.execPath, ['--import', join(HERE, 'record-calls.ts'), join(ROOT, 'local/main.ts')], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env.PATH,
      BREVET_PORT: '0',
      BREVET_AWS_PORT: '0',
      BREVET_MAIL_PORT: '0',
      BREVET_STATE_DIR: join(folder, 'state'),
      BREVET_SETTINGS: settings,
      ...(seed === undefined ? {} : { BREVET_SEED: seed }),
      BREVET_STAND_IN: standIn,
      [RECORD_FILE]: recordFile,
      // As under npm, the service ends when whoever started it is gone, however that came.
      npm_lifecycle_event: 'bench',
    },
  });
  const stop = async (): Promise<void> => {
    child.kill('SIGINT');
    await ended(child);
    removeFolder(folder);
  };
  try {
    const addresses = await untilReady(child);
    const stateFolder = join(folder, 'state');
    const { people } = JSON.parse(await readFile(join(stateFolder, 'people.json'), 'utf8'));
    return { ...addresses, people, recordFile, stateFolder, stop };
  } catch (error) {
    await stop();
    throw error;
  }
};
