/** What may have stood when the baseline was taken is never removed, whatever became of its sighting since. */
import { describe, expect, it } from 'vitest';
import { emptyLease } from '../../lambda/domain/lease.ts';
import { addSeconds } from '../../lambda/domain/time.ts';
import { attendDriftEvent } from '../../lambda/use-cases/attend-drift-event.ts';
import { searchForDrift } from '../../lambda/use-cases/drift-round.ts';
import {
  baseline,
  catalogueNow,
  converge,
  EVE,
  findings,
  removing,
  round,
  settledBaseline,
  targetOf,
} from './drift-story.ts';
import { ACCOUNTS, POLICY_TEXT, policyOf } from './small-policy.ts';
import { later, type SmallWorld } from './small-world.ts';
import { active } from './story.ts';

const AUDIT = targetOf('prod', 'Audit');
const WITHOUT_AUDIT = policyOf(POLICY_TEXT.replace('permission_sets: [Audit]', 'permission_sets: [Database]'));

/** Assigned after the last look and before the baseline: the round behind it sees it, and leaves it alone. */
const assignedUnseen = async (small: SmallWorld): Promise<void> => {
  await round(small);
  small.identityCenter.assign(EVE, AUDIT);
  await baseline(small);
  expect(await round(small)).toMatchObject({ removals: 0, isRoundFinished: true });
  expect(await findings(small)).toEqual(['unexplained payments-prod/Audit eve']);
};

const stays = async (small: SmallWorld): Promise<void> => {
  for (let rounds = 0; rounds < 3; rounds += 1) expect(await round(small)).toMatchObject({ removals: 0 });
  await converge(small);
  expect(small.identityCenter.list()).toHaveLength(1);
};

it('is as old as it was after a while in which nobody could be elevated to it', async () => {
  const small = removing();
  await assignedUnseen(small);
  small.published.publish(WITHOUT_AUDIT);
  await round(small);
  expect(await findings(small)).toEqual([]);
  small.published.publish(policyOf(POLICY_TEXT));
  expect(await round(small)).toMatchObject({ findings: 1, removals: 0 });
  await stays(small);
});

it('is as old as it was after an event told of it while nobody could be elevated to it', async () => {
  const small = removing();
  await assignedUnseen(small);
  small.published.publish(WITHOUT_AUDIT);
  // Where people cannot be elevated to, an event is looked after where somebody has a lease.
  await small.truth.commit({ leases: [emptyLease(EVE, AUDIT)] });
  await attendDriftEvent(small.world, { change: 'assigned', place: AUDIT, userId: EVE });
  small.published.publish(policyOf(POLICY_TEXT));
  await stays(small);
});

it('is as old as it was after it was gone for a while', async () => {
  const small = removing();
  await assignedUnseen(small);
  small.identityCenter.unassign(EVE, AUDIT);
  await round(small);
  small.identityCenter.assign(EVE, AUDIT);
  expect(await round(small)).toMatchObject({ findings: 1, removals: 0 });
  await stays(small);
});

it('is as old as it was after its account was not in the catalogue for a while', async () => {
  const small = removing();
  await assignedUnseen(small);
  small.accounts.removeAccount(ACCOUNTS.prod.id);
  await round(small);
  small.accounts.putAccount(ACCOUNTS.prod);
  await stays(small);
});

it('is as old as the other one found it who saw it while this one looked twice', async () => {
  const small = removing();
  await round(small);
  await baseline(small);
  small.identityCenter.assign(EVE, AUDIT);
  const { sleep } = small.clock;
  // Between the two looks of an event, the round behind the baseline comes to its end, and the event is held up.
  small.clock.sleep = async (milliseconds) => {
    small.clock.sleep = sleep;
    await searchForDrift(small.world, later(small, 600));
    small.clock.advance(60);
    await sleep(milliseconds);
  };
  expect(await attendDriftEvent(small.world, { change: 'assigned', place: AUDIT, userId: EVE })).toMatchObject({
    removals: 0,
  });
  await stays(small);
});

it('is left alone in an account that the catalogue did not have when the round behind the baseline began', async () => {
  const small = removing();
  const account = { ...ACCOUNTS.prod, id: '400000000009', name: 'new-prod' };
  await round(small);
  small.identityCenter.assign(EVE, { ...targetOf(), accountId: account.id, accountName: account.name });
  await baseline(small);
  await round(small);
  small.accounts.putAccount(account);
  expect(await round(small)).toMatchObject({ findings: 1, removals: 0 });
  await stays(small);
});

