/** Who is told what and when: everybody named where the glass was broken, approvers while they can decide, and nobody twice. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AccessRequest } from '../../lambda/domain/access-request.ts';
import { addSeconds } from '../../lambda/domain/time.ts';
import { cancelRequest } from '../../lambda/use-cases/cancel-request.ts';
import { extendRequest } from '../../lambda/use-cases/extend-request.ts';
import { sweep } from '../../lambda/use-cases/sweep.ts';
import { CLAIM_SECONDS, type TellReport, tellPeople } from '../../lambda/use-cases/tell-people.ts';
import { GLASS_POLICY_TEXT, GROUPS, PEOPLE, policyOf } from './small-policy.ts';
import { type SmallWorld, smallWorld } from './small-world.ts';
import { stagedWorld } from './staged-world.ts';
import { active, approveExtension, decide, granted, kindsOf, seconds, submit } from './story.ts';

const NOTHING: TellReport = { told: 0, notTold: 0, failures: 0, oldestSeconds: 0 };
const INCIDENT = { wish: { incident: 'INC-1' } } as const;

const glassWorld = (): SmallWorld => {
  const small = smallWorld();
  small.published.publish(policyOf(GLASS_POLICY_TEXT));
  return small;
};

const tell = (small: SmallWorld): Promise<TellReport> => tellPeople(small.world, addSeconds(small.clock.now(), 240));

/** What was told since the last time, `leo: reminded`, in the order in which it was. */
const news = (small: SmallWorld, from = 0): readonly string[] =>
  small.mail.sent.slice(from).map(({ recipient: { person }, news: { kind } }) => `${person.userName}: ${kind}`);
const sorted = (small: SmallWorld): readonly string[] => [...news(small)].sort();
const left = async (small: SmallWorld): Promise<number> => (await small.outbox.list(100)).length;
const minutesLater = async (small: SmallWorld, minutes: number): Promise<TellReport> => {
  small.clock.advance(minutes * 60);
  return tell(small);
};

describe('a broken glass', () => {
  it('is told to everybody who is named, and to those who review it, each once', async () => {
    const small = glassWorld();
    await active(small, INCIDENT);
    expect(await tell(small)).toEqual({ ...NOTHING, told: 3 });
    const said = small.mail.sent.map(({ recipient: { person, address, isTold, isReviewer }, news: { kind } }) => [
      ...[person.userName, address, kind, isTold, isReviewer],
    ]);
    expect(said.sort()).toEqual([
      ['lea', 'id-lea@example.com', 'glass-broken', true, true],
      ['leo', 'id-leo@example.com', 'glass-broken', true, true],
      ['sam', 'id-sam@example.com', 'glass-broken', true, true],
    ]);
    expect([await tell(small), await left(small)]).toEqual([NOTHING, 0]);
  });

  it('is not told to whoever broke it, nor to people who are disabled', async () => {
    const small = glassWorld();
    small.people.putGroup({ ...GROUPS.leads, memberIds: [...GROUPS.leads.memberIds, PEOPLE.dis.id] });
    await active(small, { ...INCIDENT, by: 'lea' });
    await tell(small);
    expect(sorted(small)).toEqual(['leo: glass-broken', 'sam: glass-broken']);
  });

  it('is told when everything is over, too', async () => {
    const small = glassWorld();
    const request = granted(await submit(small, INCIDENT));
    granted(await cancelRequest(small.world, { caller: PEOPLE.ann, requestId: request.id }));
    await minutesLater(small, 600);
    expect(sorted(small)).toHaveLength(3);
  });

  it('is told at once, though the clock of whoever stored it be ahead', async () => {
    const small = glassWorld();
    await active(small, INCIDENT);
    small.clock.advance(-5);
    expect(await tell(small)).toMatchObject({ told: 3 });
  });

  it('is told before all that is older', async () => {
    const small = glassWorld();
    granted(await submit(small, { by: 'bob' }));
    small.clock.advance(60);
    await active(small, INCIDENT);
    await tell(small);
    expect(news(small).map((one) => one.split(': ')[1])).toEqual([
      ...['glass-broken', 'glass-broken', 'glass-broken'],
      ...['asked', 'asked'],
    ]);
  });
});

