/** A small policy as somebody writes it, what it is read as, and what is told of it where it does not fit. */
import { policyFrom } from '../../lambda/adapters/policy-from-file.ts';
import { parsePolicyFile } from '../../lambda/contract/policy-file.ts';

export const RULE = `
  - name: a-rule
    who: { groups: [engineers] }
    what: { accounts: all, permission_sets: [Admin] }
    max_duration: 1h
    approval: none`;
export const POLICY = `version: 1\nentitlements:${RULE}\n`;

export const withGlass = (text: string): string =>
  POLICY.replace('approval: none', `approval: none\n    break_glass: ${text}`);

export const problemsOf = (text: string): readonly string[] => {
  const parsed = parsePolicyFile(text, 'a.yaml');
  return parsed.ok ? [] : parsed.problems;
};
export const policyOf = (text: string) => {
  const parsed = parsePolicyFile(text);
  if (!parsed.ok) throw new Error(parsed.problems.join('\n'));
  return policyFrom(parsed.file, parsed.version);
};
