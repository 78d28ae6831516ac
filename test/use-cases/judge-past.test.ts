/** The latest requests against a proposed policy, online: which, by what is known now, and how much of that one call may cost. */
import { beforeEach, describe, expect, it } from 'vitest';
import { isRefusal } from '../../lambda/domain/refusal.ts';
import { ServiceFault } from '../../lambda/ports/faults.ts';
import { cancelRequest } from '../../lambda/use-cases/cancel-request.ts';
import { extendRequest } from '../../lambda/use-cases/extend-request.ts';
import type { CheckLimits } from '../../lambda/use-cases/world.ts';
import { check, policyContent, readOnce } from './checking.ts';
import { GLASS_POLICY_TEXT, GROUPS, PEOPLE, POLICY_TEXT, policyOf } from './small-policy.ts';
import { contentOf, type SmallWorld, smallWorld } from './small-world.ts';
import { active, granted, seconds, submit } from './story.ts';

let small: SmallWorld;
beforeEach(() => {
  small = smallWorld();
  readOnce(small);
});

const past = async (policy: string, last = 50, limits: Partial<CheckLimits> = {}) => {
  const checked = await check(small, { content: policyContent(policy), past: { last } }, limits);
  if (isRefusal(checked)) throw new Error(`${checked.refused}: ${checked.detail}`);
  if (!checked.past) throw new Error('nothing was judged');
  return checked.past;
};

const changed = (from: string, to: string, text = POLICY_TEXT): string => {
  expect(text).toContain(from);
  return text.replace(from, to);
};
const STRICTER = changed('max_duration: 8h', 'max_duration: 30m');

/** Ann in the sandbox, for an hour, without approval. */
const ask = async (by: 'ann' | 'bob' = 'ann') => {
  small.clock.advance(60);
  return granted(await submit(small, { by, account: 'sandbox' }));
};

