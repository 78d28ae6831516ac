/** What cases say of who is there to approve, and to be told: the same as the service would, by the same facts. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { OrganizationExport } from '../../../lambda/contract/organization-export.ts';
import { type Answer, type Ask, ofCase, ofCheck, ofService, policyOf } from './case-and-service.ts';
import { organizations, policyTexts } from './random-organization.ts';

const someone = (id: string, change: Partial<OrganizationExport['people'][number]> = {}) => ({
  ...{ id, userName: `u${id}`, displayName: id, enabled: true, attributes: {} },
  ...change,
});
const DEPARTMENT = { attributes: { department: 'security' } };

/** Everybody asks; u1 and u2 lead, u3 is alone and u4, who is disabled, too; u5 and u6 are in security, u7 is nobody's member. */
const CONTENT: OrganizationExport = {
  version: 1,
  takenAt: '2026-11-23T08:00:00.000Z',
  accounts: [{ id: '400000000001', name: 'prod', ouPath: 'Workloads', active: true, tags: { owner: 'alone' } }],
  organizationalUnits: ['Workloads'],
  permissionSets: [{ arn: 'arn:1', name: 'Admin', sessionSeconds: 3600, tags: {} }],
  groups: [
    { id: 'g-all', name: 'all', memberIds: ['0', '1', '2', '3', '4', '5', '6'] },
    { id: 'g-leads', name: 'leads', memberIds: ['1', '2'] },
    { id: 'g-alone', name: 'alone', memberIds: ['3', 'gone'] },
    { id: 'g-disabled', name: 'disabled', memberIds: ['4'] },
    { id: 'g-others', name: 'others', memberIds: ['7'] },
  ],
  people: [
    ...['0', '1', '2', '3', '7'].map((id) => someone(id)),
    someone('4', { enabled: false }),
    ...['5', '6'].map((id) => someone(id, DEPARTMENT)),
  ],
};

const written = (rule: string, more = ''): string => `version: 1
${more}
entitlements:
  - name: a-rule
    who: { groups: [all] }
    what: { accounts: all, permission_sets: [Admin] }
    max_duration: 4h
    ${rule}
`;
const TEAM = (more: string): string =>
  `delegations: [{ name: team, writers: [leads], organizational_units: [/], permission_sets: [Admin], max_duration: 4h ${more} }]`;
const FLOOR = (floor: string): string => `guardrails: [{ name: a-floor, floor: ${floor} }]`;
const TOLD = (tell: string, by = tell): string => `break_glass: { tell: ${tell}, review: { by: ${by} } }`;

/** All agree, and on this. */
const answered = async (text: string, more: Partial<Ask> = {}): Promise<Answer> => {
  const policy = policyOf(text);
  if (!policy) throw new Error(`no policy: ${text}`);
  const ask = { content: CONTENT, policy, text, userName: 'u0', isBreakGlass: false, ...more };
  const answer = ofCase(ask);
  expect(answer).toEqual(await ofService(ask));
  expect(answer).toEqual(await ofCheck(ask));
  return answer;
};

