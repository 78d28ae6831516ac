/** What can be asked for at all: the accounts of AWS Organizations and the permission sets of IAM Identity Center. */
import type { OrganizationsClient } from '@aws-sdk/client-organizations';
import type { SSOAdminClient } from '@aws-sdk/client-sso-admin';
import type { Account, PermissionSet } from '../domain/policy/facts.ts';
import type { Clock } from '../ports/clock.ts';
import type { Organization } from '../ports/organization.ts';
import { cached, cachedByKey } from './cached.ts';
import { createPermissionSetReader, type PermissionSetPace } from './identity-center-permission-sets.ts';
import { createOrganizationsTree, type PlacedAccount } from './organizations-tree.ts';
import { required } from './service-call.ts';

export interface OrganizationsOrganizationParts {
  readonly organizations: OrganizationsClient;
  readonly ssoAdmin: SSOAdminClient;
  readonly instanceArn: string;
  /** Account that hosts Brevet: the management account, or a delegated administrator of Identity Center. */
  readonly hostingAccountId: string;
  readonly clock: Clock;
  readonly pace?: PermissionSetPace;
}

/** Lists are read at most once in so many seconds, by each running function. */
const LIST_SECONDS = 5 * 60;

/** NB. A unit's own name may contain a slash, and must not pass for a unit further down that a rule speaks of. */
const pathText = (names: readonly string[]): string => names.map((name) => name.replaceAll('/', '%2F')).join('/');

export const createOrganizationsOrganization = ({
  organizations,
  ssoAdmin,
  instanceArn,
  hostingAccountId,
  clock,
  pace,
}: OrganizationsOrganizationParts): Organization => {
  const tree = createOrganizationsTree(organizations, clock);
  const reader = createPermissionSetReader({
    client: ssoAdmin,
    instanceArn,
    clock,
    ...(pace && { descriptionsASecond: pace.perSecond }),
  });
  const managementAccount = cached(() => tree.managementAccountId(), LIST_SECONDS, clock);

  const forbiddenFor = (accountId: string, managementAccountId: string): Account['forbidden'] => {
    if (accountId === managementAccountId) return 'management-account';
    return accountId === hostingAccountId ? 'hosting-account' : undefined;
  };

  const accountFrom = ({ account, path }: PlacedAccount, managementAccountId: string): Account => {
    const id = required('organizations', 'AccountId', account.Id);
    const forbidden = forbiddenFor(id, managementAccountId);
    return {
      id,
      name: required('organizations', 'AccountName', account.Name),
      ouPath: pathText(path),
      // `Status` was retired in 2026; an account that says nothing of its state is not assigned to.
      active: account.State === 'ACTIVE',
      ...(forbidden && { forbidden }),
    };
  };

  const loadAccounts = async (): Promise<readonly Account[]> => {
    const [placed, managementAccountId] = await Promise.all([tree.list(), managementAccount.get()]);
    return placed.map((one) => accountFrom(one, managementAccountId));
  };

  /**
   * A delegated administrator cannot assign a permission set that is provisioned in the management account, to any
   * account: AWS then denies access to the permission set itself. Those are left out.
   */
  const outOfReachArns = cached(
    async () => reader.arnsProvisionedTo(await managementAccount.get()),
    LIST_SECONDS,
    clock,
  );

  const loadPermissionSets = async (): Promise<readonly PermissionSet[]> => {
    const managementAccountId = await managementAccount.get();
    const all = await reader.readAll();
    if (managementAccountId === hostingAccountId) return all;
    const outOfReach = await outOfReachArns.get();
    return all.filter(({ arn }) => !outOfReach.has(arn));
  };

  const loadPermissionSet = async (arn: string): Promise<PermissionSet | undefined> => {
    const isOutOfReach = (await managementAccount.get()) !== hostingAccountId && (await outOfReachArns.get()).has(arn);
    return isOutOfReach ? undefined : reader.read(arn);
  };
  const singlePermissionSet = cachedByKey(loadPermissionSet, LIST_SECONDS, clock);

  const accounts = cached(loadAccounts, LIST_SECONDS, clock);
  const permissionSets = cached(loadPermissionSets, pace?.maxAgeSeconds ?? LIST_SECONDS, clock);

  return {
    /** Never out of the cache: where an account stands decides who may ask for it. */
    findAccount: async (accountId) => {
      const [found, managementAccountId] = await Promise.all([tree.find(accountId), managementAccount.get()]);
      return found && accountFrom(found, managementAccountId);
    },
    accounts: () => accounts.get(),
    /** Out of the list where that is remembered; reading all for the sake of one takes long where there are many. */
    findPermissionSet: async (arn) => {
      const known = await permissionSets.peek();
      return known ? known.find((one) => one.arn === arn) : singlePermissionSet(arn);
    },
    permissionSets: () => permissionSets.get(),
  };
};
