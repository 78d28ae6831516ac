/** Whom a stage asks: whether there are enough of them, whom a tag of the account names, and what they must have. */
import { describe, expect, it } from 'vitest';
import { explainAsk } from '../../lambda/use-cases/explain-ask.ts';
import { sweep } from '../../lambda/use-cases/sweep.ts';
import { ACCOUNTS, type Name, PEOPLE } from './small-policy.ts';
import type { SmallWorld } from './small-world.ts';
import { deciders, stagedWorld } from './staged-world.ts';
import { decide, granted, seconds, submit } from './story.ts';

describe('too few people', () => {
  const STAGE = '{ approvers: { groups: [seconds] } }';
  it.each([
    [
      'a stage without anybody',
      '{ stages: [{ approvers: { groups: [leads] } }, { approvers: { users: [nobody] } }] }',
      /needs 1 approval\(s\) in stage 2 from user nobody, where only 0/,
    ],
    [
      'two stages that share their only one',
      `{ stages: [${STAGE}, ${STAGE}] }`,
      /needs 2 approval\(s\) in stages 1 and 2, in which nobody counts twice, from .*only 1/,
    ],
    [
      'only people with another attribute',
      '{ groups: [leads], attributes: { title: Boss } }',
      /with title Boss, where only 0/,
    ],
    ['a tag that names nobody', '{ account_tag: owner }', /\(the account's tag "owner" names nobody\), where only 0/],
  ])('%s: refused when asking', async (_what, approval, expected) => {
    expect(await submit(stagedWorld(approval))).toMatchObject({
      refused: 'no_approver',
      detail: expect.stringMatching(expected),
    });
  });

  it('those to whom it will be escalated are people, too', async () => {
    const small = stagedWorld(
      '{ stages: [{ approvers: { users: [nobody] }, escalate_after: 1h, escalate_to: { users: [eve] } }] }',
    );
    const request = granted(await submit(small));
    expect(await deciders(small, request)).toEqual([]);
    expect(await decide(small, request.id, 'eve')).toMatchObject({ refused: 'not_an_approver' });
    small.clock.advance(3600);
    await sweep(small.world);
    expect(await deciders(small, request)).toEqual(['eve']);
    expect(granted(await decide(small, request.id, 'eve')).status).toBe('scheduled');
  });
});

describe('whom the account names', () => {
  const owned = (owner: string | undefined): SmallWorld => {
    const small = stagedWorld('{ account_tag: owner }');
    small.accounts.putAccount({ ...ACCOUNTS.prod, ...(owner === undefined ? {} : { tags: { owner } }) });
    return small;
  };

  it.each([
    ['group:seconds', ['sam']],
    ['seconds', ['sam']],
    ['user:EVE', ['eve']],
  ])('%s decides', async (owner, expected) => {
    const small = owned(owner);
    const request = granted(await submit(small));
    expect(await deciders(small, request)).toEqual(expected);
    expect(granted(await decide(small, request.id, expected[0] as Name)).status).toBe('scheduled');
  });

  it('explain says so, stage by stage, and who could approve now', async () => {
    const explained = granted(
      await explainAsk(owned('user:eve').world, {
        caller: PEOPLE.ann,
        target: { account: ACCOUNTS.prod.id, permissionSet: 'Admin' },
        wish: { durationSeconds: seconds(3600) },
      }),
    );
    expect(explained).toMatchObject({
      outcome: { approval: [{ users: ['eve'] }] },
      approvers: [[{ userName: 'eve' }]],
    });
  });
});

describe('attributes of approvers', () => {
  it('are those that they have when they decide', async () => {
    const small = stagedWorld('{ groups: [leads], attributes: { title: Boss } }');
    const boss = { ...PEOPLE.leo, attributes: { title: 'Boss' } };
    small.people.putPerson(boss);
    const request = granted(await submit(small));
    expect(await deciders(small, request)).toEqual(['leo']);
    expect(await decide(small, request.id, 'lea')).toMatchObject({ refused: 'not_an_approver' });
    expect(await decide(small, request.id, 'leo')).toMatchObject({ refused: 'not_an_approver' });
    expect(granted(await decide(small, request.id, 'leo', 'approve', { caller: boss })).status).toBe('scheduled');
  });
});