describe('a case is refused for want of approvers', () => {
  const needs = (required: number, available: number): string =>
    `The rule "a-rule" needs ${required} approval\\(s\\).* where only ${available} enabled person\\(s\\) other than you could give one`;

  it.each([
    ['enough', 'u0', '{ groups: [leads], required: 2 }', '', undefined],
    ['the requester is one of them', 'u1', '{ groups: [leads], required: 2 }', '', needs(2, 1)],
    ['the only one is the requester', 'u3', '{ groups: [alone] }', '', needs(1, 0)],
    ['whoever is disabled approves nothing', 'u0', '{ groups: [disabled] }', '', needs(1, 0)],
    ['nor does a name that nothing bears', 'u0', '{ groups: [gone], users: [nobody] }', '', needs(1, 0)],
    [
      'attributes narrow',
      'u0',
      '{ groups: [all], attributes: { department: security }, required: 3 }',
      '',
      needs(3, 2),
    ],
    ['an account tag names some', 'u0', '{ account_tag: owner, required: 2 }', '', needs(2, 1)],
    [
      'everybody with an attribute is taken to be enough',
      'u0',
      '{ attributes: { department: nowhere } }',
      '',
      undefined,
    ],
    [
      'of the groups of a floor they are counted',
      'u0',
      '{ attributes: { department: security } }',
      FLOOR('{ approvers_from: [leads] }'),
      needs(1, 0),
    ],
    ['a floor of approvals', 'u0', '{ groups: [leads] }', FLOOR('{ min_approvals: 3 }'), needs(3, 2)],
    [
      'a floor where nobody was asked',
      'u0',
      'none',
      FLOOR('{ min_approvals: 2, approvers_from: [alone] }'),
      needs(2, 1),
    ],
    [
      'approvers of both',
      'u0',
      '{ groups: [leads, alone], required: 2 }',
      FLOOR('{ approvers_from: [alone] }'),
      needs(2, 1),
    ],
    [
      'nobody counts in two stages',
      'u0',
      '{ stages: [{ approvers: { groups: [alone] } }, { approvers: { users: [u3] } }] }',
      '',
      `${needs(2, 1).replace('.*', ' in stages 1 and 2, in which nobody counts twice, from group alone; and user u3,')}`,
    ],
    [
      'those to whom it is escalated count',
      'u0',
      '{ stages: [{ approvers: { groups: [alone] } }, { approvers: { users: [u3] }, escalate_after: 1h, escalate_to: { groups: [leads] } }] }',
      '',
      undefined,
    ],
    [
      'the escalation is held to a floor too',
      'u0',
      '{ stages: [{ approvers: { groups: [alone] } , escalate_after: 1h, escalate_to: { groups: [leads] } }] }',
      FLOOR('{ approvers_from: [others] }'),
      needs(1, 0),
    ],
  ])('%s', async (_what, userName, approval, more, expected) => {
    const [code, detail] = await answered(written(`approval: ${approval}`, more), { userName });
    expect([code, detail]).toEqual(
      expected === undefined ? ['allowed', undefined] : ['no_approver', expect.stringMatching(expected)],
    );
  });

  it.each([
    ['somebody who approves may not ask', '{ users: [u7] }', '', 'allowed'],
    ['whoever approves may ask', '{ groups: [leads], users: [u1] }', '', 'no_approver'],
    [
      'whoever may not ask comes by escalation alone',
      '{ stages: [{ approvers: { groups: [leads] }, escalate_after: 1h, escalate_to: { users: [u7] } }] }',
      '',
      'no_approver',
    ],
    [
      'the delegation lets whoever may not ask approve',
      '{ groups: [leads, others] }',
      ', approvers_from: [others]',
      'allowed',
    ],
    [
      'the delegation lets nobody approve who may not ask',
      '{ groups: [leads, others] }',
      ', approvers_from: [leads, disabled]',
      'no_approver',
    ],
  ])('under a delegation: %s', async (_what, approval, bounds, expected) => {
    const [code, detail = ''] = await answered(written(`delegation: team\n    approval: ${approval}`, TEAM(bounds)));
    expect(code).toBe(expected);
    expect(detail.includes('today everybody who approves may')).toBe(expected === 'no_approver');
  });

  it('under a delegation: one of several stages is enough', async () => {
    const stages = 'approval: { stages: [{ approvers: { groups: [leads] } }, { approvers: { users: [u7] } }] }';
    expect(await answered(written(`delegation: team\n    ${stages}`, TEAM('')))).toEqual(['allowed']);
  });

  it('under a delegation: whoever has the attributes of those who ask, or is named among them, may ask', async () => {
    const asking = (who: string, approval: string) =>
      answered(written(`delegation: team\n    approval: ${approval}`, TEAM('')).replace('{ groups: [all] }', who), {
        userName: 'u5',
      });
    const security = '{ attributes: { department: security } }';
    expect((await asking(security, '{ users: [u6] }'))[0]).toBe('no_approver');
    expect((await asking(security, '{ users: [u7] }'))[0]).toBe('allowed');
    expect((await asking('{ users: [u5, u6] }', '{ groups: [others], users: [u6] }'))[0]).toBe('allowed');
    const withoutOthers = CONTENT.groups.map((one) => (one.name === 'others' ? { ...one, memberIds: ['6'] } : one));
    const text = written('delegation: team\n    approval: { groups: [others] }', TEAM(''));
    const content = { ...CONTENT, groups: withoutOthers };
    const named = text.replace('{ groups: [all] }', '{ users: [u5, u6] }');
    expect((await answered(named, { content, userName: 'u5' }))[0]).toBe('no_approver');
  });

  it('under a delegation: of people beyond those who are looked at nothing is known', async () => {
    const at = (place: number) => {
      const crowd = Array.from({ length: 251 }, (_, index) => someone(`c${index}`, { enabled: index === place }));
      const groups = [...CONTENT.groups, { id: 'g-crowd', name: 'crowd', memberIds: crowd.map(({ id }) => id) }];
      const content = { ...CONTENT, groups, people: [...CONTENT.people, ...crowd] };
      return answered(written('delegation: team\n    approval: { groups: [crowd] }', TEAM('')), { content });
    };
    expect((await at(249))[0]).toBe('allowed');
    expect((await at(250))[0]).toBe('no_approver');
  });

  it.each([
    [250, 'no_approver'],
    [251, 'allowed'],
  ])('of %i people each is looked at, and of more there may be enough', async (count, expected) => {
    const crowd = Array.from({ length: count }, (_, index) => someone(`c${index}`, { enabled: index === 0 }));
    const groups = [...CONTENT.groups, { id: 'g-crowd', name: 'crowd', memberIds: crowd.map(({ id }) => id) }];
    const content = { ...CONTENT, groups, people: [...CONTENT.people, ...crowd] };
    expect((await answered(written('approval: { groups: [crowd], required: 2 }'), { content }))[0]).toBe(expected);
  });
});

