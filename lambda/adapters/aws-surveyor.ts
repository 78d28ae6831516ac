/** Reads the organization out of AWS Organizations, IAM Identity Center and the Identity Store, each at its own pace. */
import type { ListedGroup } from '../domain/catalogue.ts';
import type { Clock } from '../ports/clock.ts';
import type { Surveyor } from '../ports/surveyor.ts';
import { createPermissionSetReader } from './identity-center-permission-sets.ts';
import type { IdentityStoreCalls } from './identity-store-calls.ts';
import { accountFrom, pathText } from './organizations-account.ts';
import type { OrganizationsCalls } from './organizations-calls.ts';
import { createOrganizationsTree } from './organizations-tree.ts';
import { pacedIdentityStore, pacedOrganizations, pacedPermissionSets } from './paced-client.ts';
import { allPages } from './paged.ts';
import type { PermissionSetCalls } from './permission-set-calls.ts';
import { required } from './service-call.ts';

export interface AwsSurveyorParts {
  readonly organizations: OrganizationsCalls;
  readonly permissionSets: PermissionSetCalls;
  readonly identityStore: IdentityStoreCalls;
  readonly instanceArn: string;
  readonly identityStoreId: string;
  readonly hostingAccountId: string;
  /** The settings let it be a target. */
  readonly isHostTarget?: boolean;
  readonly clock: Clock;
}

const GROUPS_A_PAGE = 100;

export const createAwsSurveyor = (parts: AwsSurveyorParts): Surveyor => {
  const { organizations, permissionSets, identityStore, instanceArn, identityStoreId, clock } = parts;
  const { hostingAccountId, isHostTarget = false } = parts;
  const groupCalls = pacedIdentityStore(identityStore, clock);
  const tree = createOrganizationsTree(pacedOrganizations(organizations, clock), clock);
  const reader = createPermissionSetReader({ calls: pacedPermissionSets(permissionSets, clock), instanceArn, clock });

  const listGroups = () =>
    allPages(async (NextToken) => {
      const input = { IdentityStoreId: identityStoreId, MaxResults: GROUPS_A_PAGE, NextToken };
      const { Groups, NextToken: nextToken } = await groupCalls('ListGroups', input);
      return { items: Groups, nextToken };
    });

  return {
    accounts: async () => {
      const [{ placed, units }, managementAccountId] = await Promise.all([tree.survey(), tree.managementAccountId()]);
      const found = placed.map((one) => accountFrom(one, { managementAccountId, hostingAccountId, isHostTarget }));
      return { found, units: units.map(pathText) };
    },

    tagsOf: (accountId) => tree.tagsOf(accountId),

    /** A delegated administrator cannot assign what is provisioned in the management account, to any account. */
    permissionSetArns: async () => {
      const managementAccountId = await tree.managementAccountId();
      const arns = await reader.arns();
      if (managementAccountId === hostingAccountId) return { arns, outOfReach: [] };
      return { arns, outOfReach: [...(await reader.arnsProvisionedTo(managementAccountId))] };
    },

    permissionSet: async (arn) => {
      const [found, tags] = await Promise.all([reader.read(arn), reader.tagsOf(arn)]);
      return found && tags && { ...found, tags };
    },

    /** A group without a name is none that a rule could speak of. */
    groups: async () =>
      (await listGroups()).flatMap(({ GroupId, DisplayName: name }): ListedGroup[] =>
        name === undefined ? [] : [{ id: required('identity-store', 'GroupId', GroupId), name }],
      ),
  };
};
