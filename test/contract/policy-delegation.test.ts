/** Delegations: what is refused before a policy is stored, with its place, and that a stored one is read all the same. */
import { describe, expect, it } from 'vitest';
import { policyFrom } from '../../lambda/adapters/policy-from-file.ts';
import { checkPolicyContent, readPolicyDocument } from '../../lambda/contract/policy-document.ts';
import { type ParsedPolicy, parsePolicyFiles } from '../../lambda/contract/policy-file.ts';

const PLATFORM = `version: 1
delegations:
  - name: payments
    file: payments.yaml
    writers: [payments-leads]
    organizational_units: [Workloads/Payments]
    permission_sets: [Admin, Reader]
    max_duration: 4h
    min_approvals: 1
`;

interface TeamRule {
  readonly who?: string;
  readonly accounts?: string;
  readonly sets?: string;
  readonly longest?: string;
  readonly approval?: string;
  readonly more?: string;
}

const ruleOf = ({ who, accounts, sets, longest, approval, more = '' }: TeamRule = {}): string => `
  - name: a-rule
    who: ${who ?? '{ groups: [engineers] }'}
    what: { accounts: ${accounts ?? '{ organizational_units: [Workloads/Payments/Prod] }'}, permission_sets: ${sets ?? '[Admin]'} }
    max_duration: ${longest ?? '4h'}
    approval: ${approval ?? '{ groups: [leads] }'}
${more}`;

const teamFile = (rule?: TeamRule): string => `version: 1\ndelegation: payments\nentitlements:${ruleOf(rule)}`;

const parse = (team: string, platform = PLATFORM): ParsedPolicy =>
  parsePolicyFiles([
    { name: 'policy/a.yaml', text: platform },
    { name: 'policy/payments.yaml', text: team },
  ]);
const problemsOf = (...files: Parameters<typeof parse>): readonly string[] => {
  const parsed = parse(...files);
  return parsed.ok ? [] : parsed.problems;
};
const soundly = (parsed: ParsedPolicy) => {
  if (!parsed.ok) throw new Error(parsed.problems.join('\n'));
  return parsed;
};