describe('past requests', () => {
  it('are judged as of then: each that comes out otherwise with both rules, newest first', async () => {
    const first = await ask();
    const second = await ask('bob');
    granted(await submit(small, { account: 'prod', wish: { durationSeconds: seconds(7200) } }));
    const { changes, counts, judged, leftOut, begunBefore } = await past(STRICTER);
    expect({ judged, leftOut, begunBefore }).toEqual({ judged: 3, leftOut: 0, begunBefore: 0 });
    expect(counts).toMatchObject({ refused: 2, unknown: 1, unchanged: 0 });
    expect(changes.map(({ requestId, outcome }) => [requestId, outcome]).slice(1)).toEqual([
      [second.id, 'refused'],
      [first.id, 'refused'],
    ]);
    expect(changes.at(-1)).toEqual({
      requestId: first.id,
      what: 'request',
      askedAt: '2026-11-23T09:01:00.000Z',
      userName: 'ann',
      account: 'sandbox',
      permissionSet: 'Admin',
      durationSeconds: 3600,
      cameTo: 'scheduled',
      before: { rule: 'sandbox', approvals: 0 },
      outcome: 'refused',
      refusal: { code: 'duration_too_long', detail: expect.any(String) },
    });
  });

  it('come out as they did by the policy that let them through', async () => {
    await ask();
    const { counts, changes } = await past(POLICY_TEXT);
    expect(counts).toMatchObject({ unchanged: 1, refused: 0 });
    expect(changes).toEqual([]);
  });

  it('carry no text of anybody', async () => {
    const wish = { justification: 'the salary of Bob', ticket: 'INC-4711' };
    granted(await submit(small, { wish }));
    granted(await submit(small, { account: 'sandbox', wish }));
    const told = JSON.stringify(await past(changed('max_duration: 4h', 'max_duration: 20m', STRICTER)));
    expect(told).not.toMatch(/salary|4711/);
    expect(told).toContain('refused');
  });

  it('are the latest, so many at most; others that were read count as what else was open', async () => {
    await ask();
    const second = await ask();
    const guarded = `${POLICY_TEXT}guardrails:\n  - name: one\n    max_open: 1\n`;
    const { judged, changes } = await past(guarded, 1);
    expect(judged).toBe(1);
    expect(changes.map(({ requestId, refusal }) => [requestId, refusal?.code])).toEqual([[second.id, 'too_many_open']]);
  });

  it('include extensions, and broken glass', async () => {
    small.published.publish(policyOf(GLASS_POLICY_TEXT));
    const request = await active(small, { account: 'sandbox' });
    granted(
      await extendRequest(small.world, { caller: PEOPLE.ann, requestId: request.id, durationSeconds: seconds(3600) }),
    );
    granted(await submit(small, { account: 'prod', wish: { incident: 'INC-1' } }));
    const { changes, counts } = await past(changed('max_duration: 8h', 'max_duration: 90m', GLASS_POLICY_TEXT));
    // The words for it are not in its events.
    expect(counts).toMatchObject({ refused: 1, unchanged: 1, unknown: 1 });
    expect(changes.map(({ what, durationSeconds, outcome }) => [what, durationSeconds, outcome])).toEqual([
      ['request', 3600, 'unknown'],
      ['extension', 7200, 'refused'],
    ]);
  });

  it('go by the groups as they are now', async () => {
    await ask();
    small.people.putGroup({ ...GROUPS.engineers, memberIds: [PEOPLE.bob.id] });
    expect((await past(POLICY_TEXT)).changes[0]?.refusal?.code).toBe('not_eligible');
  });

  it.each([
    ['person', () => small.people.removePerson(PEOPLE.ann.id)],
    [
      'account',
      () => small.catalogue.publish({ asOf: small.clock.now(), accounts: [], units: [], permissionSets: [] }),
    ],
  ] as const)('whose %s is there no more are unjudged', async (missing, remove) => {
    await ask();
    remove();
    const { counts, changes } = await past(POLICY_TEXT);
    expect(counts).toMatchObject({ unjudged: 1, refused: 0 });
    expect(changes[0]).toMatchObject({ outcome: 'unjudged', missing });
  });

  it('tell others who approve by name, and do not guess at whom they did not look up', async () => {
    const long = changed('    require: { justification_length: 5 }\n', '');
    const named = (users: string) => changed('approval: { groups: [leads] }', `approval: { users: [${users}] }`, long);
    small.published.publish(policyOf(named('leo')));
    granted(await submit(small, { by: 'bob', wish: { durationSeconds: seconds(7200) } }));
    const outcomes = async (users: string, limits: Partial<CheckLimits> = {}) =>
      (await past(named(users), 1, limits)).counts;
    expect(await outcomes('leo')).toMatchObject({ unchanged: 1 });
    expect(await outcomes('LEO')).toMatchObject({ unchanged: 1 });
    expect(await outcomes('lea')).toMatchObject({ 'other-approvers': 1 });
    expect(await outcomes('nobody-of-that-name')).toMatchObject({ 'other-approvers': 1 });
    expect(await outcomes('leo', { policyCheckUsers: 0 })).toMatchObject({ unknown: 1 });
    const { changes } = await past(named('leo'), 1, { policyCheckUsers: 0 });
    expect(changes[0]?.dependsOn).toEqual(['approvers']);
  });

  it('cancelled ones are judged too, and nothing is stored by it', async () => {
    const { id } = await ask();
    granted(await cancelRequest(small.world, { caller: PEOPLE.ann, requestId: id }));
    const before = await contentOf(small);
    expect((await past(STRICTER)).changes[0]).toMatchObject({ cameTo: 'cancelled', outcome: 'refused' });
    expect(await contentOf(small)).toEqual(before);
  });
});

