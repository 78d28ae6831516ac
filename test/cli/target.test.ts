/** From what a person types to an account and a permission set. */
import { describe, expect, it } from 'vitest';
import { parseTarget, resolveTarget } from '../../cli/target.ts';
import { nearest } from '../../lambda/contract/nearest.ts';
import { clientOf } from './support/client.ts';
import { CATALOG, catalogEntry } from './support/documents.ts';

describe('a target', () => {
  it.each([
    ['payments-prod/AdministratorAccess', 'payments-prod', 'AdministratorAccess'],
    ['400000000001/ReadOnlyAccess', '400000000001', 'ReadOnlyAccess'],
    ['Research/Lab 3/ReadOnlyAccess', 'Research/Lab 3', 'ReadOnlyAccess'],
    [' payments-prod / ReadOnlyAccess ', 'payments-prod', 'ReadOnlyAccess'],
  ])('%s is account %s with permission set %s', (text, account, permissionSet) => {
    expect(parseTarget(text)).toEqual({ account, permissionSet });
  });

  it.each(['', 'payments-prod', '/AdministratorAccess', 'payments-prod/', '/'])('"%s" is refused', (text) => {
    expect(() => parseTarget(text)).toThrow('usage');
  });
});

const resolve = (text: string, catalog = CATALOG) => resolveTarget(clientOf({ catalog }), parseTarget(text));

describe('an account', () => {
  it('given by id is sent as it is, without looking it up', async () => {
    expect(await resolve('999999999999/Anything')).toEqual({
      target: { kind: 'account', accountId: '999999999999', permissionSet: 'Anything' },
    });
  });

  it.each([
    ['payments-prod/AdministratorAccess', '400000000001', 'AdministratorAccess'],
    ['payments-prod/readonlyaccess', '400000000001', 'ReadOnlyAccess'],
    ['payments-prod/Read', '400000000001', 'ReadOnlyAccess'],
    ['payments-st/AdministratorAccess', '400000000003', 'AdministratorAccess'],
    ['store/Power', '500000000001', 'PowerUserAccess'],
  ])('given as %s is %s with %s', async (text, accountId, permissionSet) => {
    const { target } = await resolve(text);
    expect(target).toEqual({ kind: 'account', accountId, permissionSet });
  });

  it('whose name is whole is meant, though other names begin with it', async () => {
    const { entry } = await resolve('payments-prod/AdministratorAccess');
    expect(entry?.accountName).toBe('payments-prod');
  });

  it('whose start fits several names is refused with the names', async () => {
    await expect(resolve('payments/AdministratorAccess')).rejects.toMatchObject({
      problem: {
        code: 'ambiguous',
        facts: {
          candidates: [
            'payments-prod (400000000001)',
            'payments-prod-eu (400000000002)',
            'payments-staging (400000000003)',
          ],
        },
      },
    });
  });

  it('whose name two accounts bear is refused with their ids', async () => {
    const catalog = [catalogEntry(), catalogEntry({ accountId: '400000000009' })];
    await expect(resolve('payments-prod/AdministratorAccess', catalog)).rejects.toMatchObject({
      problem: {
        code: 'ambiguous',
        facts: { candidates: ['payments-prod (400000000001)', 'payments-prod (400000000009)'] },
      },
    });
  });

  it('that is not in the catalogue is refused with the nearest names', async () => {
    await expect(resolve('paymets-prod/AdministratorAccess')).rejects.toMatchObject({
      problem: {
        code: 'not_eligible',
        facts: { nearest: expect.arrayContaining(['payments-prod/AdministratorAccess']) },
      },
      next: expect.stringContaining('payments-prod'),
    });
  });

  it('that resembles nothing is refused with the way to the catalogue', async () => {
    await expect(resolve('xyz/AdministratorAccess')).rejects.toMatchObject({
      problem: { code: 'not_eligible' },
      next: 'See what you may ask for: brevet catalog',
    });
  });

  it('that does not offer the permission set is refused with what it offers', async () => {
    await expect(resolve('payments-prod/Nothing')).rejects.toMatchObject({
      problem: { code: 'not_eligible', facts: { offered: ['AdministratorAccess', 'ReadOnlyAccess'] } },
    });
  });

  it('is offered whole where account and permission set are both misspelt', async () => {
    await expect(resolve('storefrnt-prod/PwerUser')).rejects.toMatchObject({
      problem: { facts: { nearest: expect.arrayContaining(['storefront-prod/PowerUserAccess']) } },
    });
  });
});

describe('the nearest names', () => {
  const names = ['payments-prod', 'payments-dev', 'storefront-prod', 'audit'];
  it.each([
    ['paymnets-prod', 'payments-prod'],
    ['PAYMENTS-DEV', 'payments-dev'],
    ['prod-payments', 'payments-prod'],
    ['adit', 'audit'],
  ])('for %s begin with %s', (typed, expected) => {
    expect(nearest(typed, names)[0]).toBe(expected);
  });

  it('are none where nothing is alike', () => {
    expect(nearest('zzzz', names)).toEqual([]);
  });
});
