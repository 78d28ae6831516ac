/** Lint of approvals: every name in every stage, tags that name nobody, and too few people. */
import { describe, expect, it } from 'vitest';
import { lint } from '../../../cli/policy/lint.ts';
import { offlineOrganization } from '../../../cli/policy/offline.ts';
import { parsePolicyFile } from '../../../lambda/contract/policy-file.ts';
import { readTestSeed } from '../../contract/stand-in.ts';
import { exportOf } from './seed-organization.ts';

const content = exportOf(await readTestSeed());

const findings = (
  approval: string,
  change: Partial<typeof content> = {},
  who = '{ groups: [payments-engineers] }',
  more = '',
): readonly string[] => {
  const parsed = parsePolicyFile(`version: 1
entitlements:
  - name: a-rule
    who: ${who}
    what: { accounts: all, permission_sets: [AdministratorAccess] }
    max_duration: 1h
    approval: ${approval}
${more}`);
  if (!parsed.ok) throw new Error(parsed.problems.join('; '));
  return lint(parsed, offlineOrganization({ ...content, ...change })).map(
    ({ path, message }) => `${path.replace('entitlements.0.approval', '')}: ${message}`,
  );
};

describe('names', () => {
  it('of every stage and every escalation', () => {
    const stages = `{ stages: [
      { approvers: { groups: [payments-leads, payments-leeds] }, escalate_after: 1h, escalate_to: { groups: [nobody], users: [OMAR, onar] } },
      { approvers: { users: [fatima, fatma], attributes: { department: [Paymints] } } } ] }`;
    expect(findings(stages)).toEqual([
      '.stages.0.approvers.groups.1: there is no group "payments-leeds", so nobody approves by it; did you mean "payments-leads"?',
      '.stages.0.escalate_to.groups.0: there is no group "nobody", so nobody approves by it',
      '.stages.0.escalate_to.users.1: there is no user "onar", so nobody approves by it; did you mean "omar"?',
      '.stages.1.approvers.users.1: there is no user "fatma", so nobody approves by it; did you mean "fatima"?',
      expect.stringMatching(
        /^\.stages\.1\.approvers\.attributes\.department: nothing has the attribute "department" with "Paymints"/,
      ),
      '.stages.1: stage 2 needs 1 approval(s), and 0 enabled person(s) could give one',
    ]);
  });

  it('that several users bear', () => {
    const people = content.people.map((one) => (one.userName === 'fatima' ? { ...one, userName: 'Omar' } : one));
    expect(findings('{ users: [OMAR] }', { people })).toEqual([
      '.users.0: several users have the user name "OMAR", so nobody approves by it',
      ': it needs 1 approval(s), and 0 enabled person(s) could give one',
    ]);
  });

  it('of tags that name approvers', () => {
    expect(findings('{ account_tag: owner }')).toEqual([]);
    expect(findings('{ account_tag: ower }')).toEqual([
      '.account_tag: no account has the tag "ower", so nobody approves by it; did you mean "owner"?',
    ]);
    const accounts = content.accounts.map((one, index) =>
      index === 0 ? { ...one, tags: { owner: 'user:nobody' } } : one,
    );
    expect(findings('{ account_tag: owner }', { accounts })).toEqual([
      '.account_tag: accounts have the tag "owner" with "user:nobody", and nothing bears that name, so nobody approves by it there',
    ]);
  });
});

describe('too few people', () => {
  it.each([
    [
      'a group that is empty in the export',
      '{ groups: [data-leads] }',
      ['data-leads'],
      ': it needs 1 approval(s), and 0 enabled person(s) could give one',
    ],
    [
      'stages that share too few',
      '{ stages: [{ approvers: { groups: [data-leads] } }, { approvers: { users: [mei] } }] }',
      [],
      ': stages 1 and 2 need 2 approval(s), and 1 different enabled person(s) could give one',
    ],
  ])('%s', (_what, approval, empty, expected) => {
    const groups = content.groups.map((one) =>
      empty.some((name) => name === one.name) ? { ...one, memberIds: [] } : one,
    );
    expect(findings(approval, { groups })).toEqual([expected]);
  });

  it('counts everybody with an attribute, who is enabled', () => {
    expect(findings('{ attributes: { department: security }, required: 3 }')).toEqual([]);
    expect(findings('{ attributes: { department: security }, required: 4 }')).toEqual([
      ': it needs 4 approval(s), and 3 enabled person(s) could give one',
    ]);
    const people = content.people.map((one) => (one.userName === 'elif' ? { ...one, enabled: false } : one));
    expect(findings('{ attributes: { department: security }, required: 3 }', { people })).toEqual([
      ': it needs 3 approval(s), and 2 enabled person(s) could give one',
    ]);
  });

  it('an attribute that nobody has is nobody, with what was meant', () => {
    expect(findings('{ attributes: { department: securty } }')).toEqual([
      '.attributes.department: nothing has the attribute "department" with "securty"; did you mean "security"?',
      ': it needs 1 approval(s), and 0 enabled person(s) could give one',
    ]);
  });

  it('a group that is not there, narrowed, is nobody', () => {
    expect(findings('{ groups: [gone], attributes: { department: security } }')).toEqual([
      '.groups.0: there is no group "gone", so nobody approves by it',
      ': it needs 1 approval(s), and 0 enabled person(s) could give one',
    ]);
  });

  const NO_OTHERS = ': nobody approves for themselves, and of others there are too few for anybody who may ask by it';
  it.each([
    ['the only one who may ask', '{ users: [maria] }', '{ users: [maria] }', [NO_OTHERS]],
    [
      'the only ones who may ask',
      '{ groups: [payments-leads] }',
      '{ groups: [payments-leads], required: 2 }',
      [NO_OTHERS],
    ],
    ['one of those who may ask', '{ groups: [payments-engineers] }', '{ users: [maria] }', []],
    ['one another', '{ groups: [platform-engineers] }', '{ groups: [platform-engineers], required: 4 }', []],
    [
      'too many of one another',
      '{ groups: [platform-engineers] }',
      '{ groups: [platform-engineers], required: 5 }',
      [NO_OTHERS],
    ],
    ['everybody with an attribute', '{ attributes: { department: finance } }', '{ users: [ida] }', [NO_OTHERS]],
    ['whom a tag may name', '{ users: [maria] }', '{ users: [maria], account_tag: owner }', []],
  ])('who may be asked is %s', (_what, who, approval, expected) => {
    expect(findings(approval, {}, who)).toEqual(expected);
  });

  it('a stage of whom a tag names may have more', () => {
    expect(findings('{ account_tag: owner, required: 9 }')).toEqual([]);
  });
});

