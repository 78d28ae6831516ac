/** Who gains and who loses what between two policies, as it is shown: each change once, with those for whom it is one. */
import { parseDuration, toIsoDuration, toReadableDuration } from '../../lambda/contract/duration.ts';
import type { PolicyCheckReport, PolicyDifferences } from '../json-documents.ts';
import type { Page } from '../output.ts';
import type { Difference, TargetTerms } from '../policy/diff.ts';
import { wrap } from './text.ts';

type Document = PolicyDifferences['differences'][number];
type Change = Document['changes'][number];
/** As the service tells it. */
type ChangeTold = PolicyCheckReport['people'][number]['changes'][number];

/** What is shown of a difference. */
export interface Shown {
  /** User names: all, or the first of them. */
  readonly people: readonly string[];
  /** How many they are; as many as are named where it is not said. */
  readonly count?: number;
  readonly changes: readonly Change[];
}

const approvalText = ({ approvals, approvers }: TargetTerms): string =>
  approvals === 0 ? 'no approval' : `${approvals} of ${approvers || 'nobody'}`;

const readableTerms = (terms: TargetTerms): string => {
  const { maxSeconds, breakGlassSeconds, isBreakGlassOnly } = terms;
  if (isBreakGlassOnly) return `by break-glass alone, ${toReadableDuration(maxSeconds)}`;
  const glass = breakGlassSeconds === undefined ? '' : `; by break-glass ${toReadableDuration(breakGlassSeconds)}`;
  const { ways = [`${approvalText(terms)}, ${toReadableDuration(maxSeconds)}`] } = terms;
  return `${ways.join(' | ')}${glass}`;
};

const termsView = (terms: TargetTerms) => {
  const { account, accountId, permissionSet, approvals, approvers, breakGlassSeconds, isBreakGlassOnly } = terms;
  const glass = breakGlassSeconds === undefined ? undefined : toIsoDuration(breakGlassSeconds);
  return {
    ...{ account, accountId, permissionSet, approvals, approvers, ...(terms.ways && { ways: [...terms.ways] }) },
    maxDuration: toIsoDuration(terms.maxSeconds),
    ...(glass === undefined ? {} : { breakGlass: { maxDuration: glass, isOnlyWay: isBreakGlassOnly } }),
    readable: readableTerms(terms),
  };
};

export const shownFrom = ({ people, changes }: Difference): Document => ({
  people: [...people],
  changes: changes.map(({ kind, before, after }) => ({
    kind,
    ...(before && { before: termsView(before) }),
    ...(after && { after: termsView(after) }),
  })),
});

export const shownChange = ({
  kind,
  accountName: account,
  accountId,
  permissionSet,
  before,
  after,
}: ChangeTold): Change => {
  const terms = ({ breakGlass: glass, ...one }: NonNullable<ChangeTold['before']>) =>
    termsView({
      ...{ account, accountId, permissionSet, ...one, maxSeconds: parseDuration(one.maxDuration) ?? 0 },
      ...(glass && { breakGlassSeconds: parseDuration(glass.maxDuration) ?? 0 }),
      isBreakGlassOnly: glass?.isOnlyWay === true,
    });
  return { kind, ...(before && { before: terms(before) }), ...(after && { after: terms(after) }) };
};

/** For people, so many of each are named. */
const MOST_PEOPLE = 5;
const MOST_CHANGES = 20;

/** `12,300`: numbers of people get long. */
export const grouped = (count: number): string => count.toLocaleString('en-GB');

const some = (names: readonly string[], count: number): string => {
  const named = names.slice(0, MOST_PEOPLE);
  return `${named.join(', ')}${count > named.length ? ` and ${grouped(count - named.length)} more` : ''}`;
};

const changeText = ({ kind, before, after }: Change): string => {
  const terms = after ?? before;
  const target = `${terms?.account}/${terms?.permissionSet}`;
  if (kind === 'changes') return `${kind}  ${target}: ${before?.readable} -> ${after?.readable}`;
  return `${kind.padEnd(7)}  ${target} (${terms?.readable})`;
};

const moreText = (count: number, areAllTold: boolean): string =>
  areAllTold
    ? `  and ${grouped(count)} more (--json has all)`
    : `  and ${grouped(count)} more, or still more (see below)`;

const differenceLines = (
  { people, count = people.length, changes }: Shown,
  page: Page,
  areAllTold: boolean,
): readonly string[] => [
  ...wrap(`${grouped(count)} ${count === 1 ? 'person' : 'people'}: ${some(people, count)}`, page.columns),
  ...changes.slice(0, MOST_CHANGES).map((change) => `  ${changeText(change)}`),
  ...(changes.length > MOST_CHANGES ? [moreText(changes.length - MOST_CHANGES, areAllTold)] : []),
];

/** @param areAllTold false where a difference may have more changes than it has here */
export const differencesLines = (differences: readonly Shown[], page: Page, areAllTold = true): string[] =>
  differences.length === 0
    ? ['Nobody gains or loses anything.']
    : differences.flatMap((one, index) => [...(index > 0 ? [''] : []), ...differenceLines(one, page, areAllTold)]);
