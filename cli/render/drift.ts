/** Drift: how the search stands, whether anything is removed, and the findings. */
import type { DriftBaselineView, DriftFindingView, DriftView } from '../../lambda/contract/drift.ts';
import type { Page } from '../output.ts';
import { type Field, fieldLines } from './fields.ts';
import { moment } from './moment.ts';
import { tableLines } from './table.ts';
import { wrap } from './text.ts';

const WHY_NOT: Readonly<Record<NonNullable<DriftView['whyNot']>, string>> = {
  'report-only': 'the settings say report',
  'no-baseline': 'there is no baseline: brevet drift baseline takes one',
  'other-instance': 'the baseline is of another Identity Center instance: take a new one',
  'no-round-since': 'not before a full round through the accounts has followed the baseline',
  'other-table': 'the baseline was taken in another table, before a restore: take a new one',
};

const removing = ({ whyNot, removalsInTheLastHour }: DriftView): string =>
  whyNot === undefined ? `yes; ${removalsInTheLastHour} in the last hour` : `no, ${WHY_NOT[whyNot]}`;

const baselineText = ({ takenAt, takenBy, accepted }: DriftBaselineView, page: Page): string =>
  `${moment(takenAt, page)}, by ${takenBy}, with ${accepted} assignment${accepted === 1 ? '' : 's'}`;

const roundText = ({ round }: DriftView): string | undefined => {
  if (!round) return undefined;
  const skipped = round.skipped === 0 ? '' : `; ${round.skipped} could not be looked at`;
  return `${round.accountsDone} of ${round.accounts} accounts${skipped}`;
};

const stateFields = (drift: DriftView, page: Page): Field[] => {
  const round = roundText(drift);
  return [
    ['removing', removing(drift)],
    ['baseline', drift.baseline ? baselineText(drift.baseline, page) : 'none'],
    ['last full round', drift.lastFullRound ? moment(drift.lastFullRound.finishedAt, page) : 'none so far'],
    ...(round === undefined ? [] : [['round under way', round] as const]),
  ];
};

const WHAT: Readonly<Record<DriftFindingView['kind'], string>> = {
  unexplained: 'not by Brevet',
  missing: 'taken away',
};

/** Law 14: what is removed may have given credentials. IAM Identity Center lets no session last longer. */
const OUTLIVING =
  'Credentials issued before a removal may still work for the session duration of its permission set, 12 hours at the most; they cannot be recalled.';

const outlivingLines = ({ isRemoving, removalsInTheLastHour, findings }: DriftView, page: Page): string[] =>
  isRemoving ||
  removalsInTheLastHour > 0 ||
  findings.some(({ kind, removingSince }) => kind === 'missing' || removingSince !== undefined)
    ? ['', ...wrap(OUTLIVING, page.columns)]
    : [];

const what = ({ kind, removingSince }: DriftFindingView): string =>
  removingSince === undefined ? WHAT[kind] : 'being removed';

const who = ({ principalType, principalId, userName }: DriftFindingView): string =>
  userName ?? `${principalType === 'GROUP' ? 'group ' : ''}${principalId}`;

export const driftLines = (drift: DriftView, page: Page): string[] => [
  ...fieldLines(stateFields(drift, page), page.columns),
  '',
  ...(drift.findings.length === 0
    ? wrap('Nothing was found that a request or the baseline does not explain.', page.columns)
    : tableLines(
        drift.findings,
        [
          { title: 'WHAT', cell: what },
          { title: 'TARGET', cell: ({ accountName, permissionSet }) => `${accountName}/${permissionSet}`, cutTo: 24 },
          { title: 'WHO', cell: who, cutTo: 10 },
          { title: 'SINCE', cell: ({ since }) => moment(since, page), cutTo: 16 },
        ],
        page,
      )),
  ...outlivingLines(drift, page),
];

export const baselineLines = (baseline: DriftBaselineView, page: Page): string[] =>
  wrap(`Baseline taken ${baselineText(baseline, page)}. What comes from now on is a finding.`, page.columns);