describe('approval', () => {
  it('is asked of those of the first stage, then of those of the next, and of nobody once it is decided', async () => {
    const small = stagedWorld();
    const request = granted(await submit(small));
    await tell(small);
    expect(sorted(small)).toEqual(['lea: asked', 'leo: asked']);
    granted(await decide(small, request.id, 'leo'));
    await tell(small);
    expect([...news(small, 2)].sort()).toEqual(['bob: asked', 'sam: asked']);
    granted(await decide(small, request.id, 'bob'));
    expect([await tell(small), await left(small)]).toEqual([NOTHING, 0]);
  });

  it('is not asked of a stage that was overtaken before anybody was told', async () => {
    const small = stagedWorld();
    const request = granted(await submit(small));
    granted(await decide(small, request.id, 'leo'));
    await tell(small);
    expect(sorted(small)).toEqual(['bob: asked', 'sam: asked']);
  });

  it.each([
    ['decided', (small: SmallWorld, { id }: AccessRequest) => decide(small, id, 'leo', 'reject')],
    [
      'cancelled',
      (small: SmallWorld, { id }: AccessRequest) => cancelRequest(small.world, { caller: PEOPLE.ann, requestId: id }),
    ],
    ['expired', async (small: SmallWorld) => small.clock.advance(8 * 3600)],
  ])('is asked of nobody once it is %s', async (_, happen) => {
    const small = smallWorld();
    await happen(small, granted(await submit(small)));
    expect([await tell(small), await left(small)]).toEqual([NOTHING, 0]);
  });

  it('is not asked of whoever asks', async () => {
    const small = smallWorld();
    granted(await submit(small, { by: 'lea' }));
    await tell(small);
    expect(news(small)).toEqual(['leo: asked']);
  });

  it('is not asked where nobody has to approve', async () => {
    const small = smallWorld();
    granted(await submit(small, { account: 'sandbox' }));
    expect([await tell(small), await left(small)]).toEqual([NOTHING, 0]);
  });

  it('is reminded of, and escalated to those alone who may decide besides', async () => {
    const small = stagedWorld();
    granted(await submit(small));
    await tell(small);
    small.clock.advance(30 * 60);
    await sweep(small.world);
    await tell(small);
    expect([...news(small, 2)].sort()).toEqual(['lea: reminded', 'leo: reminded']);
    small.clock.advance(30 * 60);
    await sweep(small.world);
    await tell(small);
    expect(news(small, 4)).toEqual(['ada: escalated']);
  });

  it('is escalated to nobody who was asked first', async () => {
    const small = stagedWorld();
    small.people.putGroup({ ...GROUPS.leads, memberIds: [...GROUPS.leads.memberIds, PEOPLE.ada.id] });
    granted(await submit(small));
    small.clock.advance(60 * 60);
    await sweep(small.world);
    await sweep(small.world);
    await tell(small);
    expect(sorted(small).filter((one) => one.startsWith('ada'))).toEqual(['ada: asked', 'ada: reminded']);
    expect(await left(small)).toBe(0);
  });

  it('of more time is asked of those who decide on that, and of nobody once it is approved', async () => {
    const small = smallWorld();
    const { id } = await active(small, { by: 'lea' });
    await tell(small);
    const before = small.mail.sent.length;
    const wish = { caller: PEOPLE.lea, requestId: id, durationSeconds: seconds(600) };
    granted(await extendRequest(small.world, wish));
    await tell(small);
    expect(news(small, before)).toEqual(['leo: asked']);
    granted(await approveExtension(small, id, 'leo'));
    granted(await extendRequest(small.world, wish));
    granted(await approveExtension(small, id, 'leo'));
    expect(await tell(small)).toEqual(NOTHING);
  });
});

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

it('nobody is told twice, however many wake-ups come at the same moment', async () => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), async (scheduler) => {
      const fresh = glassWorld();
      await active(fresh, INCIDENT);
      granted(await submit(fresh, { by: 'bob' }));
      const { outbox, notifier } = fresh.world;
      const slowly = {
        ...fresh.world,
        outbox: {
          list: scheduler.scheduleFunction(outbox.list),
          keep: scheduler.scheduleFunction(outbox.keep),
          remove: scheduler.scheduleFunction(outbox.remove),
        },
        notifier: { tell: scheduler.scheduleFunction(notifier.tell) },
      };
      const until = addSeconds(fresh.clock.now(), 240);
      const runs = [1, 2, 3].map(() => tellPeople(slowly, until));
      await scheduler.waitFor(Promise.all(runs));
      expect(sorted(fresh)).toEqual([
        ...['lea: asked', 'lea: glass-broken', 'leo: asked', 'leo: glass-broken', 'sam: glass-broken'],
      ]);
    }),
    { numRuns: 50 },
  );
});
