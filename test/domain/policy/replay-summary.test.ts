/** What is told of past requests that come out otherwise: by what, and by names where they are still there. */
import { describe, expect, it } from 'vitest';
import { judge } from '../../../lambda/domain/policy/judge.ts';
import type { PastAsk, PastRequest } from '../../../lambda/domain/policy/past-requests.ts';
import type { Outcome } from '../../../lambda/domain/policy/replay.ts';
import { changedAsks } from '../../../lambda/domain/policy/replay-summary.ts';
import { isRefusal, refuse } from '../../../lambda/domain/refusal.ts';
import { at } from '../samples.ts';
import { ADMIN, ASK, PROD, permissionSet, policy, rule } from './sample-policy.ts';

const PLACES = { accounts: [PROD], permissionSets: [permissionSet('ReadOnlyAccess'), ADMIN] };
const ONE_ASK: PastAsk = {
  ...{ kind: 'request', durationSeconds: 3600, entitlement: 'old-rule' },
  ...{ at: at('08:00'), from: at('08:00'), until: at('09:00') },
};
const REQUEST: PastRequest = {
  ...{ id: 'one', personId: 'id-ann', userName: 'ann', accountId: PROD.id, permissionSetArn: ADMIN.arn },
  ...{ hasTicket: false, cameTo: 'ended', asks: [ONE_ASK] },
};
const PERMIT = judge(policy(rule()), ASK);
if (isRefusal(PERMIT)) throw new Error(PERMIT.detail);

const told = (outcome: Outcome, { request = REQUEST, ask = ONE_ASK } = {}) =>
  changedAsks(PLACES, [{ request, ask, outcome }]);

const AFTER = { rule: 'a-rule', approvals: 1, approvers: ['leads'] };

describe('a past request that comes out otherwise is told', () => {
  it.each([
    [{ kind: 'more-approvals', permit: PERMIT }, { after: AFTER }],
    [{ kind: 'fewer-approvals', permit: PERMIT }, { after: AFTER }],
    [{ kind: 'other-approvers', permit: PERMIT }, { after: AFTER }],
    [{ kind: 'refused', refusal: refuse('frozen', 'Year end.') }, { refusal: { code: 'frozen', detail: 'Year end.' } }],
    [{ kind: 'unknown', dependsOn: ['ticket'] }, { dependsOn: ['ticket'] }],
    [{ kind: 'unjudged', missing: 'person' }, { missing: 'person' }],
  ] as const)('as %j', (outcome, consequence) => {
    expect(told(outcome)).toStrictEqual([
      {
        ...{ requestId: 'one', what: 'request', askedAt: '2026-11-23T08:00:00.000Z', userName: 'ann' },
        ...{ account: 'payments-prod', permissionSet: 'AdministratorAccess', durationSeconds: 3600, cameTo: 'ended' },
        before: { rule: 'old-rule' },
        outcome: outcome.kind,
        ...consequence,
      },
    ]);
  });

  it('with how many approvals it took, where that is known', () => {
    const ask = { ...ONE_ASK, approvals: 0 };
    expect(told({ kind: 'more-approvals', permit: PERMIT }, { ask })).toMatchObject([
      { before: { rule: 'old-rule', approvals: 0 } },
    ]);
  });

  it('by the ids of what is not there any more', () => {
    const request = { ...REQUEST, accountId: '400000000009', permissionSetArn: 'arn:gone' };
    expect(told({ kind: 'unjudged', missing: 'account' }, { request })).toMatchObject([
      { account: '400000000009', permissionSet: 'arn:gone' },
    ]);
  });

  it('and one that does not is not', () => {
    expect(told({ kind: 'unchanged', permit: PERMIT })).toEqual([]);
  });
});
