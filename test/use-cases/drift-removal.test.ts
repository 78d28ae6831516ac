/** What drift removes, and above all what it does not; who takes a baseline, and who sees drift. */
import { describe, expect, it } from 'vitest';
import { DRIFT_TRAIL } from '../../lambda/domain/audit-event.ts';
import { isRefusal } from '../../lambda/domain/refusal.ts';
import { attendDriftEvent } from '../../lambda/use-cases/attend-drift-event.ts';
import { searchForDrift } from '../../lambda/use-cases/drift-round.ts';
import { showDrift } from '../../lambda/use-cases/show-drift.ts';
import { sweep } from '../../lambda/use-cases/sweep.ts';
import { takeBaseline } from '../../lambda/use-cases/take-baseline.ts';
import {
  baseline,
  converge,
  driftWorld,
  EVE,
  findings,
  PROD,
  removing,
  round,
  settledBaseline,
  targetOf,
} from './drift-story.ts';
import { ACCOUNTS, PEOPLE, POLICY_TEXT, policyOf } from './small-policy.ts';
import { at, later, type SmallWorld } from './small-world.ts';
import { active, begun, seconds } from './story.ts';

describe('removing', () => {
  it('takes away what came after the baseline, through a lease, with an event in the trail', async () => {
    const small = removing();
    small.identityCenter.assign(PEOPLE.bob.id, PROD);
    await settledBaseline(small);
    small.identityCenter.assign(EVE, PROD);
    expect(await round(small)).toMatchObject({ findings: 1, removals: 1, isLimitReached: false });
    await converge(small);
    expect(small.identityCenter.list()).toEqual([`${PEOPLE.bob.id} ${PROD.accountId} Admin`]);
    expect(await findings(small)).toEqual([]);
    const listed = await small.truth.listEvents({ from: at('00:00'), to: later(small, 1), limit: 50 });
    const trail = listed === 'invalid-cursor' ? [] : listed.items.filter(({ requestId }) => requestId === DRIFT_TRAIL);
    expect(trail).toMatchObject([
      { sequence: 1, kind: 'baseline-taken', actor: { userName: 'ada' }, data: { accepted: 1 } },
      { sequence: 2, kind: 'removal-begun', data: { principalId: EVE, accountId: PROD.accountId } },
    ]);
    expect(trail[1]?.previousHash).toBe(trail[0]?.hash);
  });

  it('never touches what stood when the baseline was taken, though it go and come again', async () => {
    const small = removing();
    small.identityCenter.assign(EVE, PROD);
    await settledBaseline(small);
    small.identityCenter.unassign(EVE, PROD);
    await round(small);
    small.identityCenter.assign(EVE, PROD);
    expect(await round(small)).toMatchObject({ removals: 0 });
    await converge(small);
    expect(small.identityCenter.list()).toHaveLength(1);
  });

  it.each([
    ['in the mode report', {}, async () => undefined],
    [
      'of a group',
      { drift: { mode: 'remove' } },
      async (small: SmallWorld) => {
        small.identityCenter.unassign(EVE, PROD);
        small.lists.assignGroup('g-everybody', PROD);
      },
    ],
    [
      'in a restored table',
      { drift: { mode: 'remove' } },
      async (small: SmallWorld) => small.driftStore.becomeTable('restored'),
    ],
  ] as const)('never happens %s', async (_, options, change) => {
    const small = driftWorld(options);
    await settledBaseline(small);
    small.identityCenter.assign(EVE, PROD);
    await change(small);
    expect(await round(small)).toMatchObject({ removals: 0 });
    expect(small.stored.flatMap(({ leases = [] }) => leases)).toEqual([]);
    expect(await findings(small)).toHaveLength(1);
  });

  it('never happens without a baseline', async () => {
    const small = removing();
    small.identityCenter.assign(EVE, PROD);
    await round(small);
    expect(await round(small)).toMatchObject({ removals: 0 });
  });

  it('begins again in a restored table once a full round and a new baseline are there', async () => {
    const small = removing();
    await settledBaseline(small);
    small.driftStore.becomeTable('restored');
    expect(await takeBaseline(small.world, { caller: PEOPLE.ada })).toMatchObject({
      refused: 'drift_round_unfinished',
    });
    await settledBaseline(small);
    small.identityCenter.assign(EVE, PROD);
    expect(await round(small)).toMatchObject({ removals: 1 });
  });

  it('never happens of what may have stood when the baseline was taken, though nobody had seen it yet', async () => {
    const small = removing();
    await round(small);
    small.identityCenter.assign(EVE, PROD);
    await baseline(small);
    expect(await attendDriftEvent(small.world, { change: 'assigned', place: PROD })).toMatchObject({ removals: 0 });
    expect(await round(small)).toMatchObject({ removals: 0 });
    expect(await round(small)).toMatchObject({ removals: 0 });
    expect(await findings(small)).toEqual(['unexplained payments-prod/Admin eve']);
  });

  it('never happens of a permission set that the policy names only since', async () => {
    const small = removing();
    small.published.publish(policyOf(POLICY_TEXT.replace('permission_sets: [Audit]', 'permission_sets: [Database]')));
    small.identityCenter.assign(EVE, targetOf('prod', 'Audit'));
    await settledBaseline(small);
    small.published.publish(policyOf(POLICY_TEXT));
    expect(await round(small)).toMatchObject({ findings: 1, removals: 0 });
    await settledBaseline(small);
    expect(await findings(small)).toEqual([]);
  });

  it('never happens of a permission set that the policy names only since the middle of the round behind it', async () => {
    const small = removing();
    small.published.publish(policyOf(POLICY_TEXT.replace('permission_sets: [Audit]', 'permission_sets: [Database]')));
    await round(small);
    await baseline(small);
    await searchForDrift(small.world, small.clock.now());
    small.published.publish(policyOf(POLICY_TEXT));
    await round(small);
    small.identityCenter.assign(EVE, targetOf('prod', 'Audit'));
    expect(await round(small)).toMatchObject({ findings: 1, removals: 0 });
  });

  it('never happens in an account that could not be looked at when the baseline was taken', async () => {
    const small = removing();
    small.identityCenter.assign(EVE, targetOf('suspended'));
    await settledBaseline(small);
    small.accounts.putAccount({ ...ACCOUNTS.suspended, active: true });
    expect(await round(small)).toMatchObject({ findings: 1, removals: 0 });
  });

  it('never happens of another instance', async () => {
    const small = removing();
    await settledBaseline(small);
    small.identityCenter.assign(EVE, PROD);
    const world = { ...small.world, driftRules: { ...small.world.driftRules, instanceArn: 'another' } };
    small.clock.advance(3600);
    expect(await searchForDrift(world, later(small, 600))).toMatchObject({ removals: 0 });
  });

  it('stops at so many an hour, says so, and goes on when the hour is over', async () => {
    const small = removing({ drift: { removalsAnHour: 2 } });
    await settledBaseline(small);
    for (const name of ['ann', 'bob', 'eve'] as const) small.identityCenter.assign(PEOPLE[name].id, PROD);
    expect(await round(small)).toMatchObject({ removals: 2, isLimitReached: true });
    await converge(small);
    expect(small.identityCenter.list()).toHaveLength(1);
    await attendDriftEvent(small.world, { change: 'assigned', place: PROD });
    await converge(small);
    expect(small.identityCenter.list()).toHaveLength(1);
    expect(await round(small)).toMatchObject({ removals: 1, isLimitReached: false });
    await converge(small);
    expect(small.identityCenter.list()).toEqual([]);
  });

  it('waits while a request stands on it', async () => {
    const small = removing();
    await settledBaseline(small);
    small.identityCenter.assign(PEOPLE.ann.id, PROD);
    const request = await active(small, { wish: { durationSeconds: seconds(2 * 3600) } });
    expect(request).toMatchObject({ standing: true });
    expect(await round(small)).toMatchObject({ removals: 0 });
    await converge(small);
    expect(small.identityCenter.list()).toHaveLength(1);
    small.clock.advance(3600);
    await sweep(small.world);
    await converge(small);
    expect(await round(small)).toMatchObject({ removals: 1 });
    await converge(small);
    expect(small.identityCenter.list()).toEqual([]);
  });

  it('whose wake-up is lost is brought about by the sweep', async () => {
    const small = removing();
    await settledBaseline(small);
    small.identityCenter.assign(EVE, PROD);
    small.world.converger.failNext('wake');
    expect(await round(small)).toMatchObject({ removals: 1 });
    await converge(small);
    expect(small.identityCenter.list()).toEqual([]);
  });

  it('loses against a request that comes at the same moment', async () => {
    const small = removing();
    await settledBaseline(small);
    small.identityCenter.assign(PEOPLE.ann.id, PROD);
    const { readState } = small.driftStore;
    small.world.driftStore.readState = async () => {
      small.world.driftStore.readState = readState;
      await begun(small);
      return readState();
    };
    await attendDriftEvent(small.world, { change: 'assigned', place: PROD });
    await converge(small);
    expect(small.identityCenter.list()).toHaveLength(1);
  });
});

