/** Drift, as people see it. */
import { describe, expect, it } from 'vitest';
import type { Page } from '../../../cli/output.ts';
import { baselineLines, driftLines } from '../../../cli/render/drift.ts';
import { styleFor } from '../../../cli/render/style.ts';
import { columnsOf } from '../../../cli/render/text.ts';
import type { DriftView } from '../../../lambda/contract/drift.ts';

const page = (columns = 200): Page => ({
  columns,
  style: styleFor({ hasColours: false }),
  now: Date.parse('2026-11-23T14:10:00Z'),
  timeZone: 'Europe/Berlin',
});

const BASELINE = { takenAt: '2026-11-23T14:00:00.000Z', takenBy: 'ines', accepted: 12 };
const DRIFT: DriftView = {
  mode: 'remove',
  isRemoving: true,
  removalsInTheLastHour: 2,
  baseline: BASELINE,
  lastFullRound: { startedAt: '2026-11-23T14:01:00.000Z', finishedAt: '2026-11-23T14:05:00.000Z', accounts: 40 },
  findings: [],
};
const FINDING = {
  kind: 'unexplained',
  accountId: '400000000001',
  accountName: 'payments-prod',
  permissionSet: 'AdministratorAccess',
  principalType: 'USER',
  principalId: 'u-eve',
  userName: 'eve',
  since: '2026-11-23T14:06:00.000Z',
} as const;

const OUTLIVING =
  'Credentials issued before a removal may still work for the session duration of its permission set, 12 hours at the most; they cannot be recalled.';

describe('drift', () => {
  it('without findings says so, and how the search stands', () => {
    expect(driftLines(DRIFT, page())).toEqual([
      '  removing         yes; 2 in the last hour',
      '  baseline         2026-11-23 15:00:00 +01:00 (14:00:00 UTC), 10m ago, by ines, with 12 assignments',
      '  last full round  2026-11-23 15:05:00 +01:00 (14:05:00 UTC), 5m ago',
      '',
      'Nothing was found that a request or the baseline does not explain.',
      '',
      OUTLIVING,
    ]);
  });

  it.each([
    ['report-only', 'no, the settings say report'],
    ['no-baseline', 'no, there is no baseline: brevet drift baseline takes one'],
    ['other-instance', 'no, the baseline is of another Identity Center instance: take a new one'],
    ['other-table', 'no, the baseline was taken in another table, before a restore: take a new one'],
    ['no-round-since', 'no, not before a full round through the accounts has followed the baseline'],
  ] as const)('that is not removed says why: %s', (whyNot, words) => {
    expect(driftLines({ ...DRIFT, isRemoving: false, whyNot }, page())[0]).toContain(words);
  });

  it('tells how far the round is, and what could not be looked at', () => {
    const round = { startedAt: '2026-11-23T14:09:00.000Z', accountsDone: 10, accounts: 40, skipped: 1 };
    expect(driftLines({ ...DRIFT, round }, page()).join('\n')).toContain(
      'round under way  10 of 40 accounts; 1 could not be looked at',
    );
  });

  it('names each finding: what, where, who, since when', () => {
    const group = {
      ...FINDING,
      kind: 'missing',
      principalType: 'GROUP',
      userName: undefined,
      principalId: 'g-1',
    } as const;
    const lines = driftLines({ ...DRIFT, findings: [FINDING, group] }, page());
    expect(lines.at(-4)).toMatch(/^not by Brevet {2}payments-prod\/AdministratorAccess {2}eve\s+2026-11-23 15:06:00/);
    expect(lines.at(-3)).toMatch(/^taken away {5}payments-prod\/AdministratorAccess {2}group g-1/);
  });

  const calm = { ...DRIFT, isRemoving: false, removalsInTheLastHour: 0, whyNot: 'report-only' } as const;
  it.each<[string, DriftView, boolean]>([
    ['findings are being removed', { ...calm, isRemoving: true }, true],
    ['some were removed lately', { ...calm, removalsInTheLastHour: 1 }, true],
    ['somebody took one away', { ...calm, findings: [{ ...FINDING, kind: 'missing' }] }, true],
    [
      'one is being removed still',
      { ...calm, findings: [{ ...FINDING, removingSince: '2026-11-23T14:07:00.000Z' }] },
      true,
    ],
    ['nothing was removed', { ...calm, findings: [FINDING] }, false],
  ])('says that credentials outlive a removal, where %s', (_where, drift, expected) => {
    expect(driftLines(drift, page()).includes(OUTLIVING)).toBe(expected);
  });

  it('says of what is being removed that it is', () => {
    const removing = { ...FINDING, removingSince: '2026-11-23T14:06:05.000Z' };
    expect(driftLines({ ...DRIFT, findings: [removing] }, page()).at(-3)).toMatch(/^being removed {2}payments-prod\//);
  });

  it.each([40, 60, 80])('fits %i columns', (columns) => {
    const lines = driftLines({ ...DRIFT, findings: [FINDING] }, page(columns));
    expect(lines.filter((line) => columnsOf(line) > columns)).toEqual([]);
  });
});

it('a baseline says who found how many in order', () => {
  expect(baselineLines(BASELINE, page())).toEqual([
    'Baseline taken 2026-11-23 15:00:00 +01:00 (14:00:00 UTC), 10m ago, by ines, with 12 assignments. What comes from now on is a finding.',
  ]);
});
