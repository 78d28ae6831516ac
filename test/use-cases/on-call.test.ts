/** Rules for whoever is on call: on asking, deciding and assigning, by the rota as it is; what cannot be told denies. */
import { describe, expect, it } from 'vitest';
import { beginGrant } from '../../lambda/use-cases/begin-grant.ts';
import { convergeLease } from '../../lambda/use-cases/converge-lease.ts';
import { explainAsk } from '../../lambda/use-cases/explain-ask.ts';
import { extendRequest } from '../../lambda/use-cases/extend-request.ts';
import { sweep } from '../../lambda/use-cases/sweep.ts';
import { ACCOUNTS, PEOPLE, POLICY_TEXT, policyOf } from './small-policy.ts';
import { later, type SmallWorld, smallWorld } from './small-world.ts';
import { active, convergeWoken, decide, granted, leaseIdFor, readRequest, seconds, submit } from './story.ts';

const ON_CALL = policyOf(POLICY_TEXT.replace('justification_length: 5', 'justification_length: 5, on_call: primary'));
const ANN = { userName: PEOPLE.ann.userName };
const BOB = { userName: PEOPLE.bob.userName };

const worldWith = (...people: readonly ({ readonly email: string } | { readonly userName: string })[]): SmallWorld => {
  const small = smallWorld();
  small.published.publish(ON_CALL);
  small.rota.putSchedule('primary', people);
  return small;
};

const begin = async (small: SmallWorld): Promise<string> => {
  const { id } = granted(await submit(small));
  granted(await decide(small, id, 'leo'));
  await beginGrant(small.world, id);
  return id;
};

describe('asking', () => {
  it('is for whoever is on call', async () => {
    expect(await submit(worldWith(BOB, ANN))).toMatchObject({ status: 'pending' });
    expect(await submit(worldWith({ userName: 'ANN' }))).toMatchObject({ status: 'pending' });
    expect(await submit(worldWith(BOB))).toMatchObject({ refused: 'not_on_call', facts: { schedule: 'primary' } });
    expect(await submit(worldWith())).toMatchObject({ refused: 'not_on_call' });
  });

  it('knows people by the e-mail that they have in Identity Center', async () => {
    const small = worldWith({ email: 'ann@example.com' });
    expect(await submit(small)).toMatchObject({ refused: 'on_call_unknown' });
    small.people.putPerson({ ...PEOPLE.ann, emails: ['ann@example.com'] });
    expect(await submit(small)).toMatchObject({ status: 'pending' });
    small.people.putPerson({ ...PEOPLE.bob, emails: ['ann@example.com'] });
    expect(await submit(small)).toMatchObject({ refused: 'on_call_unknown' });
  });

  it('is refused where it cannot be told who is on call', async () => {
    const small = smallWorld();
    small.published.publish(ON_CALL);
    expect(await submit(small)).toMatchObject({ refused: 'on_call_unknown' });
    expect(small.warnings).toContain('it cannot be told who is on call');
    expect(await submit(worldWith({ userName: 'who-is-that' }, BOB))).toMatchObject({ refused: 'on_call_unknown' });
  });

  it('asks nobody for rules without on-call, nor where such a rule is for others', async () => {
    const small = smallWorld();
    small.world.onCall.failNext('whoIsOnCall', { times: 10 });
    expect(await submit(small)).toMatchObject({ status: 'pending' });
    small.published.publish(ON_CALL);
    expect(await submit(small, { account: 'sandbox' })).toMatchObject({ status: 'scheduled' });
    expect(await submit(small, { by: 'eve' })).toMatchObject({ refused: 'not_eligible' });
    expect(small.warnings).toEqual([]);
  });

  it('goes by another rule that asks for no on-call', async () => {
    const small = worldWith(BOB);
    expect(await submit(small, { wish: { durationSeconds: seconds(600), ticket: 'INC-1' } })).toMatchObject({
      status: 'scheduled',
      entitled: { name: 'incident' },
    });
  });

  it('is unavailable, and not refused, where Identity Center does not answer', async () => {
    const small = worldWith(ANN);
    small.world.directory.failNext('findByUserName');
    await expect(submit(small)).rejects.toMatchObject({ source: 'identity-store' });
  });
});

