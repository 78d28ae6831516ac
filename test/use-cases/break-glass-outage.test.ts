/** Breaking the glass with the real adapters while AWS Organizations, and then also the lists of Identity Center, are down. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isRefusal } from '../../lambda/domain/refusal.ts';
import { addSeconds } from '../../lambda/domain/time.ts';
import { beginGrant } from '../../lambda/use-cases/begin-grant.ts';
import { submitRequest } from '../../lambda/use-cases/submit-request.ts';
import { policyOf } from './small-policy.ts';
import { type StandInWorld, standInWorld } from './stand-in-world.ts';
import { granted, seconds } from './story.ts';

const POLICY = `
version: 1
entitlements:
  - name: payments
    who: { groups: [payments-engineers] }
    what:
      accounts:
        organizational_units: [Workloads/Payments]
        tags: { environment: prod }
        except: { organizational_units: [Workloads/Payments/Prod/Regulated] }
      permission_sets: [AdministratorAccess]
    max_duration: 4h
    approval: none
    break_glass: { tell: { groups: [security-team], users: [omar] } }
guardrails:
  - name: regulated
    what: { accounts: { tags: { dataClass: cardholder } } }
    forbid: Not here.
`;

/** Everything that is read of the organization, by whichever service. */
const ORGANIZATIONS = { kind: 'outage', operation: 'organizations:*' } as const;
const READS = ['ListPermissionSets', 'DescribePermissionSet', 'ListTagsForResource'].map(
  (operation) => ({ kind: 'outage', operation: `sso-admin:${operation}` }) as const,
);

let on: StandInWorld;
beforeEach(async () => {
  on = await standInWorld();
  on.world.policies.publish(policyOf(POLICY));
});
afterEach(() => on.stop());

/** What the reader of the organization would have published before the outage. */
const publishCatalogue = async (ageSeconds: number): Promise<void> => {
  const { organization, catalogue, clock } = on.world;
  const [accounts, permissionSets] = await Promise.all([
    organization.accounts({ tags: true }),
    organization.permissionSets({ tags: true }),
  ]);
  const units = on.standIn.seed.organizationalUnits.map(({ path }) => path.join('/'));
  catalogue.publish({ asOf: addSeconds(clock.now(), -ageSeconds), accounts, permissionSets, units });
  // Whatever a running function remembered of its own is forgotten by then.
  clock.advance(600);
};

const ask = async (incident?: string) =>
  submitRequest(on.world, {
    caller: await on.person('maria'),
    target: on.target,
    wish: { durationSeconds: seconds(3600), justification: 'The ledger is down', ...(incident && { incident }) },
  });

describe('while the organization cannot be read', () => {
  it.each([
    ['AWS Organizations', [ORGANIZATIONS]],
    ['AWS Organizations and the lists of Identity Center', [ORGANIZATIONS, ...READS]],
  ])('(%s) the glass is broken, and access given, by what is remembered', async (_what, faults) => {
    await publishCatalogue(3 * 3600);
    await on.standIn.fail(...faults);
    const { request } = granted(await ask('INC-1'));
    expect(request).toMatchObject({ status: 'scheduled', breakGlass: { told: { people: [{ userName: 'omar' }] } } });
    expect(await on.begin(request)).toMatchObject({ status: 'active' });
    expect(await on.isAssigned(request)).toBe(true);
  });

  it('an ordinary request waits for it to answer', async () => {
    await publishCatalogue(3600);
    await on.standIn.fail(ORGANIZATIONS);
    const { request } = granted(await ask());
    expect(await on.begin(request)).toMatchObject({ status: 'granting' });
    expect(await on.isAssigned(request)).toBe(false);
  });

  it('the glass is not broken by what is remembered from a day ago, nor is access given by that', async () => {
    await publishCatalogue(86_400 - 900);
    await on.standIn.fail(ORGANIZATIONS);
    const { request } = granted(await ask('INC-1'));
    on.clock.advance(300);
    expect(await ask('INC-2')).toMatchObject({ refused: 'catalogue_too_old' });
    granted(await beginGrant(on.world, request.id));
    await on.converge();
    expect(await on.read(request)).toMatchObject({ status: 'granting' });
    expect(await on.isAssigned(request)).toBe(false);
  });

  it('the glass is not broken while nobody can say who is in which group', async () => {
    await publishCatalogue(60);
    await on.standIn.fail(ORGANIZATIONS);
    const caller = await on.person('maria');
    await on.standIn.fail(ORGANIZATIONS, { kind: 'outage', operation: 'identitystore:*' });
    const wish = { durationSeconds: seconds(3600), justification: 'The ledger is down', incident: 'INC-1' };
    await expect(submitRequest(on.world, { caller, target: on.target, wish })).rejects.toMatchObject({
      name: 'ServiceFault',
      source: 'identity-store',
    });
  });

  it('what the catalogue does not know is unknown, and grants nothing', async () => {
    await publishCatalogue(60);
    const known = await on.world.catalogue.current();
    if (!known) throw new Error('the catalogue was published');
    const withoutTags = known.accounts.map(({ tags: _tags, ...account }) => account);
    on.world.catalogue.publish({ ...known, accounts: withoutTags });
    await on.standIn.fail(ORGANIZATIONS);
    const answer = await ask('INC-1');
    expect(isRefusal(answer) && answer.refused).toBe('break_glass_not_allowed');
  });
});
