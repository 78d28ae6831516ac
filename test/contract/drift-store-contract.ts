/** What every store of drift must do, whatever it is made of. */
import { beforeEach, describe, expect, it } from 'vitest';
import { DRIFT_TRAIL, type DriftEvent } from '../../lambda/domain/audit-event.ts';
import type { Sighting } from '../../lambda/domain/drift.ts';
import { type DriftState, FIRST_DRIFT_STATE } from '../../lambda/domain/drift-state.ts';
import { emptyLease } from '../../lambda/domain/lease.ts';
import { addSeconds } from '../../lambda/domain/time.ts';
import type { DriftStore } from '../../lambda/ports/drift-store.ts';
import type { Ledger } from '../../lambda/ports/ledger.ts';
import { MORNING, TARGET } from './samples.ts';

export interface DriftStoreWorld {
  readonly ledger: Ledger;
  readonly store: DriftStore;
}

const SIGHTING: Sighting = {
  kind: 'unexplained',
  accountId: TARGET.accountId,
  accountName: TARGET.accountName,
  permissionSetArn: TARGET.permissionSetArn,
  permissionSetName: TARGET.permissionSetName,
  principalType: 'USER',
  principalId: 'u-maria',
  since: MORNING,
};

/** Everything in it, so that nothing is lost on the way. */
const FULL: DriftState = {
  searchedSince: MORNING,
  round: {
    startedAt: MORNING,
    after: '400000000001',
    done: 1,
    accounts: 3,
    places: 2,
    skipped: 1,
    busyUntil: MORNING,
    behind: MORNING,
    permissionSetArns: ['p'],
    within: { accountId: '400000000002', permissionSetArn: 'p' },
  },
  lastStartedAt: MORNING,
  lastRound: {
    startedAt: MORNING,
    finishedAt: addSeconds(MORNING, 60),
    accounts: 3,
    places: 4,
    instanceArn: 'arn:aws:sso:::instance/ssoins-1',
    tableId: 't',
  },
  isRoundWanted: true,
  baseline: {
    takenAt: MORNING,
    by: { id: 'u-ines', userName: 'ines' },
    instanceArn: 'arn:aws:sso:::instance/ssoins-1',
    tableId: 't',
    accepted: 7,
    proof: { at: MORNING, round: MORNING, permissionSetArns: ['p'] },
  },
  removedAt: [MORNING],
  trail: { count: 1, hash: 'h1' },
  version: 0,
};

const event = (sequence: number): DriftEvent => ({
  requestId: DRIFT_TRAIL,
  sequence,
  kind: 'removal-begun',
  at: new Date(MORNING + sequence).toISOString(),
  actor: { kind: 'brevet' },
  to: 'removing',
  data: { principalId: 'u-maria' },
  textHashes: {},
  previousHash: '',
  hash: `h${sequence}`,
});

