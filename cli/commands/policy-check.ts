/** `brevet policy check`: has the service say what a policy would do, by what it knows of the organization; nothing is stored. */
import { parseDuration } from '../../lambda/contract/duration.ts';
import type { PolicyCheckBody } from '../../lambda/contract/policy-check.ts';
import { MOST_PAST, type PastChecked } from '../../lambda/contract/policy-past.ts';
import type { CommonFlags, Context } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { usage } from '../failure.ts';
import type { PolicyCheckReport } from '../json-documents.ts';
import type { Page } from '../output.ts';
import { readCases } from '../policy/cases.ts';
import { checkBodyOf, placed } from '../policy/check.ts';
import { readCaseFiles, readPolicyFiles } from '../policy/files.ts';
import { type Field, fieldLines } from '../render/fields.ts';
import { pastLines } from '../render/past-requests.ts';
import { wrap } from '../render/text.ts';
import { differencesLines, termsView } from './policy-diff.ts';
import { findingLines, lintPolicy } from './policy-lint.ts';
import { caseLines } from './policy-test.ts';

export interface CheckFlags extends CommonFlags {
  readonly cases?: boolean;
  readonly person?: readonly string[];
  readonly past?: string;
}

type Difference = PolicyCheckReport['people'][number];
type Change = Difference['changes'][number];

const shownChange = ({ kind, accountName: account, accountId, permissionSet, before, after }: Change) => {
  const terms = ({ breakGlass: glass, ...one }: NonNullable<Change['before']>) =>
    termsView({
      ...{ account, accountId, permissionSet, ...one, maxSeconds: parseDuration(one.maxDuration) ?? 0 },
      ...(glass && { breakGlassSeconds: parseDuration(glass.maxDuration) ?? 0 }),
      isBreakGlassOnly: glass?.isOnlyWay === true,
    });
  return { kind, ...(before && { before: terms(before) }), ...(after && { after: terms(after) }) };
};

const personLines = ({ userName, changes, isWhole }: Difference, page: Page): readonly string[] => [
  ...(changes.length === 0
    ? [`${userName}: nothing changes.`]
    : differencesLines([{ people: [userName], changes: changes.map(shownChange) }], page)),
  ...(isWhole ? [] : wrap(`There may be more for ${userName}: brevet policy diff tells all, offline.`, page.columns)),
];

const pastNotes = ({ leftOut, readFrom }: PastChecked): readonly string[] => [
  `Events were read back to ${readFrom}.`,
  ...(leftOut > 0 ? [`${leftOut} more were not judged, for want of time or lookups: ask for fewer with --past.`] : []),
];

const usersLines = (count: number, page: Page): readonly string[] =>
  count === 0
    ? []
    : wrap(`${count} more user name(s) were not looked up: brevet policy lint looks up all.`, page.columns);

/** Where the service had no time left for counting people, a case may come to something else offline. */
const uncountedLines = (cases: PolicyCheckReport['cases'], page: Page): readonly string[] => {
  const count = cases.filter(({ counted }) => !counted).length;
  if (count === 0) return [];
  const what = `Of ${count} case(s) nobody was counted who could approve, or be told: there was no time left.`;
  return wrap(`${what} brevet policy test counts for all.`, page.columns);
};

const triedLines = (cases: PolicyCheckReport['cases'], page: Page): readonly string[] => {
  if (cases.length === 0) return [];
  const failed = cases.filter(({ passed }) => !passed).length;
  return [...caseLines({ passed: cases.length - failed, failed, cases }, page), ...uncountedLines(cases, page)];
};

const checkLines = (report: PolicyCheckReport, page: Page): string[] => {
  const { findings, findingsLeftOut, usersNotLookedUp, cases, people, past, inForce, version } = report;
  const proposed: readonly Field[] =
    version === undefined ? [] : [['this policy', `${version}${version === inForce ? ' (the same)' : ''}`]];
  return [
    ...findingLines(findings),
    ...(findings.length === 0 ? ['Nothing to find.'] : [`${findings.length + findingsLeftOut} finding(s).`]),
    ...usersLines(usersNotLookedUp, page),
    ...triedLines(cases, page),
    ...people.flatMap((one) => personLines(one, page)),
    ...(past ? pastLines(past, page, { kind: 'past ', notes: pastNotes(past) }) : []),
    ...fieldLines([['in force', inForce], ...proposed], page.columns),
  ];
};

/** How many past requests, where any are asked for. @throws Failure for what is no such number. */
const pastIn = ({ past }: CheckFlags): PolicyCheckBody['past'] => {
  if (past === undefined) return undefined;
  const last = /^\d{1,9}$/.test(past) ? Number(past) : 0;
  if (last >= 1 && last <= MOST_PAST) return { last };
  throw usage(`--past "${past}" is no number from 1 to ${MOST_PAST}.`, 'For more: brevet policy replay, offline.');
};

export const checkPolicy = async (context: Context, path: string, flags: CheckFlags): Promise<ExitCode> => {
  const past = pastIn(flags);
  const parsed = await readPolicyFiles(path);
  // What does not fit is told with its places here as well as there.
  if (!parsed.ok) return lintPolicy(context, path, { json: flags.json === true });
  const cases = flags.cases ? (await readCaseFiles(path)).flatMap(readCases) : [];
  if (flags.cases && cases.length === 0) throw usage(`There are no cases beside ${path}.`, 'Leave out --cases.');
  const client = await context.connect();
  const checked = await client.checkPolicy(checkBodyOf(parsed, { cases, people: flags.person ?? [], past }));
  const report = placed(parsed, cases, checked);
  const unjudged = past && !report.past ? ['No past request was judged by it: mend first what was found.'] : [];
  context.output.answer(report, (told, page) => [...checkLines(told, page), ...unjudged]);
  const isGood = report.findings.length === 0 && report.cases.every(({ passed }) => passed);
  return isGood ? EXIT.usable : EXIT.refused;
};
