/** Guardrails are kept on asking, deciding, assigning and extending; a floor of approvals holds at each of them. */
import { describe, expect, it } from 'vitest';
import { requiredIn } from '../../lambda/domain/approval.ts';
import { beginGrant } from '../../lambda/use-cases/begin-grant.ts';
import { browseCatalog } from '../../lambda/use-cases/browse-catalog.ts';
import { extendRequest } from '../../lambda/use-cases/extend-request.ts';
import { ACCOUNTS, PEOPLE, POLICY_TEXT, policyOf } from './small-policy.ts';
import { at, type SmallWorld, smallWorld } from './small-world.ts';
import { active, convergeWoken, decide, granted, readRequest, seconds, submit } from './story.ts';

const guardedBy = (...effects: readonly string[]) =>
  policyOf(
    `${POLICY_TEXT}guardrails:\n${effects.map((effect, index) => `  - name: guardrail-${index}\n    ${effect}\n`).join('')}`,
  );

const publish = ({ published }: SmallWorld, ...effects: readonly string[]): void =>
  published.publish(guardedBy(...effects));

const NOON_FREEZE = "freeze: { reason: a release, from: '2026-11-23T09:30:00Z', until: '2026-11-23T12:00:00Z' }";

describe('a freeze', () => {
  it('refuses what would last into it, and lets through what ends before', async () => {
    const small = smallWorld();
    publish(small, NOON_FREEZE);
    expect(await submit(small)).toMatchObject({ refused: 'frozen' });
    expect(await submit(small, { wish: { durationSeconds: seconds(1800) } })).toMatchObject({ status: 'pending' });
    expect(await submit(small, { wish: { start: at('12:00') } })).toMatchObject({ status: 'pending' });
  });

  it('that came up since is told to the approver', async () => {
    const small = smallWorld();
    const { id } = granted(await submit(small));
    publish(small, NOON_FREEZE);
    expect(await decide(small, id, 'leo')).toMatchObject({ refused: 'frozen' });
    expect(granted(await decide(small, id, 'leo', 'reject')).status).toBe('rejected');
  });

  it('that came up between the approval and the assignment is not granted', async () => {
    const small = smallWorld();
    const { id } = granted(await submit(small));
    granted(await decide(small, id, 'leo'));
    publish(small, NOON_FREEZE);
    await beginGrant(small.world, id);
    await convergeWoken(small);
    expect(await readRequest(small, id)).toMatchObject({
      status: 'failed',
      reason: expect.stringMatching(/a release/),
    });
  });

  it('refuses an extension into it, and leaves what is active alone', async () => {
    const small = smallWorld();
    const { id } = await active(small);
    publish(small, "freeze: { reason: a release, from: '2026-11-23T10:30:00Z', until: '2026-11-23T12:00:00Z' }");
    const more = (count: number) =>
      extendRequest(small.world, { caller: PEOPLE.ann, requestId: id, durationSeconds: seconds(count) });
    expect(await more(3600)).toMatchObject({ refused: 'frozen' });
    expect(await more(600)).toMatchObject({ status: 'active', extension: { durationSeconds: 600 } });
  });
});

describe('a floor', () => {
  const TWO = 'floor: { min_approvals: 2 }';

  it('raises the approvals of a request, and the second approval decides', async () => {
    const small = smallWorld();
    publish(small, TWO);
    const request = granted(await submit(small));
    expect(request.approval).toMatchObject([{ required: 2 }]);
    expect(granted(await decide(small, request.id, 'leo')).status).toBe('pending');
    expect(granted(await decide(small, request.id, 'lea')).status).toBe('scheduled');
  });

  it('makes wait what a rule would give at once', async () => {
    const small = smallWorld();
    publish(small, 'floor: { approvers_from: [leads] }\n    what: { accounts: { organizational_units: [Sandbox] } }');
    expect(await submit(small, { account: 'sandbox' })).toMatchObject({
      status: 'pending',
      approval: [{ required: 1 }],
    });
  });

  it('lets nobody approve who is not of its groups too', async () => {
    const small = smallWorld();
    publish(small, 'floor: { approvers_from: [engineers] }');
    const { id } = granted(await submit(small));
    expect(await decide(small, id, 'leo')).toMatchObject({ refused: 'not_an_approver' });
    expect(granted(await decide(small, id, 'lea')).status).toBe('scheduled');
  });

  it.each([
    ['no such group', 'floor: { approvers_from: [does-not-exist] }'],
    ['groups that have nobody in common', 'floor: { approvers_from: [seconds] }'],
    ['more approvals than there are approvers', 'floor: { min_approvals: 3 }'],
  ])('says so when nobody could approve: %s', async (_why, effect) => {
    const small = smallWorld();
    publish(small, effect);
    expect(await submit(small)).toMatchObject({ refused: 'no_approver' });
  });

  it('of the version of the request holds when access is assigned, whatever the request itself says', async () => {
    const small = smallWorld();
    publish(small, TWO);
    const { id } = granted(await submit(small));
    granted(await decide(small, id, 'leo'));
    // Forged in the table: one approval were enough.
    const request = granted(await small.truth.readRequest(id));
    if (request?.status !== 'pending') throw new Error('expected a pending request');
    const { expiresAt: _expiresAt, ...base } = request;
    const forged = {
      ...base,
      status: 'scheduled' as const,
      startsAt: at('09:00'),
      approval: request.approval.map((stage) => ({ ...stage, required: 1 })),
    };
    await small.truth.commit({ requests: [{ before: request, after: forged, events: [] }] });
    await beginGrant(small.world, id);
    await convergeWoken(small);
    expect(await readRequest(small, id)).toMatchObject({
      status: 'failed',
      reason: expect.stringMatching(/needs 2 approval\(s\) and has 1/),
    });
  });

  it('that came up since does not change how many approvals a request in flight needs', async () => {
    const small = smallWorld();
    const { id } = granted(await submit(small));
    publish(small, TWO);
    granted(await decide(small, id, 'leo'));
    await beginGrant(small.world, id);
    await convergeWoken(small);
    expect((await readRequest(small, id)).status).toBe('active');
  });

  it('of time is kept by what is recorded as the maximum, extensions included', async () => {
    const small = smallWorld();
    publish(small, 'floor: { max_duration: 90m }');
    const { id } = await active(small);
    expect((await readRequest(small, id)).entitled.maxDurationSeconds).toBe(5400);
    const more = extendRequest(small.world, { caller: PEOPLE.ann, requestId: id, durationSeconds: seconds(3600) });
    expect(await more).toMatchObject({ refused: 'extension_too_long', facts: { maximumSeconds: 5400 } });
  });
});

