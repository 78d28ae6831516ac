/** Telling people what went wrong, which fails at times: nothing else may notice (law 11). */
import { neverInTheWay } from '../../lambda/adapters/log-reporter.ts';
import type { Reporter } from '../../lambda/ports/reporter.ts';
import type { Chance } from './chance.ts';

export class TellingFailed extends Error {
  override readonly name = 'TellingFailed';
}

interface Parts {
  readonly chance: Chance;
  readonly isCalm: () => boolean;
  readonly note: (what: string) => void;
  /** Hears it in any case: what fails here is the answer, so that whoever should be told is. */
  readonly hear: Reporter['warn'];
}

const FAILING = 0.1;

/** With the guard that the deployed functions have. */
export const createTelling = ({ chance, isCalm, note, hear }: Parts): Reporter =>
  neverInTheWay({
    warn: (message, fields) => {
      hear(message, fields);
      if (isCalm() || !chance.happens(FAILING)) return;
      note('telling failed');
      throw new TellingFailed();
    },
  });
