/** An account is closed while somebody has access there, and Identity Center does not take it away: the request ends, and what is left is watched. */
import { describe, expect, it } from 'vitest';
import type { AccessRequest } from '../../lambda/domain/access-request.ts';
import { requestView } from '../../lambda/handlers/api/views.ts';
import type { WriteStarted } from '../../lambda/ports/assignments.ts';
import { sweep } from '../../lambda/use-cases/sweep.ts';
import { ACCOUNTS } from './small-policy.ts';
import { type SmallWorld, smallWorld } from './small-world.ts';
import { active, begun, convergeWoken, leaseOf, readRequest } from './story.ts';

const REFUSED: WriteStarted = { kind: 'refused', code: 'ValidationException', reason: 'the account is closed' };
const HOUR = 60;

/** Ann's window closes in an account that is closed, and every deletion there comes to that. */
const closing = async (small: SmallWorld, refuse: () => Promise<WriteStarted> = async () => REFUSED) => {
  const request = await active(small);
  const { delete: deleteNow } = small.world.assignments;
  const calls = { deleted: 0, looked: 0 };
  const isClosed = () => small.world.organization.findAccount(ACCOUNTS.prod.id).then((account) => !account?.active);
  small.world.assignments.delete = async (principalId, target) => {
    calls.deleted += 1;
    return (await isClosed()) ? refuse() : deleteNow(principalId, target);
  };
  const { isAssigned } = small.world.assignments;
  small.world.assignments.isAssigned = (principalId, target) => {
    calls.looked += 1;
    return isAssigned(principalId, target);
  };
  small.accounts.putAccount({ ...ACCOUNTS.prod, active: false });
  return { request, calls };
};

/** @returns how late each sweep found the latest ending, seconds */
const minutes = async (small: SmallWorld, count: number): Promise<readonly number[]> => {
  const late: number[] = [];
  for (let minute = 0; minute < count; minute += 1) {
    small.clock.advance(60);
    const { latestEndingSeconds, failures } = await sweep(small.world);
    expect(failures).toBe(0);
    late.push(latestEndingSeconds);
    await convergeWoken(small);
  }
  return late;
};
const reasonOf = async (small: SmallWorld, { id }: AccessRequest): Promise<string | undefined> =>
  requestView({ request: await readRequest(small, id), youMay: [] }, small.clock.now()).reason;

describe('access in a closed account that cannot be taken away', () => {
  it('ends with that as the reason, once it was refused three times, and rings no alarm from then on', async () => {
    const small = smallWorld();
    const { request } = await closing(small);
    await minutes(small, HOUR + 5);
    expect(await readRequest(small, request.id)).toMatchObject({ status: 'ended', vanished: 'closed' });
    expect(await reasonOf(small, request)).toBe('the window closed; its account is closed or suspended');
    expect(Math.max(...(await minutes(small, 3 * HOUR)))).toBe(0);
  });

  it('is not over at the first refusal: Identity Center may refuse for a moment, whatever the account is', async () => {
    const small = smallWorld();
    const { request, calls } = await closing(small);
    await minutes(small, HOUR);
    expect(calls.deleted).toBe(1);
    expect(await readRequest(small, request.id)).toMatchObject({ status: 'ending' });
  });

  it('is watched at a slow pace, without asking Identity Center anything', async () => {
    const small = smallWorld();
    const { request, calls } = await closing(small);
    await minutes(small, HOUR + 5);
    const before = { ...calls };
    const asked: string[] = [];
    const { findAccount } = small.world.organization;
    small.world.organization.findAccount = (id) => {
      asked.push(id);
      return findAccount(id);
    };
    await minutes(small, 5 * HOUR);
    expect(calls).toEqual(before);
    expect(asked.length).toBeGreaterThan(20);
    expect(asked.length).toBeLessThan(31);
    expect(small.warnings.length).toBeGreaterThan(20);
    expect(await leaseOf(small, request)).toMatchObject({ holds: [], state: { kind: 'deleting', closed: true } });
  });

  it('is taken away soon after the account is reinstated, and is late from then on until it is gone', async () => {
    const small = smallWorld();
    const { request } = await closing(small);
    await minutes(small, 10 * HOUR);
    expect(small.identityCenter.list()).toHaveLength(1);
    small.accounts.putAccount(ACCOUNTS.prod);
    small.world.assignments.failNext('isAssigned', { times: 1000 });
    const late = await minutes(small, 25);
    expect(late[0]).toBe(0);
    expect(late.at(-1)).toBeGreaterThan(14 * 60);
    small.world.assignments.failNext('isAssigned', { times: 0 });
    await minutes(small, 12);
    expect(small.identityCenter.list()).toEqual([]);
    expect(await leaseOf(small, request)).toMatchObject({ holds: [], state: { kind: 'vacant' } });
    expect(await minutes(small, 5)).toEqual([0, 0, 0, 0, 0]);
  });

  it('rings again where the account is reinstated and the removal is refused still', async () => {
    const small = smallWorld();
    const { request } = await closing(small);
    await minutes(small, 10 * HOUR);
    small.world.assignments.delete = async () => REFUSED;
    small.accounts.putAccount(ACCOUNTS.prod);
    await minutes(small, 12);
    const late = await minutes(small, 10);
    for (const [minute, seconds] of late.entries()) expect(seconds).toBeGreaterThan(60 * minute);
    expect(await readRequest(small, request.id)).toMatchObject({ status: 'ended' });
  });

  it('is done with when the account leaves the organization', async () => {
    const small = smallWorld();
    const { request } = await closing(small);
    await minutes(small, 3 * HOUR);
    small.accounts.removeAccount(ACCOUNTS.prod.id);
    small.world.assignments.delete = async () => REFUSED;
    await minutes(small, 15);
    expect(await leaseOf(small, request)).toMatchObject({ holds: [], state: { kind: 'vacant', vanished: 'account' } });
    expect(await sweep(small.world)).toMatchObject({ due: 0 });
  });

  it('goes for the next one that asks once the account is reinstated, who gets access of their own', async () => {
    const small = smallWorld();
    await closing(small);
    await minutes(small, 3 * HOUR);
    small.accounts.putAccount(ACCOUNTS.prod);
    const next = await begun(small);
    await minutes(small, 12);
    expect(await readRequest(small, next.id)).toMatchObject({ status: 'active', standing: false });
    await minutes(small, HOUR);
    expect(await readRequest(small, next.id)).toMatchObject({ status: 'ended' });
    expect(small.identityCenter.list()).toEqual([]);
  });
});
