/** Who is told what and when: everybody named where the glass was broken, approvers while they can decide, and nobody twice. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AccessRequest } from '../../lambda/domain/access-request.ts';
import { addSeconds } from '../../lambda/domain/time.ts';
import { cancelRequest } from '../../lambda/use-cases/cancel-request.ts';
import { extendRequest } from '../../lambda/use-cases/extend-request.ts';
import { sweep } from '../../lambda/use-cases/sweep.ts';
import { tellPeople } from '../../lambda/use-cases/tell-people.ts';
import { GROUPS, PEOPLE } from './small-policy.ts';
import { type SmallWorld, smallWorld } from './small-world.ts';
import { stagedWorld } from './staged-world.ts';
import { active, approveExtension, decide, granted, seconds, submit } from './story.ts';
import { glassWorld, INCIDENT, left, minutesLater, NOTHING, news, sorted, tell } from './telling.ts';

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
