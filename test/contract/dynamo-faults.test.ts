/** What the DynamoDB ledger makes of answers that only a busy, broken or newer database gives. */
import { PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createDynamoLedger } from '../../lambda/adapters/dynamo-ledger.ts';
import { createFixedClock } from '../../lambda/adapters/memory/fixed-clock.ts';
import type { Lease } from '../../lambda/domain/lease.ts';
import type { Instant } from '../../lambda/domain/time.ts';
import type { Ledger } from '../../lambda/ports/ledger.ts';
import { clientFor, startDynoxide, type TestDynamo } from './dynoxide.ts';
import { eventOf, idOf, leaseOf, MORNING, minutesAfter, pending } from './samples.ts';
import { exception, type StubAnswer, type StubAws, startStubAws } from './stub-aws.ts';

const cancelled = (...codes: readonly string[]): StubAnswer =>
  exception('TransactionCanceledException', { CancellationReasons: codes.map((Code) => ({ Code })) });

/** Its writes, in order: the request, its event, the count of open requests. */
const ASK = { requests: [{ after: pending(1), events: [eventOf(idOf(1), 1)] }], openLimit: 10 };

describe('the DynamoDB ledger, answered by a stub', () => {
  let aws: StubAws;
  let ledger: Ledger;
  const ledgerWith = (maxAttempts: number): Ledger =>
    createDynamoLedger({ client: clientFor(aws.url, maxAttempts), tableName: 'any', clock: createFixedClock(MORNING) });

  beforeEach(async () => {
    aws = await startStubAws();
    ledger = ledgerWith(1);
  });
  afterEach(() => aws.stop());

  it.each([
    ['the request was changed', ['ConditionalCheckFailed', 'None', 'None'], 'conflict'],
    ['the event is there', ['None', 'ConditionalCheckFailed', 'None'], 'conflict'],
    ['the limit is reached', ['None', 'None', 'ConditionalCheckFailed'], 'too-many-open'],
    [
      'the request was changed and the limit is reached',
      ['ConditionalCheckFailed', 'None', 'ConditionalCheckFailed'],
      'conflict',
    ],
    [
      'the limit is reached while others write',
      ['TransactionConflict', 'None', 'ConditionalCheckFailed'],
      'too-many-open',
    ],
    ['others go on writing', ['TransactionConflict', 'None', 'None'], 'conflict'],
    ['the table stays too busy', ['None', 'ThrottlingError', 'None'], 'conflict'],
    [
      'the table stays too busy and others write',
      ['TransactionConflict', 'ProvisionedThroughputExceeded', 'None'],
      'conflict',
    ],
  ] as const)('tells what a cancelled commit means: %s', async (_, codes, expected) => {
    aws.answer(cancelled(...codes));
    expect(await ledger.commit(ASK)).toBe(expected);
  });

  it.each([
    ['the lease was changed', ['ConditionalCheckFailed', 'None'], 'conflict'],
    ['the lock carries another number', ['None', 'ConditionalCheckFailed'], 'conflict'],
    ['the lock is being written again and again', ['None', 'TransactionConflict'], 'conflict'],
  ] as const)('tells what a cancelled claim means: %s', async (_, codes, expected) => {
    aws.answer(cancelled(...codes));
    expect(await ledger.commit({ leases: [leaseOf()], fence: 7 })).toBe(expected);
    const [call] = aws.calls;
    const [write, check] = (call?.input.TransactItems ?? []) as Record<string, Record<string, unknown>>[];
    expect(Object.keys(write ?? {})).toEqual(['Put']);
    expect(check?.ConditionCheck?.ExpressionAttributeValues).toEqual({ ':fence': { N: '7' } });
  });

  it.each([
    ['others were writing the same items', cancelled('TransactionConflict', 'None', 'None')],
    ['the table was too busy', cancelled('None', 'None', 'ThrottlingError')],
    ['the same transaction was still being worked on', exception('TransactionInProgressException')],
  ])('commits in the end when %s', async (_, trouble) => {
    aws.answer(trouble, trouble, {});
    expect(await ledger.commit(ASK)).toBe('committed');
  });

  it('gives all tries of one commit the same token, so that a commit whose answer was lost is not done twice', async () => {
    aws.answer({ hangUp: true }, cancelled('TransactionConflict', 'None', 'None'), {});
    expect(await ledgerWith(3).commit(ASK)).toBe('committed');
    const tokens = aws.calls.map(({ input }) => input.ClientRequestToken);
    expect(tokens).toHaveLength(3);
    expect(new Set(tokens).size).toBe(1);
    expect(tokens[0]).toMatch(/^[0-9a-f-]{36}$/);
  });

  it.each([
    ['a reason that it does not know', cancelled('ValidationError', 'None', 'None'), 'TransactionCanceledException'],
    [
      'a passing reason beside one that it does not know',
      cancelled('TransactionConflict', 'ValidationError', 'None'),
      'TransactionCanceledException',
    ],
    ['no reasons', exception('TransactionCanceledException'), 'TransactionCanceledException'],
    ['an error of the service', exception('InternalServerError', {}, 500), 'InternalServerError'],
    ['a denial', exception('AccessDeniedException'), 'AccessDeniedException'],
  ])('throws a fault of the database for a commit with %s', async (_, answer, code) => {
    aws.answer(answer);
    await expect(ledger.commit(ASK)).rejects.toMatchObject({ name: 'ServiceFault', source: 'database', code });
  });

  it.each([
    ['readRequest', (it: Ledger) => it.readRequest(idOf(1))],
    ['readEvents', (it: Ledger) => it.readEvents(idOf(1))],
    ['readLease', (it: Ledger) => it.readLease('lease')],
    ['readIdempotency', (it: Ledger) => it.readIdempotency('person', 'key')],
    ['listByRequester', (it: Ledger) => it.listByRequester('person', { limit: 5 })],
    ['listAll', (it: Ledger) => it.listAll({ limit: 5 })],
    ['listOpen', (it: Ledger) => it.listOpen({ limit: 5 })],
    ['listDue', (it: Ledger) => it.listDue(MORNING, 5)],
    ['listWork', (it: Ledger) => it.listWork(5)],
    ['listEvents', (it: Ledger) => it.listEvents({ from: MORNING, to: minutesAfter(MORNING, 5), limit: 5 })],
    ['listWaiting', (it: Ledger) => it.listWaiting(idOf(1))],
    ['readBeside', (it: Ledger) => it.readBeside(idOf(1))],
    ['listAllWaiting', (it: Ledger) => it.listAllWaiting(5)],
    ['addWaiting', (it: Ledger) => it.addWaiting({ requestId: idOf(1), step: 'end', taskToken: 'token' })],
    ['removeWaiting', (it: Ledger) => it.removeWaiting({ requestId: idOf(1), step: 'end', taskToken: 'token' })],
  ])('throws a fault and never an empty answer when the database fails: %s', async (_, call) => {
    aws.answer(exception('InternalServerError', {}, 500));
    await expect(call(ledger)).rejects.toMatchObject({
      name: 'ServiceFault',
      source: 'database',
      code: 'InternalServerError',
    });
  });

  it('throws a fault when only one shard of what is due cannot be read', async () => {
    aws.answer(
      { body: { Items: [] } },
      { body: { Items: [] } },
      { body: { Items: [] } },
      exception('InternalServerError', {}, 500),
    );
    await expect(ledger.listDue(MORNING, 5)).rejects.toMatchObject({ code: 'InternalServerError' });
  });

  it('goes on reading when a page is empty and yet not the last', async () => {
    const goOn = { LastEvaluatedKey: { pk: { S: 'REQUEST#1' }, sk: { S: 'EVENT#000001' } } };
    const event = { data: { M: { broken: { BOOL: true } } } };
    aws.answer({ body: { Items: [], ...goOn } }, { body: { Items: [event] } });
    await expect(ledger.readEvents(idOf(1))).rejects.toMatchObject({ code: 'UnknownShape' });
  });

  it('hands out a page that is not full, with a cursor, when the filter lets next to nothing through', async () => {
    const key = `2026-11-23T08:00:00.000Z#${idOf(7)}`;
    const place = { pk: `REQUEST#${idOf(7)}`, sk: 'REQUEST', listed: 'requests', askedAtId: key };
    const LastEvaluatedKey = Object.fromEntries(Object.entries(place).map(([name, text]) => [name, { S: text }]));
    aws.answer({ body: { Items: [], LastEvaluatedKey } });
    const page = await ledger.listAll({ limit: 5, statuses: ['failed'] });
    expect(page).toEqual({ items: [], cursor: Buffer.from(key).toString('base64url') });
  });
});