describe('too few people by floors', () => {
  const guardrails = (...rules: readonly string[]): string =>
    `guardrails:\n${rules.map((one) => `  - ${one}\n`).join('')}`;
  const floored = (approval: string, floor: string, where = '', who?: string): readonly string[] =>
    findings(approval, {}, who, guardrails(`{ name: a-floor, ${where}floor: ${floor} }`));
  const BY_FLOORS = ': by the floors that hold for all of it, ';

  // Omar, Lena and Victor, who is disabled, lead payments.
  it.each([
    [
      'more approvals than there are people',
      '{ groups: [payments-leads] }',
      '{ min_approvals: 3 }',
      'it needs 3 approval(s), and 2',
    ],
    [
      'nobody is in both groups',
      '{ groups: [payments-leads] }',
      '{ approvers_from: [data-leads] }',
      'it needs 1 approval(s), and 0',
    ],
    [
      'a rule that asks nobody',
      'none',
      '{ approvers_from: [data-leads], min_approvals: 9 }',
      'it needs 9 approval(s), and ',
    ],
    ['whom nobody is to be asked of', 'none', '{ min_approvals: 1 }', 'it needs 1 approval(s), and 0'],
    [
      'everybody with an attribute, of the groups alone',
      '{ attributes: { department: security } }',
      '{ approvers_from: [payments-leads] }',
      'it needs 1 approval(s), and 0',
    ],
  ])('%s', (_what, approval, floor, expected) => {
    const found = floored(approval, floor);
    expect(found).toEqual([expect.stringMatching(/^: by the floors that hold for all of it, /)]);
    expect(found[0]).toContain(`${BY_FLOORS}${expected}`);
    expect(floored(approval, floor, 'what: { accounts: all }, ')).toEqual(found);
  });

  it('the last stage, where it is raised beyond its people', () => {
    const stages = '{ stages: [{ approvers: { users: [omar] } }, { approvers: { users: [fatima] } }] }';
    expect(floored(stages, '{ min_approvals: 3 }')).toEqual([
      '.stages.1: by the floors that hold for all of it, stage 2 needs 2 approval(s), and 1 enabled person(s) could give one',
    ]);
  });

  it('for whoever may ask, though there are enough', () => {
    expect(floored('{ groups: [payments-leads] }', '{ min_approvals: 2 }', '', '{ groups: [payments-leads] }')).toEqual(
      [`${BY_FLOORS}nobody approves for themselves, and of others there are too few for anybody who may ask by it`],
    );
  });

  it.each([
    ['enough people', '', '{ min_approvals: 2 }'],
    ['some accounts alone', 'what: { accounts: { tags: { environment: prod } } }, ', '{ min_approvals: 9 }'],
    [
      'some accounts left out',
      "what: { accounts: { organizational_units: [/], except: { ids: ['200000000002'] } } }, ",
      '{ min_approvals: 9 }',
    ],
    ['some permission sets alone', 'what: { permission_sets: [AdministratorAccess] }, ', '{ min_approvals: 9 }'],
    ['some people alone', 'who: { groups: [payments-engineers] }, ', '{ min_approvals: 9 }'],
  ])('nothing is said of floors for %s', (_what, where, floor) => {
    expect(floored('{ groups: [payments-leads] }', floor, where)).toEqual([]);
  });

  it('that of its delegation', () => {
    const delegation = (from: string) => `    delegation: team
delegations:
  - name: team
    writers: [payments-leads]
    organizational_units: [/]
    permission_sets: [AdministratorAccess]
    max_duration: 4h
    approvers_from: [${from}]
`;
    expect(findings('{ users: [omar] }', {}, undefined, delegation('data-leads'))).toEqual([
      `${BY_FLOORS}it needs 1 approval(s), and 0 enabled person(s) could give one`,
    ]);
    expect(findings('{ users: [omar] }', {}, undefined, delegation('payments-leads'))).toEqual([]);
  });

  it('a rule for break-glass alone asks nobody', () => {
    const parsed = parsePolicyFile(`version: 1
entitlements:
  - name: a-rule
    who: { groups: [payments-engineers] }
    what: { accounts: all, permission_sets: [AdministratorAccess] }
    max_duration: 1h
    break_glass: { tell: { groups: [payments-leads] } }
${guardrails('{ name: a-floor, break_glass: allow, floor: { min_approvals: 9 } }')}`);
    if (!parsed.ok) throw new Error(parsed.problems.join('; '));
    expect(lint(parsed, offlineOrganization(content))).toEqual([]);
  });
});
