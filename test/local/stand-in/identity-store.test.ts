// The Identity Store through the AWS client: users, groups, memberships.
import {
  CreateGroupMembershipCommand,
  DeleteGroupMembershipCommand,
  DeleteUserCommand,
  DescribeGroupCommand,
  DescribeUserCommand,
  GetGroupIdCommand,
  GetGroupMembershipIdCommand,
  GetUserIdCommand,
  IsMemberInGroupsCommand,
  ListGroupMembershipsCommand,
  ListGroupMembershipsForMemberCommand,
  ListGroupsCommand,
  ListUsersCommand,
  UpdateUserCommand,
} from '@aws-sdk/client-identitystore';
import { describe, expect, test } from 'vitest';
import { NOBODY, start } from './harness.ts';

const IdentityStoreId = 'd-906712ab3f';
const MARIA = '906712ab3f-d1a41bca-8bfb-4a4a-8870-2e70c511e8af';

describe('users', () => {
  test('ListUsers finds by user name', async () => {
    const { store } = await start();
    const Filters = [{ AttributePath: 'UserName', AttributeValue: 'maria' }];
    const { Users } = await store.send(new ListUsersCommand({ IdentityStoreId, Filters }));
    expect(Users).toEqual([
      {
        IdentityStoreId,
        UserId: MARIA,
        UserName: 'maria',
        UserStatus: 'ENABLED',
        Name: { Formatted: 'Maria Santos', GivenName: 'Maria', FamilyName: 'Santos' },
        DisplayName: 'Maria Santos',
        Title: 'Software Engineer',
        UserType: 'Employee',
        Emails: [{ Value: 'maria@example.com', Type: 'work', Primary: true }],
      },
    ]);
  });

  test('ListUsers has everyone, and refuses filters that AWS does not have', async () => {
    const { store } = await start();
    const { Users } = await store.send(new ListUsersCommand({ IdentityStoreId }));
    expect(Users).toHaveLength(31);
    const Filters = [{ AttributePath: 'Title', AttributeValue: 'Software Engineer' }];
    await expect(store.send(new ListUsersCommand({ IdentityStoreId, Filters }))).rejects.toMatchObject({
      name: 'ValidationException',
    });
  });

  test('DescribeUser shows who is disabled, and the team as department when asked for', async () => {
    const { store, ids } = await start();
    const UserId = ids.user('victor');
    const Extensions = ['aws:identitystore:enterprise'];
    await expect(store.send(new DescribeUserCommand({ IdentityStoreId, UserId, Extensions }))).resolves.toMatchObject({
      UserName: 'victor',
      UserStatus: 'DISABLED',
      Extensions: { 'aws:identitystore:enterprise': { department: 'payments' } },
    });
    await expect(store.send(new DescribeUserCommand({ IdentityStoreId, UserId }))).resolves.not.toHaveProperty(
      'Extensions',
    );
    // A list of none is refused, as the API reference has it: 1 to 10 items.
    const none = new DescribeUserCommand({ IdentityStoreId, UserId, Extensions: [] });
    await expect(store.send(none)).rejects.toMatchObject({ name: 'ValidationException' });
  });

  test.each([
    ['userName', 'maria'],
    ['emails.value', 'maria@example.com'],
  ])('GetUserId finds by %s', async (AttributePath, AttributeValue) => {
    const { store } = await start();
    const AlternateIdentifier = { UniqueAttribute: { AttributePath, AttributeValue } };
    await expect(store.send(new GetUserIdCommand({ IdentityStoreId, AlternateIdentifier }))).resolves.toMatchObject({
      IdentityStoreId,
      UserId: MARIA,
    });
  });

  test.each([
    ['someone who is not there', 'userName', 'mario', 'ResourceNotFoundException'],
    ['an attribute that is not unique', 'title', 'Software Engineer', 'ValidationException'],
  ])('GetUserId does not find by %s', async (_, AttributePath, AttributeValue, name) => {
    const { store } = await start();
    const AlternateIdentifier = { UniqueAttribute: { AttributePath, AttributeValue } };
    await expect(store.send(new GetUserIdCommand({ IdentityStoreId, AlternateIdentifier }))).rejects.toMatchObject({
      name,
    });
  });

  test('UpdateUser changes attributes, one and two deep', async () => {
    const { store } = await start();
    const Operations = [
      { AttributePath: 'title', AttributeValue: 'Staff Engineer' },
      { AttributePath: 'name.familyName', AttributeValue: 'Silva' },
      { AttributePath: 'emails', AttributeValue: [{ value: 'maria.silva@example.com', primary: true }] },
      { AttributePath: 'userType' },
    ];
    await store.send(new UpdateUserCommand({ IdentityStoreId, UserId: MARIA, Operations }));
    const user = await store.send(new DescribeUserCommand({ IdentityStoreId, UserId: MARIA }));
    expect(user).toMatchObject({
      Title: 'Staff Engineer',
      Name: { GivenName: 'Maria', FamilyName: 'Silva' },
      Emails: [{ Value: 'maria.silva@example.com', Primary: true }],
    });
    expect(user).not.toHaveProperty('UserType');
  });

  test('DeleteUser takes a user and their memberships away, once', async () => {
    const { store, ids } = await start();
    await store.send(new DeleteUserCommand({ IdentityStoreId, UserId: MARIA }));
    const gone = { name: 'ResourceNotFoundException' };
    await expect(store.send(new DescribeUserCommand({ IdentityStoreId, UserId: MARIA }))).rejects.toMatchObject(gone);
    await expect(store.send(new DeleteUserCommand({ IdentityStoreId, UserId: MARIA }))).rejects.toMatchObject(gone);
    const members = await store.send(
      new ListGroupMembershipsCommand({ IdentityStoreId, GroupId: ids.group('payments-engineers') }),
    );
    const memberIds = members.GroupMemberships?.map(({ MemberId }) => MemberId?.UserId);
    expect(memberIds).toHaveLength(4);
    expect(memberIds).not.toContain(MARIA);
  });

  test('UpdateUser takes all e-mail addresses away, after which nobody is found by them', async () => {
    const { store } = await start();
    const Operations = [{ AttributePath: 'emails' }];
    await store.send(new UpdateUserCommand({ IdentityStoreId, UserId: MARIA, Operations }));
    const AlternateIdentifier = {
      UniqueAttribute: { AttributePath: 'emails.value', AttributeValue: 'maria@example.com' },
    };
    await expect(store.send(new GetUserIdCommand({ IdentityStoreId, AlternateIdentifier }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });

  test('UpdateUser refuses a user name that another has, and a status', async () => {
    const { store } = await start();
    const update = (AttributePath: string, AttributeValue: string) =>
      store.send(
        new UpdateUserCommand({ IdentityStoreId, UserId: MARIA, Operations: [{ AttributePath, AttributeValue }] }),
      );
    await expect(update('userName', 'omar')).rejects.toMatchObject({
      name: 'ConflictException',
      Reason: 'UNIQUENESS_CONSTRAINT_VIOLATION',
    });
    await expect(update('userName', '')).rejects.toMatchObject({ name: 'ValidationException' });
    await expect(update('userStatus', 'DISABLED')).rejects.toMatchObject({ name: 'ValidationException' });
    await expect(store.send(new DescribeUserCommand({ IdentityStoreId, UserId: MARIA }))).resolves.toMatchObject({
      UserName: 'maria',
      UserStatus: 'ENABLED',
    });
  });

  test('what is not there is not found, with its type', async () => {
    const { store } = await start();
    await expect(store.send(new DescribeUserCommand({ IdentityStoreId, UserId: NOBODY }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      ResourceType: 'USER',
      ResourceId: NOBODY,
    });
    await expect(store.send(new ListUsersCommand({ IdentityStoreId: 'd-0000000000' }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      ResourceType: 'IDENTITY_STORE',
    });
  });
});

describe('groups', () => {
  test('ListGroups finds by display name, and has all of them', async () => {
    const { store, ids } = await start();
    const Filters = [{ AttributePath: 'DisplayName', AttributeValue: 'payments-leads' }];
    const { Groups } = await store.send(new ListGroupsCommand({ IdentityStoreId, Filters }));
    expect(Groups).toEqual([
      {
        IdentityStoreId,
        GroupId: ids.group('payments-leads'),
        DisplayName: 'payments-leads',
        Description: 'Decide for payments',
      },
    ]);
    await expect(store.send(new ListGroupsCommand({ IdentityStoreId }))).resolves.toMatchObject({
      Groups: { length: 14 },
    });
  });

  test('DescribeGroup and GetGroupId agree', async () => {
    const { store } = await start();
    const AlternateIdentifier = { UniqueAttribute: { AttributePath: 'displayName', AttributeValue: 'sre-oncall' } };
    const { GroupId } = await store.send(new GetGroupIdCommand({ IdentityStoreId, AlternateIdentifier }));
    await expect(store.send(new DescribeGroupCommand({ IdentityStoreId, GroupId }))).resolves.toMatchObject({
      DisplayName: 'sre-oncall',
    });
  });

  test('one that is not there is not found', async () => {
    const { store } = await start();
    const AlternateIdentifier = { UniqueAttribute: { AttributePath: 'displayName', AttributeValue: 'nobody' } };
    await expect(store.send(new GetGroupIdCommand({ IdentityStoreId, AlternateIdentifier }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      ResourceType: 'GROUP',
    });
  });
});

describe('memberships', () => {
  test('are listed by group and by member', async () => {
    const { store, ids } = await start();
    const byGroup = await store.send(
      new ListGroupMembershipsCommand({ IdentityStoreId, GroupId: ids.group('payments-leads') }),
    );
    expect(new Set(byGroup.GroupMemberships?.map(({ MemberId }) => MemberId?.UserId))).toEqual(
      new Set([ids.user('omar'), ids.user('lena'), ids.user('victor')]),
    );
    const MemberId = { UserId: ids.user('lena') };
    const byMember = await store.send(new ListGroupMembershipsForMemberCommand({ IdentityStoreId, MemberId }));
    expect(new Set(byMember.GroupMemberships?.map(({ GroupId }) => GroupId))).toEqual(
      new Set([ids.group('payments-engineers'), ids.group('payments-leads')]),
    );
  });

  test('IsMemberInGroups answers for each group, in order', async () => {
    const { store, ids } = await start();
    const GroupIds = [ids.group('sre-oncall'), ids.group('payments-engineers')];
    const { Results } = await store.send(
      new IsMemberInGroupsCommand({ IdentityStoreId, MemberId: { UserId: MARIA }, GroupIds }),
    );
    expect(Results).toEqual([
      { GroupId: GroupIds[0], MemberId: { UserId: MARIA }, MembershipExists: false },
      { GroupId: GroupIds[1], MemberId: { UserId: MARIA }, MembershipExists: true },
    ]);
  });

  test.each([
    ['no group', 0, 'ValidationException'],
    ['101 groups', 101, 'ValidationException'],
  ])('IsMemberInGroups refuses %s', async (_, count, name) => {
    const { store, ids } = await start();
    const GroupIds = Array.from({ length: count }, () => ids.group('sre-oncall'));
    const input = { IdentityStoreId, MemberId: { UserId: MARIA }, GroupIds };
    await expect(store.send(new IsMemberInGroupsCommand(input))).rejects.toMatchObject({ name });
  });

  test('IsMemberInGroups does not take a group that is gone for one without the member', async () => {
    const { store, ids } = await start();
    const input = { IdentityStoreId, MemberId: { UserId: MARIA }, GroupIds: [ids.group('sre-oncall'), NOBODY] };
    await expect(store.send(new IsMemberInGroupsCommand(input))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      ResourceType: 'GROUP',
    });
  });

  test('end and begin', async () => {
    const { store, ids } = await start();
    const input = { IdentityStoreId, GroupId: ids.group('payments-leads'), MemberId: { UserId: ids.user('omar') } };
    const { MembershipId } = await store.send(new GetGroupMembershipIdCommand(input));
    const isMember = async () => {
      const { GroupId, ...rest } = input;
      const { Results } = await store.send(new IsMemberInGroupsCommand({ ...rest, GroupIds: [GroupId] }));
      return Results?.[0]?.MembershipExists;
    };
    expect(await isMember()).toBe(true);
    await store.send(new DeleteGroupMembershipCommand({ IdentityStoreId, MembershipId }));
    expect(await isMember()).toBe(false);
    await expect(store.send(new DeleteGroupMembershipCommand({ IdentityStoreId, MembershipId }))).rejects.toMatchObject(
      {
        name: 'ResourceNotFoundException',
        ResourceType: 'GROUP_MEMBERSHIP',
      },
    );
    const made = await store.send(new CreateGroupMembershipCommand(input));
    expect(made.MembershipId).toMatch(/^906712ab3f-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    expect(await isMember()).toBe(true);
    await expect(store.send(new CreateGroupMembershipCommand(input))).rejects.toMatchObject({
      name: 'ConflictException',
    });
  });
});
