/** Everybody with an attribute approves, from asking to access: who may decide, see and end it, and that nothing widens by error. */
import { describe, expect, it } from 'vitest';
import type { AccessRequest } from '../../lambda/domain/access-request.ts';
import type { Person, PersonAttributes } from '../../lambda/domain/policy/facts.ts';
import { isRefusal } from '../../lambda/domain/refusal.ts';
import { beginGrant } from '../../lambda/use-cases/begin-grant.ts';
import { endRequest } from '../../lambda/use-cases/end-request.ts';
import { explainAsk } from '../../lambda/use-cases/explain-ask.ts';
import { extendRequest } from '../../lambda/use-cases/extend-request.ts';
import { identifyCaller } from '../../lambda/use-cases/identify-caller.ts';
import { listRequests } from '../../lambda/use-cases/list-requests.ts';
import { showMe } from '../../lambda/use-cases/show-me.ts';
import { showRequest } from '../../lambda/use-cases/show-request.ts';
import { sweep } from '../../lambda/use-cases/sweep.ts';
import { ACCOUNTS, GROUPS, type Name, PEOPLE, policyOf } from './small-policy.ts';
import type { SmallWorld } from './small-world.ts';
import { stagedBy } from './staged-policy.ts';
import { stagedWorld } from './staged-world.ts';
import { approveExtension, convergeWoken, decide, granted, readRequest, seconds, submit } from './story.ts';

const SECURITY: PersonAttributes = { department: 'security' };
const BY_ATTRIBUTE = '{ attributes: { department: security } }';

const become = (small: SmallWorld, name: Name, attributes: PersonAttributes | undefined): void =>
  small.people.putPerson({ ...PEOPLE[name], ...(attributes && { attributes }) });

/** Eve and Dis, who is disabled, are in security; Sam is in sales; of others it was not read where they are. */
const securityWorld = (approval = BY_ATTRIBUTE): SmallWorld => {
  const small = stagedWorld(approval);
  become(small, 'eve', SECURITY);
  become(small, 'dis', SECURITY);
  become(small, 'sam', { department: 'sales' });
  return small;
};

/** As the door finds them at this moment. */
const caller = async (small: SmallWorld, name: Name): Promise<Person> =>
  granted(await identifyCaller(small.world, { kind: 'user-name', value: name }));
const vote = async (small: SmallWorld, { id }: AccessRequest, by: Name, choice: 'approve' | 'reject' = 'approve') =>
  decide(small, id, by, choice, { caller: await caller(small, by) });
const listed = async (small: SmallWorld, by: Name, view: 'to-review' | 'active'): Promise<number> => {
  const page = await listRequests(small.world, { caller: await caller(small, by), view });
  if (page === 'invalid-cursor' || isRefusal(page)) throw new Error('expected a list');
  return page.items.length;
};
/** What they may do with it, or `request_unknown`. */
const youMay = async (small: SmallWorld, { id }: AccessRequest, by: Name) => {
  const shown = await showRequest(small.world, { caller: await caller(small, by), requestId: id });
  return isRefusal(shown) ? shown.refused : shown.youMay;
};
const end = async (small: SmallWorld, { id }: AccessRequest, by: Name) =>
  endRequest(small.world, { caller: await caller(small, by), requestId: id });
const usable = async (small: SmallWorld): Promise<AccessRequest> => {
  const request = granted(await submit(small));
  granted(await vote(small, request, 'eve'));
  granted(await beginGrant(small.world, request.id));
  await convergeWoken(small);
  return readRequest(small, request.id);
};

