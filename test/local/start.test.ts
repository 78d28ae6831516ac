/** Starting the service as a user does, and what is said when it cannot start. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { eventually } from './fake-functions.ts';

interface Run {
  readonly child: ChildProcess;
  readonly output: () => string;
  readonly exited: Promise<number | null>;
}

let folder: string;
let runs: Run[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'brevet-start-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));
beforeEach(() => {
  runs = [];
});
afterEach(async () => {
  for (const { child, exited } of runs) {
    child.kill('SIGKILL');
    await exited;
  }
});

const start = (variables: Readonly<Record<string, string>> = {}): Run => {
  const child = spawn(process.execPath, ['local/main.ts'], {
    env: {
      PATH: process.env.PATH,
      BREVET_PORT: '0',
      BREVET_AWS_PORT: '0',
      BREVET_MAIL_PORT: '0',
      BREVET_STATE_DIR: join(folder, 'state'),
      BREVET_STAND_IN: 'quick',
      ...variables,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
  }
  const run = {
    child,
    output: () => output,
    exited: new Promise<number | null>((done) => child.once('exit', done)),
  };
  runs.push(run);
  return run;
};

const refused = async (variables: Readonly<Record<string, string>>): Promise<{ code: number | null; said: string }> => {
  const run = start(variables);
  const code = await run.exited;
  await new Promise((done) => setTimeout(done, 20));
  return { code, said: run.output() };
};

const running = async (run: Run): Promise<Run> => {
  const ended = run.exited.then(() => Promise.reject(new Error(run.output())));
  await Promise.race([eventually(() => (run.output().includes('Ctrl-C ends it.') ? true : undefined)), ended]);
  return run;
};

/** The line of `/proc/<pid>/cmdline` of every database that works on this state. */
const databases = async (): Promise<number[]> => {
  const listed = spawn('ps', ['-eo', 'pid=,args='], { stdio: ['ignore', 'pipe', 'ignore'] });
  let text = '';
  for await (const chunk of listed.stdout) text += String(chunk);
  return text
    .split('\n')
    .filter((line) => /^\s*\d+ \S*dynoxide serve /.test(line) && line.includes(folder))
    .map((line) => Number.parseInt(line, 10));
};

test('it says what runs where, refuses a second start, and takes the database along when it is killed', async () => {
  const first = await running(start());
  expect(first.output()).toMatch(/people {3}http:\/\/127\.0\.0\.1:\d+/);
  expect(first.output()).toMatch(/mail {5}http:\/\/127\.0\.0\.1:\d+ +what people were mailed/);
  expect(first.output()).toContain('npx brevet local profile');
  expect(await databases()).toHaveLength(1);

  const second = await refused({});
  expect(second.code).toBe(1);
  expect(second.said).toContain(
    `Brevet already runs on the state folder ${join(folder, 'state')} (process ${first.child.pid})`,
  );

  first.child.kill('SIGKILL');
  await first.exited;
  await eventually(async () => ((await databases()).length === 0 ? true : undefined));

  const third = await running(start());
  third.child.kill('SIGINT');
  expect(await third.exited).toBe(0);
  expect(third.output()).toContain('Ended.');
  expect(await databases()).toEqual([]);
}, 60_000);

test('it starts its database again when that is killed', async () => {
  const run = await running(start({ BREVET_STATE_DIR: join(folder, 'crash') }));
  const [database] = await databases();
  process.kill(Number(database), 'SIGKILL');
  await eventually(() => (run.output().includes('The database crashed and is started again.') ? true : undefined));
  const [other] = await eventually(async () => {
    const found = await databases();
    return found.length === 1 ? found : undefined;
  });
  expect(other).not.toBe(database);
});

test('a taken port is named, with the setting that chooses another', async () => {
  const taken = createServer();
  await new Promise<void>((listening) => taken.listen(0, '127.0.0.1', listening));
  const { port } = taken.address() as AddressInfo;
  const { code, said } = await refused({ BREVET_PORT: String(port), BREVET_STATE_DIR: join(folder, 'taken') });
  taken.close();
  expect(code).toBe(1);
  expect(said).toContain(
    `Port ${port} is taken by another program. Stop that program, or set BREVET_PORT to a free port.`,
  );
});

test('a value that does not fit ends with 2', async () => {
  const { code, said } = await refused({ BREVET_PORT: 'web' });
  expect([code, said.trim()]).toEqual([2, 'BREVET_PORT="web" must be a whole number from 0 to 65535']);
});

test('a policy that does not fit is refused with file and place', async () => {
  const settings = await readFile('local/settings.yaml', 'utf8');
  const policy = await readFile('local/policy.yaml', 'utf8');
  await writeFile(join(folder, 'brevet.yaml'), settings);
  await writeFile(join(folder, 'policy.yaml'), policy.replace('max_duration: 4h', 'max_duration: forever'));
  const { code, said } = await refused({ BREVET_SETTINGS: join(folder, 'brevet.yaml') });
  expect(code).toBe(2);
  expect(said).toContain(join(folder, 'policy.yaml'));
  expect(said).toContain('entitlements.0.max_duration: "forever" is no duration');
});

test('limits that no timer of this machine can keep are refused', async () => {
  const settings = await readFile('local/settings.yaml', 'utf8');
  await writeFile(join(folder, 'long.yaml'), `${settings}limits: { start_ahead: 40d }\n`);
  await writeFile(join(folder, 'policy.yaml'), await readFile('local/policy.yaml', 'utf8'));
  const { code, said } = await refused({ BREVET_SETTINGS: join(folder, 'long.yaml') });
  expect(code).toBe(2);
  expect(said).toContain('limits.start_ahead is 40 days; on one machine at most 24 days work.');
});

test('a seed that is not there is refused', async () => {
  const { code, said } = await refused({ BREVET_SEED: join(folder, 'nowhere.yaml') });
  expect(code).toBe(2);
  expect(said).toContain('nowhere.yaml');
});

test('another database that does not answer is named', async () => {
  const nobody = 'http://127.0.0.1:9';
  const { code, said } = await refused({ BREVET_DYNAMODB_ENDPOINT: nobody, BREVET_STATE_DIR: join(folder, 'remote') });
  expect(code).toBe(1);
  expect(said).toContain(`The database at ${nobody} does not do what is asked`);
});