it('is left alone in an account that was not active while its turn passed', async () => {
  const small = removing();
  await round(small);
  small.identityCenter.assign(EVE, targetOf());
  await baseline(small);
  // The round begins while it is active, and passes it while it is not.
  await searchForDrift(small.world, small.clock.now());
  small.accounts.putAccount({ ...ACCOUNTS.prod, active: false });
  expect(await searchForDrift(small.world, later(small, 600))).toMatchObject({ isRoundFinished: true });
  small.accounts.putAccount(ACCOUNTS.prod);
  await stays(small);
});

it('is left alone by a round that began before the baseline, whatever the clocks say', async () => {
  const small = removing();
  await round(small);
  small.clock.advance(3600);
  // The round that is under way has a clock that is ahead; it looks at the account, and then the baseline is taken.
  const { now } = small.clock;
  small.clock.now = () => addSeconds(now(), 5);
  await searchForDrift(small.world, small.clock.now());
  small.clock.now = now;
  await baseline(small);
  expect(await searchForDrift(small.world, later(small, 600))).toMatchObject({ isRoundFinished: true });
  expect((await small.driftStore.readState())?.baseline).not.toHaveProperty('proof');
});

it('is left alone of a permission set that one run of the round behind the baseline did not look for', async () => {
  const small = removing();
  await round(small);
  small.identityCenter.assign(EVE, AUDIT);
  await baseline(small);
  await searchForDrift(small.world, small.clock.now());
  small.published.publish(WITHOUT_AUDIT);
  await searchForDrift(small.world, small.clock.now());
  small.published.publish(policyOf(POLICY_TEXT));
  await searchForDrift(small.world, small.clock.now());
  expect((await small.driftStore.readState())?.round?.permissionSetArns).not.toContain(AUDIT.permissionSetArn);
  await searchForDrift(small.world, later(small, 600));
  small.clock.advance(60);
  await stays(small);
});

it('is forgotten with its account, once a full round has passed', async () => {
  const small = removing();
  small.identityCenter.assign(EVE, AUDIT);
  await round(small);
  small.accounts.removeAccount(ACCOUNTS.prod.id);
  await round(small);
  expect(await findings(small)).toEqual([]);
  expect(await small.driftStore.sightingsIn(ACCOUNTS.prod.id)).toEqual([]);
});

it('needs no list of permission sets beside the one of the proof, since both together may be too large to store', async () => {
  const small = removing();
  const listed = async () => (await small.driftStore.readState())?.round?.permissionSetArns.length;
  await searchForDrift(small.world, small.clock.now());
  expect(await listed()).toBe(0);
  await searchForDrift(small.world, later(small, 600));
  await baseline(small);
  await searchForDrift(small.world, small.clock.now());
  expect(await listed()).toBe(3);
  await searchForDrift(small.world, later(small, 600));
  expect((await small.driftStore.readState())?.baseline?.proof?.permissionSetArns).toHaveLength(3);
  small.clock.advance(3600);
  await searchForDrift(small.world, small.clock.now());
  expect(await listed()).toBe(0);
});

