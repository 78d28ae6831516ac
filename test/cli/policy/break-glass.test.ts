/** Break-glass in a policy as the offline tools see it: what lint finds, and who gains or loses it. */
import { describe, expect, it } from 'vitest';
import { diff } from '../../../cli/policy/diff.ts';
import { lint } from '../../../cli/policy/lint.ts';
import { offlineOrganization } from '../../../cli/policy/offline.ts';
import { policyFrom } from '../../../lambda/adapters/policy-from-file.ts';
import { parsePolicyFile } from '../../../lambda/contract/policy-file.ts';
import { readTestSeed } from '../../contract/stand-in.ts';
import { exportOf } from './seed-organization.ts';

const organization = offlineOrganization(exportOf(await readTestSeed()));

const textOf = (more: string): string => `version: 1
entitlements:
  - name: data
    who: { groups: [data-leads] }
    what: { accounts: { names: [ml-dev] }, permission_sets: [ReadOnlyAccess] }
    max_duration: 1h
${more}
`;
const APPROVAL = '    approval: none';
const glass = (text: string): string => `    break_glass: ${text}`;
const GLASS = glass('{ tell: { groups: [security-team] }, max_duration: 30m }');

const parsed = (text: string) => {
  const policy = parsePolicyFile(text);
  if (!policy.ok) throw new Error(policy.problems.join('\n'));
  return policy;
};

describe('lint', () => {
  const found = (more: string) =>
    lint(parsed(textOf(more)), organization).map(({ path, message }) => `${path}: ${message}`);
  const AT = 'entitlements.0.break_glass';

  it.each([
    ['nothing where all is there', GLASS, []],
    [
      'names that nothing bears, with what was meant',
      glass('{ tell: { groups: [security-team, security-taem] }, review: { by: { users: [amaraa, elif] } } }'),
      [
        `${AT}.tell.groups.1: there is no group "security-taem", so nobody of it is told; did you mean "security-team"?`,
        `${AT}.review.by.users.0: there is no user "amaraa", so nobody of it reviews; did you mean "amara"?`,
      ],
    ],
    [
      'that nobody is told, and nobody reviews',
      glass('{ tell: { users: [nobody-of-that-name] } }'),
      [
        `${AT}.tell.users.0: there is no user "nobody-of-that-name", so nobody of it is told`,
        `${AT}.tell: nobody whom it names is an enabled user, so nobody is told`,
        `${AT}.review: nobody who could review it is an enabled user`,
      ],
    ],
    [
      'that the only reviewer may break it too',
      glass('{ tell: { groups: [security-team] }, review: { by: { users: [mei] } } }'),
      [`${AT}.review: the only one who could review it may break the glass too, and reviews nothing of their own`],
    ],
  ])('finds %s', (_what, more, expected) => {
    expect(found(more)).toEqual(expected);
  });

  it('says what was meant by a misspelled part', () => {
    const wrong = lint(parsePolicyFile(textOf(glass('{ tel: { groups: [a] } }'))), organization);
    expect(wrong.map(({ message }) => message)).toContain('there is no "tel" here; did you mean "tell"?');
  });
});

describe('diff', () => {
  const told = (before: string, after: string) => {
    const [was, is] = [before, after].map((text) => {
      const { file, version } = parsed(textOf(text));
      return policyFrom(file, version);
    });
    if (!was || !is) return [];
    return diff(was, is, organization).flatMap(({ people, changes }) =>
      changes.map(({ kind, before: from, after: to }) => {
        const terms = [from, to].map((one) => one && [one.maxSeconds, one.breakGlassSeconds, one.isBreakGlassOnly]);
        return [people.join(), kind, ...terms];
      }),
    );
  };

  it.each([
    [
      'break-glass beside approval',
      APPROVAL,
      `${APPROVAL}\n${GLASS}`,
      [['mei', 'changes', [3600, undefined, false], [3600, 1800, false]]],
    ],
    [
      'break-glass alone',
      GLASS,
      `${APPROVAL}\n${GLASS}`,
      [['mei', 'changes', [1800, 1800, true], [3600, 1800, false]]],
    ],
    [
      'no break-glass any more',
      `${APPROVAL}\n${GLASS}`,
      APPROVAL,
      [['mei', 'changes', [3600, 1800, false], [3600, undefined, false]]],
    ],
    ['others who are told', GLASS, GLASS.replace('security-team', 'sre-leads'), []],
  ])('tells of %s', (_what, before, after, expected) => {
    expect(told(before, after)).toEqual(expected);
  });
});
