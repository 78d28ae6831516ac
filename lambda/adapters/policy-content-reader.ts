/** Reads proposed policies by the schema of policy files, and lints them. */
import { checkPolicyContent, type PolicyProblem, policyVersionOf } from '../contract/policy-document.ts';
import { slowPatterns } from '../contract/policy-patterns.ts';
import type { Findings, PolicyReader } from '../ports/policy-reader.ts';
import { policyFrom } from './policy-from-file.ts';
import { groupNamesIn } from './policy-groups.ts';
import { lintRules, userNamesIn, withMeant } from './policy-lint.ts';

/** So many are told: a policy with more is one of another form altogether. */
const MOST_FINDINGS = 50;

const findingsFrom = (problems: readonly PolicyProblem[], leftOut: number): Findings => ({
  findings: problems.map(({ path, message }) => ({ path: path.map(String).join('.'), message })),
  leftOut,
});

export const createPolicyContentReader = (): PolicyReader => ({
  read: (content) => {
    const checked = checkPolicyContent(content);
    if (!checked.ok) {
      const told = checked.problems.slice(0, MOST_FINDINGS);
      const meant = told.map((problem) => withMeant(problem, String(problem.path.at(-1) ?? '')));
      return findingsFrom(meant, checked.problems.length - told.length);
    }
    const { file } = checked;
    return {
      isQuick: slowPatterns(file).length === 0,
      userNames: userNamesIn(file),
      groupNames: groupNamesIn(file),
      policy: policyFrom(file, policyVersionOf(JSON.stringify(content))),
      findings: (known) => {
        const { findings, leftOut } = lintRules(file, known, MOST_FINDINGS);
        return findingsFrom(findings, leftOut);
      },
    };
  },
});
