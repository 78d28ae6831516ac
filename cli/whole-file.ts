/** Changes a text file whole or not at all: whoever reads it meanwhile sees the old one or the new one. */
import { chmod, lstat, mkdir, open, readFile, readlink, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const hasCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code;

const unlessMissing = async <Value>(found: Promise<Value>): Promise<Value | undefined> => {
  try {
    return await found;
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
};

/** Empty for a file that is not there yet. */
export const readWhole = async (path: string): Promise<string> => (await unlessMissing(readFile(path, 'utf8'))) ?? '';

/** More links than anybody has behind one another. */
const MOST_LINKS = 40;

/** The file itself, so that a link to it stays a link; it need not be there yet. */
const behindLinks = async (path: string): Promise<string> => {
  let found = path;
  for (let links = 0; links < MOST_LINKS; links += 1) {
    const info = await unlessMissing(lstat(found));
    if (!info?.isSymbolicLink()) return found;
    found = resolve(dirname(found), await readlink(found));
  }
  throw new Error(`${path} leads through more than ${MOST_LINKS} links`);
};

const PATIENCE_MS = 5000;
const PAUSE_MS = 25;

const ageMs = async (path: string): Promise<number> => Date.now() - ((await unlessMissing(stat(path)))?.mtimeMs ?? 0);

/** The new text is written beside the file; while it is there, others wait. One that a crash left behind is taken over. */
const claim = async (fresh: string): Promise<void> => {
  for (;;) {
    try {
      await (await open(fresh, 'wx', 0o600)).close();
      return;
    } catch (error) {
      if (!hasCode(error, 'EEXIST')) throw error;
      if ((await ageMs(fresh)) > PATIENCE_MS) await rm(fresh, { force: true });
      else await pause(PAUSE_MS);
    }
  }
};

const replace = async (target: string, fresh: string, text: string): Promise<void> => {
  const mode = (await unlessMissing(stat(target)))?.mode;
  await writeFile(fresh, text);
  // The mode of a file that is there stays; a new one is its owner's alone.
  if (mode !== undefined) await chmod(fresh, mode & 0o777);
  await rename(fresh, target);
};

/** Writes what the change makes of the text; nothing when that is the same. What the change throws leaves all as it was. */
export const changeFile = async (path: string, change: (text: string) => string): Promise<void> => {
  const target = await behindLinks(path);
  const fresh = `${target}.brevet-new`;
  await mkdir(dirname(target), { recursive: true, mode: 0o700 });
  await claim(fresh);
  try {
    const before = await readWhole(target);
    const after = change(before);
    if (after !== before) await replace(target, fresh, after);
  } finally {
    await rm(fresh, { force: true });
  }
};
