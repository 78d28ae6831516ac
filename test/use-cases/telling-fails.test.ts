/** When telling people fails: nobody is lost, nothing else notices, and whoever runs Brevet hears of it. */
import { describe, expect, it } from 'vitest';
import { addSeconds } from '../../lambda/domain/time.ts';
import { CLAIM_SECONDS, tellPeople } from '../../lambda/use-cases/tell-people.ts';
import { GROUPS, PEOPLE } from './small-policy.ts';
import { smallWorld } from './small-world.ts';
import { active, granted, kindsOf, submit } from './story.ts';
import { glassWorld, INCIDENT, left, minutesLater, NOTHING, sorted, tell } from './telling.ts';

describe('when telling fails', () => {
  it('the mail service: nobody is lost, what was told stays told, and nothing else notices', async () => {
    const small = glassWorld();
    const request = await active(small, INCIDENT);
    small.world.notifier.failNext('tell', { times: 1 });
    expect(await tell(small)).toMatchObject({ told: 0, failures: 1, notTold: 0 });
    expect(await minutesLater(small, 0)).toMatchObject({ told: 0, failures: 0 });
    expect(await minutesLater(small, 1)).toMatchObject({ told: 3, failures: 0, oldestSeconds: 0 });
    expect(await kindsOf(small, request)).toEqual(['asked', 'glass-broken', 'grant-begun', 'became-usable']);
  });

  it('a database that dies half-way: each of the others is told once, and at most one person twice', async () => {
    const small = glassWorld();
    await active(small, INCIDENT);
    small.world.outbox.failNext('keep', { times: 1, moment: 'after' });
    await tell(small).catch(() => undefined);
    await minutesLater(small, CLAIM_SECONDS / 60 + 1);
    expect(new Set(sorted(small)).size).toBe(3);
    expect(sorted(small).length).toBeLessThanOrEqual(4);
    expect(await left(small)).toBe(0);
  });

  it('it is said how old the oldest of what is left is', async () => {
    const small = glassWorld();
    granted(await submit(small, INCIDENT));
    small.world.notifier.failNext('tell', { times: 100 });
    await tell(small);
    expect((await minutesLater(small, 20)).oldestSeconds).toBe(1200);
  });

  it('a mail service that takes nothing keeps nothing else waiting: the next is not even tried', async () => {
    const small = smallWorld();
    granted(await submit(small));
    granted(await submit(small, { by: 'bob' }));
    small.world.notifier.failNext('tell', { times: 1 });
    expect(await tell(small)).toMatchObject({ told: 0, failures: 1 });
    expect(await minutesLater(small, 1)).toMatchObject({ told: 4 });
  });

  it('one address that takes nothing keeps nobody else from being told, is tried for a day, and then given up loudly', async () => {
    const small = glassWorld();
    await active(small, INCIDENT);
    small.refusing.add('id-leo@example.com');
    expect(await tell(small)).toMatchObject({ told: 2, failures: 1, notTold: 0 });
    expect(await minutesLater(small, 60)).toMatchObject({ told: 0, failures: 1, notTold: 0 });
    expect(await minutesLater(small, 23 * 60)).toMatchObject({ told: 0, notTold: 1, oldestSeconds: 0 });
    expect(small.warnings).toContain('people were not told, for good');
    expect(await left(small)).toBe(0);
    expect(sorted(small)).toEqual(['lea: glass-broken', 'sam: glass-broken']);
  });

  it('somebody without an address: it is said at once, and the others are told', async () => {
    const small = glassWorld();
    await active(small, INCIDENT);
    small.withoutAddress.add('id-sam');
    expect(await tell(small)).toMatchObject({ told: 2, notTold: 1, failures: 0 });
    expect(small.warnings).toContain('somebody cannot be told, having no address');
    expect(await left(small)).toBe(0);
  });

  it('an approver without an address is no alarm: others are asked', async () => {
    const small = smallWorld();
    granted(await submit(small));
    small.withoutAddress.add('id-leo');
    expect(await tell(small)).toMatchObject({ told: 1, notTold: 0, failures: 0 });
    expect(small.warnings).toContain('somebody cannot be told, having no address');
  });

  it('an address of an approver that takes nothing is tried once: others are asked, and nothing stays undone', async () => {
    const small = smallWorld();
    granted(await submit(small));
    small.refusing.add('id-leo@example.com');
    expect(await tell(small)).toEqual({ ...NOTHING, told: 1 });
    expect([small.warnings, await left(small)]).toEqual([['a message was refused'], 0]);
  });

  it('nobody who is there to be told of a broken glass is an alarm', async () => {
    const small = glassWorld();
    granted(await submit(small, INCIDENT));
    for (const one of ['lea', 'leo', 'sam'] as const) small.people.putPerson({ ...PEOPLE[one], enabled: false });
    expect(await tell(small)).toMatchObject({ told: 0, notTold: 1 });
    expect(small.warnings).toContain('nobody is there who is to be told');
  });

  it('after a day of nothing but failures as many are counted as were to be told', async () => {
    const small = glassWorld();
    granted(await submit(small, INCIDENT));
    small.world.notifier.failNext('tell', { times: 100 });
    await tell(small);
    expect(await minutesLater(small, 24 * 60)).toMatchObject({ told: 0, notTold: 3 });
  });

  it('a run whose time is over stops between two people, and the next goes on with the others', async () => {
    const small = glassWorld();
    await active(small, INCIDENT);
    const { notifier, clock } = small.world;
    const slow: typeof notifier.tell = async (...given) => {
      small.clock.advance(100);
      return notifier.tell(...given);
    };
    const report = await tellPeople({ ...small.world, notifier: { tell: slow } }, addSeconds(clock.now(), 150));
    expect(report).toMatchObject({ told: 2, failures: 0 });
    expect(await tell(small)).toMatchObject({ told: 1 });
    expect(new Set(sorted(small)).size).toBe(3);
  });

  it('of more than a thousand who are named, the first thousand are told, and it is said that there are more', async () => {
    const small = glassWorld();
    const crowd = Array.from({ length: 1001 }, (_, number) => ({ ...PEOPLE.leo, id: `id-${number}` }));
    for (const one of crowd) small.people.putPerson(one);
    small.people.putGroup({ ...GROUPS.leads, memberIds: crowd.map(({ id }) => id) });
    granted(await submit(small, INCIDENT));
    expect(await tell(small)).toMatchObject({ told: 1000 });
    expect(small.warnings).toContain('more people are concerned than are told');
  });

  it('a run that has no time left tells nothing, and the next does', async () => {
    const small = glassWorld();
    await active(small, INCIDENT);
    expect(await tellPeople(small.world, small.clock.now())).toMatchObject({ told: 0, failures: 0 });
    expect(await tell(small)).toMatchObject({ told: 3 });
  });
});