describe('a combination', () => {
  const APART = `not_together: [{ accounts: { organizational_units: [Workloads] } }, { accounts: { organizational_units: [Sandbox] } }]`;

  it('is refused while the other part is open, and allowed once it is over', async () => {
    const small = smallWorld();
    publish(small, APART);
    const { id } = granted(await submit(small));
    expect(await submit(small, { account: 'sandbox' })).toMatchObject({ refused: 'combination_forbidden' });
    expect(granted(await submit(small, { account: 'sandbox', by: 'bob' })).status).toBe('scheduled');
    granted(await decide(small, id, 'leo', 'reject'));
    expect(granted(await submit(small, { account: 'sandbox' })).status).toBe('scheduled');
  });

  it('that slipped in at the same moment is neither approved nor granted', async () => {
    const small = smallWorld();
    const first = granted(await submit(small));
    const second = granted(await submit(small, { account: 'sandbox' }));
    publish(small, APART);
    expect(await decide(small, first.id, 'leo')).toMatchObject({ refused: 'combination_forbidden' });
    await beginGrant(small.world, second.id);
    await convergeWoken(small);
    expect((await readRequest(small, second.id)).status).toBe('failed');
  });
});

it('a number of open requests is kept, whoever asks at the same moment', async () => {
  const small = smallWorld();
  publish(small, 'max_open: 1');
  const { id } = granted(await submit(small));
  expect(await submit(small)).toMatchObject({ refused: 'too_many_open' });
  // The one that is there does not stand in its own way.
  expect(granted(await decide(small, id, 'leo')).status).toBe('scheduled');
});

it('a guardrail whose OU was given another name holds everywhere, since nobody knows where else', async () => {
  const small = smallWorld();
  publish(small, 'forbid: regulated\n    what: { accounts: { organizational_units: [Regulated] } }');
  small.accounts.putUnit('Regulated');
  expect(await submit(small)).toMatchObject({ status: 'pending' });
  const renamed = smallWorld();
  publish(renamed, 'forbid: regulated\n    what: { accounts: { organizational_units: [Regulated] } }');
  expect(await submit(renamed)).toMatchObject({ refused: 'guardrail_forbids' });
});

it('tags are read where the policy speaks of them', async () => {
  const small = smallWorld();
  small.accounts.putAccount({ ...ACCOUNTS.prod, tags: { frozen: 'yes' } });
  publish(small, 'forbid: frozen\n    what: { accounts: { tags: { frozen: "yes" } } }');
  expect(await submit(small)).toMatchObject({ refused: 'guardrail_forbids' });
  expect(await submit(small, { account: 'other' })).toMatchObject({ status: 'pending' });
});

it('the catalogue leaves out what a guardrail forbids, and shows what a floor leaves', async () => {
  const small = smallWorld();
  publish(
    small,
    'forbid: never\n    what: { permission_sets: [Database, Audit] }',
    "floor: { min_approvals: 2, max_duration: 1h }\n    what: { accounts: { ids: ['400000000001'] } }",
  );
  const page = await browseCatalog(small.world, { caller: PEOPLE.ann });
  if (page === 'invalid-cursor') throw new Error('the cursor was refused');
  expect(
    page.items.map(
      ({ account, permissionSet, approval, longestSeconds }) =>
        `${account.name}/${permissionSet.name} ${requiredIn(approval)} ${longestSeconds}`,
    ),
  ).toEqual(['payments-prod/Admin 2 3600', 'sandbox/Admin 0 28800', 'storefront-prod/Admin 0 14400']);
});
