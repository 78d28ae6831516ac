/** `brevet policy lint`: what is wrong with a policy, each finding with its file, line and column. */
import type { ParsedPolicy } from '../../lambda/contract/policy-file.ts';
import type { CommonFlags, Context } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { usage } from '../failure.ts';
import type { LintReport } from '../json-documents.ts';
import type { Page } from '../output.ts';
import { readOrganization, readOwners, readPolicyFiles } from '../policy/files.ts';
import { lint } from '../policy/lint.ts';
import { lintOwners } from '../policy/lint-owners.ts';
import type { OfflineOrganization } from '../policy/offline.ts';
import { wrap } from '../render/text.ts';

export interface PolicyFlags extends CommonFlags {
  readonly organization?: string;
}

export interface LintFlags extends PolicyFlags {
  readonly codeowners?: string;
}

/** @throws Failure where none is named. */
export const organizationNamed = ({ organization }: PolicyFlags): Promise<OfflineOrganization> => {
  if (organization === undefined) throw usage('There is no --organization.', 'Write one: brevet export organization');
  return readOrganization(organization);
};

/** As compilers write it, so that editors find the place: not wrapped. */
export const findingLines = (findings: LintReport['findings']): string[] =>
  findings.map(
    ({ file, line, column, path, message }) => `${file}:${line}:${column}: ${path === '' ? '' : `${path}: `}${message}`,
  );

const lintLines = ({ findings, judgedNames }: LintReport, page: Page): string[] => [
  ...findingLines(findings),
  ...wrap(
    findings.length === 0
      ? `Nothing to find${judgedNames ? '' : ' in the form; with --organization names are looked up too'}.`
      : `${findings.length} finding${findings.length === 1 ? '' : 's'}.`,
    page.columns,
  ),
];

/** What the repository lets whom change; nothing is said of a policy whose form does not fit. */
const ownerFindings = async (parsed: ParsedPolicy, path: string, { codeowners }: LintFlags) =>
  parsed.ok && codeowners !== undefined ? lintOwners({ ...parsed, ...(await readOwners(path, codeowners)) }) : [];

export const lintPolicy = async ({ output }: Context, path: string, flags: LintFlags): Promise<ExitCode> => {
  const organization = flags.organization === undefined ? undefined : await organizationNamed(flags);
  const parsed = await readPolicyFiles(path);
  const findings = [...lint(parsed, organization), ...(await ownerFindings(parsed, path, flags))];
  const report: LintReport = {
    judgedNames: organization !== undefined,
    findings: findings.map(({ place, path: where, message }) => ({ ...place, path: where, message })),
  };
  output.answer(report, lintLines);
  return findings.length === 0 ? EXIT.usable : EXIT.refused;
};
