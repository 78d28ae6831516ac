/** How long `npm start` takes until somebody who signs a call gets an answer. */
import { type ChildProcess, spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { createClient } from './client.ts';
import { ended, type LocalService, ROOT } from './local-service.ts';
import { type Effort, fixed, type Section, table } from './report.ts';
import { median } from './statistics.ts';
import { makeFolder, removeFolder } from './temporary-folder.ts';

const RUNS = { quick: 5, full: 9 };
const TARGET_SECONDS = 5;
const PATIENCE_MS = 60_000;

const freePort = (): Promise<number> =>
  new Promise((done, failed) => {
    const server = createServer();
    server.once('error', failed);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => (address && typeof address === 'object' ? done(address.port) : failed(new Error('no port'))));
    });
  });

interface Answered {
  /** Until the page at `/` answers, seconds. */
  readonly page: number;
  /** Until a signed call is answered, seconds. */
  readonly call: number;
}

const answers = async (url: string): Promise<boolean> =>
  fetch(url).then(
    ({ ok }) => ok,
    () => false,
  );

/** Written a moment after the page answers; the file of an earlier start has the same keys. */
const readPeople = async (path: string): Promise<Pick<LocalService, 'awsEndpoint' | 'people'>> => {
  for (;;) {
    try {
      return JSON.parse(await readFile(path, 'utf8'));
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
      await pause(10);
    }
  }
};

const untilAnswered = async (endpoint: string, folder: string, child: ChildProcess): Promise<Answered> => {
  const since = performance.now();
  const seconds = (): number => (performance.now() - since) / 1000;
  while (!(await answers(endpoint))) {
    if (child.exitCode !== null || seconds() * 1000 > PATIENCE_MS) throw new Error('npm start gives no answer');
    await pause(10);
  }
  const page = seconds();
  const { awsEndpoint, people } = await readPeople(join(folder, 'people.json'));
  const client = await createClient({ endpoint, awsEndpoint, people });
  await client.me('maria');
  return { page, call: seconds() };
};

/** As a person does it: through npm, ended with Ctrl-C. */
const oneStart = async (folder: string): Promise<Answered> => {
  const [port, awsPort] = [await freePort(), await freePort()];
  const child = spawn('npm', ['start'], {
    cwd: ROOT,
    stdio: 'ignore',
    detached: true,
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      BREVET_PORT: String(port),
      BREVET_AWS_PORT: String(awsPort),
      BREVET_MAIL_PORT: '0',
      BREVET_STATE_DIR: folder,
    },
  });
  // The whole group, as a terminal sends it.
  const interrupt = (): void => {
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGINT');
  };
  process.once('exit', interrupt);
  try {
    return await untilAnswered(`http://127.0.0.1:${port}`, folder, child);
  } finally {
    interrupt();
    await ended(child);
    process.off('exit', interrupt);
  }
};

const row = (name: string, runs: readonly Answered[]): (string | number)[] => {
  const calls = runs.map(({ call }) => call);
  return [
    name,
    fixed(median(runs.map(({ page }) => page)), 2),
    fixed(median(calls), 2),
    fixed(Math.max(...calls), 2),
    String(TARGET_SECONDS),
  ];
};

export const measureStart = async ({ quick, say }: Effort): Promise<Section> => {
  const runs = quick ? RUNS.quick : RUNS.full;
  const fresh: Answered[] = [];
  const existing: Answered[] = [];
  for (let run = 0; run < runs; run += 1) {
    const folder = makeFolder();
    fresh.push(await oneStart(folder));
    existing.push(await oneStart(folder));
    removeFolder(folder);
    say(`start ${run + 1}/${runs}`);
  }
  const text = [
    `\`npm start\`, ${runs} times on a fresh state folder and ${runs} times on one that exists, in seconds from the command to the answer. The first call waits for the policy and the groups to be read.`,
    table(
      ['seconds', 'page, median', 'signed call, median', 'signed call, longest', 'target'],
      [row('fresh state folder', fresh), row('existing state folder', existing)],
    ),
  ].join('\n\n');
  return { title: 'From npm start to the first answer', text };
};
