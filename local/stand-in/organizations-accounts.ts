// Organizations: accounts, where they are, who administers them for others, and moving them.
import type {
  Account,
  DescribeAccountResponse,
  ListAccountsForParentResponse,
  ListAccountsResponse,
  ListAWSServiceAccessForOrganizationResponse,
  ListDelegatedAdministratorsResponse,
  ListDelegatedServicesForAccountResponse,
} from '@aws-sdk/client-organizations';
import * as z from 'zod';
import type { SeedAccount } from '../seed/seed.ts';
import { ServiceError } from './errors.ts';
import {
  accountId,
  arnOf,
  DEFAULT_PAGE,
  isParent,
  paging,
  parentId,
  pathOf,
  requireAccount,
  requireParent,
} from './organizations-inputs.ts';
import { pageOf } from './paging.ts';
import { type Operation, operation, type Wire, wireInstant } from './service.ts';
import type { World } from './world.ts';

const SSO = 'sso.amazonaws.com';
const JOINED_AT = wireInstant(Date.UTC(2024, 0, 15, 9, 0, 0));

const listAccounts = operation(z.object(paging), (input, context): Wire<ListAccountsResponse> => {
  const { items, NextToken } = pageOf(context, input, context.world.seed.accounts, ({ id }) => id, DEFAULT_PAGE);
  return { Accounts: items.map((account) => wireAccount(context.world, account)), NextToken };
});

const listAccountsForParent = operation(
  z.object({ ParentId: parentId, ...paging }),
  (input, context): Wire<ListAccountsForParentResponse> => {
    const { seed, tables } = context.world;
    requireParent(context.world, input.ParentId);
    const found = seed.accounts.filter(({ id }) => tables.accountParents.get(id) === input.ParentId);
    const { items, NextToken } = pageOf(context, input, found, ({ id }) => id, DEFAULT_PAGE);
    return { Accounts: items.map((account) => wireAccount(context.world, account)), NextToken };
  },
);

const describeAccount = operation(
  z.object({ AccountId: accountId }),
  ({ AccountId }, { world }): Wire<DescribeAccountResponse> => ({
    Account: wireAccount(world, requireAccount(world, AccountId)),
  }),
);

/** Without `Status`, which AWS retired on 2026-09-09 in favour of `State`. */
const wireAccount = (world: World, { id, name, email, state }: SeedAccount): Wire<Account> => ({
  Id: id,
  Arn: arnOf(world.seed, 'account', id),
  Email: email,
  Name: name,
  State: state,
  Paths: [pathOf(world, id)],
  JoinedMethod: id === world.seed.managementAccountId ? 'INVITED' : 'CREATED',
  JoinedTimestamp: JOINED_AT,
});

/** The hosting account administers Identity Center, and nothing else. */
const listDelegatedAdministrators = operation(
  z.object({ ServicePrincipal: z.string().min(1).max(128).optional(), ...paging }),
  (input, context): Wire<ListDelegatedAdministratorsResponse> => {
    const { seed } = context.world;
    const asked = input.ServicePrincipal === undefined || input.ServicePrincipal === SSO;
    const delegated = asked && seed.hostingAccountId !== seed.managementAccountId ? [seed.hostingAccountId] : [];
    const { items, NextToken } = pageOf(context, input, delegated, (id) => id, DEFAULT_PAGE);
    return {
      DelegatedAdministrators: items.map((id) => {
        const { Paths: _, ...account } = wireAccount(context.world, requireAccount(context.world, id));
        return { ...account, DelegationEnabledDate: JOINED_AT };
      }),
      NextToken,
    };
  },
);

const listDelegatedServices = operation(
  z.object({ AccountId: accountId, ...paging }),
  (input, context): Wire<ListDelegatedServicesForAccountResponse> => {
    const { hostingAccountId, managementAccountId } = context.world.seed;
    const { id } = requireAccount(context.world, input.AccountId);
    if (id !== hostingAccountId || hostingAccountId === managementAccountId) {
      throw new ServiceError('AccountNotRegisteredException', `The account ${id} is no delegated administrator.`);
    }
    const services = [{ ServicePrincipal: SSO, DelegationEnabledDate: JOINED_AT }];
    const { items, NextToken } = pageOf(
      context,
      input,
      services,
      ({ ServicePrincipal }) => ServicePrincipal,
      DEFAULT_PAGE,
    );
    return { DelegatedServices: items, NextToken };
  },
);

const listServiceAccess = operation(
  z.object(paging),
  (input, context): Wire<ListAWSServiceAccessForOrganizationResponse> => {
    const enabled = [{ ServicePrincipal: SSO, DateEnabled: JOINED_AT }];
    const { items, NextToken } = pageOf(
      context,
      input,
      enabled,
      ({ ServicePrincipal }) => ServicePrincipal,
      DEFAULT_PAGE,
    );
    return { EnabledServicePrincipals: items, NextToken };
  },
);

/** Whoever the caller is: moving, like tagging, stands for what another person does in the management account. */
const moveAccount = operation(
  z.object({ AccountId: accountId, SourceParentId: parentId, DestinationParentId: parentId }),
  ({ AccountId, SourceParentId, DestinationParentId }, { world }) => {
    requireAccount(world, AccountId);
    const refuse = (code: string, message: string): never => {
      throw new ServiceError(code, message);
    };
    if (!isParent(world, SourceParentId))
      refuse('SourceParentNotFoundException', `There is no parent ${SourceParentId}.`);
    if (!isParent(world, DestinationParentId)) {
      refuse('DestinationParentNotFoundException', `There is no parent ${DestinationParentId}.`);
    }
    const parent = world.tables.accountParents.get(AccountId);
    if (parent === DestinationParentId)
      refuse('DuplicateAccountException', `${AccountId} is in ${DestinationParentId} already.`);
    if (parent !== SourceParentId) refuse('AccountNotFoundException', `${AccountId} is not in ${SourceParentId}.`);
    world.commit([{ table: 'accountParents', key: AccountId, value: DestinationParentId }]);
    return {};
  },
);

export const accountOperations: Readonly<Record<string, Operation>> = {
  ListAccounts: listAccounts,
  ListAccountsForParent: listAccountsForParent,
  DescribeAccount: describeAccount,
  ListDelegatedAdministrators: listDelegatedAdministrators,
  ListDelegatedServicesForAccount: listDelegatedServices,
  ListAWSServiceAccessForOrganization: listServiceAccess,
  MoveAccount: moveAccount,
};