describe('who may', () => {
  it.each(['ann', 'leo', 'aud'] as const)('take a baseline: not %s', async (name) => {
    const small = driftWorld();
    await round(small);
    expect(await takeBaseline(small.world, { caller: PEOPLE[name] })).toMatchObject({ refused: 'not_permitted' });
    expect((await small.driftStore.readState())?.baseline).toBeUndefined();
  });

  it.each([
    ['ann', true],
    ['leo', true],
    ['aud', false],
    ['ada', false],
  ] as const)('see drift: %s is refused: %s', async (name, refused) => {
    expect(isRefusal(await showDrift(driftWorld().world, { caller: PEOPLE[name] }))).toBe(refused);
  });
});

it('shows findings page by page, and leaves out the baseline', async () => {
  const small = driftWorld({ limits: { pageSize: 2 } });
  small.identityCenter.assign(PEOPLE.bob.id, PROD);
  await round(small);
  await baseline(small);
  for (const name of ['ann', 'eve', 'leo'] as const) small.identityCenter.assign(PEOPLE[name].id, PROD);
  await round(small);
  const names: (string | undefined)[] = [];
  let cursor: string | undefined;
  do {
    const page = await showDrift(small.world, { caller: PEOPLE.aud, ...(cursor === undefined ? {} : { cursor }) });
    if (page === 'invalid-cursor' || isRefusal(page)) throw new Error('drift is not shown');
    expect(page.findings.length).toBeLessThanOrEqual(2);
    names.push(...page.findings.map(({ userName }) => userName));
    cursor = page.cursor;
  } while (cursor !== undefined);
  expect(names).toEqual(['ann', 'eve', 'leo']);
});
