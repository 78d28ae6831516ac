/** What completion has learned from the service, kept for a few minutes in the user's cache folder. */
import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import * as z from 'zod';
import type { CommonFlags } from '../context.ts';
import type { Environment } from '../terminal.ts';
import type { Candidate } from './wanted.ts';

const kept = z.object({
  at: z.number(),
  candidates: z.array(z.object({ value: z.string(), about: z.string().optional() })),
});

export interface Kept {
  readonly candidates: readonly Candidate[];
  readonly ageMs: number;
}

export const cacheFolder = (env: Environment): string => {
  const base =
    env.XDG_CACHE_HOME || (process.platform === 'win32' && env.LOCALAPPDATA) || join(env.HOME || homedir(), '.cache');
  return join(base, 'brevet');
};

/** Everything that decides whom the service takes the caller for, and which service that is. */
const DECIDING = [
  'BREVET_ENDPOINT',
  'BREVET_PROFILE',
  'BREVET_AUTH',
  'AWS_PROFILE',
  'AWS_CONFIG_FILE',
  'AWS_SHARED_CREDENTIALS_FILE',
  'AWS_ACCESS_KEY_ID',
] as const;

/** NB. What one person may ask for is not shown to another who uses the same machine account. */
const pathOf = (what: string, flags: CommonFlags, env: Environment): string => {
  const whose = [flags, ...DECIDING.map((name) => env[name])];
  const name = createHash('sha256').update(JSON.stringify(whose)).digest('hex').slice(0, 32);
  return join(cacheFolder(env), `${what}-${name}.json`);
};

const ageOf = async (path: string, now: number): Promise<number> => {
  try {
    return now - (await stat(path)).mtimeMs;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
};

/** Whether nobody else has begun to fetch that within so many milliseconds; from now on, somebody has. */
export const claimFetch = async (
  what: string,
  flags: CommonFlags,
  env: Environment,
  now: number,
  lastsMs: number,
): Promise<boolean> => {
  const mark = `${pathOf(what, flags, env)}.fetching`;
  if ((await ageOf(mark, now)) < lastsMs) return false;
  await mkdir(dirname(mark), { recursive: true, mode: 0o700 });
  await writeFile(mark, '', { mode: 0o600 });
  return true;
};

/** Undefined when there is nothing, or nothing that can be read. */
export const readKept = async (
  what: string,
  flags: CommonFlags,
  env: Environment,
  now: number,
): Promise<Kept | undefined> => {
  try {
    const { at, candidates } = kept.parse(JSON.parse(await readFile(pathOf(what, flags, env), 'utf8')));
    return {
      candidates: candidates.map(({ value, about }) => ({ value, ...(about ? { about } : {}) })),
      ageMs: now - at,
    };
  } catch {
    return undefined;
  }
};

export const keep = async (
  what: string,
  candidates: readonly Candidate[],
  flags: CommonFlags,
  env: Environment,
  now: number,
): Promise<void> => {
  const path = pathOf(what, flags, env);
  const fresh = `${path}.${process.pid}`;
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await writeFile(fresh, JSON.stringify({ at: now, candidates }), { mode: 0o600 });
  await rename(fresh, path);
};
