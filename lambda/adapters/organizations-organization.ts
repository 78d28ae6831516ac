/** What can be asked for at all: the accounts of AWS Organizations and the permission sets of IAM Identity Center. */
import type { Account, PermissionSet, Tags } from '../domain/policy/facts.ts';
import type { Clock } from '../ports/clock.ts';
import type { Organization } from '../ports/organization.ts';
import { cached, cachedByKey } from './cached.ts';
import { createPermissionSetReader, DESCRIPTIONS_A_SECOND } from './identity-center-permission-sets.ts';
import { accountFrom } from './organizations-account.ts';
import type { OrganizationsCalls } from './organizations-calls.ts';
import { createOrganizationsTree } from './organizations-tree.ts';
import { paced } from './paced.ts';
import type { PermissionSetCalls } from './permission-set-calls.ts';

export interface OrganizationsOrganizationParts {
  readonly organizations: OrganizationsCalls;
  readonly permissionSetCalls: PermissionSetCalls;
  readonly instanceArn: string;
  /** Account that hosts Brevet: the management account, or a delegated administrator of Identity Center. */
  readonly hostingAccountId: string;
  /** The settings let it be a target. */
  readonly isHostTarget?: boolean;
  readonly clock: Clock;
}

/** Lists are read at most once in so many seconds, by each running function. */
const LIST_SECONDS = 5 * 60;
/** Tags decide who may ask, so where one account is asked for they are not much older than where it stands. */
const TAG_SECONDS = 60;
/** What is asked for as it is now; those who are given the same at once ask once. */
const NOW_SECONDS = 5;
/** `ListTagsForResource` of Organizations bears 10 calls a second for everyone together. */
const TAG_LISTS_A_SECOND = 8;

const namesIn = (path: string): readonly string[] => path.split('/').map((name) => name.replaceAll('%2F', '/'));

/** Undefined when it was deleted between being described and asked for its tags. */
const tagged = (one: PermissionSet, tags: Tags | undefined): PermissionSet | undefined => tags && { ...one, tags };

export const createOrganizationsOrganization = ({
  organizations,
  permissionSetCalls,
  instanceArn,
  hostingAccountId,
  isHostTarget = false,
  clock,
}: OrganizationsOrganizationParts): Organization => {
  const tree = createOrganizationsTree(organizations, clock);
  const reader = createPermissionSetReader({ calls: permissionSetCalls, instanceArn, clock });
  const managementAccount = cached(() => tree.managementAccountId(), LIST_SECONDS, clock);

  const loadAccounts = async (): Promise<readonly Account[]> => {
    const [placed, managementAccountId] = await Promise.all([tree.list(), managementAccount.get()]);
    return placed.map((one) => accountFrom(one, { managementAccountId, hostingAccountId, isHostTarget }));
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

  const allPermissionSets = cached(() => reader.readAll(), LIST_SECONDS, clock);

  const loadPermissionSets = async (): Promise<readonly PermissionSet[]> => {
    const managementAccountId = await managementAccount.get();
    const all = await allPermissionSets.get();
    if (managementAccountId === hostingAccountId) return all;
    const outOfReach = await outOfReachArns.get();
    return all.filter(({ arn }) => !outOfReach.has(arn));
  };

  const loadPermissionSet = async (arn: string): Promise<PermissionSet | undefined> => {
    const isOutOfReach = (await managementAccount.get()) !== hostingAccountId && (await outOfReachArns.get()).has(arn);
    return isOutOfReach ? undefined : reader.read(arn);
  };
  const permissionSetNow = cachedByKey(loadPermissionSet, NOW_SECONDS, clock);
  const singlePermissionSet = cachedByKey(permissionSetNow, LIST_SECONDS, clock);

  const accounts = cached(loadAccounts, LIST_SECONDS, clock);
  const permissionSets = cached(loadPermissionSets, LIST_SECONDS, clock);

  const accountTags = cachedByKey((accountId) => tree.tagsOf(accountId), TAG_SECONDS, clock);
  const permissionSetTags = cachedByKey((arn) => reader.tagsOf(arn), TAG_SECONDS, clock);

  const loadTaggedAccounts = async (): Promise<readonly Account[]> =>
    paced(await accounts.get(), TAG_LISTS_A_SECOND, clock, async (account) => ({
      ...account,
      tags: await tree.tagsOf(account.id),
    }));

  const loadTaggedPermissionSets = async (): Promise<readonly PermissionSet[]> => {
    const all = await permissionSets.get();
    const known = await paced(all, DESCRIPTIONS_A_SECOND, clock, async (one) =>
      tagged(one, await reader.tagsOf(one.arn)),
    );
    return known.filter((one) => one !== undefined);
  };
  const taggedAccounts = cached(loadTaggedAccounts, LIST_SECONDS, clock);
  const taggedPermissionSets = cached(loadTaggedPermissionSets, LIST_SECONDS, clock);

  const findPermissionSet = async (arn: string): Promise<PermissionSet | undefined> => {
    const known = await permissionSets.peek();
    return known ? known.find((one) => one.arn === arn) : singlePermissionSet(arn);
  };

  const unknownUnits = async (paths: readonly string[]): Promise<readonly string[]> => {
    const known = await Promise.all(paths.map((path) => tree.hasUnit(namesIn(path))));
    return paths.filter((_, index) => !known[index]);
  };

  /** Asked for singly: whoever asks has heard of all but these. */
  const isAccount = cachedByKey(async (id) => (await tree.find(id)) !== undefined, LIST_SECONDS, clock);

  const unknownIds = async (ids: readonly string[]): Promise<readonly string[]> => {
    const known = await Promise.all(ids.map(isAccount));
    return ids.filter((_, index) => !known[index]);
  };

  const notAmong = async <Named extends { readonly name: string }>(
    names: readonly string[],
    list: () => Promise<readonly Named[]>,
  ): Promise<readonly string[]> => {
    if (names.length === 0) return [];
    const known = new Set((await list()).map(({ name }) => name));
    return names.filter((name) => !known.has(name));
  };

  return {
    /** Never out of the cache: where an account stands decides who may ask for it. */
    findAccount: async (accountId, wanted) => {
      const [found, managementAccountId] = await Promise.all([tree.find(accountId), managementAccount.get()]);
      if (!found) return undefined;
      const account = accountFrom(found, { managementAccountId, hostingAccountId, isHostTarget });
      return wanted?.tags ? { ...account, tags: await accountTags(account.id) } : account;
    },
    accounts: (wanted) => (wanted?.tags ? taggedAccounts : accounts).get(),
    /** Out of the list where that is remembered; reading all for the sake of one takes long where there are many. */
    findPermissionSet: async (arn, wanted) => {
      const found = await (wanted?.now ? permissionSetNow : findPermissionSet)(arn);
      return found && wanted?.tags ? tagged(found, await permissionSetTags(arn)) : found;
    },
    permissionSets: (wanted) => (wanted?.tags ? taggedPermissionSets : permissionSets).get(),
    unknownUnits,
    unknownNames: async (names) => ({
      organizationalUnits: await unknownUnits(names.organizationalUnits),
      accountIds: await unknownIds(names.accountIds),
      accountNames: await notAmong(names.accountNames, accounts.get),
      permissionSets: await notAmong(names.permissionSets, allPermissionSets.get),
    }),
  };
};
