/** The census store's suite, on memory and on the request table, where it lies beside the catalogue, which forgets it. */
import { PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createDynamoCatalogueStore } from '../../lambda/adapters/dynamo-catalogue-store.ts';
import { createDynamoCensusStore } from '../../lambda/adapters/dynamo-census-store.ts';
import { createDynamoPieces } from '../../lambda/adapters/dynamo-pieces.ts';
import { createMemoryCensusStore } from '../../lambda/adapters/memory/memory-census-store.ts';
import { NOTHING_READ } from '../../lambda/domain/catalogue.ts';
import { NOTHING_COUNTED } from '../../lambda/domain/census.ts';
import { addSeconds } from '../../lambda/domain/time.ts';
import type { CatalogueStore } from '../../lambda/ports/catalogue-store.ts';
import type { CensusStore } from '../../lambda/ports/census-store.ts';
import { organizationOf } from './catalogue-store-contract.ts';
import { censusOf, describeCensusStore, LARGE } from './census-store-contract.ts';
import { startDynoxide, type TestDynamo } from './dynoxide.ts';
import { MORNING } from './samples.ts';

/** One of whose two people is not as they were. */
const censusWith = (changes: object) => {
  const { people, members } = censusOf(2, 1);
  return { people: people.map((person, index) => (index === 1 ? { ...person, ...changes } : person)), members };
};

describeCensusStore('memory', async () => createMemoryCensusStore());

