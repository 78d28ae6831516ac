/** Reads what people wrote: the seed, the settings, the policy; and refuses what cannot work on this machine. */

import type { Limits } from '../lambda/contract/limits.ts';
import { limitsFrom } from '../lambda/contract/settings.ts';
import { type Configuration, readConfiguration as readSettings, SettingsError } from '../lib/settings-file.ts';
import { readSeed, type Seed } from './seed/seed.ts';
import { BAD_VALUE, messageOf, StartError } from './start-error.ts';
import { LONGEST_TIMER_SECONDS } from './step-functions/definition.ts';

export interface LocalConfiguration extends Configuration {
  readonly seed: Seed;
  readonly limits: Limits;
}

const DAY_SECONDS = 24 * 60 * 60;

/** The longest that a workflow may wait in one state; the interpreter's timers go no further, and some slack comes on top. */
const LONGEST_WAIT_DAYS = Math.floor(LONGEST_TIMER_SECONDS / DAY_SECONDS);

const refuseLongWaits = (path: string, limits: Limits): void => {
  const waits = {
    pending_expiry: limits.pendingExpirySeconds,
    time_to_grant: limits.timeToGrantSeconds,
    start_ahead: limits.startAheadSeconds,
    longest_duration: limits.longestDurationSeconds,
  };
  for (const [name, seconds] of Object.entries(waits)) {
    if (seconds <= LONGEST_WAIT_DAYS * DAY_SECONDS) continue;
    throw new StartError(
      `${path}: limits.${name} is ${seconds / DAY_SECONDS} days; on one machine at most ${LONGEST_WAIT_DAYS} days work.`,
      { exitCode: BAD_VALUE },
    );
  }
};

/** @throws StartError naming the file, and every place in it that does not fit. */
export const readConfiguration = async (settingsFile: string, seedFile: string): Promise<LocalConfiguration> => {
  const seed = await readSeed(seedFile).catch((cause: unknown) => {
    const isMissing = cause instanceof Error && 'code' in cause;
    const message = isMissing ? `The seed cannot be read: ${messageOf(cause)}` : messageOf(cause);
    throw new StartError(message, { exitCode: BAD_VALUE, cause });
  });
  try {
    const configuration = readSettings(settingsFile);
    const limits = limitsFrom(configuration.settings);
    refuseLongWaits(settingsFile, limits);
    return { ...configuration, seed, limits };
  } catch (cause) {
    if (!(cause instanceof SettingsError)) throw cause;
    throw new StartError(cause.message, { exitCode: BAD_VALUE, cause });
  }
};
