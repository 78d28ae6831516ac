/** Lets one command at a time do something; one that died in the middle does not hold up the others for ever. */
import { mkdir, open, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/** Longer than anything that is done so may take. */
const STALE_MS = 60_000;
const PAUSE_MS = 50;

const isTaken = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'EEXIST';

const claim = async (path: string): Promise<void> => {
  for (;;) {
    try {
      await (await open(path, 'wx', 0o600)).close();
      return;
    } catch (error) {
      if (!isTaken(error)) throw error;
      const since = (await stat(path).catch(() => undefined))?.mtimeMs ?? Date.now();
      if (Date.now() - since > STALE_MS) await rm(path, { force: true });
      else await pause(PAUSE_MS);
    }
  }
};

/** @param path a file that is there meanwhile */
export const oneAtATime = async <Result>(path: string, work: () => Promise<Result>): Promise<Result> => {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await claim(path);
  try {
    return await work();
  } finally {
    await rm(path, { force: true });
  }
};
