/** `brevet policy publish` against a real DynamoDB: what is judged before, what is written, and who is told when two publish at once. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { GetItemCommand, PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createDynamoPolicySource } from '../../../lambda/adapters/dynamo-policy-source.ts';
import { createSystemClock } from '../../../lambda/adapters/system-clock.ts';
import { parsePolicyFile } from '../../../lambda/contract/policy-file.ts';
import { policyLanguage } from '../../../lambda/contract/policy-schema.ts';
import { startDynoxide, type TestDynamo } from '../../contract/dynoxide.ts';
import { readTestSeed } from '../../contract/stand-in.ts';
import { type Brevet, buildBrevet } from '../support/brevet.ts';
import { exportOf } from './seed-organization.ts';

const POLICY = `version: 1
entitlements:
  - name: payments
    who: { groups: [payments-engineers] }
    what: { accounts: { names: [payments-prod] }, permission_sets: [AdministratorAccess] }
    max_duration: 1h
    approval: { groups: [payments-leads] }
`;
const OTHER = POLICY.replace('1h', '2h');

const versionOf = (text: string): string => {
  const parsed = parsePolicyFile(text);
  if (!parsed.ok) throw new Error(parsed.problems.join('\n'));
  return parsed.version;
};

let dynamo: TestDynamo;
let brevet: Brevet;
let folder: string;
let organization: string;
let address: string;
let table: string;
beforeAll(async () => {
  [dynamo, brevet] = await Promise.all([startDynoxide(), buildBrevet()]);
  folder = await mkdtemp(join(tmpdir(), 'brevet-publish-'));
  organization = join(folder, 'organization.json');
  await writeFile(organization, JSON.stringify(exportOf(await readTestSeed())));
  const at = await dynamo.client.config.endpoint?.();
  address = `http://${at?.hostname}:${at?.port}`;
});
afterAll(async () => {
  await Promise.all([dynamo.stop(), brevet.remove(), rm(folder, { recursive: true })]);
});
beforeEach(async () => {
  table = await dynamo.makeTable();
});

const write = async (text: string, name = 'policy.yaml'): Promise<string> => {
  await writeFile(join(folder, name), text);
  return join(folder, name);
};

const ASSUMED = `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>
<AccessKeyId>ASIAPUBLISHER</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>
<Expiration>2097-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`;

const ENV = { AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' };
const publish = (path: string, ...flags: readonly string[]) =>
  brevet.run(['policy', 'publish', path, ...flags], {
    env: { ...ENV, HOME: folder, AWS_ENDPOINT_URL_DYNAMODB: address, BREVET_POLICY_TABLE: table },
  });
const published = async (text: string, ...flags: readonly string[]) => {
  const { stdout, ...ran } = await publish(await write(text), '--yes', '--json', ...flags);
  return { ...ran, document: JSON.parse(stdout) };
};

const inForce = () =>
  createDynamoPolicySource({ client: dynamo.client, tableName: table, clock: createSystemClock() }).current();
const itemsOf = async () => (await dynamo.client.send(new ScanCommand({ TableName: table }))).Items ?? [];

describe('policy publish', () => {
  it('puts the first policy in force, as the functions read it', async () => {
    expect(await published(POLICY)).toMatchObject({
      code: 0,
      document: { outcome: 'published', version: versionOf(POLICY) },
    });
    expect(await inForce()).toMatchObject({ version: versionOf(POLICY), entitlements: [{ name: 'payments' }] });
  });

  it('says what was in force before, and leaves that version there', async () => {
    await published(POLICY);
    const { stdout } = await publish(await write(OTHER), '--yes');
    expect(stdout.split('\n')).toEqual([
      `  in force before  ${versionOf(POLICY)}`,
      `  this policy      ${versionOf(OTHER)}`,
      'Published. It is in force within ten seconds.',
      '',
    ]);
    expect((await inForce()).version).toBe(versionOf(OTHER));
    const Key = { pk: { S: `POLICY#VERSION#${versionOf(POLICY)}` }, sk: { S: 'POLICY' } };
    expect((await dynamo.client.send(new GetItemCommand({ TableName: table, Key }))).Item).toBeDefined();
  });

  it('goes back to an earlier version as it goes forward', async () => {
    for (const text of [POLICY, OTHER, POLICY]) await published(text);
    expect((await inForce()).version).toBe(versionOf(POLICY));
    expect(await itemsOf()).toHaveLength(3);
  });

  it('changes nothing when that policy is in force', async () => {
    await published(POLICY);
    const before = await itemsOf();
    expect(await published(POLICY)).toMatchObject({ code: 0, document: { outcome: 'unchanged' } });
    expect(await itemsOf()).toEqual(before);
  });

  it('shows who gains and who loses, where an organization is at hand', async () => {
    await published(POLICY);
    const { document } = await published(OTHER, '--organization', organization);
    expect(document.differences[0]).toMatchObject({
      changes: [{ kind: 'changes', before: { maxDuration: 'PT1H' }, after: { maxDuration: 'PT2H' } }],
    });
    const { stderr } = await publish(await write(POLICY), '--yes', '--organization', organization);
    expect(stderr).toContain(
      'changes  payments-prod/AdministratorAccess: 1 of group payments-leads, 2h -> 1 of group payments-leads, 1h',
    );
  });

  it('writes nothing with --dry-run', async () => {
    const { code, document } = await published(POLICY, '--dry-run');
    expect([code, document.outcome]).toEqual([0, 'dry-run']);
    expect(await itemsOf()).toEqual([]);
  });

  it.each([
    ['its form', POLICY.replace('max_duration', 'max_durations'), [], 'is missing'],
    [
      'a name that nothing bears',
      POLICY.replace('payments-leads', 'payments-leeds'),
      ['ORGANIZATION'],
      'did you mean "payments-leads"?',
    ],
    [
      'a pattern that may search for ever',
      `${POLICY}    require: { ticket_pattern: '(a+)+' }\n`,
      [],
      'busy for very long',
    ],
  ])('refuses what lint refuses: %s', async (_, text, flags, message) => {
    const path = await write(text);
    const { code, stdout } = await publish(
      path,
      '--yes',
      ...(flags.length > 0 ? ['--organization', organization] : []),
    );
    expect(code).toBe(1);
    expect(stdout).toContain(message);
    expect(stdout).toMatch(new RegExp(`^${path}:\\d+:\\d+: `));
    expect(stdout).toContain('Nothing was published: lint refuses it.');
    expect(await itemsOf()).toEqual([]);
  });

  it('does nothing without a yes where nobody can be asked', async () => {
    const { code, stderr } = await publish(await write(POLICY));
    expect(code).toBe(2);
    expect(stderr).toContain('--yes');
    expect(await itemsOf()).toEqual([]);
  });

  it('of many who publish different policies at the same moment puts one in force, and tells the others', async () => {
    await published(POLICY);
    const texts = ['2h', '3h', '4h', '5h'].map((length) => POLICY.replace('1h', length));
    const paths = await Promise.all(texts.map((text, index) => write(text, `at-once-${index}.yaml`)));
    const runs = await Promise.all(paths.map((path) => publish(path, '--yes', '--json')));
    const documents = runs.map(({ stdout }) => JSON.parse(stdout));
    const winners = documents.filter(({ outcome }) => outcome === 'published');
    // Whoever began after another had ended has replaced that one knowingly.
    const { version } = await inForce();
    expect(winners.map((one) => one.version)).toContain(version);
    expect(new Set(winners.map(({ replaces }) => replaces)).size).toBe(winners.length);
    for (const { code } of documents.filter(({ outcome }) => outcome !== 'published'))
      expect(code).toBe('changed_meanwhile');
  });

  it('of many who publish the same at the same moment tells nobody of trouble', async () => {
    const path = await write(POLICY);
    const runs = await Promise.all([1, 2, 3].map(() => publish(path, '--yes', '--json')));
    expect(runs.map(({ code }) => code)).toEqual([0, 0, 0]);
  });

  it('does not point to a version whose text in the table is another', async () => {
    const Item = { pk: { S: `POLICY#VERSION#${versionOf(POLICY)}` }, sk: { S: 'POLICY' }, document: { S: '{}' } };
    await dynamo.client.send(new PutItemCommand({ TableName: table, Item }));
    expect(await published(POLICY)).toMatchObject({ code: 20, document: { code: 'unavailable' } });
    await expect(inForce()).rejects.toMatchObject({ code: 'NotPublished' });
  });

  it('does not publish what those who are deployed may not understand', async () => {
    const put = (version: string) => {
      const Item = { pk: { S: 'POLICY#LANGUAGE' }, sk: { S: 'POLICY' }, version: { S: version } };
      return dynamo.client.send(new PutItemCommand({ TableName: table, Item }));
    };
    await put('of-another-version');
    const { code, document } = await published(POLICY);
    expect([code, document.code]).toEqual([2, 'usage']);
    expect(document.detail).toContain('another version of their language');
    expect(await itemsOf()).toHaveLength(1);
    await put(policyLanguage());
    expect((await published(POLICY)).code).toBe(0);
  });

  it('takes on the role that is named, and calls the table as that', async () => {
    const role = 'arn:aws:iam::300000000001:role/Brevet-PolicyPipeline';
    const calls: string[] = [];
    const aws = createServer(async (request, response) => {
      const body = await text(request);
      calls.push(`${request.headers['x-amz-target'] ?? body} ${request.headers.authorization}`);
      if (request.headers['x-amz-target']) response.setHeader('content-type', 'application/x-amz-json-1.0').end('{}');
      else response.setHeader('content-type', 'text/xml').end(ASSUMED);
    });
    await new Promise<void>((done) => aws.listen(0, '127.0.0.1', done));
    try {
      const url = `http://127.0.0.1:${(aws.address() as AddressInfo).port}`;
      const env = { ...ENV, HOME: folder, AWS_ENDPOINT_URL: url };
      const words = ['policy', 'publish', await write(POLICY), '--dry-run', '--table', 'policy', '--role', role];
      const { code, stderr } = await brevet.run(words, { env });
      expect(code, stderr).toBe(0);
    } finally {
      aws.close();
    }
    const [first = '', ...others] = calls;
    expect(first).toContain(`Action=AssumeRole`);
    expect(first).toContain(encodeURIComponent(role));
    expect(first).toContain('Credential=test/');
    expect(others.length).toBeGreaterThan(0);
    for (const call of others) expect(call).toMatch(/^DynamoDB_20120810\.GetItem .*Credential=ASIAPUBLISHER\//);
  });

  it.each([
    ['no table', { BREVET_POLICY_TABLE: '' }, [], 2, 'PolicyTableName'],
    ['a table that is not there', {}, ['--table', 'nowhere'], 2, 'There is no table "nowhere"'],
    ['no Region', { AWS_REGION: '' }, [], 2, 'AWS_REGION'],
    ['no credentials', { AWS_ACCESS_KEY_ID: '' }, [], 14, 'No AWS credentials'],
  ])('says what is missing: %s', async (_, changes, flags, exit, message) => {
    const env = { ...ENV, HOME: folder, AWS_ENDPOINT_URL_DYNAMODB: address, BREVET_POLICY_TABLE: table, ...changes };
    const { code, stderr } = await brevet.run(['policy', 'publish', await write(POLICY), '--yes', ...flags], { env });
    expect(code).toBe(exit);
    expect(stderr.replaceAll(/\s+/g, ' ')).toContain(message);
  });
});
