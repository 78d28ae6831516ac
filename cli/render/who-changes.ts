/** For whom a proposed policy changes what: the people who were named, and everybody, as the service counted them. */
import type { Problem } from '../../lambda/contract/problem.ts';
import type { PolicyCheckReport } from '../json-documents.ts';
import type { Page } from '../output.ts';
import { differencesLines, grouped, shownChange } from './differences.ts';
import { clockTime } from './moment.ts';
import { wrap } from './text.ts';

type Person = PolicyCheckReport['people'][number];
type Everybody = NonNullable<PolicyCheckReport['everybody']>;

const ALL_OFFLINE = 'brevet policy diff tells all, offline.';

export const personLines = ({ userName, changes, isWhole }: Person, page: Page): readonly string[] => [
  ...(changes.length === 0
    ? [`${userName}: nothing changes.`]
    : differencesLines([{ people: [userName], changes: changes.map(shownChange) }], page)),
  ...(isWhole ? [] : wrap(`There may be more for ${userName}: ${ALL_OFFLINE}`, page.columns)),
];

/** `counting everybody: 12,300 people, 140 of 400 groups`, as far as that is known. */
export const countingText = ({ people, groups, groupsInAll }: NonNullable<Problem['facts']> = {}): string => {
  if (typeof people !== 'number' || people === 0) return 'counting everybody';
  const isOfGroups = typeof groups === 'number' && typeof groupsInAll === 'number' && groupsInAll > 0;
  const ofGroups = isOfGroups ? `, ${grouped(groups)} of ${grouped(groupsInAll)} groups` : '';
  return `counting everybody: ${grouped(people)} people${ofGroups}`;
};

const gaps = ({ isWhole, changesLeftOut }: Everybody): readonly string[] => [
  ...(changesLeftOut > 0 ? [`${grouped(changesLeftOut)} more change(s) are not told one by one.`] : []),
  ...(isWhole ? [] : ['There may be more: there was no time left to look at every account.']),
];

export const everybodyLines = (everybody: Everybody, page: Page): readonly string[] => {
  const { asOf, people, concerned, differences, isWhole } = everybody;
  const missing = gaps(everybody);
  const shown = differences.map(({ people: named, count, changes }) => ({
    ...{ people: named, count },
    changes: changes.map(shownChange),
  }));
  const when = clockTime(Date.parse(asOf), page.timeZone);
  return [
    ...wrap(`Everybody, as of ${when}: it concerns ${grouped(concerned)} of ${grouped(people)} people.`, page.columns),
    ...(shown.length > 0 || isWhole ? differencesLines(shown, page, everybody.changesLeftOut === 0) : []),
    ...(missing.length > 0 ? wrap([...missing, ALL_OFFLINE].join(' '), page.columns) : []),
  ];
};
