/** Reads the whole organization from AWS, as the service sees it, with the credentials of whoever calls. */
import {
  type Group,
  IdentitystoreClient,
  ListGroupMembershipsCommand,
  ListGroupsCommand,
  ListUsersCommand,
  type User,
} from '@aws-sdk/client-identitystore';
import { ListInstancesCommand, SSOAdminClient } from '@aws-sdk/client-sso-admin';
import { fromNodeProviderChain } from '@aws-sdk/credential-providers';
import {
  createPermissionSetReader,
  DESCRIPTIONS_A_SECOND,
  type PermissionSetReader,
} from '../../lambda/adapters/identity-center-permission-sets.ts';
import { pathText } from '../../lambda/adapters/organizations-account.ts';
import { createOrganizationsCalls, type OrganizationsCalls } from '../../lambda/adapters/organizations-calls.ts';
import { createOrganizationsOrganization } from '../../lambda/adapters/organizations-organization.ts';
import { createOrganizationsTree } from '../../lambda/adapters/organizations-tree.ts';
import { paced } from '../../lambda/adapters/paced.ts';
import { createPermissionSetCalls, type PermissionSetCalls } from '../../lambda/adapters/permission-set-calls.ts';
import { attributesFrom, ENTERPRISE } from '../../lambda/adapters/person-attributes.ts';
import { createSystemClock } from '../../lambda/adapters/system-clock.ts';
import type { OrganizationExport } from '../../lambda/contract/organization-export.ts';

export interface ReadOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly host: string | undefined;
  readonly isHostTarget?: boolean;
  readonly region: string | undefined;
  readonly profile: string | undefined;
  /** Where every AWS service is, by the AWS profile. */
  readonly endpointUrl?: string | undefined;
}

interface Clients {
  readonly organizations: OrganizationsCalls;
  readonly permissionSetCalls: PermissionSetCalls;
  readonly ssoAdmin: SSOAdminClient;
  readonly identityStore: IdentitystoreClient;
}

/** Retries see to throttling; reading an organization is patient. */
const ATTEMPTS = 10;

const clientsFor = ({ region, profile, endpointUrl, env }: ReadOptions): Clients => {
  const chosen = region ?? env.AWS_REGION;
  const options = {
    maxAttempts: ATTEMPTS,
    ...(chosen === undefined ? {} : { region: chosen }),
    ...(profile === undefined ? {} : { profile, credentials: fromNodeProviderChain({ profile }) }),
  };
  const ssoAdmin = new SSOAdminClient(options);
  const calling = (service: string) => ({
    aws: ssoAdmin.config,
    endpoint: env[`AWS_ENDPOINT_URL_${service}`] ?? env.AWS_ENDPOINT_URL ?? endpointUrl,
    tries: ATTEMPTS,
    clock: createSystemClock(),
  });
  return {
    organizations: createOrganizationsCalls(calling('ORGANIZATIONS')),
    permissionSetCalls: createPermissionSetCalls(calling('SSO_ADMIN')),
    ssoAdmin,
    identityStore: new IdentitystoreClient(options),
  };
};

const instanceOf = async (client: SSOAdminClient) => {
  const { Instances = [] } = await client.send(new ListInstancesCommand({}));
  const [instance] = Instances;
  const { InstanceArn: arn, IdentityStoreId: storeId } = instance ?? {};
  if (arn === undefined || storeId === undefined) throw new Error('there is no instance of IAM Identity Center');
  return { arn, storeId };
};

interface Turn<Item> {
  readonly items: readonly Item[] | undefined;
  readonly next: string | undefined;
}

const everything = async <Item>(turn: (token: string | undefined) => Promise<Turn<Item>>): Promise<readonly Item[]> => {
  const all: Item[] = [];
  let token: string | undefined;
  do {
    const { items, next } = await turn(token);
    all.push(...(items ?? []));
    token = next;
  } while (token !== undefined && token !== '');
  return all;
};

