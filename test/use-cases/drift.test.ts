/** Drift in the small world: what is found, and what is marked. */
import { describe, expect, it, vi } from 'vitest';
import { attendDriftEvent } from '../../lambda/use-cases/attend-drift-event.ts';
import { searchForDrift } from '../../lambda/use-cases/drift-round.ts';
import { sweep } from '../../lambda/use-cases/sweep.ts';
import { takeBaseline } from '../../lambda/use-cases/take-baseline.ts';
import { whatIsWrongWith } from '../verify-chain.ts';
import { baseline, converge, driftWorld, EVE, findings, PROD, round, targetOf } from './drift-story.ts';
import { PEOPLE } from './small-policy.ts';
import { later, type SmallWorld } from './small-world.ts';
import { active, begun, kindsOf, leaseOf, readRequest, seconds } from './story.ts';

describe('a round', () => {
  it('finds what no lease explains, in every account and elevatable permission set', async () => {
    const small = driftWorld();
    small.identityCenter.assign(EVE, PROD);
    small.identityCenter.assign(EVE, targetOf('sandbox', 'Database'));
    small.lists.assignGroup('g-everybody', PROD);
    expect(await round(small)).toMatchObject({ accounts: 3, places: 2, isRoundFinished: true, skipped: 0 });
    expect(await findings(small)).toEqual([
      'unexplained payments-prod/Admin g-everybody',
      'unexplained payments-prod/Admin eve',
      'unexplained sandbox/Database eve',
    ]);
  });

  it('finds nothing in what Brevet made, is making or is taking away', async () => {
    const small = driftWorld({ writeMilliseconds: 5000 });
    await active(small);
    const making = await begun(small, { account: 'sandbox' });
    await round(small);
    expect(await findings(small)).toEqual([]);
    expect(making.status).toBe('granting');
  });

  it('leaves alone the permission sets that the policy does not name, until they carry the tag', async () => {
    const elevatableTag = { key: 'brevet', value: 'requestable' };
    const small = driftWorld({ drift: { elevatableTag } });
    const other = { arn: 'arn:aws:sso:::permissionSet/ssoins-7223c4d1e8b6a509/ps-00000000000000aa', name: 'Other' };
    small.accounts.removePermissionSet(other.arn);
    small.accounts.putPermissionSet({ ...other, sessionSeconds: 3600 });
    small.identityCenter.assign(EVE, PROD);
    await round(small);
    expect(await findings(small)).toEqual([]);
    small.accounts.putPermissionSet({ ...other, sessionSeconds: 3600, tags: { brevet: 'requestable' } });
    await round(small);
    expect(await findings(small)).toEqual(['unexplained payments-prod/Other eve']);
  });

  it('goes on where the run before stopped', async () => {
    const small = driftWorld();
    small.identityCenter.assign(EVE, targetOf('sandbox'));
    const first = await searchForDrift(small.world, small.clock.now());
    expect(first).toMatchObject({ accounts: 0, isRoundFinished: false });
    expect(await searchForDrift(small.world, later(small, 600))).toMatchObject({ accounts: 3, isRoundFinished: true });
    expect(await searchForDrift(small.world, later(small, 600))).toMatchObject({ accounts: 0, isRoundFinished: false });
  });

  it('is gone on with by one run at a time, and by another once that one is dead', async () => {
    const small = driftWorld();
    const { provisionedTo } = small.lists;
    let dies: (() => void) | undefined;
    small.world.assignmentLists.provisionedTo = () =>
      new Promise((_, reject) => {
        dies = () => reject(new Error('killed'));
      });
    void searchForDrift(small.world, later(small, 50));
    await vi.waitFor(() => expect(dies).toBeDefined());
    small.world.assignmentLists.provisionedTo = provisionedTo;
    expect(await searchForDrift(small.world, later(small, 50))).toMatchObject({ accounts: 0 });
    small.clock.advance(110);
    expect(await searchForDrift(small.world, later(small, 50))).toMatchObject({ accounts: 3, isRoundFinished: true });
  });

  it('that cannot see an account says so, and is no full round', async () => {
    const small = driftWorld();
    small.world.assignmentLists.failNext('provisionedTo', { times: 6, code: 'ThrottlingException' });
    expect(await round(small)).toMatchObject({ skipped: 3, findings: 0 });
    expect(await takeBaseline(small.world, { caller: PEOPLE.ada })).toMatchObject({
      refused: 'drift_round_unfinished',
    });
    expect(await round(small)).toMatchObject({ skipped: 0 });
    expect(await takeBaseline(small.world, { caller: PEOPLE.ada })).toMatchObject({ accepted: 0 });
  });

  it('keeps what it saw when the list cannot be read', async () => {
    const small = driftWorld();
    small.identityCenter.assign(EVE, PROD);
    await round(small);
    small.world.assignmentLists.failNext('assignedAt', { times: 100 });
    await round(small);
    expect(await findings(small)).toEqual(['unexplained payments-prod/Admin eve']);
  });

  it('believes what it sees only when it sees it twice', async () => {
    const small = driftWorld();
    small.identityCenter.assign(EVE, PROD);
    const { sleep } = small.clock;
    small.clock.sleep = (milliseconds) => {
      small.identityCenter.unassign(EVE, PROD);
      return sleep(milliseconds);
    };
    await round(small);
    expect(await findings(small)).toEqual([]);
  });

  it('begins at once after a baseline', async () => {
    const small = driftWorld();
    await round(small);
    await baseline(small);
    expect(await searchForDrift(small.world, later(small, 60))).toMatchObject({ isRoundFinished: true });
  });

  it('forgets what is gone, and tells what comes again', async () => {
    const small = driftWorld();
    await round(small);
    await baseline(small);
    small.identityCenter.assign(EVE, PROD);
    expect(await round(small)).toMatchObject({ findings: 1 });
    expect(await round(small)).toMatchObject({ findings: 0 });
    small.identityCenter.unassign(EVE, PROD);
    await round(small);
    expect(await findings(small)).toEqual([]);
    small.identityCenter.assign(EVE, PROD);
    expect(await round(small)).toMatchObject({ findings: 1 });
  });

  it('does not count what stood before there was a baseline as news', async () => {
    const small = driftWorld();
    small.identityCenter.assign(EVE, PROD);
    expect(await round(small)).toMatchObject({ findings: 0 });
    expect(await findings(small)).toEqual(['unexplained payments-prod/Admin eve']);
  });
});

