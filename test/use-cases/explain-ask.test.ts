/** Explaining a would-be request: the outcome is that of asking, for others only by those who may read everything. */
import { describe, expect, it } from 'vitest';
import { isRefusal } from '../../lambda/domain/refusal.ts';
import { type ExplainInput, explainAsk } from '../../lambda/use-cases/explain-ask.ts';
import { type Name, PEOPLE } from './small-policy.ts';
import { at, contentOf, type SmallWorld, smallWorld } from './small-world.ts';
import { type Asked, seconds, submit } from './story.ts';

const explaining = (small: SmallWorld, by: Name, change: Partial<ExplainInput> = {}) =>
  explainAsk(small.world, {
    caller: PEOPLE[by],
    target: { account: 'payments-prod', permissionSet: 'Admin' },
    wish: { durationSeconds: seconds(3600) },
    ...change,
  });

describe('explainAsk', () => {
  it('tells the rule that lets it through, what it asks, and who could approve', async () => {
    expect(await explaining(smallWorld(), 'ann')).toMatchObject({
      person: { userName: 'ann' },
      account: { id: '400000000001' },
      outcome: { entitlement: { name: 'production' }, approval: [{ required: 1, groups: ['leads'] }] },
      approvers: [[{ userName: 'lea' }, { userName: 'leo' }]],
    });
  });

  it('leaves the requester out of those who could approve', async () => {
    expect(await explaining(smallWorld(), 'lea')).toMatchObject({ approvers: [[{ userName: 'leo' }]] });
  });

  it('stores nothing', async () => {
    const small = smallWorld();
    const before = await contentOf(small);
    await explaining(small, 'ann');
    expect(await contentOf(small)).toEqual(before);
  });

  it('finds an account by id as by name', async () => {
    const target = { account: '400000000001', permissionSet: 'Admin' };
    expect(await explaining(smallWorld(), 'ann', { target })).toMatchObject({ account: { name: 'payments-prod' } });
  });

  // [who asks, for what, the code of the refusal or the rule]
  it.each<[string, Name, Asked, string]>([
    ['somebody of no group', 'eve', {}, 'not_eligible'],
    ['too long', 'ann', { wish: { durationSeconds: seconds(5 * 3600) } }, 'duration_too_long'],
    ['longer than anything', 'ann', { wish: { durationSeconds: seconds(13 * 3600) } }, 'duration_too_long'],
    ['a start that has passed', 'ann', { wish: { start: at('08:00') } }, 'start_in_past'],
    ['too few words', 'ann', { wish: { justification: 'fix' } }, 'justification_too_short'],
    ['no ticket', 'ann', { permissionSet: 'Database' }, 'ticket_required'],
    ['nobody to approve', 'ann', { permissionSet: 'Audit' }, 'no_approver'],
    ['the management account', 'ann', { account: 'management' }, 'target_forbidden'],
    ['granted', 'ann', {}, 'production'],
    ['granted at once', 'ann', { wish: { durationSeconds: seconds(60), ticket: 'INC-1' } }, 'incident'],
  ])('comes to what asking comes to: %s', async (_what, by, asked, expected) => {
    const small = smallWorld();
    const { account = 'prod', permissionSet = 'Admin', wish = {} } = asked;
    const names = { prod: 'payments-prod', management: 'management', other: '', sandbox: '', suspended: '' };
    const explained = await explaining(small, by, {
      target: { account: names[account], permissionSet },
      wish: { durationSeconds: seconds(3600), justification: 'Deploy the fix', ...wish },
    });
    if (isRefusal(explained)) throw new Error(explained.detail);
    const { outcome } = explained;
    expect(isRefusal(outcome) ? outcome.refused : outcome.entitlement.name).toBe(expected);
    const result = await submit(small, { ...asked, by });
    expect(isRefusal(result) ? result.refused : result.entitled.name).toBe(expected);
  });

  it.each<[Name, Name, string]>([
    ['aud', 'ann', 'production'],
    ['ada', 'ann', 'production'],
    ['aud', 'dis', 'caller_disabled'],
    ['leo', 'ann', 'not_permitted'],
    ['ann', 'bob', 'not_permitted'],
    ['ann', 'ann', 'production'],
  ])('asked by %s for %s', async (by, userName, expected) => {
    const explained = await explaining(smallWorld(), by, { userName });
    const outcome = isRefusal(explained) ? explained : explained.outcome;
    expect(isRefusal(outcome) ? outcome.refused : outcome.entitlement.name).toBe(expected);
  });
});
