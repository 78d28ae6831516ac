/** Rules that name what is not there: they grant nothing, from asking to assigning, and others go on. */
import { describe, expect, it } from 'vitest';
import type { Catalogue } from '../../lambda/domain/catalogue.ts';
import { NO_NAMES } from '../../lambda/domain/policy/rule-names.ts';
import { browseCatalog } from '../../lambda/use-cases/browse-catalog.ts';
import { rejudge } from '../../lambda/use-cases/rejudge-grant.ts';
import { unknownNames } from '../../lambda/use-cases/unknown-names.ts';
import { ACCOUNTS, PEOPLE, PERMISSION_SETS, POLICY_TEXT, policyOf } from './small-policy.ts';
import { at, smallWorld } from './small-world.ts';
import { decide, granted, submit } from './story.ts';

const NAMES = { ...NO_NAMES, accountNames: [ACCOUNTS.prod.name, 'brand-new', 'gone'] };

const CATALOGUE: Catalogue = {
  asOf: at('09:00'),
  accounts: Object.values(ACCOUNTS),
  units: ['Workloads'],
  permissionSets: Object.values(PERMISSION_SETS),
};

const catalogued = () => {
  const small = smallWorld();
  small.catalogue.publish(CATALOGUE);
  return small;
};

describe('names', () => {
  it('are looked up in the catalogue, and outside where it has not heard of them', async () => {
    const small = catalogued();
    small.accounts.putAccount({ ...ACCOUNTS.prod, id: '400000000077', name: 'brand-new' });
    expect(await unknownNames(small.world, NAMES)).toEqual({ ...NO_NAMES, accountNames: ['gone'] });
  });

  it('of which the catalogue has heard are asked of nobody else', async () => {
    const small = catalogued();
    small.world.organization.failNext('unknownNames', { times: 99 });
    const names = { ...NO_NAMES, accountNames: [ACCOUNTS.prod.name], permissionSets: ['Admin'] };
    expect(await unknownNames(small.world, names)).toEqual(NO_NAMES);
  });

  it('law 9: count as names that nothing bears while the organization does not answer', async () => {
    const small = catalogued();
    small.world.organization.failNext('unknownNames', { times: 99 });
    expect(await unknownNames(small.world, NAMES)).toEqual({ ...NO_NAMES, accountNames: ['brand-new', 'gone'] });
  });

  it('law 9: are a fault where nothing was ever read and the organization does not answer', async () => {
    const small = smallWorld();
    small.world.organization.failNext('unknownNames');
    await expect(unknownNames(small.world, NAMES)).rejects.toMatchObject({ name: 'ServiceFault' });
  });
});

/** `production` and `incident` let people ask for Admin; the first one's words are changed. */
const misspelled = (change: string): string =>
  POLICY_TEXT.replace(
    'who: { groups: [engineers] }\n    what: { accounts: { organizational_units: [Workloads] }, permission_sets: [Admin] }\n    max_duration: 4h',
    `${change}\n    max_duration: 4h`,
  );

const WHAT = 'what: { accounts: { organizational_units: [Workloads] }, permission_sets: [Admin] }';

describe.each([
  ['a group', `who: { groups: [engineers, enginers] }\n    ${WHAT}`],
  ['a unit', `who: { groups: [engineers] }\n    ${WHAT.replace('[Workloads]', '[Workloads, Worklodas]')}`],
  ['an account id', `who: { groups: [engineers] }\n    ${WHAT.replace('{ org', "{ ids: ['499999999999'], org")}`],
  ['an account name', `who: { groups: [engineers] }\n    ${WHAT.replace('{ org', '{ names: [gone], org')}`],
  ['a permission set', `who: { groups: [engineers] }\n    ${WHAT.replace('[Admin]', '[Admin, Admni]')}`],
])('a rule that names %s that is not there', (_what, change) => {
  const mistaken = policyOf(misspelled(change));

  it('lets nobody ask, and others go on', async () => {
    const small = catalogued();
    small.published.publish(mistaken);
    // The longest that another rule allows.
    expect(await submit(small)).toMatchObject({ refused: 'duration_too_long', facts: { maximumSeconds: 600 } });
    const page = await browseCatalog(small.world, { caller: PEOPLE.ann });
    if (page === 'invalid-cursor') throw new Error(page);
    const sandbox = page.items.filter(({ account }) => account.ouPath.startsWith('Sandbox'));
    expect(sandbox.length).toBeGreaterThan(0);
  });

  it('lets nobody approve what was asked before it said so, and assigns nothing', async () => {
    const small = catalogued();
    const request = granted(await submit(small));
    small.published.publish(mistaken);
    expect(await rejudge(small.world, request)).toMatchObject({ whyNot: expect.stringMatching(/too long/) });
    expect(await decide(small, request.id, 'leo')).toMatchObject({ refused: 'duration_too_long' });
  });
});
