/** Law 14 through whole lives: what a request says of credentials is of when access was given, and of whatever may have stood. */
import { describe, expect, it } from 'vitest';
import type { AccessRequest } from '../../lambda/domain/access-request.ts';
import { addSeconds } from '../../lambda/domain/time.ts';
import { requestView } from '../../lambda/handlers/api/views.ts';
import { ServiceFault } from '../../lambda/ports/faults.ts';
import { beginGrant } from '../../lambda/use-cases/begin-grant.ts';
import { convergeLease } from '../../lambda/use-cases/converge-lease.ts';
import { endRequest } from '../../lambda/use-cases/end-request.ts';
import { extendRequest } from '../../lambda/use-cases/extend-request.ts';
import { sweep } from '../../lambda/use-cases/sweep.ts';
import { driftWorld, PROD, round } from './drift-story.ts';
import { PEOPLE, PERMISSION_SETS } from './small-policy.ts';
import { at, later, type SmallWorld, smallWorld } from './small-world.ts';
import {
  active,
  approveExtension,
  begun,
  convergeWoken,
  decide,
  granted,
  leaseIdFor,
  leaseOf,
  readRequest,
  seconds,
  submit,
} from './story.ts';

const HOUR = 3600;
const HALF_A_DAY = 12 * HOUR;

const lasting = (small: SmallWorld, sessionSeconds: number): void =>
  small.accounts.putPermissionSet({ ...PERMISSION_SETS.Admin, sessionSeconds });
const viewOf = async (small: SmallWorld, { id }: AccessRequest) =>
  requestView({ request: await readRequest(small, id), youMay: [] }, small.clock.now());
const sessionOf = async (small: SmallWorld, { id }: AccessRequest): Promise<number> =>
  (await readRequest(small, id)).target.sessionSeconds;

describe('an assignment that stood before, and that somebody removed', () => {
  it('stands no longer: it goes with the last request, and credentials may outlive that', async () => {
    const small = driftWorld();
    small.identityCenter.assign(PEOPLE.ann.id, PROD);
    const first = await active(small, { wish: { durationSeconds: seconds(4 * HOUR) } });
    expect(await viewOf(small, first)).toMatchObject({ standing: true });
    small.identityCenter.unassign(PEOPLE.ann.id, PROD);
    await round(small);
    const second = await active(small);
    expect(await leaseOf(small, second)).toMatchObject({ state: { kind: 'held' } });
    for (const request of [first, second]) {
      const { standing, credentialsMayWorkUntil } = await viewOf(small, request);
      expect([standing, credentialsMayWorkUntil]).toEqual([false, expect.any(String)]);
    }
  });
});