describe('the DynamoDB ledger, reading what it did not write', () => {
  let dynamo: TestDynamo;
  let tableName: string;
  let ledger: Ledger;
  beforeAll(async () => {
    dynamo = await startDynoxide();
    tableName = await dynamo.makeTable();
    ledger = createDynamoLedger({ client: dynamo.client, tableName, clock: createFixedClock(MORNING) });
  });
  afterAll(() => dynamo.stop());

  it.each([
    ['a request without its target', { M: { id: { S: idOf(1) }, status: { S: 'pending' } } }],
    ['a request in a status of tomorrow', { M: { id: { S: idOf(1) }, status: { S: 'paused' } } }],
    ['an item without a document', undefined],
  ])('throws a fault for %s', async (_, data) => {
    const keys = { pk: { S: `REQUEST#${idOf(1)}` }, sk: { S: 'REQUEST' } };
    await dynamo.client.send(new PutItemCommand({ TableName: tableName, Item: { ...keys, ...(data && { data }) } }));
    await expect(ledger.readRequest(idOf(1))).rejects.toMatchObject({ source: 'database', code: 'UnknownShape' });
  });

  it('throws a fault for a lease with a field that it does not know, instead of losing it', async () => {
    const newer = { ...leaseOf(), escrow: 'a field of tomorrow' };
    await ledger.commit({ leases: [newer] });
    await expect(ledger.readLease(newer.id)).rejects.toMatchObject({ source: 'database', code: 'UnknownShape' });
  });

  it('lists what is due and to be done beside what it cannot make out, and says of that what it can', async () => {
    const fresh = await dynamo.makeTable();
    const own = createDynamoLedger({ client: dynamo.client, tableName: fresh, clock: createFixedClock(MORNING) });
    const lease: Lease = { ...leaseOf(), state: { kind: 'held' } };
    await own.commit({ leases: [lease] });
    const strange = [
      { dueAtId: '2026-11-23T07:00:00.000Z#escrow#a-kind-of-tomorrow', workKey: '9#2026-11-23T07:00:00.000Z#newer' },
      { dueAtId: '2026', workKey: '2026' },
      { dueAtId: '2026-11-23T06:00:00.000Z#escrow', workKey: '2#no-moment-of-this-world-#newest' },
    ];
    for (const [number, { dueAtId, workKey }] of strange.entries()) {
      const indexed = {
        dueShard: { S: 'DUE#1' },
        dueAtId: { S: dueAtId },
        work: { S: 'leases' },
        workKey: { S: workKey },
      };
      const Item = { pk: { S: `LEASE#${number}` }, sk: { S: 'LEASE' }, ...indexed };
      await dynamo.client.send(new PutItemCommand({ TableName: fresh, Item }));
    }
    const { items } = await own.listDue(minutesAfter(MORNING, 60), 5);
    const unknown = strange.map(({ dueAtId }) => ({ kind: 'unknown', id: dueAtId }));
    expect(items).toHaveLength(4);
    expect(items).toEqual(expect.arrayContaining([{ kind: 'lease', id: lease.id }, ...unknown]));
    expect(await own.listWork(5)).toEqual([
      { leaseId: 'newest', urgency: 'break-glass', since: 0 },
      expect.objectContaining({ leaseId: lease.id, urgency: 'end' }),
      { leaseId: 'newer', urgency: 'settle', since: Date.parse('2026-11-23T07:00:00Z') },
    ]);
  });

  it('lets the table forget keys and tokens some day, and nothing else', async () => {
    const forgetAt = Date.parse('2026-11-24T08:00:00.500Z') as Instant;
    const idempotency = { personId: 'id-maria', key: 'key', bodyHash: 'hash', requestId: idOf(2), forgetAt };
    const fresh = await dynamo.makeTable();
    const own = createDynamoLedger({ client: dynamo.client, tableName: fresh, clock: createFixedClock(MORNING) });
    await own.commit({
      requests: [{ after: pending(2), events: [eventOf(idOf(2), 1)] }],
      leases: [leaseOf()],
      idempotency,
    });
    await own.addWaiting({ requestId: idOf(2), step: 'end', taskToken: 'token' });
    const { Items = [] } = await dynamo.client.send(new ScanCommand({ TableName: fresh }));
    const forgotten = Items.flatMap(({ sk, forgetAt: seconds }) =>
      seconds?.N ? [[sk?.S?.slice(0, 9), Number(seconds.N)]] : [],
    );
    expect(Items).toHaveLength(6);
    expect(forgotten.sort()).toEqual([
      // Rounded up from 08:00:00.5 on 24 November 2026.
      ['IDEMPOTEN', 1795507201],
      // 366 days after 08:00 on 23 November 2026.
      ['WAIT#end#', 1827043200],
    ]);
  });
});
