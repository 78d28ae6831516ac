/** The policy source's suite, on memory and on the policy table. */
import { createHash } from 'node:crypto';
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { createDynamoPolicySource } from '../../lambda/adapters/dynamo-policy-source.ts';
import { createFixedClock, type FixedClock } from '../../lambda/adapters/memory/fixed-clock.ts';
import { createMemoryPolicySource } from '../../lambda/adapters/memory/memory-policy-source.ts';
import type { Policy } from '../../lambda/domain/policy/policy.ts';
import type { PolicySource } from '../../lambda/ports/policy-source.ts';
import { clientFor, startDynoxide, type TestDynamo } from './dynoxide.ts';
import { describePolicySource } from './policy-source-contract.ts';
import { HOUR, MORNING } from './samples.ts';
import { exception, startStubAws } from './stub-aws.ts';

const FIRST_TEXT = `version: 1
entitlements:
  - name: payments-prod
    who: { groups: [payments-engineers], users: [Maria] }
    what:
      accounts: { ids: ['400000000001'], names: [ledger-prod], organizational_units: [Workloads/Payments, /] }
      permission_sets: [AdministratorAccess]
    max_duration: 1h
    approval: { groups: [payments-leads], required: 2 }
    require: { justification_length: 20, ticket_pattern: 'PAY-\\d+' }
  - name: look-around
    who: { groups: [everyone] }
    what: { accounts: { organizational_units: [/] }, permission_sets: [ReadOnlyAccess] }
    max_duration: PT1H
    approval: none
`;
const SECOND_TEXT = 'version: 1\nentitlements: []\n';

/** What is stored: the content as JSON. */
const documentOf = (text: string): string => JSON.stringify(parse(text));
const FIRST_DOCUMENT = documentOf(FIRST_TEXT);
const SECOND_DOCUMENT = documentOf(SECOND_TEXT);

const versionOf = (text: string): string => createHash('sha256').update(text).digest('hex');

const FIRST: Policy = {
  version: versionOf(FIRST_DOCUMENT),
  entitlements: [
    {
      name: 'payments-prod',
      who: { groups: ['payments-engineers'], users: ['maria'], attributes: [] },
      what: {
        accounts: {
          ids: ['400000000001'],
          names: ['ledger-prod'],
          organizationalUnits: ['Workloads/Payments', '/'],
          tags: [],
        },
        permissionSets: { names: ['AdministratorAccess'], tags: [] },
      },
      match: [],
      maxDurationSeconds: HOUR,
      approval: [{ required: 2, groups: ['payments-leads'], users: [], attributes: [] }],
      require: { justificationLength: 20, ticketPattern: 'PAY-\\d+' },
    },
    {
      name: 'look-around',
      who: { groups: ['everyone'], users: [], attributes: [] },
      what: {
        accounts: { ids: [], names: [], organizationalUnits: ['/'], tags: [] },
        permissionSets: { names: ['ReadOnlyAccess'], tags: [] },
      },
      match: [],
      maxDurationSeconds: HOUR,
      approval: [],
      require: { justificationLength: 1 },
    },
  ],
  guardrails: [],
};
const SECOND: Policy = { version: versionOf(SECOND_DOCUMENT), entitlements: [], guardrails: [] };
const DOCUMENTS = new Map([
  [FIRST.version, FIRST_DOCUMENT],
  [SECOND.version, SECOND_DOCUMENT],
]);

describePolicySource('memory', async () => {
  const source = createMemoryPolicySource();
  return { source, first: FIRST, second: SECOND, publish: async (policy) => source.publish(policy) };
});

describe('on DynamoDB', () => {
  let dynamo: TestDynamo;
  let clock: FixedClock;
  let tableName: string;
  let source: PolicySource;
  beforeAll(async () => {
    dynamo = await startDynoxide();
  });
  afterAll(() => dynamo.stop());
  beforeEach(async () => {
    clock = createFixedClock(MORNING);
    tableName = await dynamo.makeTable();
    source = createDynamoPolicySource({ client: dynamo.client, tableName, clock });
  });

  // The keys are written out: whoever publishes and whoever reads must agree on them.
  const put = async (pk: string, attributes: Readonly<Record<string, string>>): Promise<void> => {
    const strings = Object.entries({ pk, sk: 'POLICY', ...attributes }).map(([name, S]) => [name, { S }]);
    await dynamo.client.send(new PutItemCommand({ TableName: tableName, Item: Object.fromEntries(strings) }));
  };
  const publish = async ({ version }: Policy): Promise<void> => {
    await put(`POLICY#VERSION#${version}`, { document: DOCUMENTS.get(version) ?? '' });
    await put('POLICY#CURRENT', { version });
    clock.advance(10);
  };

  describePolicySource('DynamoDB', async () => ({ source, first: FIRST, second: SECOND, publish }));

  it('looks for a newer policy after ten seconds, not earlier', async () => {
    await publish(FIRST);
    await source.current();
    await put(`POLICY#VERSION#${SECOND.version}`, { document: SECOND_DOCUMENT });
    await put('POLICY#CURRENT', { version: SECOND.version });
    clock.advance(9);
    expect((await source.current()).version).toBe(FIRST.version);
    clock.advance(1);
    expect((await source.current()).version).toBe(SECOND.version);
  });

  it.each([
    ['a text that does not hash to its version', FIRST.version, SECOND_DOCUMENT, 'HashMismatch'],
    ['a text that is no policy', versionOf('{"version":2}'), '{"version":2}', 'Invalid'],
    ['a text that is no JSON', versionOf('{'), '{', 'Invalid'],
    ['no text', versionOf(''), '', 'Invalid'],
  ])('throws a fault for %s', async (_, version, document, code) => {
    await put(`POLICY#VERSION#${version}`, { document });
    await put('POLICY#CURRENT', { version });
    await expect(source.current()).rejects.toMatchObject({ name: 'ServiceFault', source: 'policy', code });
    await expect(source.byVersion(version)).rejects.toMatchObject({ code });
  });

  it('throws a fault for a pointer without a version, and for one to a version that is not there', async () => {
    await put('POLICY#CURRENT', { other: 'attribute' });
    await expect(source.current()).rejects.toMatchObject({ source: 'policy', code: 'UnknownShape' });
    await put('POLICY#CURRENT', { version: FIRST.version });
    await expect(source.current()).rejects.toMatchObject({ source: 'policy', code: 'NotPublished' });
  });

  it('throws a fault when the table cannot be read', async () => {
    const aws = await startStubAws();
    try {
      aws.answer(exception('InternalServerError', {}, 500));
      const broken = createDynamoPolicySource({ client: clientFor(aws.url), tableName, clock });
      await expect(broken.current()).rejects.toMatchObject({ source: 'policy', code: 'InternalServerError' });
    } finally {
      await aws.stop();
    }
  });
});
