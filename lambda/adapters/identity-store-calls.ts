/** The calls of the Identity Store that we make. */
import type {
  AlternateIdentifier,
  Filter,
  GetGroupIdResponse,
  GetUserIdResponse,
  Group,
  GroupMembership,
  GroupMembershipExistenceResult,
  MemberId,
  User,
} from '@aws-sdk/client-identitystore';
import { createJsonCalls, type JsonCalls, type JsonCallsParts } from './json-calls.ts';

interface Store {
  readonly IdentityStoreId: string;
}
interface Page {
  readonly NextToken?: string | undefined;
}

/** Without its moments, which the JSON protocol gives as numbers. */
export type StoredUser = Omit<Partial<User>, 'CreatedAt' | 'UpdatedAt'>;
type StoredGroup = Pick<Group, 'GroupId' | 'DisplayName'>;

type IdentityStoreOperations = {
  readonly DescribeUser: {
    /** One extension or more, or the member left out. */
    readonly input: Store & { readonly UserId: string; readonly Extensions?: readonly string[] };
    readonly output: StoredUser;
  };
  readonly ListUsers: {
    /** Everybody where there is no filter. */
    readonly input: Store &
      Page & {
        readonly Filters?: readonly Filter[];
        readonly Extensions: readonly string[];
        readonly MaxResults?: number;
      };
    readonly output: Page & { readonly Users?: readonly StoredUser[] };
  };
  readonly GetUserId: {
    readonly input: Store & { readonly AlternateIdentifier: AlternateIdentifier };
    readonly output: Partial<GetUserIdResponse>;
  };
  readonly GetGroupId: {
    readonly input: Store & { readonly AlternateIdentifier: AlternateIdentifier };
    readonly output: Partial<GetGroupIdResponse>;
  };
  readonly IsMemberInGroups: {
    readonly input: Store & { readonly MemberId: MemberId; readonly GroupIds: readonly string[] };
    readonly output: { readonly Results?: readonly GroupMembershipExistenceResult[] };
  };
  readonly ListGroupMemberships: {
    readonly input: Store & Page & { readonly GroupId: string; readonly MaxResults: number };
    readonly output: Page & { readonly GroupMemberships?: readonly Pick<GroupMembership, 'MemberId'>[] };
  };
  readonly ListGroups: {
    readonly input: Store & Page & { readonly MaxResults: number };
    readonly output: Page & { readonly Groups?: readonly StoredGroup[] };
  };
};

export type IdentityStoreCalls = JsonCalls<IdentityStoreOperations>;

export const createIdentityStoreCalls = (
  parts: Pick<JsonCallsParts, 'aws' | 'clock' | 'endpoint' | 'tries'>,
): IdentityStoreCalls => {
  const service = { signingName: 'identitystore', target: 'AWSIdentityStore', version: '1.1' } as const;
  return createJsonCalls({ ...parts, ...service, source: 'identity-store' });
};