describe('whoever is relieved', () => {
  it('is not approved any more', async () => {
    const small = worldWith(ANN);
    const { id } = granted(await submit(small));
    small.rota.putSchedule('primary', [BOB]);
    expect(await decide(small, id, 'leo')).toMatchObject({ refused: 'not_on_call' });
    expect(granted(await decide(small, id, 'leo', 'reject')).status).toBe('rejected');
  });

  it('is given nothing that was approved', async () => {
    const small = worldWith(ANN);
    const id = await begin(small);
    small.rota.putSchedule('primary', [BOB]);
    await convergeWoken(small);
    expect(await readRequest(small, id)).toMatchObject({
      status: 'failed',
      reason: expect.stringContaining('on call'),
    });
  });

  it('keeps what they have, and gets no more of it', async () => {
    const small = worldWith(ANN);
    const { id } = await active(small);
    small.rota.putSchedule('primary', [BOB]);
    const extended = await extendRequest(small.world, {
      caller: PEOPLE.ann,
      requestId: id,
      durationSeconds: seconds(600),
    });
    expect(extended).toMatchObject({ refused: 'not_on_call' });
    expect(await readRequest(small, id)).toMatchObject({ status: 'active' });
  });
});

describe('assigning', () => {
  it('goes by the rota as it is now, and never by what is remembered', async () => {
    const small = worldWith(ANN);
    const id = await begin(small);
    small.world.onCall.failNext('whoIsOnCall', { times: 10 });
    await convergeWoken(small);
    expect(await readRequest(small, id)).not.toMatchObject({ status: 'failed' });
  });

  it('is left for later while it cannot be told who is on call: it assigns nothing and holds up nobody', async () => {
    const small = worldWith(ANN);
    const id = await begin(small);
    const leaseId = leaseIdFor(await readRequest(small, id));
    small.woken.splice(0);
    small.world.onCall.failNext('whoIsOnCallNow', { times: 1000 });
    const before = small.clock.now();
    expect(await convergeLease(small.world, leaseId, later(small, 60))).toBe('unfinished');
    expect(small.clock.now()).toBe(before);
    expect(await readRequest(small, id)).toMatchObject({ status: 'granting' });
    expect(small.identityCenter.writes()).toEqual([]);
    small.world.onCall.failNext('whoIsOnCallNow', { times: 0 });
    await convergeLease(small.world, leaseId, later(small, 60));
    expect(await readRequest(small, id)).toMatchObject({ status: 'active' });
  });

  it('judges the rule that let it through by its own schedule, too', async () => {
    const small = worldWith(ANN);
    const id = await begin(small);
    small.published.publish(
      policyOf(POLICY_TEXT.replace('justification_length: 5', 'justification_length: 5, on_call: secondary')),
    );
    small.rota.putSchedule('primary', [BOB]);
    small.rota.putSchedule('secondary', [ANN]);
    await convergeWoken(small);
    expect(await readRequest(small, id)).toMatchObject({
      status: 'failed',
      reason: expect.stringContaining('by the rule "production" alone'),
    });
  });
});

describe('explain', () => {
  const explained = async (small: SmallWorld) =>
    granted(
      await explainAsk(small.world, {
        caller: PEOPLE.ann,
        target: { account: ACCOUNTS.prod.id, permissionSet: 'Admin' },
        wish: { durationSeconds: seconds(3600) },
      }),
    );
  const conditionIn = ({ entitlements }: Awaited<ReturnType<typeof explained>>) =>
    entitlements.find(({ name }) => name === 'production')?.conditions.find(({ kind }) => kind === 'on_call');

  it('tells whether the person is on call, or that it cannot be told', async () => {
    expect(conditionIn(await explained(worldWith(ANN)))).toEqual({
      kind: 'on_call',
      met: 'met',
      asks: 'to be on call by primary',
    });
    expect(conditionIn(await explained(worldWith(BOB)))).toMatchObject({ met: 'unmet', remedy: 'ask while on call' });
    const unknown = await explained(worldWith({ userName: 'who-is-that' }));
    expect(conditionIn(unknown)).toMatchObject({ met: 'failed' });
    expect(unknown.outcome).toMatchObject({ refused: 'on_call_unknown' });
  });
});

describe('while the rota does not answer', () => {
  it('what waits for it is looked at again, and fails when the time to grant is over', async () => {
    const small = worldWith(ANN);
    const id = await begin(small);
    small.world.onCall.failNext('whoIsOnCallNow', { times: 1000 });
    for (let minute = 0; minute < 16; minute += 1) {
      small.clock.advance(60);
      await sweep(small.world);
      await convergeWoken(small);
    }
    expect(await readRequest(small, id)).toMatchObject({ status: 'failed' });
    expect(small.identityCenter.writes()).toEqual([]);
  });

  it('it is granted by the next look once it does', async () => {
    const small = worldWith(ANN);
    const id = await begin(small);
    small.world.onCall.failNext('whoIsOnCallNow', { times: 1 });
    await convergeWoken(small);
    expect(await readRequest(small, id)).toMatchObject({ status: 'granting' });
    small.clock.advance(60);
    await sweep(small.world);
    await convergeWoken(small);
    expect(await readRequest(small, id)).toMatchObject({ status: 'active' });
  });
});