describe('an assignment that somebody removed during a lease', () => {
  it('marks its request for good, in its chain too, and is not made again', async () => {
    const small = driftWorld();
    const request = await active(small, { wish: { durationSeconds: seconds(4 * 3600) } });
    small.identityCenter.unassign(request.requester.id, PROD);
    expect(await round(small)).toMatchObject({ findings: 1 });
    expect(await round(small)).toMatchObject({ findings: 0 });
    expect(await findings(small)).toEqual(['missing payments-prod/Admin ann']);
    expect(await readRequest(small, request.id)).toMatchObject({
      status: 'active',
      standing: false,
      externallyModified: { change: 'removed' },
    });
    expect((await kindsOf(small, request)).filter((kind) => kind === 'changed-outside')).toHaveLength(1);
    await converge(small);
    expect(small.identityCenter.list()).toEqual([]);

    small.clock.advance(4 * 3600);
    await sweep(small.world);
    await converge(small);
    const ended = await readRequest(small, request.id);
    expect(ended).toMatchObject({ status: 'ended', externallyModified: { change: 'removed' } });
    const events = await small.truth.readEvents(request.id);
    expect(whatIsWrongWith(events, ended.trail, small.world.ids.sha256)).toBe('nothing');
    await round(small);
    expect(await findings(small)).toEqual([]);
  });

  it('can be asked for again', async () => {
    const small = driftWorld();
    const first = await active(small);
    small.identityCenter.unassign(first.requester.id, PROD);
    await attendDriftEvent(small.world, { change: 'removed', place: PROD, userId: first.requester.id });
    await active(small);
    expect(small.identityCenter.list()).toHaveLength(1);
  });
});