describe('a case is refused for want of anybody to tell', () => {
  it.each([
    ['somebody else is told', 'u0', TOLD('{ groups: [leads] }'), 'allowed'],
    ['whoever is in the group is disabled', 'u3', TOLD('{ groups: [disabled], users: [u3] }'), 'nobody_to_tell'],
    ['nobody is told but the requester, by name', 'u3', TOLD('{ users: [U3] }'), 'nobody_to_tell'],
    ['nobody reviews but the requester', 'u3', TOLD('{ groups: [leads] }', '{ users: [u3] }'), 'nobody_to_tell'],
    ['whoever is named is disabled', 'u0', TOLD('{ users: [u4] }'), 'nobody_to_tell'],
    ['nothing bears the name', 'u0', TOLD('{ groups: [gone], users: [nobody] }'), 'nobody_to_tell'],
  ])('%s', async (_what, userName, rule, expected) => {
    expect((await answered(written(rule), { userName, isBreakGlass: true }))[0]).toBe(expected);
  });
});

describe('a case of somebody who is disabled', () => {
  it('is refused where the policy lets it through, and otherwise by the policy', async () => {
    const disabled = { userName: 'u4' };
    expect(await answered(written('approval: none'), disabled)).toEqual([
      'caller_disabled',
      'The user "u4" is disabled.',
    ]);
    expect((await answered(written('approval: { groups: [gone] }'), disabled))[0]).toBe('caller_disabled');
    expect((await answered(written('approval: none').replace('[all]', '[leads]'), disabled))[0]).toBe('not_eligible');
  });
});

describe('a case of a name that several users bear', () => {
  const people = [...CONTENT.people, someone('8', { userName: 'U1' })];
  const content = { ...CONTENT, people };

  it("is nobody's, and nobody approves by it", async () => {
    expect((await answered(written('approval: none'), { content, userName: 'u1' }))[0]).toContain('nobody named "u1"');
    expect((await answered(written('approval: { users: [u1] }'), { content }))[0]).toBe('no_approver');
  });
});

describe('a case comes to what the service would say', () => {
  it('in any organization, by any policy', async () => {
    const answers = new Set<string>();
    await fc.assert(
      fc.asyncProperty(organizations, policyTexts, fc.boolean(), async (content, text, isBreakGlass) => {
        const policy = policyOf(text);
        fc.pre(policy !== undefined);
        for (const { userName } of content.people) {
          const ask = { content, policy, text, userName, isBreakGlass };
          const answer = await ofService(ask);
          expect([ofCase(ask), await ofCheck(ask)]).toEqual([answer, answer]);
          answers.add(answer[0]);
        }
      }),
      { numRuns: 150 },
    );
    expect([...answers]).toEqual(expect.arrayContaining(['allowed', 'no_approver', 'not_eligible']));
  });
});
