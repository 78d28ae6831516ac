/** What the rounds came to: a record for programs, a summary for people, a table for the page. */
import { counted, tableOf } from '../reliability/page.ts';
import type { Lateness } from './watch.ts';

export interface Round {
  readonly asked: number;
  readonly restartMs: number;
  /** Assignments that Brevet had made and that were there when it came up again. */
  readonly thereAtRestart: number;
}

export interface Figures {
  readonly seed: string;
  readonly rounds: number;
  readonly standIn: string;
  readonly sweepSeconds: number;
  readonly seconds: number;
  readonly asked: number;
  readonly thereAtRestarts: number;
  readonly longestRestartMs: number;
  /** Requests by the status in which they ended. */
  readonly ended: Readonly<Record<string, number>>;
  /** Endings that a look found late, by how late they were, restarts not counted; each number includes the one before. */
  readonly lateWithinSeconds: Readonly<Record<number, number>>;
  readonly lateEndings: number;
  readonly latestMs: number;
  readonly latestWithoutRestartsMs: number;
  readonly problems: readonly string[];
}

const WITHIN_SECONDS = [1, 6, 31, 61] as const;

export const figuresOf = (
  about: Pick<Figures, 'seed' | 'standIn' | 'sweepSeconds' | 'seconds' | 'ended' | 'problems'>,
  rounds: readonly Round[],
  latenesses: readonly Lateness[],
): Figures => {
  const net = latenesses.map(({ ms, downMs }) => ms - downMs);
  const within = (seconds: number): number => net.filter((ms) => ms <= seconds * 1000).length;
  return {
    ...about,
    rounds: rounds.length,
    asked: rounds.reduce((sum, { asked }) => sum + asked, 0),
    thereAtRestarts: rounds.reduce((sum, { thereAtRestart }) => sum + thereAtRestart, 0),
    longestRestartMs: Math.max(0, ...rounds.map(({ restartMs }) => restartMs)),
    lateWithinSeconds: Object.fromEntries(WITHIN_SECONDS.map((seconds) => [seconds, within(seconds)])),
    lateEndings: net.length,
    latestMs: Math.max(0, ...latenesses.map(({ ms }) => ms)),
    latestWithoutRestartsMs: Math.max(0, ...net),
  };
};

const rowsOf = (figures: Figures): readonly (readonly [string, string])[] => [
  ['rounds: load, `kill -9`, start again', counted(figures.rounds)],
  ['requests accepted under load', counted(figures.asked)],
  ['assignments there at a restart, all rounds', counted(figures.thereAtRestarts)],
  ['longest restart, from the kill to the first answer', `${counted(figures.longestRestartMs)} ms`],
  [
    'requests by how they ended',
    Object.entries(figures.ended)
      .map(([how, count]) => `${how} ${counted(count)}`)
      .join(', '),
  ],
  ['endings that a look found late', counted(figures.lateEndings)],
  ...Object.entries(figures.lateWithinSeconds).map(
    ([seconds, count]) => [`of them late by at most ${seconds} s, restarts not counted`, counted(count)] as const,
  ),
  ['latest ending, restarts not counted', `${counted(figures.latestWithoutRestartsMs)} ms`],
  ['latest ending, restarts counted', `${counted(figures.latestMs)} ms`],
  ['leaks, losses, broken chains, endings beyond the bound', counted(figures.problems.length)],
  ['a sweep every', `${figures.sweepSeconds} s`],
  ['minutes that it took', counted(Math.round(figures.seconds / 60))],
];

export const tableFor = (figures: Figures): string => tableOf(['figure', 'value'], rowsOf(figures));

export const inLines = (figures: Figures): string =>
  rowsOf(figures)
    .map(([what, value]) => `${what}: ${value}`)
    .join('\n');
