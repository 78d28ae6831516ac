/** The ledger's suite, on DynamoDB. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDynamoLedger } from '../../lambda/adapters/dynamo-ledger.ts';
import { createDynamoPumpLock } from '../../lambda/adapters/dynamo-pump-lock.ts';
import { createSystemClock } from '../../lambda/adapters/system-clock.ts';
import type { Ledger } from '../../lambda/ports/ledger.ts';
import type { PumpLock } from '../../lambda/ports/pump-lock.ts';
import { startDynoxide, type TestDynamo } from './dynoxide.ts';
import { describeLedger } from './ledger-contract.ts';
import { cancelled, idOf, MORNING, minutesAfter, pending } from './samples.ts';

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
