/** `brevet policy test`: runs the cases beside a policy, offline, and tells of each that fails what came instead. */
import type { Context } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { usage } from '../failure.ts';
import type { CaseReport } from '../json-documents.ts';
import type { Page } from '../output.ts';
import { type CaseResult, readCases, runCase } from '../policy/cases.ts';
import { readCaseFiles, readQuickPolicy } from '../policy/files.ts';
import { wrap } from '../render/text.ts';
import { organizationNamed, type PolicyFlags } from './policy-lint.ts';

const reportOf = (results: readonly CaseResult[]): CaseReport => ({
  passed: results.filter(({ passed }) => passed).length,
  failed: results.filter(({ passed }) => !passed).length,
  cases: results.map(({ place, name, passed, differences }) => ({
    ...place,
    name,
    passed,
    differences: [...differences],
  })),
});

export const caseLines = ({ passed, failed, cases }: CaseReport, page: Page): string[] => [
  ...cases
    .filter((one) => !one.passed)
    .flatMap(({ file, line, column, name, differences }) => [
      `${file}:${line}:${column}: ${page.style('bold', name)}`,
      ...differences.flatMap((text) => wrap(text, page.columns - 2).map((text_) => `  ${text_}`)),
    ]),
  `${passed} passed, ${failed} failed.`,
];

export const testPolicy = async ({ output }: Context, path: string, flags: PolicyFlags): Promise<ExitCode> => {
  const [policy, organization, files] = await Promise.all([
    readQuickPolicy(path),
    organizationNamed(flags),
    readCaseFiles(path),
  ]);
  const cases = files.flatMap(readCases);
  if (cases.length === 0) throw usage(`There are no cases beside ${path}.`, 'Write some: docs/policy.md');
  const report = reportOf(cases.map((one) => runCase(policy, organization, one)));
  output.answer(report, caseLines);
  return report.failed === 0 ? EXIT.usable : EXIT.refused;
};