const usersIn = (client: IdentitystoreClient, IdentityStoreId: string): Promise<readonly User[]> =>
  everything(async (NextToken) => {
    const command = new ListUsersCommand({ IdentityStoreId, NextToken, Extensions: [ENTERPRISE] });
    const { Users: items, NextToken: next } = await client.send(command);
    return { items, next };
  });

const groupsIn = (client: IdentitystoreClient, IdentityStoreId: string): Promise<readonly Group[]> =>
  everything(async (NextToken) => {
    const { Groups: items, NextToken: next } = await client.send(new ListGroupsCommand({ IdentityStoreId, NextToken }));
    return { items, next };
  });

const membersOf = async (client: IdentitystoreClient, IdentityStoreId: string, GroupId: string) => {
  const memberships = await everything(async (NextToken) => {
    const command = new ListGroupMembershipsCommand({ IdentityStoreId, GroupId, NextToken });
    const { GroupMemberships: items, NextToken: next } = await client.send(command);
    return { items, next };
  });
  return memberships.flatMap(({ MemberId }) => MemberId?.UserId ?? []);
};

const personFrom = (user: User): OrganizationExport['people'] =>
  user.UserId === undefined || user.UserName === undefined
    ? []
    : [
        {
          id: user.UserId,
          userName: user.UserName,
          displayName: user.DisplayName ?? user.UserName,
          enabled: user.UserStatus === undefined || user.UserStatus === 'ENABLED',
          attributes: { ...attributesFrom(user) },
        },
      ];

/** One group after the other: the Identity Store bears 20 calls a second for everyone together. */
const readGroups = async (client: IdentitystoreClient, storeId: string): Promise<OrganizationExport['groups']> => {
  const groups: OrganizationExport['groups'] = [];
  for (const { GroupId: id, DisplayName: name } of await groupsIn(client, storeId)) {
    if (id !== undefined && name !== undefined)
      groups.push({ id, name, memberIds: await membersOf(client, storeId, id) });
  }
  return groups;
};

type Sets = OrganizationExport['permissionSets'];

/** @param outOfReach ARNs of those that cannot be assigned from the hosting account */
const readSets = async (reader: PermissionSetReader, outOfReach: ReadonlySet<string>): Promise<Sets> => {
  const all = await reader.readAll();
  const read = await paced(all, DESCRIPTIONS_A_SECOND, createSystemClock(), async (one): Promise<Sets> => {
    const tags = await reader.tagsOf(one.arn);
    const reason = outOfReach.has(one.arn) ? { outOfReach: 'provisioned-in-management-account' as const } : {};
    return tags ? [{ ...one, tags: { ...tags }, ...reason }] : [];
  });
  return read.flat();
};

export const readOrganizationNow = async (options: ReadOptions): Promise<OrganizationExport> => {
  const { organizations, permissionSetCalls, ssoAdmin, identityStore } = clientsFor(options);
  const clock = createSystemClock();
  const { arn: instanceArn, storeId } = await instanceOf(ssoAdmin);
  const tree = createOrganizationsTree(organizations, clock);
  const managementAccountId = await tree.managementAccountId();
  const hostingAccountId = options.host ?? managementAccountId;
  const { isHostTarget = false } = options;
  const parts = { organizations, permissionSetCalls, instanceArn, hostingAccountId, isHostTarget, clock };
  const organization = createOrganizationsOrganization(parts);
  const accounts = await organization.accounts({ tags: true });
  const reader = createPermissionSetReader({ calls: permissionSetCalls, instanceArn, clock });
  const isDelegated = managementAccountId !== hostingAccountId;
  const outOfReach = isDelegated ? await reader.arnsProvisionedTo(managementAccountId) : new Set<string>();
  const permissionSets = await readSets(reader, outOfReach);
  const [units, groups, users] = await Promise.all([
    tree.units(),
    readGroups(identityStore, storeId),
    usersIn(identityStore, storeId),
  ]);
  return {
    version: 1,
    takenAt: new Date(clock.now()).toISOString(),
    accounts: accounts.map(({ tags = {}, ...account }) => ({ ...account, tags: { ...tags } })),
    organizationalUnits: units.map(pathText),
    permissionSets,
    groups,
    people: users.flatMap(personFrom),
  };
};
