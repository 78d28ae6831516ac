/** What changes for everybody between two versions of a policy: of some rules, and of guardrails that concern much or all. */
import { type Difference, diff } from '../../cli/policy/diff.ts';
import { fixed, whole } from '../report.ts';
import { compile, type Ground, msOf } from './ground.ts';
import { FULL, generatePolicy } from './organization.ts';

const CHANGED_RULES = 20;

interface Written {
  readonly entitlements: readonly object[];
  readonly guardrails: readonly object[];
}

/** Each as it is written, by what is told of it. */
export const changedFrom = ({ content }: Ground): readonly (readonly [what: string, after: object])[] => {
  const before = generatePolicy(content, FULL) as Written;
  const [set] = content.permissionSets;
  const withGuardrail = (guardrail: object): object => ({
    ...before,
    guardrails: [...before.guardrails, { name: 'one-more', ...guardrail }],
  });
  const freeze = { reason: 'Quiet.', from: '2030-01-01', until: '2030-01-02' };
  return [
    [`${CHANGED_RULES} changed rules`, generatePolicy(content, FULL, 2, CHANGED_RULES)],
    ['all rules in reverse order', { ...before, entitlements: before.entitlements.toReversed() }],
    ['a floor for everything', withGuardrail({ floor: { min_approvals: 3 } })],
    [
      'a floor for `environment: prod`',
      withGuardrail({ what: { accounts: { tags: { environment: 'prod' } } }, floor: { min_approvals: 3 } }),
    ],
    [
      'one permission set forbidden everywhere',
      withGuardrail({ what: { permission_sets: [set?.name] }, forbid: 'Not any more.' }),
    ],
    ['a freeze for a group that is not there', withGuardrail({ who: { groups: ['not-there'] }, freeze })],
  ];
};

const toldBy = (differences: readonly Difference[]): string => {
  const people = new Set(differences.flatMap((one) => one.people)).size;
  const changes = differences.reduce((sum, one) => sum + one.changes.length, 0);
  return `${whole(changes)} changes, ${whole(people)} people`;
};

export const diffs = (ground: Ground): readonly (readonly string[])[] =>
  changedFrom(ground).map(([what, written]) => {
    const after = compile(JSON.stringify(written));
    let found: readonly Difference[] = [];
    const ms = msOf(() => {
      found = diff(ground.policy, after, ground.organization);
    });
    return [`diff of ${what} (${toldBy(found)})`, `${fixed(ms / 1000, 1)} s`, 'at most 10 s'];
  });
