/** Starts the whole service as a user would, and drives it with the built command line and the unmodified AWS SDK. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { ListAccountAssignmentsCommand, SSOAdminClient } from '@aws-sdk/client-sso-admin';

const ROOT = resolve(import.meta.dirname, '../..');
const CLI = join(ROOT, 'dist/brevet.mjs');
const READY_WITHIN_MS = 60_000;

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Service {
  readonly endpoint: string;
  readonly awsEndpoint: string;
  /** Where the mail is shown; answers only with settings that have `mail`. */
  readonly mailEndpoint: string;
  readonly stateFolder: string;
  /** Runs `brevet` as that person. */
  brevet(person: string, ...words: readonly string[]): Promise<Ran>;
  /** The same with `--json`, its output read. */
  json<Answer>(person: string, ...words: readonly string[]): Promise<{ code: number; answer: Answer; stderr: string }>;
  kill9(): Promise<void>;
  start(): Promise<void>;
  /** Asks the service to end, as Ctrl-C does; resolves with its exit code. */
  interrupt(): Promise<number | null>;
  dispose(): Promise<void>;
  output(): string;
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

const run = (command: string, words: readonly string[], env: NodeJS.ProcessEnv): Promise<Ran> =>
  new Promise((done, failed) => {
    const child = spawn(command, words, { env, cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk.toString();
    });
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString();
    });
    child.on('error', failed);
    child.on('close', (code) => done({ code: code ?? -1, stdout, stderr }));
  });

const ended = (child: ChildProcess): Promise<number | null> =>
  child.exitCode !== null || child.signalCode !== null
    ? Promise.resolve(child.exitCode)
    : new Promise((done) => child.once('exit', (code) => done(code)));

const answers = async (url: string): Promise<boolean> => {
  try {
    return (await fetch(url)).ok;
  } catch {
    return false;
  }
};

/** Polls until the check gives something; @throws with the last words of the service when it never does. */
export const eventually = async <Found>(
  check: () => Promise<Found | undefined | false>,
  withinMs: number,
  otherwise: () => string = () => 'it never came true',
): Promise<Found> => {
  const until = Date.now() + withinMs;
  for (;;) {
    const found = await check();
    if (found) return found;
    if (Date.now() > until) throw new Error(`after ${withinMs} ms: ${otherwise()}`);
    await new Promise((done) => setTimeout(done, 200));
  }
};

export const createService = async (more: Readonly<Record<string, string>> = {}): Promise<Service> => {
  const stateFolder = await mkdtemp(join(tmpdir(), 'brevet-e2e-'));
  const [port, awsPort, mailPort] = [await freePort(), await freePort(), await freePort()];
  const endpoint = `http://127.0.0.1:${port}`;
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    BREVET_PORT: String(port),
    BREVET_AWS_PORT: String(awsPort),
    BREVET_MAIL_PORT: String(mailPort),
    BREVET_STATE_DIR: stateFolder,
    BREVET_SETTINGS: join(import.meta.dirname, 'settings.yaml'),
    BREVET_STAND_IN: 'quick',
    BREVET_SWEEP_SECONDS: '2',
    ...more,
  };
  let child: ChildProcess | undefined;
  let said = '';

  const profileVariables = async (): Promise<NodeJS.ProcessEnv> => {
    const { stdout, stderr, code } = await run(process.execPath, [CLI, 'local', 'profile'], env);
    if (code !== 0) throw new Error(`brevet local profile: ${stderr}`);
    const exported = [...stdout.matchAll(/^export (\w+)=['"]?([^'"\n]*)['"]?$/gm)];
    return Object.fromEntries(exported.map(([, name, value]) => [name, value]));
  };
  let profiles: NodeJS.ProcessEnv | undefined;

  const brevet = async (person: string, ...words: readonly string[]): Promise<Ran> => {
    profiles ??= await profileVariables();
    return run(process.execPath, [CLI, ...words], { ...env, ...profiles, AWS_PROFILE: person, NO_COLOR: '1' });
  };

  const service: Service = {
    endpoint,
    awsEndpoint: `http://127.0.0.1:${awsPort}`,
    mailEndpoint: `http://127.0.0.1:${mailPort}`,
    stateFolder,
    brevet,
    json: async <Answer>(person: string, ...words: readonly string[]) => {
      const { code, stdout, stderr } = await brevet(person, ...words, '--json');
      return { code, answer: JSON.parse(stdout) as Answer, stderr };
    },
    kill9: async () => {
      child?.kill('SIGKILL');
      if (child) await ended(child);
    },
    start: async () => {
      const started = spawn(process.execPath, ['local/main.ts'], { env, cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
      child = started;
      for (const stream of [started.stdout, started.stderr]) {
        stream.on('data', (chunk: Buffer) => {
          said += chunk.toString();
        });
      }
      await eventually(
        async () => (started.exitCode === null ? answers(endpoint) : Promise.reject(new Error(`it ended: ${said}`))),
        READY_WITHIN_MS,
        () => said,
      );
    },
    interrupt: async () => {
      child?.kill('SIGINT');
      return child ? ended(child) : null;
    },
    dispose: async () => {
      child?.kill('SIGKILL');
      if (child) await ended(child);
      await rm(stateFolder, { recursive: true, force: true });
    },
    output: () => said,
  };
  await service.start();
  return service;
};

/** What Identity Center says, asked with the unmodified SDK as any AWS client would. */
export const createEyes = (service: Service, seed: { region: string; instanceArn: string }) => {
  const client = new SSOAdminClient({
    region: seed.region,
    endpoint: service.awsEndpoint,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  return {
    client,
    isAssigned: async (accountId: string, permissionSetArn: string, userId: string): Promise<boolean> => {
      const command = new ListAccountAssignmentsCommand({
        InstanceArn: seed.instanceArn,
        AccountId: accountId,
        PermissionSetArn: permissionSetArn,
      });
      const { AccountAssignments = [] } = await client.send(command);
      return AccountAssignments.some(
        ({ PrincipalId, PrincipalType }) => PrincipalType === 'USER' && PrincipalId === userId,
      );
    },
  };
};

export const logOf = (service: Service): Promise<string> => readFile(join(service.stateFolder, 'brevet.log'), 'utf8');
