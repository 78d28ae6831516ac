/** The ledger's suite, on DynamoDB. */
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { documentClientOf } from '../../lambda/adapters/dynamo-document-client.ts';
import { createDynamoLedger } from '../../lambda/adapters/dynamo-ledger.ts';
import { createDynamoPumpLock } from '../../lambda/adapters/dynamo-pump-lock.ts';
import { requestItem } from '../../lambda/adapters/dynamo-request-items.ts';
import { createSystemClock } from '../../lambda/adapters/system-clock.ts';
import type { Ledger } from '../../lambda/ports/ledger.ts';
import type { PumpLock } from '../../lambda/ports/pump-lock.ts';
import { startDynoxide, type TestDynamo } from './dynoxide.ts';
import { describeLedger } from './ledger-contract.ts';
import { BASE, cancelled, idOf, MORNING, minutesAfter, pending } from './samples.ts';

let dynamo: TestDynamo;
beforeAll(async () => {
  dynamo = await startDynoxide();
});
afterAll(() => dynamo.stop());

const make = async (): Promise<{ ledger: Ledger; lock: PumpLock }> => {
  const parts = { client: dynamo.client, tableName: await dynamo.makeTable(), clock: createSystemClock() };
  return { ledger: createDynamoLedger(parts), lock: createDynamoPumpLock(parts) };
};
const makeLedger = async (): Promise<Ledger> => (await make()).ledger;

describeLedger('DynamoDB', make);

describe('a request that was stored before there were stages', () => {
  const stored = async (change: object) => {
    const parts = { client: dynamo.client, tableName: await dynamo.makeTable(), clock: createSystemClock() };
    const item = requestItem(pending(1));
    await documentClientOf(dynamo.client).send(
      new PutCommand({ TableName: parts.tableName, Item: { ...item, data: { ...Object(item.data), ...change } } }),
    );
    return createDynamoLedger(parts).readRequest(idOf(1));
  };
  const leads = { id: 'id-leads', name: 'payments-leads' };
  const security = { id: 'id-security', name: 'security' };

  it('has one stage', async () => {
    expect((await stored({ approval: { required: 2, groups: [leads], among: [[security]] } }))?.approval).toEqual([
      { required: 2, groups: [leads], among: [[security]] },
    ]);
  });

  it('has none where nobody had to approve', async () => {
    expect((await stored({ approval: { required: 0, groups: [] } }))?.approval).toEqual([]);
  });

  it('has its votes in the first', async () => {
    const vote = { approver: BASE.requester, choice: 'approve', at: MORNING };
    expect((await stored({ votes: [vote] }))?.votes).toEqual([{ ...vote, stage: 0 }]);
  });

  it.each([
    ['a stage of another form', { approval: [{ required: 1, groups: 'leads' }] }],
    ['no approval', { approval: undefined }],
    ['a vote in no stage', { votes: [{ approver: BASE.requester, choice: 'approve', at: MORNING, stage: -1 }] }],
  ])('is a fault with %s', async (_what, change) => {
    await expect(stored(change)).rejects.toMatchObject({ code: 'UnknownShape' });
  });
});

describe('the DynamoDB ledger, with more requests than one query looks at', () => {
  it('fills a page with the few that the status filter lets through', async () => {
    const ledger = await makeLedger();
    const requests = Array.from({ length: 450 }, (_, index) =>
      pending(index + 1, { askedAt: minutesAfter(MORNING, index) }),
    );
    const stored = requests.map((request, index) => (index % 149 === 0 ? cancelled(request) : request));
    for (let from = 0; from < stored.length; from += 90) {
      const changes = stored.slice(from, from + 90).map((after) => ({ after, events: [] }));
      expect(await ledger.commit({ requests: changes })).toBe('committed');
    }
    const first = await ledger.listAll({ statuses: ['cancelled'], limit: 3 });
    expect(first).toMatchObject({ items: [{ id: idOf(448) }, { id: idOf(299) }, { id: idOf(150) }] });
    const cursor = first === 'invalid-cursor' ? '' : (first.cursor ?? '');
    const last = await ledger.listAll({ statuses: ['cancelled'], limit: 3, cursor });
    expect(last).toEqual({ items: [expect.objectContaining({ id: idOf(1), status: 'cancelled' })] });
  });
});