describe('what looking back may cost', () => {
  it('is bounded in time: what is older is not read, and it says how far it read', async () => {
    await ask();
    small.clock.advance(32 * 86_400);
    readOnce(small);
    const late = await ask('bob');
    const now = small.clock.now();
    const { judged, changes, readFrom } = await past(STRICTER);
    expect(judged).toBe(1);
    expect(changes.map(({ requestId }) => requestId)).toEqual([late.id]);
    expect(readFrom).toBe(now + 1 - 31 * 86_400_000);
  });

  it('is bounded in events: requests of which the beginning was not read are counted, not judged', async () => {
    small.clock.advance(1);
    const { id } = await active(small, { account: 'sandbox' });
    await ask('bob');
    const { length } = await small.world.ledger.readEvents(id);
    const { judged, begunBefore, readFrom } = await past(STRICTER, 50, { policyCheckEvents: length });
    expect({ judged, begunBefore }).toEqual({ judged: 1, begunBefore: 1 });
    expect(readFrom).toBeGreaterThan(small.clock.now() - 3600_000);
    expect((await past(STRICTER, 50, { policyCheckEvents: length + 1 })).judged).toBe(2);
  });

  it('reads page by page, and no further than it must', async () => {
    for (let count = 0; count < 5; count += 1) await ask();
    const whole = await past(STRICTER, 3);
    const { listEvents } = small.world.ledger;
    let pages = 0;
    small.world.ledger.listEvents = async (query) => {
      pages += 1;
      return listEvents({ ...query, limit: 1 });
    };
    const { readFrom, ...read } = await past(STRICTER, 3);
    expect(pages).toBe(3);
    expect(read).toEqual({ ...whole, readFrom: undefined });
    // Now it knows of nothing before the third.
    expect(readFrom).toBeGreaterThan(whole.readFrom);
    expect((await past(STRICTER, 50)).judged).toBe(5);
  });

  it('is bounded in memberships: whoever is not looked up is left out and counted, the newest last', async () => {
    await ask('ann');
    const newest = await ask('bob');
    const { judged, leftOut, changes } = await past(STRICTER, 50, { policyCheckMemberships: 1 });
    expect({ judged, leftOut }).toEqual({ judged: 1, leftOut: 1 });
    expect(changes.map(({ requestId }) => requestId)).toEqual([newest.id]);
    expect(await past(STRICTER, 50, { policyCheckMemberships: 0 })).toMatchObject({ judged: 0, leftOut: 2 });
  });

  it('is bounded by the clock, in looking up and in judging', async () => {
    await ask();
    await ask('bob');
    expect(await past(STRICTER, 50, { policyCheckLookupSeconds: 0 })).toMatchObject({ judged: 0, leftOut: 2 });
    expect(await past(STRICTER, 50, { policyCheckSeconds: 0 })).toMatchObject({ judged: 0, leftOut: 2, changes: [] });
  });

  it('is refused where there are too many rules and accounts', async () => {
    const refused = await check(
      small,
      { content: policyContent(POLICY_TEXT), past: { last: 1 } },
      { policyCheckPairs: 49 },
    );
    expect(refused).toMatchObject({ refused: 'check_too_large' });
  });

  it.each(['findById', 'groupsOf'] as const)('fails where %s fails: nobody passes for gone', async (method) => {
    await ask();
    // The first look at groups is that at the caller's own.
    const { [method]: call } = small.world.directory;
    let calls = 0;
    Object.assign(small.world.directory, {
      [method]: async (...given: never[]) => {
        calls += 1;
        if (method === 'groupsOf' && calls === 1) return (call as (...all: never[]) => unknown)(...given);
        throw new ServiceFault('identity-store', 'InternalServerException', undefined);
      },
    });
    await expect(past(POLICY_TEXT)).rejects.toThrow(ServiceFault);
  });

  it('fails where events cannot be read', async () => {
    await ask();
    small.world.ledger.failNext('listEvents');
    await expect(past(POLICY_TEXT)).rejects.toThrow(ServiceFault);
  });
});