describe('while a lease held it', () => {
  /** Others ask for the very same then, and CloudTrail tells of it later. */
  const assignedByOthers = async (small: SmallWorld, userId: string) => {
    const started = await small.identityCenter.create(userId, targetOf());
    if (started.kind !== 'started') throw new Error(started.kind);
    const { operationId } = started;
    const askedAt = small.clock.now();
    small.clock.advance(60);
    const { findWrite } = small.world.assignmentLists;
    small.world.assignmentLists.findWrite = async (write, id) => {
      const found = await findWrite(write, id);
      return found && id === operationId ? { ...found, askedAt } : found;
    };
    return { change: 'assigned', place: targetOf(), userId, operationId } as const;
  };
  const provenBaseline = async (small: SmallWorld): Promise<void> => {
    await baseline(small);
    expect(await searchForDrift(small.world, later(small, 600))).toMatchObject({ isRoundFinished: true });
    small.clock.advance(60);
  };
  const afterTheLease = async (small: SmallWorld): Promise<void> => {
    small.clock.advance(3600);
    await converge(small);
    for (let rounds = 0; rounds < 3; rounds += 1) {
      await round(small);
      await converge(small);
    }
  };

  it('is told of and left alone when others had made it before the baseline, and the event came after its proof', async () => {
    const small = removing();
    await round(small);
    const { requester } = await active(small);
    const event = await assignedByOthers(small, requester.id);
    await provenBaseline(small);
    expect(await attendDriftEvent(small.world, event)).toMatchObject({ findings: 1, removals: 0 });
    await afterTheLease(small);
    expect(await findings(small)).toEqual(['unexplained payments-prod/Admin ann']);
    expect(small.identityCenter.list()).toHaveLength(1);
  });

  it('is left alone, too, when a round saw it as standing before the event had its place looked at', async () => {
    const small = removing();
    await round(small);
    const { requester } = await active(small);
    const event = await assignedByOthers(small, requester.id);
    await provenBaseline(small);
    // The run dies when it has stored that it is standing; a round comes, and then the event once more.
    small.world.driftStore.failNext('sightingsIn');
    await expect(attendDriftEvent(small.world, event)).rejects.toThrow();
    await attendDriftEvent(small.world, { change: 'assigned', place: targetOf(), userId: requester.id });
    await attendDriftEvent(small.world, event);
    await afterTheLease(small);
    expect(small.identityCenter.list()).toHaveLength(1);
  });

  it('is removed once the lease is over when others made it after the proof', async () => {
    const small = removing();
    await round(small);
    const { requester } = await active(small);
    await provenBaseline(small);
    expect(await attendDriftEvent(small.world, await assignedByOthers(small, requester.id))).toMatchObject({
      findings: 1,
    });
    await afterTheLease(small);
    expect(small.identityCenter.list()).toEqual([]);
  });
});

it('is told apart from what certainly came later, which is removed in accounts that were looked at', async () => {
  const small = removing();
  await settledBaseline(small);
  small.identityCenter.assign(EVE, AUDIT);
  expect(await round(small)).toMatchObject({ findings: 1, removals: 1 });
  await converge(small);
  expect(small.identityCenter.list()).toEqual([]);
});

it('is found by another baseline, after which what comes later is removed in accounts that are new', async () => {
  const small = removing();
  await settledBaseline(small);
  const account = { ...ACCOUNTS.prod, id: '400000000009', name: 'new-prod' };
  const target = { ...targetOf(), accountId: account.id, accountName: account.name };
  small.accounts.putAccount(account);
  await settledBaseline(small);
  small.identityCenter.assign(EVE, target);
  expect(await round(small)).toMatchObject({ removals: 1 });
});

it('is nothing that a proof of an older kind tells of: the next full round gives another one', async () => {
  const small = removing();
  await settledBaseline(small);
  const state = await small.driftStore.readState();
  if (!state?.baseline?.proof) throw new Error('there is no proof');
  const { round: _unknown, ...proof } = state.baseline.proof;
  await small.truth.commit({ drift: { state: { ...state, baseline: { ...state.baseline, proof } }, events: [] } });
  small.identityCenter.assign(EVE, AUDIT);
  expect(await round(small)).toMatchObject({ findings: 1, removals: 0 });
  await stays(small);
  small.identityCenter.assign(EVE, targetOf());
  expect(await round(small)).toMatchObject({ removals: 1 });
});

it('a catalogue that lags says when it was read, and nothing is searched by one of yesterday', async () => {
  const small = removing();
  await settledBaseline(small);
  const known = await catalogueNow(small);
  small.identityCenter.assign(EVE, AUDIT);
  small.catalogue.current = async () => ({ ...known, asOf: addSeconds(small.clock.now(), -86_400) });
  const idle = { accounts: 0, findings: 0, removals: 0, isRoundFinished: false };
  expect(await round(small)).toMatchObject({ ...idle, waitsFor: 'catalogue_too_old' });
  expect(await attendDriftEvent(small.world, { change: 'assigned', place: AUDIT, userId: EVE })).toMatchObject({
    removals: 0,
  });
  expect(small.warnings).toContain('drift is not searched for while the organization is not known');
  small.catalogue.current = async () => ({ ...known, asOf: addSeconds(small.clock.now(), -86_399) });
  expect(await round(small)).toMatchObject({ removals: 1 });
});
