/** Ends do not wait behind grants that wait for a service that only granting needs. */
import { describe, expect, it } from 'vitest';
import { ServiceFault } from '../../lambda/ports/faults.ts';
import { BROKEN, pumpWorld } from './pump-world.ts';

/** More than there are places, and than are read at once. */
const MANY = 20;

/** Each call is given up after so many seconds. */
const withoutDirectory = (patienceSeconds: number) => {
  const it = pumpWorld();
  const findById = async () => {
    await it.timeline.sleep(patienceSeconds * 1000);
    throw new ServiceFault('identity-store', 'Timeout', undefined);
  };
  Object.assign(it.world, { directory: { ...it.world.directory, findById } });
  return it;
};

type World = ReturnType<typeof withoutDirectory>;

const endsBegunAfter = async (it: World): Promise<readonly number[]> => {
  const asked = it.timeline.now();
  const ends: string[] = [];
  for (let count = 0; count < 3; count += 1) ends.push(await it.leaseOf(await it.put('ending')));
  void it.pump(ends);
  await it.pass(600);
  return it.center.began.flatMap(({ write, at }) => (write === 'delete' ? [(at - asked) / 1000] : []));
};

describe('while the directory does not answer', () => {
  it.each([
    [1, 5],
    [25, 30],
  ])('ends go before grants that have their places, calls being given up after %i s', async (patience, within) => {
    const it = withoutDirectory(patience);
    const grants: string[] = [];
    for (let count = 0; count < MANY; count += 1) grants.push(await it.leaseOf(await it.put('granting')));
    void it.pump(grants);
    await it.pass(200);
    const begun = await endsBegunAfter(it);
    expect(begun).toHaveLength(3);
    expect(Math.max(...begun)).toBeLessThan(within);
    expect(await it.statuses()).toEqual({ ended: 3, granting: MANY });
  });

  it('ends go before those who would join what is held', async () => {
    const it = withoutDirectory(1);
    const joins: string[] = [];
    for (let count = 0; count < MANY; count += 1) {
      const leaseId = await it.leaseOf(await it.put('granting'));
      const lease = await it.ledger.readLease(leaseId);
      if (!lease) throw new Error(`there is no lease ${leaseId}`);
      await it.ledger.commit({ leases: [{ ...lease, state: { kind: 'held' } }] });
      joins.push(leaseId);
    }
    void it.pump(joins);
    await it.pass(200);
    const begun = await endsBegunAfter(it);
    expect(begun).toHaveLength(3);
    expect(Math.max(...begun)).toBeLessThan(5);
  });

  it('whoever broke the glass keeps the place, though an end waits for one', async () => {
    const it = withoutDirectory(1);
    const { directory } = it.world;
    const glass = await it.leaseOf(await it.put('granting', { breakGlass: BROKEN }));
    void it.pump([glass]);
    await it.pass(5);
    for (let count = 0; count < 40; count += 1) await it.put('ending');
    await it.pass(20);
    Object.assign(directory, { findById: pumpWorld().world.directory.findById });
    const since = it.timeline.now();
    await it.pass(60);
    const creates = it.center.began.filter(({ write }) => write === 'create');
    expect(creates).toHaveLength(1);
    expect((creates[0]?.at ?? 0) - since).toBeLessThan(3_000);
  });

  it('grants that gave way are made as soon as it answers again', async () => {
    const it = withoutDirectory(1);
    const { directory } = it.world;
    const grants: string[] = [];
    for (let count = 0; count < MANY; count += 1) grants.push(await it.leaseOf(await it.put('granting')));
    void it.pump(grants);
    await it.pass(20);
    await endsBegunAfter(it);
    Object.assign(directory, { findById: pumpWorld().world.directory.findById });
    await it.pass(60);
    expect(await it.statuses()).toEqual({ ended: 3, active: MANY });
  });
});