describe('how long sessions last', () => {
  it.each([
    ['raised', HOUR, HALF_A_DAY],
    ['lowered', HALF_A_DAY, HOUR],
  ])('is as it is when access is given, though it was %s since it was asked for', async (_how, asked, given) => {
    const small = smallWorld();
    lasting(small, asked);
    const { id } = granted(await submit(small));
    lasting(small, given);
    granted(await decide(small, id, 'leo'));
    const request = granted(await beginGrant(small.world, id));
    expect(await sessionOf(small, request)).toBe(asked);
    await convergeWoken(small);
    const usable = await readRequest(small, id);
    if (usable.status !== 'active') throw new Error(usable.status);
    expect(await viewOf(small, request)).toMatchObject({
      target: { sessionDuration: given === HOUR ? 'PT1H' : 'PT12H' },
      credentialsMayWorkUntil: new Date(addSeconds(usable.endsAt, given)).toISOString(),
    });
    const events = await small.world.ledger.readEvents(id);
    expect(events.find(({ kind }) => kind === 'became-usable')?.data).toMatchObject({ sessionSeconds: given });
  });

  it('is as it is at the start of a window, weeks after it was asked for', async () => {
    const small = smallWorld();
    const { id } = granted(
      await submit(small, { wish: { start: (at('09:00') + 14 * 86_400_000) as ReturnType<typeof at> } }),
    );
    granted(await decide(small, id, 'leo'));
    small.clock.advance(14 * 86_400);
    lasting(small, HALF_A_DAY);
    const request = granted(await beginGrant(small.world, id));
    await convergeWoken(small);
    expect(await sessionOf(small, request)).toBe(HALF_A_DAY);
  });

  it('is that of a standing assignment, too, when it is found', async () => {
    const small = smallWorld();
    small.identityCenter.assign(PEOPLE.ann.id, PROD);
    const request = await begun(small);
    lasting(small, HALF_A_DAY);
    await convergeWoken(small);
    expect(await readRequest(small, request.id)).toMatchObject({ standing: true });
    expect(await sessionOf(small, request)).toBe(HALF_A_DAY);
  });

  it('is not lower for whoever joins than it was while the assignment stood, and is forgotten with it', async () => {
    const small = smallWorld();
    lasting(small, HALF_A_DAY);
    const first = await active(small);
    lasting(small, HOUR);
    const second = await active(small);
    expect(await sessionOf(small, second)).toBe(HALF_A_DAY);
    for (const { id } of [first, second]) granted(await endRequest(small.world, { caller: PEOPLE.ann, requestId: id }));
    await convergeWoken(small);
    expect(await sessionOf(small, await active(small))).toBe(HOUR);
  });

  const extend = ({ world }: SmallWorld, { id }: AccessRequest) =>
    extendRequest(world, { caller: PEOPLE.ann, requestId: id, durationSeconds: seconds(1800) });

  it.each(['sandbox', 'prod'] as const)(
    'is raised with an extension, and is not lowered with one: %s',
    async (account) => {
      const small = smallWorld();
      const request = await active(small, { account });
      const more = async (): Promise<void> => {
        granted(await extend(small, request));
        if (account === 'prod') granted(await approveExtension(small, request.id, 'lea'));
      };
      lasting(small, HALF_A_DAY);
      await more();
      expect(await sessionOf(small, request)).toBe(HALF_A_DAY);
      lasting(small, HOUR);
      await more();
      expect(await sessionOf(small, request)).toBe(HALF_A_DAY);
      expect(await sessionOf(small, await active(small, { account }))).toBe(HALF_A_DAY);
    },
  );

  it('is raised by what is so when the extension is approved', async () => {
    const small = smallWorld();
    const request = await active(small);
    granted(await extend(small, request));
    lasting(small, HALF_A_DAY);
    granted(await approveExtension(small, request.id, 'lea'));
    expect(await sessionOf(small, request)).toBe(HALF_A_DAY);
  });

  it('must be known: until then nothing is given', async () => {
    const small = smallWorld();
    const request = await begun(small);
    const findPermissionSet = small.world.organization.findPermissionSet;
    let isDown = true;
    small.world.organization.findPermissionSet = async (arn, wanted) => {
      if (isDown && wanted?.now) throw new ServiceFault('identity-center', 'Throttled', undefined);
      return findPermissionSet(arn, wanted);
    };
    await convergeLease(small.world, leaseIdFor(request), later(small, 60));
    expect(await readRequest(small, request.id)).toMatchObject({ status: 'granting' });
    expect(small.identityCenter.writes()).toEqual([]);
    isDown = false;
    await convergeLease(small.world, leaseIdFor(request), later(small, 60));
    expect(await readRequest(small, request.id)).toMatchObject({ status: 'active' });
  });
});

