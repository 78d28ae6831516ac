/** Lint of delegations: names that nothing bears, with what was meant, and rules that reach outside, each with its place. */
import { describe, expect, it } from 'vitest';
import { diff } from '../../../cli/policy/diff.ts';
import { lint } from '../../../cli/policy/lint.ts';
import { offlineOrganization } from '../../../cli/policy/offline.ts';
import { policyFrom } from '../../../lambda/adapters/policy-from-file.ts';
import { parsePolicyFiles } from '../../../lambda/contract/policy-file.ts';
import { readTestSeed } from '../../contract/stand-in.ts';
import { exportOf } from './seed-organization.ts';

const organization = offlineOrganization(exportOf(await readTestSeed()));

const findings = (platform: string, team: string): readonly string[] =>
  lint(
    parsePolicyFiles([
      { name: '10-platform.yaml', text: platform },
      { name: '20-payments.yaml', text: team },
    ]),
    organization,
  ).map(({ place: { file, line, column }, message }) => `${file}:${line}:${column}: ${message}`);

const platformWith = (parts: string): string => `version: 1
delegations:
  - name: payments
    file: 20-payments.yaml
    max_duration: 4h
${parts}`;

const teamWith = (what: string): string => `version: 1
delegation: payments
entitlements:
  - name: ours
    who: { groups: [payments-engineers] }
    what: ${what}
    max_duration: 1h
    approval: { groups: [payments-leads] }
`;

const SOUND = `    writers: [payments-leads]
    organizational_units: [Workloads/Payments]
    permission_sets: { tags: { risk: low } }
`;

describe('diff', () => {
  const policyWith = (bounds: string) => {
    const parsed = parsePolicyFiles([
      { name: '10-platform.yaml', text: platformWith(bounds) },
      { name: '20-payments.yaml', text: teamWith('{ accounts: all, permission_sets: [ReadOnlyAccess] }') },
    ]);
    if (!parsed.ok) throw new Error(parsed.problems.join('\n'));
    return policyFrom(parsed.file, parsed.version);
  };

  it('tells what a narrower delegation takes away, though the rule says the same', () => {
    const narrower = SOUND.replace('Workloads/Payments]', 'Workloads/Payments/NonProd]');
    const [change, ...others] = diff(policyWith(SOUND), policyWith(narrower), organization);
    expect(others).toEqual([]);
    expect(change?.people).toContain('maria');
    expect(new Set(change?.changes.map(({ kind }) => kind))).toEqual(new Set(['loses']));
    expect(change?.changes.map(({ before }) => before?.account).sort()).toEqual(
      ['card-vault-prod', 'fraud-prod', 'ledger-prod', 'payments-prod', 'payments-prod-eu', 'tokenization-prod'].sort(),
    );
    expect(diff(policyWith(SOUND), policyWith(SOUND), organization)).toEqual([]);
  });

  it('tells what a higher floor changes', () => {
    const [change] = diff(policyWith(SOUND), policyWith(`${SOUND}    approvers_from: [sre-leads]\n`), organization);
    expect(change?.changes[0]).toMatchObject({
      kind: 'changes',
      after: { approvers: expect.stringContaining('sre-leads') },
    });
  });
});

describe('lint of delegations', () => {
  it('names what was meant', () => {
    const platform = platformWith(`    writers: [payments-leeds]
    organizational_units: [Workloads/Paymets]
    permission_sets: [PowerUserAcess]
    approvers_from: [sre-leeds]
`);
    expect(findings(platform, 'version: 1\ndelegation: payments\n')).toEqual([
      '10-platform.yaml:6:15: there is no group "payments-leeds", so nobody of it writes; did you mean "payments-leads"?',
      '10-platform.yaml:7:28: there is no OU "Workloads/Paymets", so nothing is delegated there; did you mean "Workloads/Payments"?',
      '10-platform.yaml:8:23: there is no permission set "PowerUserAcess", so it delegates nothing; did you mean "PowerUserAccess"?',
      '10-platform.yaml:9:22: there is no group "sre-leeds", so nobody of it approves; did you mean "sre-leads"?',
    ]);
  });

  it('tells accounts and permission sets of a rule that lie outside', () => {
    const what =
      "{ accounts: { names: [payments-prod, ml-prod], ids: ['200000000002'] }, permission_sets: [ReadOnlyAccess, AdministratorAccess] }";
    expect(findings(platformWith(SOUND), teamWith(what))).toEqual([
      '20-payments.yaml:6:64: "200000000002" is in Security, outside the delegation "payments", so this part grants nothing',
      '20-payments.yaml:6:48: "ml-prod" is in Workloads/Data/Prod, outside the delegation "payments", so this part grants nothing',
      '20-payments.yaml:6:117: "AdministratorAccess" has not the tags of the delegation "payments", so this part grants nothing',
    ]);
  });

  it('takes a delegation that is not there for no slip of a key', () => {
    expect(findings('version: 1\n', teamWith('{ accounts: all, permission_sets: [ReadOnlyAccess] }'))).toEqual([
      '20-payments.yaml:2:13: the policy has no delegation "payments"',
    ]);
  });

  it('tells what was meant by a key', () => {
    expect(findings(platformWith(SOUND.replace('writers', 'writrs')), 'version: 1\n')).toEqual([
      expect.stringContaining('is missing'),
      '10-platform.yaml:6:13: there is no "writrs" here; did you mean "writers"?',
    ]);
  });
});