/** @param make an empty one, once for each test. */
export const describeDriftStore = (name: string, make: () => Promise<DriftStoreWorld>): void => {
  describe(`${name} store of drift`, () => {
    let ledger: Ledger;
    let store: DriftStore;
    beforeEach(async () => {
      ({ ledger, store } = await make());
    });

    it('has no state before one is stored', async () => {
      expect(await store.readState()).toBeUndefined();
    });

    it('gives back the state as the ledger stored it, one version on', async () => {
      expect(await ledger.commit({ drift: { state: FULL, events: [] } })).toBe('committed');
      expect(await store.readState()).toEqual({ ...FULL, version: 1 });
    });

    it('stores a proof of as many permission sets as an instance bears, and a round beside it', async () => {
      const arn = (number: number) =>
        `arn:aws:sso:::permissionSet/ssoins-7223c4d1e8b6a509/ps-${String(number).padStart(16, '0')}`;
      const permissionSetArns = Array.from({ length: 3500 }, (_, number) => arn(number));
      const proof = { at: MORNING, round: MORNING, permissionSetArns };
      const { baseline, round } = FULL;
      const state = {
        ...FULL,
        baseline: baseline && { ...baseline, proof },
        round: round && { ...round, permissionSetArns: [] },
      };
      expect(await ledger.commit({ drift: { state, events: [] } })).toBe('committed');
      expect(await store.readState()).toEqual({ ...state, version: 1 });
    });

    it('stores a state only on the version that it was made from, with its events and leases or not at all', async () => {
      await ledger.commit({ drift: { state: FIRST_DRIFT_STATE, events: [event(1)] } });
      const late = { state: { ...FIRST_DRIFT_STATE, isRoundWanted: true }, events: [event(2)] };
      const lease = emptyLease('u-maria', TARGET);
      expect(await ledger.commit({ drift: late, leases: [lease] })).toBe('conflict');
      expect(await store.readState()).toEqual({ ...FIRST_DRIFT_STATE, version: 1 });
      expect(await ledger.readLease(lease.id)).toBeUndefined();
      const listed = await ledger.listEvents({ from: MORNING, to: addSeconds(MORNING, 60), limit: 10 });
      expect(listed).toEqual({ items: [event(1)] });
    });

    it('never stores an event of its trail twice', async () => {
      await ledger.commit({ drift: { state: FIRST_DRIFT_STATE, events: [event(1)] } });
      const again = { state: { ...FIRST_DRIFT_STATE, version: 1 }, events: [event(1)] };
      expect(await ledger.commit({ drift: again })).toBe('conflict');
    });

    it('names its table, and goes on naming it so', async () => {
      const id = await store.tableId();
      expect(id).toMatch(/.+/);
      expect(await store.tableId()).toBe(id);
    });

    it('keeps sightings by account, each once for its principal, permission set and kind', async () => {
      const elsewhere = { ...SIGHTING, accountId: '400000000002' };
      const missing = { ...SIGHTING, kind: 'missing' as const };
      const group = { ...SIGHTING, principalType: 'GROUP' as const };
      await store.saveSightings({ put: [SIGHTING, elsewhere, missing, group], drop: [] });
      const changed = { ...SIGHTING, madeAt: MORNING, goneAt: addSeconds(MORNING, 60), removingSince: MORNING };
      await store.saveSightings({ put: [changed], drop: [group] });
      const found = await store.sightingsIn(SIGHTING.accountId);
      expect(found).toHaveLength(2);
      expect(found).toEqual(expect.arrayContaining([changed, missing]));
      expect(await store.sightingsIn('400000000002')).toEqual([elsewhere]);
      expect(await store.sightingsIn('400000000003')).toEqual([]);
    });

    it('remembers of each account the latest round that looked at it', async () => {
      const [one, other, third] = ['400000000001', '400000000002', '400000000003'] as const;
      const next = addSeconds(MORNING, 3600);
      await store.saveLooks([one, other], MORNING);
      await store.saveLooks([other], next);
      await store.saveLooks([], next);
      expect(await Promise.all([one, other, third].map((id) => store.lookedAt(id)))).toEqual([
        MORNING,
        next,
        undefined,
      ]);
      expect(await store.sightingsIn(one)).toEqual([]);
    });

    it('lists all sightings page by page', async () => {
      const all = Array.from({ length: 25 }, (_, index) => ({
        ...SIGHTING,
        accountId: `4000000000${10 + (index % 3)}`,
        principalId: `u-${index}`,
      }));
      await store.saveSightings({ put: all, drop: [] });
      const found: Sighting[] = [];
      let cursor: string | undefined;
      do {
        const page = await store.listSightings({ limit: 10, ...(cursor === undefined ? {} : { cursor }) });
        if (page === 'invalid-cursor') throw new Error('it refused its own cursor');
        expect(page.items.length).toBeLessThanOrEqual(10);
        found.push(...page.items);
        cursor = page.cursor;
      } while (cursor !== undefined);
      expect(found.map(({ principalId }) => principalId).sort()).toEqual(all.map((one) => one.principalId).sort());
      expect(found.map(({ accountId }) => accountId)).toEqual(all.map((one) => one.accountId).sort());
    });

    it.each(['', 'AAAA', Buffer.from('REQUEST#1').toString('base64url')])('refuses the cursor "%s"', async (cursor) => {
      expect(await store.listSightings({ limit: 10, cursor })).toBe('invalid-cursor');
    });
  });
};