describe('on the request table', () => {
  let dynamo: TestDynamo;
  beforeAll(async () => {
    dynamo = await startDynoxide();
  });
  afterAll(() => dynamo.stop());

  describeCensusStore('DynamoDB', async () =>
    createDynamoCensusStore({ client: dynamo.client, tableName: await dynamo.makeTable() }),
  );

  let tableName: string;
  let census: CensusStore;
  let catalogue: CatalogueStore;
  beforeEach(async () => {
    tableName = await dynamo.makeTable();
    census = createDynamoCensusStore({ client: dynamo.client, tableName });
    catalogue = createDynamoCatalogueStore({ client: dynamo.client, tableName });
  });

  const items = async () => {
    const { Items = [] } = await dynamo.client.send(new ScanCommand({ TableName: tableName }));
    return Items;
  };

  it('keeps the census of a large organization in pieces below what an item holds, in the partition of the catalogue', async () => {
    await census.put(censusOf(LARGE.people, LARGE.groups), MORNING);
    const pieces = await items();
    expect(pieces.length).toBeGreaterThan(1);
    for (const piece of pieces) {
      expect(piece.pk?.S).toBe('CATALOGUE');
      expect(piece.body?.B?.length).toBeLessThanOrEqual(360_000);
    }
  }, 60_000);

  it('is to be forgotten by the table itself two hours after it was last put, and what is published never', async () => {
    const organization = await catalogue.put('organization', organizationOf(3), MORNING);
    await catalogue.replaceState({ ...NOTHING_READ, published: { asOf: MORNING, organization } });
    await census.replaceState({ ...NOTHING_COUNTED, failed: { at: MORNING, why: 'database' } });
    const forgotten = async () =>
      (await items()).flatMap(({ version, forgetAt }) => (forgetAt ? [[version?.S, Number(forgetAt.N)]] : []));
    expect(await forgotten()).toEqual([]);
    const version = await census.put(censusOf(30, 3), MORNING);
    const twoHoursOn = Date.parse('2026-11-23T10:00:00.000Z') / 1000;
    expect(await forgotten()).toEqual([[version, twoHoursOn]]);
    await census.put(censusOf(30, 3), addSeconds(MORNING, 1800));
    expect(await forgotten()).toEqual([[version, twoHoursOn + 1800]]);
  });

  it('is to be forgotten with all of its pieces', async () => {
    await census.put(censusOf(LARGE.people, LARGE.groups), MORNING);
    const pieces = await items();
    expect(pieces.length).toBeGreaterThan(1);
    expect(pieces.filter(({ forgetAt }) => forgetAt?.N === undefined)).toEqual([]);
  }, 60_000);

  it('has a state beside that of the catalogue, and neither sees the other', async () => {
    await catalogue.replaceState({ ...NOTHING_READ, begunAt: MORNING });
    await census.replaceState({ ...NOTHING_COUNTED, failed: { at: MORNING, why: 'identity-store' } });
    expect(await catalogue.readState()).toEqual({ ...NOTHING_READ, revision: 1, begunAt: MORNING });
    expect(await census.readState()).toEqual({ revision: 1, failed: { at: MORNING, why: 'identity-store' } });
    expect((await items()).map(({ pk, sk }) => `${pk?.S} ${sk?.S}`).sort()).toEqual([
      'CATALOGUE CENSUS',
      'CATALOGUE STATE',
    ]);
  });

  it('is forgotten by the catalogue when it is old, and kept while it is young', async () => {
    const old = await census.put(censusOf(30, 3), MORNING);
    const again = await census.put(censusOf(40, 4), MORNING);
    const published = await catalogue.put('organization', organizationOf(3), MORNING);
    const later = addSeconds(MORNING, 3600);
    await census.put(censusOf(40, 4), later);
    const young = await census.put(censusOf(50, 5), later);
    await census.replaceState({ ...NOTHING_COUNTED, taken: { version: young, asOf: MORNING, goodUntil: later } });
    expect(await catalogue.discard([published], later)).toBe(1);
    await expect(census.read(old)).rejects.toMatchObject({ code: 'PieceMissing' });
    expect(await census.read(again)).toEqual(censusOf(40, 4));
    expect(await census.read(young)).toEqual(censusOf(50, 5));
    expect(await census.readState()).toEqual({
      revision: 1,
      taken: { version: young, asOf: MORNING, goodUntil: later },
    });
  });

  it('is not forgotten when the same was counted again while the catalogue was about to forget it', async () => {
    const version = await census.put(censusOf(30, 3), MORNING);
    const later = addSeconds(MORNING, 3600);
    let isMeanwhile = false;
    // Counts after the catalogue has looked, and before it deletes.
    dynamo.client.middlewareStack.add(
      (next, { commandName }) =>
        async (command) => {
          if (commandName === 'DeleteItemCommand' && !isMeanwhile) {
            isMeanwhile = true;
            await census.put(censusOf(30, 3), later);
          }
          return next(command);
        },
      { step: 'initialize', name: 'meanwhile' },
    );
    expect(await catalogue.discard([], later).finally(() => dynamo.client.middlewareStack.remove('meanwhile'))).toBe(0);
    expect(isMeanwhile).toBe(true);
    expect(await census.read(version)).toEqual(censusOf(30, 3));
  });

  it.each([
    ['a section of the catalogue', { accounts: [], units: [], permissionSets: [] }],
    ['somebody with an attribute that this code does not know', censusWith({ attributes: { shoe_size: '43' } })],
    ['somebody without an id', censusWith({ id: undefined })],
    ['members who are not among the people', { people: [], members: { 'group-1': [0] } }],
    ['members at places that are none', { ...censusOf(3, 0), members: { 'group-1': [-1] } }],
  ])('throws a fault for content that is no census: %s', async (_, content) => {
    const version = await createDynamoPieces({ client: dynamo.client, tableName }).put(content, MORNING);
    await expect(census.read(version)).rejects.toMatchObject({ name: 'ServiceFault', code: 'UnknownShape' });
  });

  it.each([
    ['nothing', undefined],
    ['a state with more in it than this code knows', { M: { revision: { N: '1' }, soon: { BOOL: true } } }],
    ['a failure that this code does not know', { M: { revision: { N: '1' }, failed: { M: { why: { S: 'bored' } } } } }],
  ])('throws a fault for an item with %s in the place of its state', async (_, state) => {
    const key = { pk: { S: 'CATALOGUE' }, sk: { S: 'CENSUS' } };
    const Item = { ...key, revision: { N: '1' }, ...(state && { state }) };
    await dynamo.client.send(new PutItemCommand({ TableName: tableName, Item }));
    await expect(census.readState()).rejects.toMatchObject({ name: 'ServiceFault', code: 'UnknownShape' });
  });
});
