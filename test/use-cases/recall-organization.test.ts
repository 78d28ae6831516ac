/** What asking and browsing take from the catalogue, and what deciding and assigning do not. */
import { describe, expect, it } from 'vitest';
import type { Catalogue } from '../../lambda/domain/catalogue.ts';
import { addSeconds } from '../../lambda/domain/time.ts';
import { explainAsk } from '../../lambda/use-cases/explain-ask.ts';
import { asRecalled } from '../../lambda/use-cases/recall-organization.ts';
import { rejudge } from '../../lambda/use-cases/rejudge-grant.ts';
import { showCatalog } from '../../lambda/use-cases/show-catalog.ts';
import { ACCOUNTS, GROUPS, PEOPLE, PERMISSION_SETS } from './small-policy.ts';
import { at, later, type SmallWorld, smallWorld } from './small-world.ts';
import { decide, granted, seconds, submit } from './story.ts';

/** As everything is at nine o'clock. */
const asItIs = (): Catalogue => ({
  asOf: at('09:00'),
  accounts: Object.values(ACCOUNTS).map((one) => ({ ...one, tags: {} })),
  units: ['Workloads'],
  permissionSets: Object.values(PERMISSION_SETS),
});

const catalogued = (changes: Partial<Catalogue> = {}): SmallWorld => {
  const small = smallWorld();
  small.catalogue.publish({ ...asItIs(), ...changes });
  return small;
};

const recalled = async ({ world }: SmallWorld) => {
  const found = await asRecalled(world);
  if ('refused' in found) throw new Error(found.refused);
  return found;
};

const { prod } = ACCOUNTS;

const explaining = ({ world }: SmallWorld) =>
  explainAsk(world, {
    caller: PEOPLE.ann,
    target: { account: prod.name, permissionSet: 'Admin' },
    wish: { durationSeconds: seconds(3600) },
  });

describe('explaining', () => {
  it('goes by the catalogue as asking does, and finds the account there by its name', async () => {
    const small = catalogued();
    for (const call of ['accounts', 'findAccount', 'permissionSets'] as const) {
      small.world.organization.failNext(call, { times: 99 });
    }
    expect(await explaining(small)).toMatchObject({ outcome: { entitlement: { name: 'production' } } });
  });

  it('is refused by what was read a day ago', async () => {
    const small = catalogued();
    small.clock.advance(86_400);
    expect(await explaining(small)).toMatchObject({ refused: 'catalogue_too_old' });
  });

  it('looks at the organization itself while that was never read', async () => {
    expect(await explaining(smallWorld())).toMatchObject({ outcome: { entitlement: { name: 'production' } } });
  });
});

describe('asking', () => {
  it('takes place by the catalogue while Organizations does not answer', async () => {
    const small = catalogued();
    small.world.organization.failNext('findAccount', { times: 99 });
    small.world.organization.failNext('permissionSets', { times: 99 });
    expect(granted(await submit(small))).toMatchObject({ status: 'pending' });
  });

  it('looks outside for an account that the catalogue does not have: it may be new', async () => {
    const small = catalogued({ accounts: [] });
    expect(granted(await submit(small))).toMatchObject({ status: 'pending' });
  });

  it('looks outside for tags that the catalogue does not know', async () => {
    const small = catalogued({ accounts: Object.values(ACCOUNTS) });
    small.accounts.putAccount({ ...prod, tags: { team: 'payments' } });
    const { organization } = await recalled(small);
    expect(await organization.findAccount(prod.id, { tags: true })).toMatchObject({ tags: { team: 'payments' } });
    expect(await organization.findAccount(prod.id)).not.toHaveProperty('tags');
  });

  it('law 9: is refused by what was read a day ago, naming how long ago, and stores nothing', async () => {
    const small = catalogued();
    small.clock.advance(86_400 + 3 * 3600);
    const refusal = await submit(small);
    expect(refusal).toMatchObject({
      refused: 'catalogue_too_old',
      facts: { asOf: '2026-11-23T09:00:00.000Z', ageSeconds: 97_200, maximumSeconds: 86_400 },
    });
    expect(refusal).toHaveProperty('detail', expect.stringContaining('27 h ago'));
    expect(small.stored).toEqual([]);
  });

  it('a permission set out of reach is none that can be asked for, by name or by ARN', async () => {
    const permissionSets = Object.values(PERMISSION_SETS).map((one) =>
      one.name === 'Admin' ? { ...one, outOfReach: 'provisioned-in-management-account' as const } : one,
    );
    const small = catalogued({ permissionSets });
    expect(await submit(small)).toMatchObject({ refused: 'permission_set_unknown' });
    const { organization } = await recalled(small);
    const arn = permissionSets.find(({ name }) => name === 'Admin')?.arn ?? '';
    expect(await organization.findPermissionSet(arn)).toBeUndefined();
  });

  it('knows units that hold no account, and looks outside for others', async () => {
    const small = catalogued({ units: ['Empty'] });
    small.accounts.putUnit('New');
    const { organization } = await recalled(small);
    expect(await organization.unknownUnits(['Empty', 'New', 'Nowhere'])).toEqual(['Nowhere']);
  });
});