describe('a stage for everybody with an attribute', () => {
  it('is seen by whoever has it, approved by them, and given', async () => {
    const small = securityWorld();
    const request = granted(await submit(small));
    expect(request).toMatchObject({
      status: 'pending',
      approval: [{ groups: [], everybodyWith: [{ attribute: 'department', values: ['security'] }] }],
    });
    expect([await listed(small, 'eve', 'to-review'), await youMay(small, request, 'eve')]).toEqual([
      1,
      ['approve', 'reject'],
    ]);
    expect(granted(await vote(small, request, 'eve')).status).toBe('scheduled');
    granted(await beginGrant(small.world, request.id));
    await convergeWoken(small);
    expect((await readRequest(small, request.id)).status).toBe('active');
    expect(await small.world.ledger.readEvents(request.id)).toMatchObject([
      { kind: 'asked', data: { approverGroupIds: [], approverAttributes: ['{"department":["security"]}'] } },
      { kind: 'voted' },
      { kind: 'grant-begun' },
      { kind: 'became-usable' },
    ]);
  });

  it.each<[string, Name, PersonAttributes | undefined]>([
    ['has it otherwise', 'sam', { department: 'sales' }],
    ['has it in other letters', 'sam', { department: 'Security' }],
    ['has none', 'sam', {}],
    ['was not read', 'sam', undefined],
    ['was not read, though they lead', 'leo', undefined],
    ['administers', 'ada', {}],
  ])('is approved by nobody who %s', async (_what, by, attributes) => {
    const small = securityWorld();
    become(small, by, attributes);
    const request = granted(await submit(small));
    expect(await listed(small, by, 'to-review')).toBe(0);
    expect(await vote(small, request, by)).toMatchObject({
      refused: 'not_an_approver',
      detail: expect.stringContaining('everybody with department security'),
    });
    if (by !== 'ada') expect(await youMay(small, request, by)).toBe('request_unknown');
  });

  it('goes by what they have when they decide', async () => {
    const small = securityWorld();
    const request = granted(await submit(small));
    become(small, 'eve', { department: 'sales' });
    become(small, 'sam', SECURITY);
    expect(await vote(small, request, 'eve')).toMatchObject({ refused: 'not_an_approver' });
    expect(granted(await vote(small, request, 'sam')).status).toBe('scheduled');
  });

  it('is not for the requester, nor for whoever is disabled', async () => {
    const small = securityWorld();
    become(small, 'ann', SECURITY);
    const request = granted(await submit(small));
    expect(await listed(small, 'ann', 'to-review')).toBe(0);
    expect(await vote(small, request, 'ann')).toMatchObject({ refused: 'self_approval' });
    expect(await identifyCaller(small.world, { kind: 'user-name', value: 'dis' })).toMatchObject({
      refused: 'caller_disabled',
    });
  });

  it('counts a person once, also when two of them vote at the same moment', async () => {
    const small = securityWorld(`{ attributes: { department: security }, required: 2 }`);
    become(small, 'sam', SECURITY);
    const request = granted(await submit(small));
    const [first, second, third] = await Promise.all([
      vote(small, request, 'eve'),
      vote(small, request, 'eve'),
      vote(small, request, 'sam'),
    ]);
    expect([first, second].filter(isRefusal)).toMatchObject([{ refused: 'already_voted' }]);
    expect(isRefusal(third)).toBe(false);
    const { status, votes } = await readRequest(small, request.id);
    expect([status, votes.map(({ approver }) => approver.userName).sort()]).toEqual(['scheduled', ['eve', 'sam']]);
  });

  it('makes whoever has it an approver', async () => {
    const small = securityWorld();
    expect((await showMe(small.world, await caller(small, 'eve'))).roles).toEqual(['approver']);
    become(small, 'bob', { department: 'sales' });
    expect((await showMe(small.world, await caller(small, 'bob'))).roles).toEqual([]);
    expect((await showMe(small.world, await caller(small, 'ann'))).roles).toEqual([]);
  });

  it('names nobody who could approve: nobody can list them', async () => {
    const small = securityWorld('{ stages: [{ approvers: { attributes: { department: security } }, required: 9 }] }');
    const explained = granted(
      await explainAsk(small.world, {
        caller: PEOPLE.ann,
        target: { account: ACCOUNTS.prod.id, permissionSet: 'Admin' },
        wish: { durationSeconds: seconds(3600) },
      }),
    );
    expect(explained).toMatchObject({ outcome: { approval: [{ required: 9, groups: [] }] }, approvers: [[]] });
  });

  it('is one of several: nobody counts in two, and one who would has a say where they came first', async () => {
    const small = securityWorld(
      '{ stages: [{ approvers: { groups: [leads] } }, { approvers: { attributes: { department: security } } }] }',
    );
    become(small, 'leo', SECURITY);
    const request = granted(await submit(small));
    expect(await vote(small, request, 'eve')).toMatchObject({ refused: 'stage_not_open' });
    expect(await youMay(small, request, 'eve')).toEqual([]);
    granted(await vote(small, request, 'leo'));
    expect(await vote(small, request, 'leo')).toMatchObject({ refused: 'already_voted' });
    expect(granted(await vote(small, request, 'eve')).status).toBe('scheduled');
  });

  it('is reminded and escalated like any other', async () => {
    const small = securityWorld(
      '{ stages: [{ approvers: { attributes: { department: security } }, remind_after: 10m, escalate_after: 20m, escalate_to: { users: [leo] } }] }',
    );
    const request = granted(await submit(small));
    expect(await vote(small, request, 'leo')).toMatchObject({ refused: 'not_an_approver' });
    small.clock.advance(1200);
    expect(await sweep(small.world)).toMatchObject({ reminded: 1, escalated: 1 });
    expect(await listed(small, 'eve', 'to-review')).toBe(1);
    expect(granted(await vote(small, request, 'leo')).status).toBe('scheduled');
  });
});

describe('what came to nothing is not everybody', () => {
  it.each([
    ['a group that is not there', '{ groups: [gone], attributes: { department: security } }'],
    ['a user who is not there', '{ users: [gone], attributes: { department: security } }'],
    ['a tag that is not there', '{ account_tag: owner, attributes: { department: security } }'],
  ])('%s', async (_what, approval) => {
    expect(await submit(securityWorld(approval))).toMatchObject({
      refused: 'no_approver',
      detail: expect.stringContaining('where only 0'),
    });
    expect(await submit(securityWorld(approval))).not.toMatchObject({ detail: expect.stringContaining('everybody') });
  });

  it('a group that is deleted while the request waits', async () => {
    const small = securityWorld('{ groups: [leads], attributes: { department: security } }');
    become(small, 'leo', SECURITY);
    const request = granted(await submit(small));
    small.people.removeGroup(GROUPS.leads.id);
    for (const by of ['eve', 'leo'] as const)
      expect(await vote(small, request, by)).toMatchObject({ refused: 'not_an_approver' });
  });
});

