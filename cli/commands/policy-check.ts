/** `brevet policy check`: has the service say what a policy would do, by what it knows of the organization; it is not stored. */
import type { PolicyCheckBody } from '../../lambda/contract/policy-check.ts';
import { MOST_PAST, type PastChecked } from '../../lambda/contract/policy-past.ts';
import type { CommonFlags, Context } from '../context.ts';
import { EXIT, EXIT_OF_INTERRUPT, type ExitCode } from '../exit-codes.ts';
import { Failure, usage } from '../failure.ts';
import type { PolicyCheckReport } from '../json-documents.ts';
import type { Page } from '../output.ts';
import { type PlacedCase, readCases } from '../policy/cases.ts';
import { checkBodyOf, placed } from '../policy/check.ts';
import { type Counted, onceCounted } from '../policy/counting.ts';
import { readCaseFiles, readPolicyFiles } from '../policy/files.ts';
import type { SoundPolicy } from '../policy/publish.ts';
import { type Field, fieldLines } from '../render/fields.ts';
import { pastLines } from '../render/past-requests.ts';
import { wrap } from '../render/text.ts';
import { everybodyLines, personLines } from '../render/who-changes.ts';
import { findingLines, lintPolicy } from './policy-lint.ts';
import { caseLines } from './policy-test.ts';

export interface CheckFlags extends CommonFlags {
  readonly cases?: boolean;
  readonly person?: readonly string[];
  readonly everybody?: boolean;
  readonly past?: string;
}

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
  const { findings, findingsLeftOut, usersNotLookedUp, cases, people, everybody, past, inForce, version } = report;
  const proposed: readonly Field[] =
    version === undefined ? [] : [['this policy', `${version}${version === inForce ? ' (the same)' : ''}`]];
  return [
    ...findingLines(findings),
    ...(findings.length === 0 ? ['Nothing to find.'] : [`${findings.length + findingsLeftOut} finding(s).`]),
    ...usersLines(usersNotLookedUp, page),
    ...triedLines(cases, page),
    ...people.flatMap((one) => personLines(one, page)),
    ...(everybody ? everybodyLines(everybody, page) : []),
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

/** Where something was found first, on what was asked for besides. */
const unjudgedLines = (report: PolicyCheckReport, asked: PolicyCheckBody): readonly string[] => [
  ...(asked.everybody && !report.everybody
    ? ['What it changes for everybody was not looked at: mend first what was found.']
    : []),
  ...(asked.past && !report.past ? ['No past request was judged by it: mend first what was found.'] : []),
];

/** Waiting was given up; in JSON the last that the service said stands for the answer. */
const givenUp = (
  { signal, refusal }: Extract<Counted<unknown>, { why: 'interrupted' }>,
  { output }: Context,
): ExitCode => {
  output.note('everybody is counted further without anyone waiting for it; the same command finds it done later');
  if (output.isJson) output.answer(refusal.problem, () => []);
  return EXIT_OF_INTERRUPT[signal];
};

interface Asked {
  readonly body: PolicyCheckBody;
  readonly cases: readonly PlacedCase[];
}

/** @throws Failure where the options do not fit, or nothing is there for them. */
const askedBy = async (flags: CheckFlags, path: string, parsed: SoundPolicy): Promise<Asked> => {
  const past = pastIn(flags);
  const cases = flags.cases ? (await readCaseFiles(path)).flatMap(readCases) : [];
  if (flags.cases && cases.length === 0) throw usage(`There are no cases beside ${path}.`, 'Leave out --cases.');
  const { person: people = [], everybody = false } = flags;
  return { body: checkBodyOf(parsed, { cases, people, everybody, past }), cases };
};

/** @throws Failure as it came, with what to do where the service may be from before it knew of everybody. */
const asOfOlder = (body: PolicyCheckBody, error: unknown): never => {
  if (!body.everybody || !(error instanceof Failure) || error.problem.code !== 'body_invalid') throw error;
  const next =
    'If the service is older than this command, leave out --everybody: brevet policy diff and lint do it offline.';
  throw new Failure(error.problem, next, error);
};

export const checkPolicy = async (context: Context, path: string, flags: CheckFlags): Promise<ExitCode> => {
  const parsed = await readPolicyFiles(path);
  // What does not fit is told with its places here as well as there.
  if (!parsed.ok) return lintPolicy(context, path, { json: flags.json === true });
  const { body, cases } = await askedBy(flags, path, parsed);
  const client = await context.connect();
  const checked = await onceCounted(
    () => client.checkPolicy(body).catch((error: unknown) => asOfOlder(body, error)),
    context.terminal,
  );
  if (checked.why === 'interrupted') return givenUp(checked, context);
  const report = placed(parsed, cases, checked.answer);
  context.output.answer(report, (told, page) => [...checkLines(told, page), ...unjudgedLines(told, body)]);
  const isGood = report.findings.length === 0 && report.cases.every(({ passed }) => passed);
  return isGood ? EXIT.usable : EXIT.refused;
};
