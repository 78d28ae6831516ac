/** Breaking the glass while the organization does not answer: by what is remembered of it, and by the directory as it is. */
import { describe, expect, it } from 'vitest';
import { breaking, codeOf, glassWorld, INCIDENT } from './glass-world.ts';
import { ACCOUNTS, PEOPLE, PERMISSION_SETS } from './small-policy.ts';
import { at, type SmallWorld } from './small-world.ts';
import { active, begun, convergeWoken, leaseOf, readRequest, statusOf } from './story.ts';

describe('while the organization does not answer', () => {
  const inOutage = (asOf = at('08:00')): SmallWorld => {
    const small = glassWorld();
    const { accounts, permissionSets } = {
      accounts: Object.values(ACCOUNTS),
      permissionSets: Object.values(PERMISSION_SETS),
    };
    small.catalogue.publish({ asOf, accounts, permissionSets, units: ['Workloads', 'Workloads/Payments', 'Sandbox'] });
    for (const call of ['findAccount', 'accounts', 'findPermissionSet', 'permissionSets', 'unknownUnits'] as const) {
      small.world.organization.failNext(call, { times: Number.POSITIVE_INFINITY });
    }
    return small;
  };

  it('is granted by what is remembered of it', async () => {
    const small = inOutage();
    const request = await active(small, INCIDENT);
    expect(request.status).toBe('active');
    expect((await leaseOf(small, request)).state.kind).toBe('held');
  });

  it('is what an ordinary request is not', async () => {
    const small = inOutage();
    const { id } = await begun(small, { account: 'sandbox' });
    await convergeWoken(small);
    expect((await readRequest(small, id)).status).toBe('granting');
  });

  it('is refused when what is remembered is a day old', async () => {
    const small = inOutage();
    const request = await begun(small, INCIDENT);
    small.clock.advance(23 * 3600);
    expect(codeOf(await breaking(small, { by: 'bob' }))).toBe('catalogue_too_old');
    await convergeWoken(small);
    expect((await readRequest(small, request.id)).status).not.toBe('active');
  });

  it('is not granted while the directory does not answer, or to somebody who is disabled or left the group', async () => {
    const small = inOutage();
    const [ann, bob] = [await begun(small, INCIDENT), await begun(small, { ...INCIDENT, by: 'bob' })];
    small.people.putGroup({ id: 'group-engineers', name: 'engineers', memberIds: [PEOPLE.ann.id] });
    small.people.putPerson({ ...PEOPLE.ann, enabled: false });
    await convergeWoken(small);
    expect([await statusOf(small, ann), await statusOf(small, bob)]).toEqual(['failed', 'failed']);
  });
});
