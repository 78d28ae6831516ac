/** The search for drift in large organizations fits into its runs, and takes as long as docs/drift.md says; on virtual time, by the real adapters. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { largeDrift, TIMEOUT_SECONDS } from './large-drift.ts';

/** Those that Lambda gives the function, less what stands for clocks and a slow day. */
const IN_TIME_SECONDS = TIMEOUT_SECONDS - 25;

describe('a run', () => {
  it.each([
    ['5,000 accounts in 600 units with 100 permission sets', { accounts: 5000, units: 600, permissionSets: 100 }, 3],
    ['200 accounts with 600 permission sets', { accounts: 200, units: 30, permissionSets: 600 }, 50],
    ['5,000 accounts with as many permission sets as an account bears', { accounts: 5000, permissionSets: 600 }, 500],
  ])('of %s looks at once, fits into its time, and comes on', async (_, size, assigned) => {
    const large = await largeDrift({ ...size, assigned });
    const begun = large.timeline.now();
    const first = await large.run();
    expect(((large.calls[0] ?? Number.NaN) - begun) / 1000).toBeLessThan(1);
    expect(first.seconds).toBeLessThan(IN_TIME_SECONDS);
    expect(first.found.places).toBeGreaterThan(90);
    const second = await large.run();
    expect(second.seconds).toBeLessThan(IN_TIME_SECONDS);
    expect(second.found.places).toBeGreaterThan(90);
  });

  it('begins no more calls than five a second', async () => {
    const large = await largeDrift({ accounts: 500, permissionSets: 100, assigned: 3 });
    await large.run();
    const { calls } = large;
    const mostAtOnce = Math.max(...calls.map((from) => calls.filter((at) => at >= from && at < from + 1000).length));
    expect(calls.length).toBeGreaterThan(230);
    expect(mostAtOnce).toBeLessThanOrEqual(5);
  });
});

describe('a round', () => {
  it('looks at every place once, in accounts that no run has the time for in one go', async () => {
    const large = await largeDrift({ accounts: 3, permissionSets: 600, assigned: 500 });
    let [accounts, places, runs] = [0, 0, 0];
    for (let isFinished = false; !isFinished; runs += 1) {
      const { found, seconds } = await large.run();
      expect(seconds).toBeLessThan(IN_TIME_SECONDS);
      accounts += found.accounts;
      places += found.places;
      isFinished = found.isRoundFinished;
    }
    expect({ accounts, places }).toEqual({ accounts: 3, places: 1500 });
    expect(runs).toBeGreaterThan(5);
  });
});

// ---------- what the page says ----------

const PAGE = readFileSync(new URL('../../docs/drift.md', import.meta.url), 'utf8');

/** `40 s`, `1 min 10 s`, `1 h 20 min`: to ten seconds under ten minutes, to the minute above. */
const spoken = (seconds: number): string => {
  if (seconds < 60) return `${Math.round(seconds)} s`;
  if (seconds < 600) {
    const tens = Math.round(seconds / 10);
    const rest = (tens % 6) * 10;
    return `${Math.floor(tens / 6)} min${rest === 0 ? '' : ` ${rest} s`}`;
  }
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h${minutes % 60 === 0 ? '' : ` ${minutes % 60} min`}`;
};

const said = (accounts: string): readonly string[] => {
  const row = PAGE.split('\n').find((line) => line.startsWith(`| ${accounts} |`)) ?? '';
  return row
    .split('|')
    .slice(2, 5)
    .map((cell) => cell.trim());
};

const timesOf = async (accounts: number, assigned: number): Promise<{ first: number; later: number }> => {
  const large = await largeDrift({ accounts, permissionSets: 100, assigned, units: 600 });
  const first = await large.round();
  await large.untilNextRound();
  const later = await large.round();
  return { first: first.seconds, later: later.seconds };
};

const cellOf = ({ first, later }: { readonly first: number; readonly later: number }): string =>
  `${spoken(later)}; ${spoken(first)}`;

describe('how long a round takes, docs/drift.md', () => {
  it.each([
    [50, '50'],
    [500, '500'],
  ])('with %i accounts', async (accounts, row) => {
    const cells = [];
    for (const assigned of [1, 3, 5]) cells.push(cellOf(await timesOf(accounts, assigned)));
    expect(said(row)).toEqual(cells);
  });

  /** The others take long to compute: ten times what 500 take, but for the part of a minute in which the last run ends. */
  it('with 5,000 accounts', async () => {
    expect(said('5,000')[0]).toBe(cellOf(await timesOf(5000, 1)));
  });
});