describe('an assignment that somebody else made during a lease', () => {
  /** Others ask Identity Center for the very same, and CloudTrail tells of it. */
  const assignedByOthers = async (small: SmallWorld, userId: string) => {
    const started = await small.identityCenter.create(userId, PROD);
    if (started.kind !== 'started') throw new Error(started.kind);
    const wakeUp = { change: 'assigned', place: PROD, userId } as const;
    return attendDriftEvent(small.world, { ...wakeUp, operationId: started.operationId });
  };

  it('is standing from then on: it stays when the request ends, whose history says so', async () => {
    const small = driftWorld();
    const request = await active(small);
    await assignedByOthers(small, request.requester.id);
    expect(await leaseOf(small, request)).toMatchObject({ state: { kind: 'standing' } });
    expect(await readRequest(small, request.id)).toMatchObject({
      standing: true,
      externallyModified: { change: 'assigned' },
    });
    expect(await kindsOf(small, request)).toContain('changed-outside');
    small.clock.advance(3600);
    await sweep(small.world);
    await converge(small);
    expect(await readRequest(small, request.id)).toMatchObject({ status: 'ended', standing: true });
    expect(small.identityCenter.list()).toHaveLength(1);
  });

  it('is not believed of our own creation, though an event say that it was of others', async () => {
    const small = driftWorld();
    const request = await active(small);
    const [own] = small.identityCenter.writes();
    await attendDriftEvent(small.world, {
      change: 'assigned',
      place: PROD,
      userId: request.requester.id,
      operationId: own?.operationId ?? '',
    });
    expect(await leaseOf(small, request)).toMatchObject({ state: { kind: 'held' } });
    expect(await readRequest(small, request.id)).not.toHaveProperty('externallyModified');
  });

  it.each([
    ['of a creation that nobody knows', 'create-99'],
    ['of no creation', ''],
  ])('is not believed %s', async (_, operationId) => {
    const small = driftWorld();
    const request = await active(small);
    await attendDriftEvent(small.world, { change: 'assigned', place: PROD, userId: request.requester.id, operationId });
    expect(await leaseOf(small, request)).toMatchObject({ state: { kind: 'held' } });
  });

  it('is not believed of a creation older than our own, told of late or twice', async () => {
    const small = driftWorld();
    const earlier = await small.identityCenter.create(PEOPLE.ann.id, PROD);
    small.clock.advance(10);
    small.identityCenter.list();
    small.identityCenter.unassign(PEOPLE.ann.id, PROD);
    const request = await active(small);
    if (earlier.kind !== 'started') throw new Error(earlier.kind);
    const { operationId } = earlier;
    await attendDriftEvent(small.world, { change: 'assigned', place: PROD, userId: PEOPLE.ann.id, operationId });
    expect(await leaseOf(small, request)).toMatchObject({ state: { kind: 'held' } });
    small.clock.advance(3600);
    await sweep(small.world);
    await converge(small);
    expect(small.identityCenter.list()).toEqual([]);
  });

  it('is not believed of somebody else, or of another place', async () => {
    const small = driftWorld();
    const request = await active(small);
    const other = await small.identityCenter.create(EVE, targetOf('sandbox'));
    if (other.kind !== 'started') throw new Error(other.kind);
    const { operationId } = other;
    await attendDriftEvent(small.world, { change: 'assigned', place: PROD, userId: request.requester.id, operationId });
    expect(await leaseOf(small, request)).toMatchObject({ state: { kind: 'held' } });
  });

  it('is not believed when its creation failed', async () => {
    const small = driftWorld();
    const request = await active(small);
    small.identityCenter.failNextWrite('The account is suspended');
    await assignedByOthers(small, request.requester.id);
    expect(await leaseOf(small, request)).toMatchObject({ state: { kind: 'held' } });
  });

  it('is not believed once it is gone again', async () => {
    const small = driftWorld();
    const request = await active(small, { wish: { durationSeconds: seconds(4 * 3600) } });
    const started = await small.identityCenter.create(request.requester.id, PROD);
    small.clock.advance(10);
    small.identityCenter.list();
    small.identityCenter.unassign(request.requester.id, PROD);
    const operationId = started.kind === 'started' ? started.operationId : '';
    await attendDriftEvent(small.world, { change: 'assigned', place: PROD, userId: request.requester.id, operationId });
    expect(await leaseOf(small, request)).toMatchObject({ state: { kind: 'held' } });
  });

  it('of which no event tells goes with the lease', async () => {
    const small = driftWorld();
    const request = await active(small);
    await small.identityCenter.create(request.requester.id, PROD);
    small.clock.advance(3600);
    await sweep(small.world);
    await converge(small);
    expect(small.identityCenter.list()).toEqual([]);
  });
});
