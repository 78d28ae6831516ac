/** The folder that holds everything that survives a restart, used by one service at a time. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';
import { messageOf, StartError } from './start-error.ts';

export interface StateFolder {
  /** Absolute path of a file in the folder. */
  file(name: string): string;
  close(): void;
}

const SQLITE_BUSY = 5;

const isBusy = (error: unknown): boolean =>
  error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY;

/**
 * Takes the operating system's own lock on a file, by way of SQLite, since Node has no call for it.
 * The kernel lets go of it when the process dies, however it dies, so no lock is ever stale.
 */
const lock = (path: string): DatabaseSync => {
  const held = new DatabaseSync(path, { timeout: 0 });
  try {
    held.exec('PRAGMA journal_mode = MEMORY; PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
    return held;
  } catch (error) {
    held.close();
    throw error;
  }
};

const holderOf = (pidFile: string): string => {
  try {
    return ` (process ${readFileSync(pidFile, 'utf8').trim()})`;
  } catch {
    return '';
  }
};

/** A service that was killed or is ending lets go within this time, milliseconds. */
const PATIENCE_MS = 2000;

const lockPatiently = async (path: string): Promise<DatabaseSync> => {
  const giveUpAt = Date.now() + PATIENCE_MS;
  for (;;) {
    try {
      return lock(path);
    } catch (error) {
      if (!isBusy(error) || Date.now() > giveUpAt) throw error;
      await pause(50);
    }
  }
};

/** @throws StartError when another service uses the folder, or it cannot be written. */
export const openStateFolder = async (path: string): Promise<StateFolder> => {
  const file = (name: string): string => join(path, name);
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    const held = await lockPatiently(file('lock'));
    writeFileSync(file('pid'), `${process.pid}\n`);
    return { file, close: () => held.close() };
  } catch (cause) {
    if (isBusy(cause)) {
      throw new StartError(
        `Brevet already runs on the state folder ${path}${holderOf(file('pid'))}.\n` +
          'Stop it first, or set BREVET_STATE_DIR (and the ports) to run another one beside it.',
      );
    }
    throw new StartError(`The state folder ${path} cannot be used: ${messageOf(cause)}. Set BREVET_STATE_DIR.`, {
      cause,
    });
  }
};
