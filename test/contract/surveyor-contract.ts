/** What every reader of the organization must do, on the accounts, permission sets and groups of the seed. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { Surveyor } from '../../lambda/ports/surveyor.ts';

const IN_MANAGEMENT_ACCOUNT = ['BillingView', 'OrganizationAdmin'];

export const describeSurveyor = (name: string, make: () => Promise<Surveyor>): void => {
  describe(`${name} surveyor`, () => {
    let surveyor: Surveyor;
    beforeEach(async () => {
      surveyor = await make();
    });

    it('finds every account with its place, and without tags, which cost a call each', async () => {
      const { found } = await surveyor.accounts();
      expect(found).toHaveLength(45);
      const account = { id: '400000000001', name: 'payments-prod', ouPath: 'Workloads/Payments/Prod', active: true };
      expect(found.find(({ id }) => id === '400000000001')).toEqual(account);
      const forbidden = found.filter((one) => one.forbidden).map(({ name: one, forbidden: why }) => [one, why]);
      expect(forbidden.sort()).toEqual([
        ['identity', 'hosting-account'],
        ['management', 'management-account'],
      ]);
    });

    it('finds every organizational unit, those within others too', async () => {
      const { units } = await surveyor.accounts();
      expect(units).toHaveLength(22);
      expect(units).toEqual(expect.arrayContaining(['Workloads', 'Workloads/Payments/Prod/Regulated', 'Sandbox']));
    });

    it('reads the tags of an account', async () => {
      expect(await surveyor.tagsOf('400000000001')).toMatchObject({ team: 'payments', environment: 'prod' });
    });

    it('finds every permission set, and says which cannot be assigned from here', async () => {
      const { arns, outOfReach } = await surveyor.permissionSetArns();
      expect(arns).toHaveLength(11);
      const names = await Promise.all(outOfReach.map(async (arn) => (await surveyor.permissionSet(arn))?.name));
      expect(names.sort()).toEqual(IN_MANAGEMENT_ACCOUNT);
    });

    it('reads a permission set with its session duration and its tags', async () => {
      const { arns } = await surveyor.permissionSetArns();
      const all = await Promise.all(arns.map((arn) => surveyor.permissionSet(arn)));
      expect(all.find((one) => one?.name === 'ReadOnlyAccess')).toMatchObject({ sessionSeconds: 14_400 });
      for (const one of all) expect(one?.tags).toBeDefined();
    });

    it('finds no permission set that is not there', async () => {
      const gone = 'arn:aws:sso:::permissionSet/ssoins-7223c4d1e8b6a509/ps-0000000000000000';
      expect(await surveyor.permissionSet(gone)).toBeUndefined();
    });

    it('lists every group by its name', async () => {
      const groups = await surveyor.groups();
      expect(groups.find(({ name: one }) => one === 'payments-leads')?.id).toMatch(/^[0-9a-f-]{36,47}$/);
      expect(new Set(groups.map(({ id }) => id)).size).toBe(groups.length);
    });
  });
};
