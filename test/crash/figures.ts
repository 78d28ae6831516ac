/** What the rounds came to: a record for programs, a summary for people, a table for the page. */
import { counted, tableOf } from '../reliability/page.ts';
import type { Lateness } from './watch.ts';

export interface Round {
  readonly asked: number;
  readonly restartMs: number;
  /** Assignments that Brevet had made and that were there at the last look before the kill. */
  readonly thereAtKill: number;
}

export interface Figures {
  readonly seed: string;
  readonly rounds: number;
  readonly standIn: string;
  readonly sweepSeconds: number;
  readonly seconds: number;
  readonly asked: number;
  readonly thereAtKills: number;
  readonly longestRestartMs: number;
  /** Requests by the status in which they ended. */
  readonly ended: Readonly<Record<string, number>>;
  /** Endings that a look found late, with at most one kill meanwhile; then those of them up to so late, restarts not counted. */
  readonly lateEndings: number;
  readonly lateWithinSeconds: Readonly<Record<number, number>>;
  /** The latest of them, with the restart and without it. */
  readonly latestMs: number;
  readonly latestWithoutRestartMs: number;
  /** Endings that were late while the service was killed more than once, and the latest of them, all restarts counted. */
  readonly killedOverLateEndings: number;
  readonly latestKilledOverMs: number;
  readonly problems: readonly string[];
}

const WITHIN_SECONDS = [1, 6, 31, 61] as const;

export const figuresOf = (
  about: Pick<Figures, 'seed' | 'standIn' | 'sweepSeconds' | 'seconds' | 'ended' | 'problems'>,
  rounds: readonly Round[],
  latenesses: readonly Lateness[],
): Figures => {
  const once = latenesses.filter(({ kills }) => kills <= 1);
  const over = latenesses.filter(({ kills }) => kills > 1);
  const net = once.map(({ ms, downMs }) => ms - downMs);
  const latest = (some: readonly Lateness[]): number => Math.max(0, ...some.map(({ ms }) => ms));
  const within = (seconds: number): number => net.filter((ms) => ms <= seconds * 1000).length;
  return {
    ...about,
    rounds: rounds.length,
    asked: rounds.reduce((sum, { asked }) => sum + asked, 0),
    thereAtKills: rounds.reduce((sum, { thereAtKill }) => sum + thereAtKill, 0),
    longestRestartMs: Math.max(0, ...rounds.map(({ restartMs }) => restartMs)),
    lateWithinSeconds: Object.fromEntries(WITHIN_SECONDS.map((seconds) => [seconds, within(seconds)])),
    lateEndings: net.length,
    latestMs: latest(once),
    latestWithoutRestartMs: Math.max(0, ...net),
    killedOverLateEndings: over.length,
    latestKilledOverMs: latest(over),
  };
};

const rowsOf = (figures: Figures): readonly (readonly [string, string])[] => [
  ['rounds: load, `kill -9`, start again', counted(figures.rounds)],
  ['requests accepted under load', counted(figures.asked)],
  ['assignments there at a kill, all rounds together', counted(figures.thereAtKills)],
  ['longest restart, from the kill to the first answer', `${counted(figures.longestRestartMs)} ms`],
  [
    'requests by how they ended',
    Object.entries(figures.ended)
      .map(([how, count]) => `${how} ${counted(count)}`)
      .join(', '),
  ],
  ['endings found late, with one kill meanwhile or none', counted(figures.lateEndings)],
  ...Object.entries(figures.lateWithinSeconds).map(
    ([seconds, count]) => [`of them late by at most ${seconds} s, the restart not counted`, counted(count)] as const,
  ),
  ['the latest of them, the restart not counted', `${counted(figures.latestWithoutRestartMs)} ms`],
  ['the latest of them, the restart counted', `${counted(figures.latestMs)} ms`],
  ['endings found late, with several kills meanwhile', counted(figures.killedOverLateEndings)],
  ['the latest of them, all restarts counted', `${counted(figures.latestKilledOverMs)} ms`],
  ['leaks, losses, broken chains, endings beyond the bound', counted(figures.problems.length)],
  ['a sweep every', `${figures.sweepSeconds} s`],
  ['minutes that it took', counted(Math.round(figures.seconds / 60))],
];

export const tableFor = (figures: Figures): string => tableOf(['figure', 'value'], rowsOf(figures));

export const inLines = (figures: Figures): string =>
  rowsOf(figures)
    .map(([what, value]) => `${what}: ${value}`)
    .join('\n');
