/** Rules of a team, by the facts as they are: where the account is, and who is in the groups now. */
import { describe, expect, it } from 'vitest';
import { underDelegation } from '../../lambda/domain/policy/delegation.ts';
import type { Policy } from '../../lambda/domain/policy/policy.ts';
import { beginGrant } from '../../lambda/use-cases/begin-grant.ts';
import { extendRequest } from '../../lambda/use-cases/extend-request.ts';
import { submitRequest } from '../../lambda/use-cases/submit-request.ts';
import { ACCOUNTS, GROUPS, PEOPLE, POLICY_TEXT, policyOf } from './small-policy.ts';
import { type SmallWorld, smallWorld } from './small-world.ts';
import { active, convergeWoken, decide, granted, readRequest, requestIn, seconds, submit } from './story.ts';

interface Given {
  readonly who?: string;
  readonly units?: string;
  readonly more?: string;
}

const delegatedPolicy = ({ who = '{ groups: [engineers] }', units = '[Workloads]', more = '' }: Given = {}): Policy =>
  policyOf(`
version: 1
delegations:
  - name: team
    writers: [leads]
    organizational_units: ${units}
    permission_sets: [Admin]
    max_duration: 4h
    ${more}
entitlements:
  - name: production
    delegation: team
    who: ${who}
    what: { accounts: all, permission_sets: [Admin] }
    max_duration: 4h
    approval: { groups: [leads] }
`);

const worldWith = (given: Given = {}): SmallWorld => {
  const small = smallWorld();
  small.published.publish(delegatedPolicy(given));
  return small;
};

describe('asking by a delegated rule', () => {
  it('is for the accounts of the team', async () => {
    const small = worldWith({ units: '[Workloads/Payments]' });
    expect(await submit(small)).toMatchObject({ status: 'pending', entitled: { name: 'production' } });
    expect(await submit(small, { account: 'other' })).toMatchObject({ refused: 'not_eligible' });
  });

  it('needs somebody who approves and may not ask', async () => {
    const small = worldWith();
    // Leo leads and asks for nothing; Lea does both.
    small.people.putGroup({ ...GROUPS.leads, memberIds: [PEOPLE.lea.id] });
    expect(await submit(small)).toMatchObject({
      refused: 'no_approver',
      facts: { delegation: 'team' },
      detail: expect.stringContaining('who may not ask by it'),
    });
    small.people.putGroup(GROUPS.leads);
    expect(await submit(small)).toMatchObject({ status: 'pending' });
  });

  it('never lists those who may ask, of whom there may be thousands', async () => {
    const small = worldWith();
    const listed: string[] = [];
    const { memberIds } = small.world.directory;
    small.world.directory.memberIds = async (group) => {
      listed.push(group.name);
      return memberIds(group);
    };
    expect(await submit(small)).toMatchObject({ status: 'pending' });
    expect(new Set(listed)).toEqual(new Set(['leads']));
  });

  it('does not count a disabled person, nor one whose attributes cannot be read', async () => {
    const small = worldWith({ who: '{ attributes: { department: payments } }' });
    const department = (value: string) => ({ attributes: { department: value } });
    small.people.putPerson({ ...PEOPLE.ann, ...department('payments') });
    small.people.putPerson({ ...PEOPLE.lea, ...department('payments') });
    const ann = () =>
      requestIn(
        submitRequest(small.world, {
          caller: { ...PEOPLE.ann, ...department('payments') },
          target: { accountId: ACCOUNTS.prod.id, permissionSet: 'Admin' },
          wish: { durationSeconds: seconds(3600), justification: 'Deploy the fix' },
        }),
      );
    expect(await ann()).toMatchObject({ refused: 'no_approver' });
    small.people.putPerson({ ...PEOPLE.leo, ...department('security'), enabled: false });
    expect(await ann()).toMatchObject({ refused: 'no_approver' });
    small.people.putPerson({ ...PEOPLE.leo, ...department('security') });
    expect(await ann()).toMatchObject({ status: 'pending' });
  });

  it('counts those alone whom the delegation lets approve', async () => {
    const small = worldWith({ more: 'approvers_from: [seconds]' });
    expect(await submit(small)).toMatchObject({ refused: 'no_approver' });
    small.people.putGroup({ ...GROUPS.seconds, memberIds: [PEOPLE.leo.id] });
    const { id } = granted(await submit(small));
    expect(await decide(small, id, 'lea')).toMatchObject({ refused: 'not_an_approver' });
    expect(granted(await decide(small, id, 'leo')).status).toBe('scheduled');
  });

  it('is not held to that by rules of the platform team', async () => {
    const small = smallWorld();
    small.people.putGroup({ ...GROUPS.leads, memberIds: [PEOPLE.lea.id] });
    expect(await submit(small)).toMatchObject({ status: 'pending' });
  });
});

