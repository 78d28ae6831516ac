/** `brevet policy check`: has the service say what a policy would do, by what it knows of the organization; nothing is stored. */
import { parseDuration } from '../../lambda/contract/duration.ts';
import type { CommonFlags, Context } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { usage } from '../failure.ts';
import type { PolicyCheckReport } from '../json-documents.ts';
import type { Page } from '../output.ts';
import { readCases } from '../policy/cases.ts';
import { checkBodyOf, placed } from '../policy/check.ts';
import { readCaseFiles, readPolicyFiles } from '../policy/files.ts';
import { type Field, fieldLines } from '../render/fields.ts';
import { wrap } from '../render/text.ts';
import { differencesLines, termsView } from './policy-diff.ts';
import { findingLines, lintPolicy } from './policy-lint.ts';
import { caseLines } from './policy-test.ts';

export interface CheckFlags extends CommonFlags {
  readonly cases?: boolean;
  readonly person?: readonly string[];
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

const checkLines = (report: PolicyCheckReport, page: Page): string[] => {
  const { findings, findingsLeftOut, cases, people, inForce, version } = report;
  const proposed: readonly Field[] =
    version === undefined ? [] : [['this policy', `${version}${version === inForce ? ' (the same)' : ''}`]];
  const failed = cases.filter(({ passed }) => !passed).length;
  return [
    ...findingLines(findings),
    ...(findings.length === 0 ? ['Nothing to find.'] : [`${findings.length + findingsLeftOut} finding(s).`]),
    ...(cases.length === 0 ? [] : caseLines({ passed: cases.length - failed, failed, cases }, page)),
    ...people.flatMap((one) => personLines(one, page)),
    ...fieldLines([['in force', inForce], ...proposed], page.columns),
  ];
};

export const checkPolicy = async (context: Context, path: string, flags: CheckFlags): Promise<ExitCode> => {
  const parsed = await readPolicyFiles(path);
  // What does not fit is told with its places here as well as there.
  if (!parsed.ok) return lintPolicy(context, path, { json: flags.json === true });
  const cases = flags.cases ? (await readCaseFiles(path)).flatMap(readCases) : [];
  if (flags.cases && cases.length === 0) throw usage(`There are no cases beside ${path}.`, 'Leave out --cases.');
  const client = await context.connect();
  const checked = await client.checkPolicy(checkBodyOf(parsed, cases, flags.person ?? []));
  const report = placed(parsed, cases, checked);
  context.output.answer(report, checkLines);
  const isGood = report.findings.length === 0 && report.cases.every(({ passed }) => passed);
  return isGood ? EXIT.usable : EXIT.refused;
};