describe('a file of a team', () => {
  it('is stored with the name of its delegation at each rule, and read so', () => {
    const { document } = soundly(parse(teamFile()));
    expect(JSON.parse(document).entitlements[0].delegation).toBe('payments');
    expect(JSON.parse(document)).not.toHaveProperty('delegation');
    const read = readPolicyDocument(document);
    const [rule] = read.ok ? policyFrom(read.file, 'v').entitlements : [];
    expect(rule?.delegation).toEqual({
      name: 'payments',
      bounds: {
        name: 'payments',
        writers: ['payments-leads'],
        organizationalUnits: ['Workloads/Payments'],
        permissionSets: { names: ['Admin', 'Reader'], tags: [] },
        maxDurationSeconds: 14_400,
        minApprovals: 1,
        approversFrom: [],
      },
    });
  });

  it.each<[string, TeamRule, string]>([
    [
      'a unit elsewhere',
      { accounts: '{ organizational_units: [Workloads/Payments, Workloads/PaymentsToo] }' },
      'policy/payments.yaml:6:68: entitlements.0.what.accounts.organizational_units.1: the delegation "payments" is for Workloads/Payments, and "Workloads/PaymentsToo" is not below',
    ],
    [
      'a unit above',
      { accounts: '{ organizational_units: [Workloads] }' },
      'policy/payments.yaml:6:48: entitlements.0.what.accounts.organizational_units.0: the delegation "payments" is for Workloads/Payments, and "Workloads" is not below',
    ],
    [
      'another permission set',
      { sets: '[Reader, Root]' },
      'policy/payments.yaml:6:102: entitlements.0.what.permission_sets.1: the delegation "payments" is for Admin or Reader, and not for "Root"',
    ],
    [
      'too long',
      { longest: '5h' },
      'policy/payments.yaml:7:19: entitlements.0.max_duration: the delegation "payments" allows 14400 s at most; this is 18000 s',
    ],
    [
      'nobody approves',
      { approval: 'none' },
      'policy/payments.yaml:8:15: entitlements.0.approval: the delegation "payments" needs 1 approval(s) at least; this is 0',
    ],
    [
      'those approve who ask',
      { who: '{ groups: [engineers, leads] }', approval: '{ groups: [leads, engineers] }' },
      'policy/payments.yaml:8:15: entitlements.0.approval: under the delegation "payments" others than those who may ask must approve; name a group that is not in who',
    ],
    [
      'everybody with an attribute approves',
      { approval: '{ attributes: { title: Lead } }' },
      'policy/payments.yaml:8:15: entitlements.0.approval: under the delegation "payments" others than those who may ask must approve; who has an attribute cannot be listed: name a group or a user who is not in who, or let the delegation say approvers_from',
    ],
    [
      'those approve who ask, in each stage',
      { approval: '{ stages: [{ approvers: { groups: [engineers] } }, { approvers: { groups: [engineers] } }] }' },
      'policy/payments.yaml:8:15: entitlements.0.approval: under the delegation "payments" others than those who may ask must approve; name a group that is not in who',
    ],
    [
      'the delegation of another team',
      { more: '    delegation: search\n' },
      'policy/payments.yaml:9:17: entitlements.0.delegation: this file is of the delegation "payments"',
    ],
    [
      'break-glass, which nobody approves',
      { more: '    break_glass: { tell: { groups: [leads] } }\n' },
      'policy/payments.yaml:9:18: entitlements.0.break_glass: a delegated rule has no break_glass',
    ],
  ])('is refused: %s', (_what, rule, problem) => {
    expect(problemsOf(teamFile(rule))).toEqual([problem]);
  });

  it.each<[string, TeamRule]>([
    ['everything, which is everything that is delegated', { accounts: 'all' }],
    ['tags, whose accounts nobody knows here', { accounts: '{ tags: { environment: prod } }' }],
    ['permission sets by tag', { sets: '{ tags: { risk: low } }' }],
    ['another group beside those who may ask', { approval: '{ groups: [engineers, leads] }' }],
    [
      'stages, of which one has others',
      { approval: '{ stages: [{ approvers: { groups: [engineers] } }, { approvers: { groups: [leads] } }] }' },
    ],
    ['a person by name', { approval: '{ users: [lea] }' }],
    ['whoever a tag of the account names', { approval: '{ account_tag: owner }' }],
    [
      'everybody with an attribute, in a stage beside others',
      { approval: '{ stages: [{ approvers: { attributes: { title: Lead } } }, { approvers: { groups: [leads] } }] }' },
    ],
    ['the same delegation once more', { more: '    delegation: payments\n' }],
  ])('may say: %s', (_what, rule) => {
    expect(problemsOf(teamFile(rule))).toEqual([]);
  });

  it('may say everybody with an attribute where the delegation says of which groups', () => {
    const team = teamFile({ approval: '{ attributes: { title: Lead } }' });
    expect(problemsOf(team, `${PLATFORM}    approvers_from: [leads]\n`)).toEqual([]);
    expect(problemsOf(team, `${PLATFORM}    approvers_from: [engineers]\n`)).toEqual([
      'policy/payments.yaml:8:15: entitlements.0.approval: under the delegation "payments" others than those who may ask must approve; name a group that is not in who',
    ]);
  });

  it('cannot leave out by what it is bound', () => {
    expect(problemsOf(`version: 1\nentitlements:${ruleOf()}`)).toEqual([
      'policy/payments.yaml:1:1: this file must begin with: delegation: payments',
    ]);
  });

  it('holds no guardrails and no delegations', () => {
    const delegations = PLATFORM.replace('version: 1\n', '').replaceAll('payments', 'more');
    expect(problemsOf(`${teamFile()}\nguardrails: [{ name: g, forbid: never }]\n${delegations}`)).toEqual([
      "policy/payments.yaml:12:3: delegations: a delegated file has no delegations; they are the platform team's",
      "policy/payments.yaml:10:13: guardrails: a delegated file has no guardrails; they are the platform team's",
      'policy/payments.yaml:13:11: delegations.0.file: the file more.yaml is not beside this one',
    ]);
  });

  it.each([
    [
      'of another name',
      PLATFORM.replace('name: payments', 'name: search'),
      'the policy has no delegation "payments"; it has search',
    ],
    [
      'for another file',
      PLATFORM.replace('payments.yaml', 'a.yaml'),
      'the delegation "payments" is for the file a.yaml; it must say file: payments.yaml',
    ],
    [
      'for no file',
      PLATFORM.replace('    file: payments.yaml\n', ''),
      'the delegation "payments" names no file; it must say file: payments.yaml',
    ],
    ['that is not there at all', `version: 1\n`, 'the policy has no delegation "payments"'],
  ])('names a delegation %s', (_what, platform, message) => {
    expect(problemsOf(teamFile(), platform)).toContain(`policy/payments.yaml:2:13: delegation: ${message}`);
  });
});