describe('a delegated rule that everybody with an attribute approves', () => {
  const byAttribute = (more = ''): SmallWorld => {
    const small = smallWorld();
    const [rule] = policyOf(
      POLICY_TEXT.replace('approval: { groups: [leads] }', 'approval: { attributes: { department: security } }'),
    ).entitlements;
    const { entitlements, ...rest } = delegatedPolicy({ more });
    const [plain] = entitlements;
    const { delegation } = plain ?? {};
    if (!plain || !rule || !delegation || !('bounds' in delegation)) throw new Error('there is no rule');
    const given = underDelegation({ ...plain, approval: rule.approval }, 'team', delegation.bounds);
    small.published.publish({ ...rest, entitlements: [given] });
    for (const name of ['eve', 'bob', 'leo'] as const)
      small.people.putPerson({ ...PEOPLE[name], attributes: { department: 'security' } });
    return small;
  };

  it('grants nothing: of nobody can be shown that they may not ask', async () => {
    expect(await submit(byAttribute())).toMatchObject({ refused: 'not_eligible' });
  });

  it('holds with approvers_from, while somebody of those groups has it and may not ask', async () => {
    const small = byAttribute('approvers_from: [leads]');
    const { id } = granted(await submit(small));
    expect(await decide(small, id, 'eve')).toMatchObject({ refused: 'not_an_approver' });
    const leo = { ...PEOPLE.leo, attributes: { department: 'security' } };
    expect(granted(await decide(small, id, 'leo', 'approve', { caller: leo })).status).toBe('scheduled');
    // Lea leads too, and may ask; Leo has moved to sales.
    small.people.putPerson({ ...PEOPLE.lea, attributes: { department: 'security' } });
    small.people.putPerson({ ...PEOPLE.leo, attributes: { department: 'sales' } });
    expect(await submit(small)).toMatchObject({ refused: 'no_approver', facts: { delegation: 'team' } });
  });
});

describe('a delegated rule with stages', () => {
  const staged = (stages: string): Policy => {
    const { entitlements, ...rest } = delegatedPolicy();
    const [plain] = entitlements;
    const [rule] = policyOf(
      POLICY_TEXT.replace('approval: { groups: [leads] }', `approval: { stages: ${stages} }`),
    ).entitlements;
    if (!plain || !rule) throw new Error('there is no rule');
    return { ...rest, entitlements: [{ ...plain, approval: rule.approval }] };
  };

  it('needs somebody in one of them who may not ask', async () => {
    const small = smallWorld();
    small.published.publish(staged('[{ approvers: { groups: [engineers] } }, { approvers: { users: [lea] } }]'));
    expect(await submit(small)).toMatchObject({ refused: 'no_approver', facts: { delegation: 'team' } });
    small.published.publish(staged('[{ approvers: { groups: [engineers] } }, { approvers: { users: [leo] } }]'));
    expect(await submit(small)).toMatchObject({ status: 'pending' });
  });
});

describe('an account that is moved out of the units of the delegation', () => {
  const moved = { ...ACCOUNTS.prod, ouPath: 'Sandbox' };

  it('cannot be approved any more', async () => {
    const small = worldWith();
    const { id } = granted(await submit(small));
    small.accounts.putAccount(moved);
    expect(await decide(small, id, 'leo')).toMatchObject({ refused: 'not_eligible' });
  });

  it('is not given after all', async () => {
    const small = worldWith();
    const { id } = granted(await submit(small));
    granted(await decide(small, id, 'leo'));
    small.accounts.putAccount(moved);
    await beginGrant(small.world, id);
    await convergeWoken(small);
    expect(await readRequest(small, id)).toMatchObject({ status: 'failed' });
  });

  it('is not extended', async () => {
    const small = worldWith();
    const { id } = await active(small);
    small.accounts.putAccount(moved);
    const extended = await extendRequest(small.world, {
      caller: PEOPLE.ann,
      requestId: id,
      durationSeconds: seconds(600),
    });
    expect(extended).toMatchObject({ refused: 'not_eligible' });
  });
});

describe('a delegation that is taken back', () => {
  it('leaves nothing to be given of what was approved by it', async () => {
    const small = worldWith();
    const { id } = granted(await submit(small));
    granted(await decide(small, id, 'leo'));
    const { entitlements, ...rest } = delegatedPolicy();
    const [one] = entitlements;
    if (!one) throw new Error('there is no rule');
    const orphan = { ...one, delegation: { name: 'team', grantsNothing: 'unknown-delegation' as const } };
    small.published.publish({ ...rest, version: 'b'.repeat(64), entitlements: [orphan] });
    await beginGrant(small.world, id);
    await convergeWoken(small);
    expect(await readRequest(small, id)).toMatchObject({ status: 'failed' });
  });
});
