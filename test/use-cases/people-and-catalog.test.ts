/** Who the caller is, what they may ask for, and what waits for them. */
import { describe, expect, it } from 'vitest';
import { browseCatalog } from '../../lambda/use-cases/browse-catalog.ts';
import { identifyCaller } from '../../lambda/use-cases/identify-caller.ts';
import { showMe } from '../../lambda/use-cases/show-me.ts';
import { type Name, PEOPLE } from './small-policy.ts';
import { type SmallWorld, smallWorld } from './small-world.ts';
import { granted, submit } from './story.ts';

describe('identifyCaller', () => {
  it.each([
    ['ann', 'id-ann'],
    ['ANN', 'id-ann'],
  ])('knows %s', async (userName, id) => {
    expect(await identifyCaller(smallWorld().world, { kind: 'user-name', value: userName })).toMatchObject({
      id,
      enabled: true,
    });
  });

  it.each([
    ['nobody', 'caller_unknown'],
    ['', 'caller_unknown'],
    ['dis', 'caller_disabled'],
  ])('refuses %j', async (userName, code) => {
    expect(await identifyCaller(smallWorld().world, { kind: 'user-name', value: userName })).toMatchObject({
      refused: code,
    });
  });

  it('law 9: is nobody while the directory does not answer', async () => {
    const { world } = smallWorld();
    world.directory.failNext('findByUserName');
    await expect(identifyCaller(world, { kind: 'user-name', value: 'ann' })).rejects.toMatchObject({
      name: 'ServiceFault',
    });
  });
});

describe('browseCatalog', () => {
  const browse = async ({ world }: SmallWorld, by: Name, search?: string, cursor?: string) => {
    const input = { caller: PEOPLE[by], ...(search === undefined ? {} : { search }), ...(cursor ? { cursor } : {}) };
    const page = await browseCatalog(world, input);
    if (page === 'invalid-cursor') return page;
    return page.items.map(({ account, permissionSet }) => `${account.name}/${permissionSet.name}`);
  };

  it('lists what the caller may ask for, and never what is forbidden', async () => {
    expect(await browse(smallWorld(), 'ann')).toEqual([
      'payments-prod/Admin',
      'payments-prod/Audit',
      'payments-prod/Database',
      'sandbox/Admin',
      'storefront-prod/Admin',
      'storefront-prod/Audit',
      'storefront-prod/Database',
    ]);
    expect(await browse(smallWorld(), 'eve')).toEqual([]);
  });

  it.each([
    ['payments', ['payments-prod/Admin', 'payments-prod/Audit', 'payments-prod/Database']],
    ['PAYMENTS admin', ['payments-prod/Admin']],
    ['400000000003', ['sandbox/Admin']],
    ['workloads/store data', ['storefront-prod/Database']],
    ['payments-prod/Admin', ['payments-prod/Admin']],
    ['  sandbox  ', ['sandbox/Admin']],
    ['.*', []],
    ['nothing-like-it', []],
  ])('finds %j', async (search, expected) => {
    expect(await browse(smallWorld(), 'ann', search)).toEqual(expected);
  });

  it('pages', async () => {
    const small = smallWorld({ limits: { pageSize: 3 } });
    const pages: string[][] = [];
    let cursor: string | undefined;
    do {
      const page = await browseCatalog(small.world, { caller: PEOPLE.ann, ...(cursor ? { cursor } : {}) });
      if (page === 'invalid-cursor') throw new Error('the cursor was refused');
      pages.push(page.items.map(({ account, permissionSet }) => `${account.name}/${permissionSet.name}`));
      cursor = page.cursor;
    } while (cursor !== undefined);
    expect(pages.map(({ length }) => length)).toEqual([3, 3, 1]);
    expect(pages.flat()).toEqual(await browse(smallWorld(), 'ann'));
    expect(await browse(small, 'ann', '', '999999999')).toEqual([]);
  });

  it.each(['-1', '1e3', ' 1', '01', 'x'])('refuses the cursor %j', async (cursor) => {
    expect(await browse(smallWorld(), 'ann', '', cursor)).toBe('invalid-cursor');
  });
});

describe('showMe', () => {
  it.each([
    ['ann', [], ['engineers']],
    ['lea', ['approver'], ['engineers', 'leads']],
    ['sam', ['approver'], ['seconds']],
    ['ada', ['administrator'], ['administrators']],
    ['aud', ['auditor'], ['auditors']],
    ['eve', [], []],
  ] as const)('tells %s their roles and groups', async (by, roles, groups) => {
    expect(await showMe(smallWorld().world, PEOPLE[by])).toMatchObject({ person: PEOPLE[by], roles, groups });
  });

  it('counts what is open and what waits', async () => {
    const small = smallWorld();
    granted(await submit(small));
    granted(await submit(small, { by: 'lea' }));
    expect(await showMe(small.world, PEOPLE.ann)).toMatchObject({ openRequests: 1, toReview: 0 });
    expect(await showMe(small.world, PEOPLE.leo)).toMatchObject({ openRequests: 0, toReview: 2 });
    expect(await showMe(small.world, PEOPLE.lea)).toMatchObject({ openRequests: 1, toReview: 1 });
  });
});
