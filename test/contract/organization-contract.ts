/** What every organization must do, on the accounts and permission sets of the seed. */
import { beforeEach, describe, expect, it } from 'vitest';
import { NO_NAMES } from '../../lambda/domain/policy/rule-names.ts';
import type { Organization } from '../../lambda/ports/organization.ts';

/** An organization that holds the seed, and what happens to it from outside. */
export interface OrganizationWorld {
  readonly organization: Organization;
  /** Moves the account of that id below the organizational unit of that path. */
  move(accountId: string, path: string): Promise<void>;
  /** Gives the account that tag. */
  tag(accountId: string, key: string, value: string): Promise<void>;
  /** Lets what is remembered grow old. */
  wait(seconds: number): void;
}

export const describeOrganization = (name: string, make: () => Promise<OrganizationWorld>): void => {
  describe(`${name} organization`, () => {
    let world: OrganizationWorld;
    let organization: Organization;
    beforeEach(async () => {
      world = await make();
      organization = world.organization;
    });

    it('finds an account with the path of organizational units above it', async () => {
      expect(await organization.findAccount('400000000001')).toEqual({
        id: '400000000001',
        name: 'payments-prod',
        ouPath: 'Workloads/Payments/Prod',
        active: true,
      });
    });

    it('finds the management account, directly under the root, and says why it is never a target', async () => {
      expect(await organization.findAccount('100000000001')).toEqual({
        id: '100000000001',
        name: 'management',
        ouPath: '',
        active: true,
        forbidden: 'management-account',
      });
    });

    it('finds the hosting account, and says why it is never a target', async () => {
      expect(await organization.findAccount('300000000001')).toMatchObject({
        name: 'identity',
        ouPath: 'Infrastructure/Shared',
        forbidden: 'hosting-account',
      });
    });

    it.each(['999999999999', '', 'payments-prod', '40000000000', '4000000000010', '../400000000001'])(
      'knows no account "%s"',
      async (accountId) => {
        expect(await organization.findAccount(accountId)).toBeUndefined();
      },
    );

    it('sees at once that an account was moved', async () => {
      await organization.accounts();
      await world.move('400000000004', 'Sandbox');
      expect(await organization.findAccount('400000000004')).toMatchObject({ name: 'payments-dev', ouPath: 'Sandbox' });
    });

    it('lists every account once, each as it is found alone', async () => {
      const accounts = await organization.accounts();
      expect(accounts).toHaveLength(45);
      expect(new Set(accounts.map(({ id }) => id)).size).toBe(45);
      for (const id of ['100000000001', '300000000001', '400000000001']) {
        expect(accounts.find((account) => account.id === id)).toEqual(await organization.findAccount(id));
      }
    });

    const PAYMENTS_TAGS = { team: 'payments', environment: 'prod', criticality: 'critical' };

    it('tells the tags of an account where they are wanted', async () => {
      expect(await organization.findAccount('400000000001', { tags: true })).toMatchObject({ tags: PAYMENTS_TAGS });
      const accounts = await organization.accounts({ tags: true });
      expect(accounts).toHaveLength(45);
      expect(accounts.find(({ id }) => id === '400000000001')?.tags).toEqual(PAYMENTS_TAGS);
      expect(accounts.find(({ name: one }) => one === 'legacy-shop')?.tags).toEqual({
        team: 'storefront',
        environment: 'prod',
      });
    });

    it('sees within a minute that an account was tagged', async () => {
      await organization.findAccount('400000000004', { tags: true });
      await world.tag('400000000004', 'team', 'storefront');
      world.wait(60);
      expect((await organization.findAccount('400000000004', { tags: true }))?.tags).toMatchObject({
        team: 'storefront',
      });
    });

    it('tells the tags of permission sets where they are wanted', async () => {
      const all = await organization.permissionSets({ tags: true });
      const admin = all.find(({ name: one }) => one === 'AdministratorAccess');
      expect(admin?.tags).toEqual({ brevet: 'requestable', risk: 'critical' });
      expect(all.find(({ name: one }) => one === 'DeveloperAccess')?.tags).toEqual({ risk: 'medium' });
      expect(await organization.findPermissionSet(admin?.arn ?? '', { tags: true })).toEqual(admin);
      expect((await organization.permissionSets()).every(({ tags }) => tags === undefined)).toBe(true);
    });

    it('tells which organizational units do not exist', async () => {
      const asked = [
        'Workloads',
        'Workloads/Payments/Prod',
        'Payments',
        'Workloads/payments',
        'Workloads/Payments/Prod/Gone',
      ];
      expect(await organization.unknownUnits(asked)).toEqual([
        'Payments',
        'Workloads/payments',
        'Workloads/Payments/Prod/Gone',
      ]);
      expect(await organization.unknownUnits([])).toEqual([]);
    });

    it('tells which names nothing bears, of each kind by itself', async () => {
      const names = {
        organizationalUnits: ['Workloads', 'Gone'],
        accountIds: ['400000000001', '499999999999', 'payments-prod'],
        accountNames: ['payments-prod', 'Payments-Prod', '400000000001'],
        permissionSets: ['ReadOnlyAccess', 'readonlyaccess'],
      };
      expect(await organization.unknownNames(names)).toEqual({
        organizationalUnits: ['Gone'],
        accountIds: ['499999999999', 'payments-prod'],
        accountNames: ['Payments-Prod', '400000000001'],
        permissionSets: ['readonlyaccess'],
      });
      expect(await organization.unknownNames(NO_NAMES)).toEqual(NO_NAMES);
    });

    it('lists an account deep in the tree with its whole path', async () => {
      const accounts = await organization.accounts();
      expect(accounts.find(({ name: one }) => one === 'card-vault-prod')?.ouPath).toBe(
        'Workloads/Payments/Prod/Regulated',
      );
    });

    it('lists a suspended account as not active', async () => {
      const accounts = await organization.accounts();
      expect(accounts.filter(({ active }) => !active).map(({ name: one }) => one)).toEqual(['legacy-shop']);
    });

    it('lists the permission sets that can be assigned from here, with their session durations', async () => {
      const permissionSets = await organization.permissionSets();
      expect(Object.fromEntries(permissionSets.map((one) => [one.name, one.sessionSeconds]))).toEqual({
        AdministratorAccess: 3600,
        PowerUserAccess: 3600,
        ReadOnlyAccess: 14_400,
        DatabaseAdmin: 3600,
        NetworkAdmin: 3600,
        SupportUser: 7200,
        SecurityAudit: 28_800,
        IncidentResponder: 3600,
        DeveloperAccess: 28_800,
      });
      for (const one of permissionSets) expect(await organization.findPermissionSet(one.arn)).toEqual(one);
      expect(permissionSets[0]?.arn).toMatch(/^arn:aws:sso:::permissionSet\/ssoins-7223c4d1e8b6a509\/ps-[0-9a-f]{16}$/);
    });

    it.each([
      ['of no permission set', 'arn:aws:sso:::permissionSet/ssoins-7223c4d1e8b6a509/ps-0000000000000000'],
      ['of another instance', 'arn:aws:sso:::permissionSet/ssoins-0000000000000000/ps-0000000000000000'],
      ['of something else', 'arn:aws:sso:::instance/ssoins-7223c4d1e8b6a509'],
      ['that is none', 'arn:'],
    ])('finds nothing by an ARN %s', async (_which, arn) => {
      expect(await organization.findPermissionSet(arn)).toBeUndefined();
    });
  });
};