describe('a request that is over before it was usable', () => {
  const converge = (small: SmallWorld, request: AccessRequest, forSeconds = 60) =>
    convergeLease(small.world, leaseIdFor(request), later(small, forSeconds));
  const end = ({ world }: SmallWorld, { id }: AccessRequest) =>
    endRequest(world, { caller: PEOPLE.ann, requestId: id });
  /** Everything comes to its end. */
  const endOf = async (small: SmallWorld, request: AccessRequest): Promise<AccessRequest> => {
    for (let minute = 0; minute < 60; minute += 1) {
      await converge(small, request);
      small.clock.advance(60);
      await sweep(small.world);
    }
    return readRequest(small, request.id);
  };
  /** Asked while sessions lasted for an hour, and half a day when it is given. */
  const raised = async (writeMilliseconds: number): Promise<{ small: SmallWorld; request: AccessRequest }> => {
    const small = smallWorld({ writeMilliseconds });
    const request = await begun(small);
    lasting(small, HALF_A_DAY);
    return { small, request };
  };

  it('says until when credentials may work, where its assignment was made after it was given up', async () => {
    const { small, request } = await raised(20 * 60_000);
    const failed = await endOf(small, request);
    if (failed.status !== 'failed') throw new Error(failed.status);
    expect(await viewOf(small, request)).toMatchObject({
      credentialsMayWorkUntil: new Date(addSeconds(failed.failedAt, HALF_A_DAY)).toISOString(),
    });
  });

  it('says it from the beginning, where it is ended early while its assignment is made', async () => {
    const { small, request } = await raised(20 * 60_000);
    await converge(small, request, 5);
    granted(await end(small, request));
    small.clock.advance(600);
    expect(await viewOf(small, request)).toMatchObject({
      status: 'ending',
      credentialsMayWorkUntil: new Date(addSeconds(small.clock.now(), HALF_A_DAY)).toISOString(),
    });
    const ended = await endOf(small, request);
    if (ended.status !== 'ended') throw new Error(ended.status);
    expect(await viewOf(small, request)).toMatchObject({
      credentialsMayWorkUntil: new Date(addSeconds(ended.endedAt, HALF_A_DAY)).toISOString(),
    });
    expect(await viewOf(small, request)).not.toHaveProperty('activeSince');
  });

  it('says it where nobody knows whether the creation was accepted', async () => {
    const { small, request } = await raised(1000);
    small.world.assignments.failNext('create', { moment: 'after' });
    await converge(small, request, 0.1);
    small.world.assignments.failNext('isAssigned', { times: 1000 });
    granted(await end(small, request));
    expect(await viewOf(small, request)).toMatchObject({ credentialsMayWorkUntil: expect.any(String) });
  });

  it('says it where the creation was accepted, and Identity Center has forgotten it', async () => {
    const { small, request } = await raised(1000);
    await converge(small, request, 0.1);
    small.world.assignments.creationStatus = async () => ({ kind: 'unknown' });
    small.world.assignments.failNext('isAssigned', { times: 1000 });
    await converge(small, request, 0.1);
    expect(await leaseOf(small, request)).toMatchObject({ state: { kind: 'creating', operation: { accepted: true } } });
    granted(await end(small, request));
    expect(await viewOf(small, request)).toMatchObject({ credentialsMayWorkUntil: expect.any(String) });
  });

  it('says it where what it had joined was held for it alone by then', async () => {
    const small = smallWorld();
    const first = await active(small);
    const second = await begun(small);
    granted(await end(small, first));
    small.people.putPerson({ ...PEOPLE.ann, enabled: false });
    expect(await endOf(small, second)).toMatchObject({ status: 'failed', mayHaveStood: true });
  });

  type Change = (small: SmallWorld) => void;
  it.each<[string, Change]>([
    [
      'the creation was refused',
      ({ identityCenter }) =>
        identityCenter.answerNextWrite({ kind: 'refused', code: 'AccessDeniedException', reason: 'no' }),
    ],
    ['the creation failed', ({ identityCenter }) => identityCenter.failNextWrite('the account is closing')],
    ['it may not be granted any more', ({ people }) => people.putPerson({ ...PEOPLE.ann, enabled: false })],
    [
      'Identity Center was busy all the time',
      ({ world }) => {
        world.assignments.create = async () => ({ kind: 'busy', code: 'ThrottlingException' });
      },
    ],
  ])('says nothing of credentials where there can be none: %s', async (_why, change) => {
    const small = smallWorld();
    const request = await begun(small);
    change(small);
    expect(await endOf(small, request)).toMatchObject({ status: 'failed' });
    expect(await viewOf(small, request)).not.toHaveProperty('credentialsMayWorkUntil');
  });

  it('says nothing of credentials where it was ended before anything was called', async () => {
    const small = smallWorld();
    const request = await begun(small);
    granted(await end(small, request));
    expect(await endOf(small, request)).toMatchObject({ status: 'ended' });
    expect(await viewOf(small, request)).not.toHaveProperty('credentialsMayWorkUntil');
  });
});
