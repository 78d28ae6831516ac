// The seed organization: its shape, the people of the tour, and what a broken seed file is told.
import { writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { describe, expect, test } from 'vitest';
import { localCredentials } from '../../../local/seed/credentials.ts';
import { readSeed, type Seed } from '../../../local/seed/seed.ts';
import { SEED_PATH, temporaryStateFile } from './harness.ts';

const seed = await readSeed(SEED_PATH);
const members = (name: string): readonly string[] => {
  const ids = seed.groups.find(({ displayName }) => displayName === name)?.memberUserIds ?? [];
  return seed.people.filter(({ userId }) => ids.includes(userId)).map(({ userName }) => userName);
};

describe('the organization that the local service starts with', () => {
  test('is of realistic size', () => {
    expect(seed.accounts).toHaveLength(45);
    expect(seed.organizationalUnits).toHaveLength(22);
    expect(seed.people).toHaveLength(31);
    expect(seed.groups).toHaveLength(14);
    expect(seed.permissionSets).toHaveLength(11);
  });

  test('has units four deep, and tags handed down to accounts', () => {
    expect(seed.accounts.find(({ name }) => name === 'card-vault-prod')).toMatchObject({
      path: ['Workloads', 'Payments', 'Prod', 'Regulated'],
      tags: { team: 'payments', environment: 'prod', criticality: 'critical', dataClass: 'cardholder' },
    });
  });

  test.each([
    ['payments-engineers', ['maria', 'lena', 'diego', 'aiko', 'noah']],
    ['payments-leads', ['omar', 'lena', 'victor']],
    ['sre-oncall', ['kenji', 'priya', 'sven']],
    ['brevet-administrators', ['ines']],
    ['brevet-auditors', ['tom', 'ruth']],
  ])('%s has the people of the tour', (group, people) => {
    expect(members(group)).toEqual(people);
  });

  test('has one disabled person, who is a payments lead', () => {
    expect(seed.people.filter(({ status }) => status === 'DISABLED').map(({ userName }) => userName)).toEqual([
      'victor',
    ]);
  });

  test('keeps its ids from one release to the next', () => {
    expect(seed).toMatchObject({
      managementAccountId: '100000000001',
      hostingAccountId: '300000000001',
      instanceArn: 'arn:aws:sso:::instance/ssoins-7223c4d1e8b6a509',
      identityStoreId: 'd-906712ab3f',
      organizationId: 'o-b7e4v3t1k9',
      rootId: 'r-b7e4',
      region: 'us-east-1',
    });
    expect(seed.people.find(({ userName }) => userName === 'maria')).toMatchObject({
      userId: '906712ab3f-d1a41bca-8bfb-4a4a-8870-2e70c511e8af',
      email: 'maria@example.com',
      attributes: { team: 'payments' },
    });
    expect(seed.permissionSets.find(({ name }) => name === 'AdministratorAccess')?.arn).toBe(
      'arn:aws:sso:::permissionSet/ssoins-7223c4d1e8b6a509/ps-8b96344e9681dbd7',
    );
    expect(seed.accounts.find(({ name }) => name === 'payments-prod')?.id).toBe('400000000001');
  });

  test('has ids in the formats of AWS, each once', () => {
    const formats: readonly [readonly string[], RegExp][] = [
      [seed.accounts.map(({ id }) => id), /^\d{12}$/],
      [seed.organizationalUnits.map(({ id }) => id), /^ou-b7e4-[0-9a-z]{8}$/],
      [
        seed.permissionSets.map(({ arn }) => arn),
        /^arn:aws:sso:::permissionSet\/ssoins-7223c4d1e8b6a509\/ps-[0-9a-f]{16}$/,
      ],
      [seed.people.map(({ userId }) => userId), /^906712ab3f-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/],
      [seed.groups.map(({ groupId }) => groupId), /^906712ab3f-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/],
    ];
    for (const [ids, format] of formats) {
      expect(ids.filter((id) => !format.test(id))).toEqual([]);
      expect(new Set(ids).size).toBe(ids.length);
    }
  });
});

describe('local credentials', () => {
  test('are the same pair every time', () => {
    expect(localCredentials('maria')).toEqual({
      accessKeyId: 'AKIALOCALYLGXMCBJXS3',
      secretAccessKey: 'ay3Qma616JZGnORLNZWNXXRj553jXV9e5uScQ25y1Sw=',
    });
  });

  test('are another pair for each person, in AWS formats', () => {
    const keys = seed.people.map(({ userName }) => localCredentials(userName).accessKeyId);
    expect(new Set(keys).size).toBe(31);
    expect(keys.filter((key) => !/^AKIALOCAL[A-Z2-7]{11}$/.test(key))).toEqual([]);
  });
});

describe('a seed file that cannot be used', () => {
  const readText = async (text: string): Promise<Seed> => {
    const path = temporaryStateFile();
    await mkdir(dirname(path), { recursive: true });
    writeFileSync(path, text);
    return readSeed(path);
  };
  const sound = `
region: us-east-1
organizationId: o-abcdefghij
rootId: r-ab12
instanceId: ssoins-0123456789abcdef
identityStoreId: d-0123456789
callerIs: management
managementAccount: main
hostingAccount: main
root: { accounts: [{ name: main, id: '111111111111' }] }
permissionSets: [{ name: ReadOnlyAccess }]
people: [{ userName: ann, givenName: Ann, familyName: Lee, title: Engineer, team: one }]
`;

  test('is read when nothing is wrong with it', async () => {
    await expect(readText(sound)).resolves.toMatchObject({ managementAccountId: '111111111111' });
  });

  test.each([
    ['an account id that YAML reads as a number', ["'111111111111'", '111111111111'], 'root.accounts[0].id: '],
    ['a field that does not exist', ['team: one', 'team: one, tema: two'], 'people[0]: Unrecognized key: "tema"'],
    ['a Region that is none', ['us-east-1', 'Virginia'], 'region: must be an AWS Region such as us-east-1'],
    [
      'an account that does not exist',
      ['hostingAccount: main', 'hostingAccount: mian'],
      'hostingAccount: there is no account "mian"; there are main',
    ],
    [
      'a person twice',
      ['people: [', 'people: [{ userName: ann, givenName: A, familyName: B, title: C, team: d }, '],
      'the userName "ann" appears twice',
    ],
    ['what is not YAML', ['root: {', 'root: {{'], 'is not YAML'],
  ])('is told where it has %s', async (_, [before = '', after = ''], message) => {
    await expect(readText(sound.replace(before, after))).rejects.toThrow(message);
  });

  test('is told of a member who is not a person', async () => {
    const text = `${sound}groups: [{ name: crew, members: [ann, bob] }]\n`;
    await expect(readText(text)).rejects.toThrow('groups[0].members: there is no person "bob"; there are ann');
  });

  test('is told of an assignment to a group that does not exist', async () => {
    const text = `${sound}standingAssignments: [{ group: crew, permissionSet: ReadOnlyAccess, accounts: [main] }]\n`;
    await expect(readText(text)).rejects.toThrow('standingAssignments[0].group: there is no group "crew"');
  });
});