describe('everybody in the groups of a floor', () => {
  const floored = (groups: string): SmallWorld => {
    const small = securityWorld();
    const text = `${stagedBy(BY_ATTRIBUTE)}guardrails:\n  - { name: floor, floor: { approvers_from: ${groups} } }\n`;
    small.published.publish(policyOf(text));
    return small;
  };

  it('can be listed: those of the groups who have the attribute', async () => {
    const small = floored('[leads]');
    become(small, 'leo', SECURITY);
    const request = granted(await submit(small));
    const { approvers } = granted(await showRequest(small.world, { caller: PEOPLE.ann, requestId: request.id }));
    expect(approvers.map(({ userName }) => userName)).toEqual(['leo']);
    expect(await vote(small, request, 'eve')).toMatchObject({ refused: 'not_an_approver' });
    expect(await youMay(small, request, 'eve')).toBe('request_unknown');
    expect(await youMay(small, request, 'lea')).toBe('request_unknown');
    expect(granted(await vote(small, request, 'leo')).status).toBe('scheduled');
    become(small, 'lea', SECURITY);
    for (const by of ['leo', 'lea'] as const) expect(await youMay(small, request, by)).toEqual(['end']);
    expect(await youMay(small, request, 'eve')).toBe('request_unknown');
    expect(await end(small, request, 'eve')).toMatchObject({ refused: 'not_permitted' });
    expect(isRefusal(await end(small, request, 'lea'))).toBe(false);
  });

  it('can be counted: nobody of the groups has it', async () => {
    expect(await submit(floored('[leads]'))).toMatchObject({ refused: 'no_approver' });
    expect(await submit(floored('[gone]'))).toMatchObject({ refused: 'no_approver' });
  });
});

describe('ending', () => {
  it('is for whoever has the attribute now, and for whoever voted', async () => {
    const small = securityWorld();
    const request = await usable(small);
    expect([await youMay(small, request, 'eve'), await listed(small, 'eve', 'active')]).toEqual([['end'], 1]);
    expect(await youMay(small, request, 'sam')).toBe('request_unknown');
    expect(await end(small, request, 'sam')).toMatchObject({ refused: 'not_permitted' });
    become(small, 'eve', {});
    become(small, 'sam', SECURITY);
    expect(await youMay(small, request, 'eve')).toEqual(['end']);
    expect(granted(await end(small, request, 'sam')).status).toBe('ending');
  });

  it('is for whoever was asked by attribute for more time, though the rule that let it begin asked others', async () => {
    const small = stagedWorld('{ groups: [leads] }');
    const first = granted(await submit(small));
    granted(await decide(small, first.id, 'leo'));
    granted(await beginGrant(small.world, first.id));
    await convergeWoken(small);
    become(small, 'eve', SECURITY);
    expect(await end(small, first, 'eve')).toMatchObject({ refused: 'not_permitted' });
    small.published.publish(policyOf(stagedBy(BY_ATTRIBUTE)));
    granted(
      await extendRequest(small.world, { caller: PEOPLE.ann, requestId: first.id, durationSeconds: seconds(600) }),
    );
    expect(await listed(small, 'eve', 'to-review')).toBe(1);
    granted(await approveExtension(small, first.id, 'eve', { caller: await caller(small, 'eve') }));
    become(small, 'sam', SECURITY);
    expect(await readRequest(small, first.id)).toMatchObject({
      extensionApprovers: {
        groups: [],
        everybody: [{ everybodyWith: [{ attribute: 'department', values: ['security'] }] }],
        voterIds: ['id-eve'],
      },
    });
    expect(granted(await end(small, first, 'sam')).status).toBe('ending');
  });
});

describe('a failure to read', () => {
  it('while somebody decides is no vote', async () => {
    const small = securityWorld();
    const request = granted(await submit(small));
    small.world.directory.failNext('findByUserName');
    await expect(caller(small, 'eve')).rejects.toMatchObject({ name: 'ServiceFault' });
    expect((await readRequest(small, request.id)).votes).toEqual([]);
  });

  it('of the groups of a floor, while it is asked who could approve, refuses nothing as too few', async () => {
    const small = securityWorld();
    const text = `${stagedBy(BY_ATTRIBUTE)}guardrails:\n  - { name: floor, floor: { approvers_from: [leads] } }\n`;
    small.published.publish(policyOf(text));
    become(small, 'leo', SECURITY);
    small.world.directory.failNext('memberIds');
    await expect(submit(small)).rejects.toMatchObject({ name: 'ServiceFault' });
  });
});