describe('delegations', () => {
  it('are for a file that is there', () => {
    const parsed = parsePolicyFiles([{ name: 'a.yaml', text: PLATFORM }]);
    expect(parsed.ok ? [] : parsed.problems).toEqual([
      'a.yaml:4:11: delegations.0.file: the file payments.yaml is not beside this one',
    ]);
  });

  it('have names and files of their own', () => {
    const twice = PLATFORM + PLATFORM.split('\n').slice(2).join('\n');
    expect(problemsOf(teamFile(), twice)).toEqual([
      'policy/a.yaml:10:11: delegations.1.name: "payments" is used twice',
      'policy/a.yaml:11:11: delegations.1.file: "payments.yaml" is used twice',
    ]);
  });

  it.each(['a/b.yaml', '../b.yaml', 'b.txt'])('are for a file of the folder, and not for %s', (file) => {
    expect(problemsOf(teamFile(), PLATFORM.replace('payments.yaml', file))[0]).toMatch(/delegations\.0\.file/);
  });

  it('bind a rule that names one of them in the file of the platform team', () => {
    const text = `${PLATFORM.replace('    file: payments.yaml\n', '')}entitlements:${ruleOf({ longest: '9h', more: '    delegation: payments\n' })}`;
    const parsed = parsePolicyFiles([{ name: 'a.yaml', text }]);
    expect(parsed.ok ? [] : parsed.problems).toEqual([
      expect.stringMatching(/entitlements\.0\.max_duration: the delegation "payments" allows 14400 s/),
    ]);
  });
});

describe('a stored document', () => {
  const stored = { version: 1, delegations: [], entitlements: [] as object[] };
  const rule = {
    name: 'a-rule',
    who: { groups: ['engineers'] },
    what: { accounts: 'all', permission_sets: ['Admin'] },
    max_duration: '8h',
    approval: 'none',
    delegation: 'gone',
  };

  it('that goes beyond is refused as a proposal, and read with that rule granting nothing', () => {
    const content = { ...stored, entitlements: [rule] };
    expect(checkPolicyContent(content)).toMatchObject({ ok: false });
    const whole = { ...content, delegation: 'gone' };
    expect(checkPolicyContent({ ...whole, entitlements: [] })).toEqual({
      ok: false,
      problems: [{ path: ['delegation'], message: expect.stringContaining('no whole policy') }],
    });
    const read = readPolicyDocument(JSON.stringify(content));
    const [only] = read.ok ? policyFrom(read.file, 'v').entitlements : [];
    expect(only?.delegation).toEqual({ name: 'gone', grantsNothing: 'unknown-delegation' });
  });

  it('lets nobody break the glass by a delegated rule, whatever it says', () => {
    const { delegation: _own, approval: _none, ...plain } = rule;
    const glass = { ...plain, break_glass: { tell: { groups: ['leads'] } } };
    const policyOf = (content: object) => {
      const read = readPolicyDocument(JSON.stringify({ ...stored, ...content }));
      return read.ok ? policyFrom(read.file, 'v') : undefined;
    };
    expect(policyOf({ entitlements: [glass] })?.breakGlass).toHaveLength(1);
    expect(policyOf({ entitlements: [{ ...glass, delegation: 'gone' }] })).toMatchObject({ entitlements: [] });
    expect(policyOf({ entitlements: [{ ...glass, delegation: 'gone' }] })?.breakGlass).toBeUndefined();
    expect(policyOf({ delegation: 'gone', entitlements: [glass] })?.breakGlass).toBeUndefined();
  });

  it('that is as a whole of a delegation binds each of its rules', () => {
    const { delegation: _own, ...plain } = rule;
    const read = readPolicyDocument(JSON.stringify({ ...stored, delegation: 'gone', entitlements: [plain] }));
    const [only] = read.ok ? policyFrom(read.file, 'v').entitlements : [];
    expect(only?.delegation).toEqual({ name: 'gone', grantsNothing: 'unknown-delegation' });
  });
});
