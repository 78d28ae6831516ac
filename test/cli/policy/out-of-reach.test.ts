/** Permission sets that cannot be assigned from the hosting account: they are there, and nobody is given them. */
import { expect, it } from 'vitest';
import { diff } from '../../../cli/policy/diff.ts';
import { lint } from '../../../cli/policy/lint.ts';
import { offlineOrganization } from '../../../cli/policy/offline.ts';
import { policyFrom } from '../../../lambda/adapters/policy-from-file.ts';
import { parsePolicyFile } from '../../../lambda/contract/policy-file.ts';
import { readTestSeed } from '../../contract/stand-in.ts';
import { exportOf } from './seed-organization.ts';

const organization = offlineOrganization(exportOf(await readTestSeed()));

const parsedOf = (rules: string) => {
  const parsed = parsePolicyFile(`version: 1
entitlements: ${rules}
guardrails:
  - { name: never, what: { permission_sets: [OrganizationAdmin] }, forbid: Never by Brevet. }
`);
  if (!parsed.ok) throw new Error(parsed.problems.join('; '));
  return parsed;
};
const ruleFor = (sets: string) => `
  - name: looking
    who: { users: [maria] }
    what: { accounts: { names: [payments-prod] }, permission_sets: [${sets}] }
    max_duration: 1h
    approval: none`;

it('lint knows their names, in rules and in guardrails', () => {
  const findings = lint(parsedOf(ruleFor('ReadOnlyAccess, BillingView, BilingView')), organization);
  expect(findings.map(({ message }) => message)).toEqual([
    'there is no permission set "BilingView", so the rule grants nothing; did you mean "BillingView"?',
  ]);
});

it('a rule that names one gives the others, and not that one', () => {
  const [before, after] = [parsedOf('[]'), parsedOf(ruleFor('ReadOnlyAccess, BillingView'))].map(({ file, version }) =>
    policyFrom(file, version),
  );
  if (!before || !after) throw new Error('two policies');
  const [maria, ...others] = diff(before, after, organization);
  expect(others).toEqual([]);
  expect(maria?.people).toEqual(['maria']);
  expect(maria?.changes).toMatchObject([{ kind: 'gains', after: { permissionSet: 'ReadOnlyAccess' } }]);
});
