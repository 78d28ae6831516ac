/** `brevet policy diff`: who gains and who loses what between two versions of a policy. */
import { toIsoDuration, toReadableDuration } from '../../lambda/contract/duration.ts';
import type { Context } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { PolicyDifferences } from '../json-documents.ts';
import type { Page } from '../output.ts';
import { type Difference, diff, type TargetTerms } from '../policy/diff.ts';
import { readSoundPolicy } from '../policy/files.ts';
import { wrap } from '../render/text.ts';
import { organizationNamed, type PolicyFlags } from './policy-lint.ts';

type Shown = PolicyDifferences['differences'][number];
type Change = Shown['changes'][number];

const approvalText = ({ approvals, approvers }: TargetTerms): string =>
  approvals === 0 ? 'no approval' : `${approvals} of ${approvers || 'nobody'}`;

const readableTerms = (terms: TargetTerms): string => {
  const { maxSeconds, breakGlassSeconds, isBreakGlassOnly } = terms;
  if (isBreakGlassOnly) return `by break-glass alone, ${toReadableDuration(maxSeconds)}`;
  const glass = breakGlassSeconds === undefined ? '' : `; by break-glass ${toReadableDuration(breakGlassSeconds)}`;
  const { ways = [`${approvalText(terms)}, ${toReadableDuration(maxSeconds)}`] } = terms;
  return `${ways.join(' | ')}${glass}`;
};

export const termsView = (terms: TargetTerms) => {
  const { account, accountId, permissionSet, approvals, approvers, breakGlassSeconds, isBreakGlassOnly } = terms;
  const glass = breakGlassSeconds === undefined ? undefined : toIsoDuration(breakGlassSeconds);
  return {
    ...{ account, accountId, permissionSet, approvals, approvers, ...(terms.ways && { ways: [...terms.ways] }) },
    maxDuration: toIsoDuration(terms.maxSeconds),
    ...(glass === undefined ? {} : { breakGlass: { maxDuration: glass, isOnlyWay: isBreakGlassOnly } }),
    readable: readableTerms(terms),
  };
};

export const shownFrom = ({ people, changes }: Difference): Shown => ({
  people: [...people],
  changes: changes.map(({ kind, before, after }) => ({
    kind,
    ...(before && { before: termsView(before) }),
    ...(after && { after: termsView(after) }),
  })),
});

/** For people, so many of each are named. */
const MOST_PEOPLE = 5;
const MOST_CHANGES = 20;

const some = (names: readonly string[], most: number): string =>
  names.length <= most ? names.join(', ') : `${names.slice(0, most).join(', ')} and ${names.length - most} more`;

const changeText = ({ kind, before, after }: Change): string => {
  const terms = after ?? before;
  const target = `${terms?.account}/${terms?.permissionSet}`;
  if (kind === 'changes') return `${kind}  ${target}: ${before?.readable} -> ${after?.readable}`;
  return `${kind.padEnd(7)}  ${target} (${terms?.readable})`;
};

const differenceLines = ({ people, changes }: Shown, page: Page): readonly string[] => [
  ...wrap(`${people.length} ${people.length === 1 ? 'person' : 'people'}: ${some(people, MOST_PEOPLE)}`, page.columns),
  ...changes.slice(0, MOST_CHANGES).map((change) => `  ${changeText(change)}`),
  ...(changes.length > MOST_CHANGES ? [`  and ${changes.length - MOST_CHANGES} more (--json has all)`] : []),
];

export const differencesLines = (differences: readonly Shown[], page: Page): string[] =>
  differences.length === 0
    ? ['Nobody gains or loses anything.']
    : differences.flatMap((one, index) => [...(index > 0 ? [''] : []), ...differenceLines(one, page)]);

export const diffPolicies = async (
  { output }: Context,
  beforePath: string,
  afterPath: string,
  flags: PolicyFlags,
): Promise<ExitCode> => {
  const [before, after, organization] = await Promise.all([
    readSoundPolicy(beforePath),
    readSoundPolicy(afterPath),
    organizationNamed(flags),
  ]);
  const document: PolicyDifferences = { differences: diff(before, after, organization).map(shownFrom) };
  output.answer(document, ({ differences }, page) => differencesLines(differences, page));
  return EXIT.usable;
};
