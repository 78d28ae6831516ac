/** Reading the organization where that fails: what is kept, what is never published, and what is unknown. */
import { beforeEach, describe, expect, it } from 'vitest';
import { ServiceFault } from '../../lambda/ports/faults.ts';
import { refreshCatalogue } from '../../lambda/use-cases/refresh-catalogue.ts';
import { account, type Given, organizationOf } from './organization-read.ts';
import { at, LIMITS } from './small-world.ts';

describe('refreshCatalogue', () => {
  let given: Given;
  beforeEach(() => {
    given = organizationOf();
  });

  it.each(['accounts', 'permissionSetArns'] as const)(
    'law 9: keeps the old data when %s fails, and lets it grow old',
    async (method) => {
      await given.refresh();
      const before = await given.published();
      for (const hour of [1, 2]) {
        given.clock.advance(3600);
        given.surveyor.failNext(method);
        expect(await given.refresh()).toMatchObject({ ageSeconds: hour * 3600, failures: 1 });
      }
      expect(await given.published()).toEqual(before);
      expect(given.warnings).toHaveLength(2);
    },
  );

  it('law 9: publishes nothing while accounts could not be listed even once', async () => {
    given.surveyor.failNext('accounts');
    expect(await given.refresh()).toMatchObject({ accounts: 0, failures: 1 });
    expect(await given.published()).toBeUndefined();
    given.clock.advance(60);
    await given.refresh();
    expect((await given.published())?.accounts).toHaveLength(3);
  });

  it('law 9: publishes nothing while a permission set was never read: it would pass for one that does not exist', async () => {
    given.surveyor.failNext('permissionSet');
    expect(await given.refresh()).toMatchObject({ failures: 1 });
    expect(await given.published()).toBeUndefined();
    given.clock.advance(60);
    await given.refresh();
    expect((await given.published())?.permissionSets).toHaveLength(2);
  });

  it('law 9: tags that cannot be read are unknown, and not none', async () => {
    given.surveyor.failNext('tagsOf');
    expect(await given.refresh()).toMatchObject({ left: 1, failures: 1 });
    const { tags: _, ...untagged } = account(0);
    expect((await given.published())?.accounts[0]).toEqual(untagged);
    given.clock.advance(60);
    await given.refresh();
    expect((await given.published())?.accounts[0]).toEqual(account(0));
  });

  it('keeps the tags that it has when they cannot be read again, and says how old they are', async () => {
    await given.refresh();
    given.clock.advance(1800);
    given.surveyor.failNext('tagsOf', { times: 3 });
    expect(await given.refresh()).toMatchObject({ ageSeconds: 1800, failures: 3 });
    expect((await given.published())?.accounts).toEqual([account(0), account(1), account(2)]);
  });

  it('one account whose tags cannot be read for a day makes no catalogue that is too old to be believed', async () => {
    await given.refresh();
    const { tagsOf } = given.surveyor;
    given.surveyor.tagsOf = async (id) => {
      if (id === account(0).id) throw new ServiceFault('organizations', 'Broken', undefined);
      return tagsOf(id);
    };
    const ages: number[] = [];
    for (let seconds = 0; seconds < 25 * 3600; seconds += 70) {
      given.clock.advance(70);
      const asOf = (await given.published())?.asOf ?? 0;
      ages.push((given.clock.now() - asOf) / 1000);
      await given.refresh();
    }
    expect(Math.max(...ages)).toBeLessThan(LIMITS.catalogueDeniesSeconds);
    const { tags: _, ...untagged } = account(0);
    expect((await given.published())?.accounts).toEqual([untagged, account(1), account(2)]);
  });

  it('a bug is not taken for a failure of the outside', async () => {
    const surveyor = { ...given.surveyor, accounts: () => Promise.reject(new TypeError('a bug')) };
    const input = { runId: 'run', deadline: at('10:00') };
    await expect(refreshCatalogue({ ...given.world, surveyor }, input)).rejects.toThrow('a bug');
  });

  it('throws what the store throws, and reads on from there the next time', async () => {
    given.store.failNext('put');
    await expect(given.refresh()).rejects.toBeInstanceOf(ServiceFault);
    given.clock.advance(121);
    expect(await given.refresh()).toMatchObject({ wasDue: true, left: 0 });
  });
});