describe('a group by its name', () => {
  const ours = { id: 'g-renamed', name: GROUPS.engineers.name };

  it('is recalled, and looked for outside when it is not there', async () => {
    const small = catalogued();
    small.catalogue.publishGroups([ours], at('09:00'));
    const { directory } = await recalled(small);
    expect(await directory.findGroup(GROUPS.engineers.name)).toEqual(ours);
    expect(await directory.findGroup(GROUPS.leads.name)).toMatchObject({ id: GROUPS.leads.id });
  });

  it('is looked for outside once the list is stale', async () => {
    const small = catalogued();
    small.catalogue.publishGroups([ours], addSeconds(at('09:00'), -3600));
    const { directory } = await recalled(small);
    expect(await directory.findGroup(GROUPS.engineers.name)).toMatchObject({ id: GROUPS.engineers.id });
  });

  it('law 6: says nothing of who is in it', async () => {
    const small = catalogued();
    small.catalogue.publishGroups([ours], at('09:00'));
    expect(await submit(small)).toMatchObject({ refused: 'not_eligible' });
  });
});

describe('deciding and assigning', () => {
  it('law 7: see that an account was moved since the catalogue was read', async () => {
    const small = catalogued();
    const request = granted(await submit(small));
    small.accounts.putAccount({ ...prod, ouPath: 'Sandbox/Elsewhere' });
    expect(granted(await submit(small))).toMatchObject({ status: 'pending' });
    expect(await rejudge(small.world, request)).toMatchObject({
      whyNot: expect.stringContaining('by the rule "production" alone'),
    });
    small.accounts.putAccount({ ...prod, ouPath: 'Nowhere' });
    expect(await decide(small, request.id, 'leo')).toMatchObject({ refused: 'not_eligible' });
  });
});

describe('showCatalog', () => {
  const show = async (small: SmallWorld, more: { search?: string; cursor?: string } = {}) => {
    const shown = await showCatalog(small.world, { caller: PEOPLE.ann, ...more });
    if (shown === 'invalid-cursor' || 'refused' in shown) throw new Error(JSON.stringify(shown));
    return shown;
  };

  it.each([
    [0, false],
    [3599, false],
    [3600, true],
  ])('says how old it is: %i s, stale: %s', async (seconds, isStale) => {
    const small = catalogued();
    small.clock.advance(seconds);
    expect((await show(small)).organization).toEqual({ asOf: at('09:00'), isStale, leftOut: [] });
    expect(later(small, 0)).toBe(addSeconds(at('09:00'), seconds));
  });

  it('shows what the catalogue has, and not what came since', async () => {
    const small = catalogued({ accounts: [] });
    expect((await show(small)).items).toEqual([]);
  });

  it('says what the policy would offer and cannot be assigned from here, and tells of nothing else', async () => {
    const outOfReach = 'provisioned-in-management-account' as const;
    const permissionSets = [
      ...Object.values(PERMISSION_SETS).map((one) => (one.name === 'Admin' ? { ...one, outOfReach } : one)),
      { arn: 'arn:other', name: 'OrganizationAdmin', sessionSeconds: 3600, outOfReach },
    ];
    const { items, organization } = await show(catalogued({ permissionSets }));
    expect(organization?.leftOut).toEqual([{ permissionSet: 'Admin', reason: outOfReach }]);
    expect(items.map(({ permissionSet }) => permissionSet.name)).not.toContain('Admin');
    expect(items.length).toBeGreaterThan(0);
  });

  it('says so on the first page only', async () => {
    expect(await show(catalogued(), { cursor: '1' })).not.toHaveProperty('organization');
  });

  it('is refused while the organization was never read', async () => {
    expect(await showCatalog(smallWorld().world, { caller: PEOPLE.ann })).toMatchObject({
      refused: 'catalogue_not_read',
    });
  });
});
