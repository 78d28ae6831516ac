/** The directory's suite, on memory and on the Identity Store. */
import {
  DeleteGroupMembershipCommand,
  GetGroupMembershipIdCommand,
  IdentitystoreClient,
  UpdateUserCommand,
} from '@aws-sdk/client-identitystore';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createIdentityStoreCalls } from '../../lambda/adapters/identity-store-calls.ts';
import { createIdentityStoreDirectory } from '../../lambda/adapters/identity-store-directory.ts';
import { createFixedClock } from '../../lambda/adapters/memory/fixed-clock.ts';
import { createMemoryDirectory } from '../../lambda/adapters/memory/memory-directory.ts';
import { addSeconds } from '../../lambda/domain/time.ts';
import type { Directory } from '../../lambda/ports/directory.ts';
import { OutOfTime } from '../../lambda/ports/faults.ts';
import type { Seed } from '../../local/seed/seed.ts';
import { type DirectoryWorld, describeDirectory, personIn } from './directory-contract.ts';
import { MORNING } from './samples.ts';
import { readTestSeed, startStandIn, type TestStandIn } from './stand-in.ts';
import { type StubAws, startStubAws } from './stub-aws.ts';

const memoryWorld = (seed: Seed): DirectoryWorld => {
  const people = seed.people.map(
    ({ userId: id, userName, displayName, status, email, title, attributes: { team = '' } }) => ({
      id,
      userName,
      displayName,
      enabled: status === 'ENABLED',
      emails: [email],
      attributes: { title, user_type: 'Employee', department: team },
    }),
  );
  const groups = seed.groups.map(({ groupId: id, displayName: name, memberUserIds: memberIds }) => ({
    id,
    name,
    memberIds,
  }));
  const directory = createMemoryDirectory({ people, groups });
  return {
    directory,
    disable: async (userName) => {
      for (const person of people.filter((one) => one.userName === userName)) {
        directory.putPerson({ ...person, enabled: false });
      }
    },
    leave: async (userName, groupName) => {
      const left = people.find((person) => person.userName === userName)?.id;
      for (const group of groups.filter(({ name }) => name === groupName)) {
        directory.putGroup({ ...group, memberIds: group.memberIds.filter((id) => id !== left) });
      }
    },
    writeEmail: async (userName, email) => {
      for (const person of people.filter((one) => one.userName === userName)) {
        directory.putPerson({ ...person, emails: [email] });
      }
    },
  };
};

describeDirectory('memory', async () => memoryWorld(await readTestSeed()));

describe('on the stand-in', () => {
  let standIn: TestStandIn;
  beforeEach(async () => {
    standIn = await startStandIn();
  });
  afterEach(() => standIn.stop());

  const directoryOf = (): Directory =>
    createIdentityStoreDirectory({
      calls: standIn.identityStoreCalls,
      identityStoreId: standIn.seed.identityStoreId,
      clock: createFixedClock(MORNING),
    });

  const leave = async (userName: string, groupName: string): Promise<void> => {
    const { identityStoreId: IdentityStoreId, people, groups } = standIn.seed;
    const UserId = people.find((person) => person.userName === userName)?.userId ?? '';
    const GroupId = groups.find((group) => group.displayName === groupName)?.groupId;
    const { MembershipId } = await standIn.identityStore.send(
      new GetGroupMembershipIdCommand({ IdentityStoreId, GroupId, MemberId: { UserId } }),
    );
    await standIn.identityStore.send(new DeleteGroupMembershipCommand({ IdentityStoreId, MembershipId }));
  };

  const disable = (userName: string): Promise<void> => standIn.setStatus(userName, 'DISABLED');

  const writeEmail = async (userName: string, email: string): Promise<void> => {
    const { identityStoreId: IdentityStoreId, people } = standIn.seed;
    const UserId = people.find((person) => person.userName === userName)?.userId ?? '';
    const Operations = [{ AttributePath: 'emails', AttributeValue: [{ value: email, type: 'work', primary: true }] }];
    await standIn.identityStore.send(new UpdateUserCommand({ IdentityStoreId, UserId, Operations }));
  };

  describeDirectory('Identity Store', async () => ({ directory: directoryOf(), disable, leave, writeEmail }));

  describeDirectory('Identity Store, page by page,', async () => {
    await standIn.pace({ pageSizeCap: 1 });
    return { directory: directoryOf(), disable, leave, writeEmail };
  });

  it.each([
    ['findByUserName', 'ListUsers', (it: Directory) => it.findByUserName('maria')],
    ['findByEmail', 'GetUserId', (it: Directory) => it.findByEmail('maria@example.com')],
    ['findByEmail', 'DescribeUser', (it: Directory) => it.findByEmail('maria@example.com')],
    ['findById', 'DescribeUser', (it: Directory) => it.findById('906712ab3f-00000000-0000-4000-8000-000000000000')],
    ['findGroup', 'GetGroupId', (it: Directory) => it.findGroup('payments-leads')],
    [
      'groupsOf',
      'IsMemberInGroups',
      (it: Directory) =>
        it.groupsOf('906712ab3f-00000000-0000-4000-8000-000000000000', [
          { id: '906712ab3f-00000000-0000-4000-8000-000000000001', name: 'any' },
        ]),
    ],
    [
      'memberIds',
      'ListGroupMemberships',
      (it: Directory) => it.memberIds({ id: '906712ab3f-00000000-0000-4000-8000-000000000001', name: 'any' }),
    ],
  ])('throws a fault and never an empty answer when the service fails: %s', async (_, operation, call) => {
    await standIn.fail({ kind: 'error', operation, error: 'AccessDeniedException' });
    await expect(call(directoryOf())).rejects.toMatchObject({
      name: 'ServiceFault',
      source: 'identity-store',
      code: 'AccessDeniedException',
    });
  });

  it('asks about more groups than one call takes', async () => {
    const found = await directoryOf().findGroup('payments-leads');
    const lena = personIn(await directoryOf().findByUserName('lena'));
    const leads = found ?? { id: '', name: '' };
    const asked = Array.from({ length: 250 }, () => leads);
    expect(await directoryOf().groupsOf(lena.id, asked)).toHaveLength(250);
    expect(standIn.callsOf('IsMemberInGroups')).toBe(3);
  });
});

