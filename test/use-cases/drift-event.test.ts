/** What an event of CloudTrail brings about: its place is looked at, and what it says is not taken for true. */
import { describe, expect, it } from 'vitest';
import { addSeconds } from '../../lambda/domain/time.ts';
import { attendDriftEvent } from '../../lambda/use-cases/attend-drift-event.ts';
import { searchForDrift } from '../../lambda/use-cases/drift-round.ts';
import { sweep } from '../../lambda/use-cases/sweep.ts';
import { baseline, catalogueNow, driftWorld, EVE, findings, PROD, round, targetOf } from './drift-story.ts';
import { POLICY_TEXT, policyOf } from './small-policy.ts';
import { later, type SmallWorld } from './small-world.ts';
import { active, convergeWoken, leaseOf, readRequest } from './story.ts';

describe('an event', () => {
  it('has its place looked at, whatever it says', async () => {
    const small = driftWorld();
    await round(small);
    await baseline(small);
    small.identityCenter.assign(EVE, PROD);
    expect(await attendDriftEvent(small.world, { change: 'removed', place: PROD })).toMatchObject({ findings: 1 });
    expect(await findings(small)).toEqual(['unexplained payments-prod/Admin eve']);
  });

  it('about one user leaves it told that another one lost theirs, until that is over', async () => {
    const small = driftWorld();
    await round(small);
    await baseline(small);
    const request = await active(small);
    small.identityCenter.unassign(request.requester.id, PROD);
    small.clock.advance(60);
    expect(await searchForDrift(small.world, later(small, 60))).toMatchObject({ findings: 1 });
    small.identityCenter.assign(EVE, PROD);
    const event = { change: 'assigned', place: PROD, userId: EVE } as const;
    expect(await attendDriftEvent(small.world, event)).toMatchObject({ findings: 1 });
    expect(await findings(small)).toEqual(['missing payments-prod/Admin ann', 'unexplained payments-prod/Admin eve']);
    small.clock.advance(3600);
    await sweep(small.world);
    await convergeWoken(small);
    await attendDriftEvent(small.world, event);
    expect(await findings(small)).toEqual(['unexplained payments-prod/Admin eve']);
  });

  it('about nothing that is there finds nothing', async () => {
    const small = driftWorld();
    await attendDriftEvent(small.world, { change: 'assigned', place: PROD, userId: EVE });
    expect(await findings(small)).toEqual([]);
  });

  it.each([
    ['an account that is never a target', targetOf('management')],
    ['a permission set of which nobody knows', { ...PROD, permissionSetArn: `${PROD.permissionSetArn}z` }],
    ['an account that is not there', { ...PROD, accountId: '999999999999' }],
  ])('about %s is left alone', async (_, place) => {
    const small = driftWorld();
    small.identityCenter.assign(EVE, { ...PROD, ...place });
    await attendDriftEvent(small.world, { change: 'assigned', place, userId: EVE });
    expect(await findings(small)).toEqual([]);
  });

  it('that names no place has everything looked at by the next run', async () => {
    const small = driftWorld();
    await round(small);
    small.identityCenter.assign(EVE, PROD);
    expect(await searchForDrift(small.world, later(small, 60))).toMatchObject({ accounts: 0 });
    await attendDriftEvent(small.world, { change: 'assigned' });
    expect(await searchForDrift(small.world, later(small, 60))).toMatchObject({ accounts: 3 });
    expect(await findings(small)).toEqual(['unexplained payments-prod/Admin eve']);
  });

  it('about a lease marks its request though the catalogue was never read, and leaves what was seen as it is', async () => {
    const small = driftWorld();
    await round(small);
    await baseline(small);
    small.identityCenter.assign(EVE, PROD);
    await round(small);
    const request = await active(small);
    small.identityCenter.unassign(request.requester.id, PROD);
    small.catalogue.current = async () => undefined;
    await attendDriftEvent(small.world, { change: 'removed', place: PROD, userId: request.requester.id });
    expect(await readRequest(small, request.id)).toMatchObject({ externallyModified: { change: 'removed' } });
    expect(await findings(small)).toEqual(['missing payments-prod/Admin ann', 'unexplained payments-prod/Admin eve']);
  });

  it('about a lease marks its request though the catalogue does not have its account yet', async () => {
    const small = driftWorld();
    const request = await active(small);
    small.identityCenter.unassign(request.requester.id, PROD);
    const known = await catalogueNow(small);
    small.catalogue.current = async () => ({ ...known, accounts: [] });
    await attendDriftEvent(small.world, { change: 'removed', place: PROD, userId: request.requester.id });
    expect(await readRequest(small, request.id)).toMatchObject({ externallyModified: { change: 'removed' } });
  });

  it('about a creation by others counts for the lease though the catalogue was never read', async () => {
    const small = driftWorld();
    const request = await active(small);
    small.catalogue.current = async () => undefined;
    const started = await small.identityCenter.create(request.requester.id, PROD);
    const operationId = started.kind === 'started' ? started.operationId : '';
    await attendDriftEvent(small.world, { change: 'assigned', place: PROD, userId: request.requester.id, operationId });
    expect(await leaseOf(small, request)).toMatchObject({ state: { kind: 'standing' } });
  });

  it.each([
    ['that may be a call of our own, of which nobody learned what came, leaves the end as it is', 89, 'held'],
    ['that came after any such call counts for the lease', 90, 'standing'],
  ])('about a creation %s', async (_what, seconds, kind) => {
    const small = driftWorld();
    const request = await active(small);
    const lease = await leaseOf(small, request);
    if (lease?.state.kind !== 'held') throw new Error('it is not held');
    const unsettledUntil = addSeconds(small.clock.now(), 90);
    await small.truth.commit({ leases: [{ ...lease, state: { ...lease.state, unsettledUntil } }] });
    small.clock.advance(seconds);
    const askedAt = small.clock.now();
    const { id: userId } = request.requester;
    const started = await small.identityCenter.create(userId, PROD);
    const operationId = started.kind === 'started' ? started.operationId : '';
    // The order in which writes were asked for is all that memory keeps of their times.
    const { findWrite } = small.world.assignmentLists;
    small.world.assignmentLists.findWrite = async (write, id) => {
      const found = await findWrite(write, id);
      return found && id === operationId ? { ...found, askedAt } : found;
    };
    await attendDriftEvent(small.world, { change: 'assigned', place: PROD, userId, operationId });
    expect(await leaseOf(small, request)).toMatchObject({ state: { kind } });
  });

  const createdByOthers = async (small: SmallWorld, userId: string) => {
    const started = await small.identityCenter.create(userId, PROD);
    const operationId = started.kind === 'started' ? started.operationId : '';
    return { change: 'assigned', place: PROD, userId, operationId } as const;
  };

  it('about a creation by others while our own is still being confirmed waits for that, and counts', async () => {
    const small = driftWorld();
    const request = await active(small);
    const lease = await leaseOf(small, request);
    const operation = { id: 'ours', claim: 'c', since: small.clock.now(), attempts: 0 };
    await small.truth.commit({ leases: [{ ...lease, state: { kind: 'creating', operation } }] });
    const event = await createdByOthers(small, request.requester.id);
    small.clock.advance(10);
    small.identityCenter.list();
    const { sleep } = small.clock;
    small.clock.sleep = async (milliseconds) => {
      const now = await leaseOf(small, request);
      if (now.state.kind === 'creating') await small.truth.commit({ leases: [{ ...now, state: lease.state }] });
      return sleep(milliseconds);
    };
    await attendDriftEvent(small.world, event);
    expect(await leaseOf(small, request)).toMatchObject({ state: { kind: 'standing' } });
  });

  it('about a creation by others keeps nothing whose end has come', async () => {
    const small = driftWorld();
    const request = await active(small);
    const event = await createdByOthers(small, request.requester.id);
    small.clock.advance(3600);
    await attendDriftEvent(small.world, event);
    expect(await leaseOf(small, request)).toMatchObject({ state: { kind: 'held' } });
  });

  it('tells of nothing unexplained where nobody can be elevated to the permission set any more', async () => {
    const small = driftWorld();
    const { requester } = await active(small);
    small.published.publish(policyOf(POLICY_TEXT.replaceAll('Admin', 'Database')));
    small.identityCenter.assign(EVE, PROD);
    await attendDriftEvent(small.world, { change: 'assigned', place: PROD, userId: requester.id });
    expect(await findings(small)).toEqual([]);
  });

  it('asks nothing of the organization itself', async () => {
    const small = driftWorld();
    for (const call of ['accounts', 'findAccount', 'permissionSets', 'findPermissionSet'] as const) {
      small.world.organization.failNext(call, { times: 100 });
    }
    small.identityCenter.assign(EVE, PROD);
    await attendDriftEvent(small.world, { change: 'assigned', place: PROD, userId: EVE });
    expect(await findings(small)).toEqual(['unexplained payments-prod/Admin eve']);
    expect(await round(small)).toMatchObject({ isRoundFinished: true, skipped: 0 });
  });
});
