/** Adds up the reports of many worlds, for people to read. */
import { counted, tableOf } from '../reliability/page.ts';
import type { Report } from './simulate.ts';

export interface Totals {
  add(report: Report): void;
  readonly lives: () => number;
  readonly broken: () => number;
  /** One line. */
  inShort(seconds: number): string;
  /** Everything that was met, as one line. */
  met(): string;
  /** What was met of faults and of life, as tables. */
  tables(seconds: number): string;
}

interface Sum {
  worlds: number;
  calm: number;
  lives: number;
  acts: number;
  runs: number;
  broken: number;
  latestMs: number;
  latestCalmMs: number;
}

/** What is told of faults: how a call fared, what happened to wake-ups and executions, which services failed. */
const FAULT =
  /^(call|wake-up|execution|all executions|database|identity|organizations|workflow|functions|mail|tell broken|told again|telling given|event|account missing|permission set not|drift table)\b/;

const IN_WORDS: Readonly<Record<string, string>> = {
  'call errorBefore': 'a call failed before its effect',
  'call errorAfter': 'a call failed after its effect',
  'call late': 'a call was said to have failed, and took effect later',
  'call slow': 'a call took long',
  'call asleep': 'the process slept while the answer came',
  'call killed': 'the process was killed before or after a call',
  'call refused': 'a call to write was refused, though nothing was wrong',
  'call down': 'a call met a service that was down',
  'mail refused': 'an address took nothing',
  'tell broken for good': 'the function that tells people did nothing, from the beginning',
  'told again': 'a message was sent again, since a run failed or was killed',
  'event brought': 'an event told of what others changed by hand',
  'event brought twice': 'such an event came twice',
  'event lost': 'such an event was lost, or there was no trail',
  'event of our own': 'an event told of what Brevet did, as if others had done it',
  'drift table emptied': 'the table of drift was another one, and empty',
  'drift table restored': 'the table of drift was another one, restored',
  'permission set not elevatable': 'nobody could be elevated to a permission set for a while',
  'account missing from lists': 'an account was missing from lists for a while',
  'telling given up': 'people were not told for a day, and Brevet warned that it gave up',
};

export const createTotals = (): Totals => {
  const sum: Sum = { worlds: 0, calm: 0, lives: 0, acts: 0, runs: 0, broken: 0, latestMs: 0, latestCalmMs: 0 };
  const met = new Map<string, number>();
  const sorted = (): readonly (readonly [string, number])[] => [...met].sort();
  const inSeconds = (milliseconds: number): string => `${counted(Math.round(milliseconds / 1000))} s`;

  return {
    add: (report) => {
      sum.worlds += 1;
      sum.lives += report.lives;
      sum.acts += report.acts;
      sum.runs += report.runs;
      if (report.broken) sum.broken += 1;
      sum.latestMs = Math.max(sum.latestMs, report.latestMs);
      if (report.calm) {
        sum.calm += 1;
        sum.latestCalmMs = Math.max(sum.latestCalmMs, report.latestMs);
      }
      for (const [what, count] of report.met) met.set(what, (met.get(what) ?? 0) + count);
    },
    lives: () => sum.lives,
    broken: () => sum.broken,
    inShort: (seconds) =>
      `${sum.worlds} worlds, ${sum.calm} of them calm; ${sum.lives} request lives in ${seconds.toFixed(1)} s; ` +
      `${sum.runs} function runs, ${sum.acts} acts; broken: ${sum.broken}; ` +
      `latest end: ${inSeconds(sum.latestMs)} after nobody held it, on calm days ${inSeconds(sum.latestCalmMs)}`,
    met: () =>
      sorted()
        .map(([what, count]) => `${what} ${count}`)
        .join(', '),
    tables: (seconds) => {
      const rows = [
        ['worlds, each from a seed of its own', counted(sum.worlds)],
        ['of them calm: no call fails', counted(sum.calm)],
        ['request lives', counted(sum.lives)],
        ['runs of functions', counted(sum.runs)],
        ['steps after each of which the laws were checked', counted(sum.acts)],
        ['worlds in which a law was broken', counted(sum.broken)],
        ['latest end on calm days, after nobody held it', inSeconds(sum.latestCalmMs)],
        ['latest end in any world, with outages of hours', inSeconds(sum.latestMs)],
        ['seconds that it took', counted(Math.round(seconds))],
      ];
      const faults = sorted().filter(([what]) => FAULT.test(what));
      return [
        tableOf(['figure', 'value'], rows),
        tableOf(
          ['fault met', 'times'],
          faults.map(([what, count]) => [IN_WORDS[what] ?? what, counted(count)]),
        ),
      ].join('\n\n');
    },
  };
};