describe('the Identity Store directory, answered by a stub', () => {
  const NOW = createFixedClock(MORNING);
  let aws: StubAws;
  let directory: Directory;
  beforeAll(async () => {
    aws = await startStubAws();
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    const { config } = new IdentitystoreClient({ region: 'us-east-1', credentials });
    const calls = createIdentityStoreCalls({ aws: config, endpoint: aws.url, tries: 1, clock: NOW });
    directory = createIdentityStoreDirectory({ calls, identityStoreId: 'd-906712ab3f', clock: NOW });
  });
  afterAll(() => aws.stop());

  const user = (UserId: string, UserName: string, more: object = {}) => ({
    UserId,
    UserName,
    IdentityStoreId: 'd-906712ab3f',
    ...more,
  });

  it('reads the attributes that rules may speak of, whatever the case of the names, and nothing that is no text', async () => {
    const enterprise = {
      costCenter: 'CC-7',
      Department: 'Risk',
      division: '',
      manager: { value: 'x' },
      organization: 7,
    };
    const Extensions = { 'aws:identitystore:enterprise': enterprise };
    aws.answer({ body: { Users: [user('1', 'maria', { Title: 'Engineer', UserType: 'Contractor', Extensions })] } });
    expect(await directory.findByUserName('maria')).toMatchObject({
      attributes: { title: 'Engineer', user_type: 'Contractor', cost_center: 'CC-7', department: 'Risk' },
    });
    expect(aws.calls[0]?.input).toMatchObject({ Extensions: ['aws:identitystore:enterprise'] });
  });

  it('counts a user without a status as enabled', async () => {
    aws.answer({ body: { Users: [user('1', 'maria', { DisplayName: 'Maria' })] } });
    expect(await directory.findByUserName('maria')).toEqual({
      id: '1',
      userName: 'maria',
      displayName: 'Maria',
      enabled: true,
      attributes: {},
    });
  });

  it('counts a user in a status that it does not know as disabled', async () => {
    aws.answer({ body: { Users: [user('1', 'maria', { UserStatus: 'LOCKED' })] } });
    expect(await directory.findByUserName('maria')).toMatchObject({ enabled: false });
  });

  it('shows the user name of somebody without a display name', async () => {
    aws.answer({ body: { Users: [user('1', 'maria')] } });
    expect(await directory.findByUserName('maria')).toMatchObject({ displayName: 'maria' });
  });

  it('compares user names without regard to case, as Identity Center does', async () => {
    aws.answer({ body: { Users: [user('1', 'Maria')] } });
    expect(await directory.findByUserName('mARIA')).toMatchObject({ id: '1', userName: 'Maria' });
  });

  it('takes nobody for a user name that the service answers with somebody else', async () => {
    aws.answer({ body: { Users: [user('1', 'mariana')] } });
    expect(await directory.findByUserName('maria')).toBeUndefined();
  });

  it('says so when two people match', async () => {
    aws.answer({ body: { Users: [user('1', 'maria')], NextToken: 'next' } }, { body: { Users: [user('2', 'MARIA')] } });
    expect(await directory.findByUserName('maria')).toBe('several');
  });

  it('takes somebody who is found by both ways of writing for one person', async () => {
    aws.answer({ body: { Users: [user('1', 'Maria')] } });
    expect(await directory.findByUserName('MARIA')).toMatchObject({ id: '1' });
  });

  it('takes nobody for an e-mail address that the service answers with somebody else', async () => {
    aws.answer(
      { body: { UserId: '1' } },
      { body: user('1', 'mariana', { Emails: [{ Value: 'mariana@example.com' }] }) },
    );
    expect(await directory.findByEmail('maria@example.com')).toBeUndefined();
  });

  it('takes nobody for an e-mail address of somebody without any', async () => {
    aws.answer({ body: { UserId: '1' } }, { body: user('1', 'maria') });
    expect(await directory.findByEmail('maria@example.com')).toBeUndefined();
  });

  it('takes nobody for an e-mail address of somebody who was deleted meanwhile', async () => {
    aws.answer({ body: { UserId: '1' } }, { status: 400, body: { __type: 'ResourceNotFoundException' } });
    expect(await directory.findByEmail('maria@example.com')).toBeUndefined();
  });

  it('throws a fault for a user without an id', async () => {
    aws.answer({ body: { Users: [{ UserName: 'maria' }] } });
    await expect(directory.findByUserName('maria')).rejects.toMatchObject({
      source: 'identity-store',
      code: 'MissingUserId',
    });
  });

  it('remembers a group for five minutes, and an absent one not at all', async () => {
    aws.answer({ status: 400, body: { __type: 'ResourceNotFoundException' } });
    expect(await directory.findGroup('leads')).toBeUndefined();
    aws.answer({ body: { GroupId: 'first' } }, { body: { GroupId: 'second' } });
    expect(await directory.findGroup('leads')).toEqual({ id: 'first', name: 'leads' });
    NOW.advance(299);
    expect(await directory.findGroup('leads')).toEqual({ id: 'first', name: 'leads' });
    NOW.advance(2);
    expect(await directory.findGroup('leads')).toEqual({ id: 'second', name: 'leads' });
  });

  it('tells names and members as they were up to a minute ago, while finding somebody always asks', async () => {
    aws.answer({ body: user('9', 'ana') }, { body: { GroupMemberships: [{ MemberId: { UserId: '9' } }] } });
    expect(await directory.recall('9')).toMatchObject({ userName: 'ana', enabled: true });
    expect(await directory.memberIds({ id: 'g9', name: 'any' })).toEqual(['9']);
    NOW.advance(59);
    expect(await directory.recall('9')).toMatchObject({ userName: 'ana', enabled: true });
    expect(await directory.memberIds({ id: 'g9', name: 'any' })).toEqual(['9']);
    aws.answer({ body: user('9', 'ana', { UserStatus: 'DISABLED' }) });
    expect(await directory.findById('9')).toMatchObject({ enabled: false });
    NOW.advance(2);
    aws.answer({ body: user('9', 'ana', { UserStatus: 'DISABLED' }) }, { body: { GroupMemberships: [] } });
    expect(await directory.recall('9')).toMatchObject({ enabled: false });
    expect(await directory.memberIds({ id: 'g9', name: 'any' })).toEqual([]);
  });

  it('stops reading the members of a large group when the caller has no more time', async () => {
    const group = { id: 'g9', name: 'any' };
    const page = { body: { GroupMemberships: [{ MemberId: { UserId: '9' } }], NextToken: 'more' } };
    aws.answer(page, page, { body: { GroupMemberships: [] } });
    const calling = directory.memberIds(group, addSeconds(NOW.now(), 1));
    NOW.advance(1);
    await expect(calling).rejects.toThrow(OutOfTime);
    aws.answer({ body: { GroupMemberships: [{ MemberId: { UserId: '9' } }] } });
    expect(await directory.memberIds(group, addSeconds(NOW.now(), 1))).toEqual(['9']);
  });

  it('throws a fault when the connection breaks', async () => {
    aws.answer({ hangUp: true });
    await expect(directory.findById('1')).rejects.toMatchObject({ name: 'ServiceFault', source: 'identity-store' });
  });
});
