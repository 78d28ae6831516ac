/** The catalogue store's suite, on memory and on the request table; and what a running function remembers of it. */
import { DeleteItemCommand, PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDynamoCatalogueStore } from '../../lambda/adapters/dynamo-catalogue-store.ts';
import { createFixedClock } from '../../lambda/adapters/memory/fixed-clock.ts';
import { createMemoryCatalogueStore } from '../../lambda/adapters/memory/memory-catalogue-store.ts';
import { createRememberedCatalogue } from '../../lambda/adapters/remembered-catalogue.ts';
import { NOTHING_READ, type OrganizationContent } from '../../lambda/domain/catalogue.ts';
import type { CatalogueStore } from '../../lambda/ports/catalogue-store.ts';
import { describeCatalogueStore, organizationOf } from './catalogue-store-contract.ts';
import { startDynoxide, type TestDynamo } from './dynoxide.ts';
import { MORNING } from './samples.ts';

describeCatalogueStore('memory', async () => createMemoryCatalogueStore());

describe('on the request table', () => {
  let dynamo: TestDynamo;
  beforeAll(async () => {
    dynamo = await startDynoxide();
  });
  afterAll(() => dynamo.stop());

  const make = async () => {
    const tableName = await dynamo.makeTable();
    return { tableName, store: createDynamoCatalogueStore({ client: dynamo.client, tableName }) };
  };

  describeCatalogueStore('DynamoDB', async () => (await make()).store);

  const itemsOf = async (TableName: string) => {
    const { Items = [] } = await dynamo.client.send(new ScanCommand({ TableName }));
    return Items.sort((left, right) => ((left.sk?.S ?? '') < (right.sk?.S ?? '') ? -1 : 1));
  };

  it('keeps every piece below what an item holds, and has none of them in an index', async () => {
    const { store, tableName } = await make();
    await store.put('organization', organizationOf(60_000), MORNING);
    const items = await itemsOf(tableName);
    expect(items.length).toBeGreaterThan(1);
    for (const item of items) {
      expect(item.body?.B?.length).toBeLessThanOrEqual(360_000);
      expect(Object.keys(item).sort()).toEqual(['body', 'of', 'pk', 'sk', 'version', 'writtenAt']);
    }
  }, 60_000);

  it.each([
    [
      'is lost',
      'PieceMissing',
      (TableName: string, pk: string, sk: string) =>
        dynamo.client.send(new DeleteItemCommand({ TableName, Key: { pk: { S: pk }, sk: { S: sk } } })),
    ],
    [
      'was changed',
      'NotUnpacked',
      (TableName: string, pk: string, sk: string) =>
        dynamo.client.send(
          new PutItemCommand({ TableName, Item: { pk: { S: pk }, sk: { S: sk }, body: { B: new Uint8Array([1]) } } }),
        ),
    ],
  ])(
    'throws a fault when a piece %s, rather than give less of the organization',
    async (_, code, harm) => {
      const { store, tableName } = await make();
      const version = await store.put('organization', organizationOf(60_000), MORNING);
      const last = (await itemsOf(tableName)).at(-1);
      await harm(tableName, last?.pk?.S ?? '', last?.sk?.S ?? '');
      await expect(store.read('organization', version)).rejects.toMatchObject({ name: 'ServiceFault', code });
    },
    60_000,
  );

  it('throws a fault for the content of another version under this name', async () => {
    const { store, tableName } = await make();
    const version = await store.put('organization', organizationOf(1), MORNING);
    const other = await store.put('organization', organizationOf(2), MORNING);
    const [item] = (await itemsOf(tableName)).filter(({ version: one }) => one?.S === other);
    const sk = { S: item?.sk?.S?.replace(other, version) ?? '' };
    await dynamo.client.send(new PutItemCommand({ TableName: tableName, Item: { ...item, sk } }));
    await expect(store.read('organization', version)).rejects.toMatchObject({ code: 'HashMismatch' });
  });
});

describe('a remembered catalogue', () => {
  const make = () => {
    const store = createMemoryCatalogueStore();
    const reads: string[] = [];
    const counting: CatalogueStore = {
      ...store,
      read: (section, version) => {
        reads.push(section);
        return store.read(section, version);
      },
    };
    const clock = createFixedClock(MORNING);
    const publish = async (content: OrganizationContent): Promise<void> => {
      const { revision } = await store.readState();
      const organization = await store.put('organization', content, clock.now());
      const groups = await store.put('groups', [{ id: 'g-1', name: 'leads' }], clock.now());
      const published = { asOf: clock.now(), organization, groups: { version: groups, asOf: clock.now() } };
      await store.replaceState({ ...NOTHING_READ, revision, published });
    };
    return { reads, clock, publish, remembered: createRememberedCatalogue(counting, clock) };
  };

  it('knows nothing until the organization was read once', async () => {
    const { remembered } = make();
    expect(await remembered.current()).toBeUndefined();
    expect(await remembered.groups()).toBeUndefined();
  });

  it('reads the content once for each version, and the groups only for whoever asks for them', async () => {
    const { remembered, publish, clock, reads } = make();
    await publish(organizationOf(3));
    const [first, second] = await Promise.all([remembered.current(), remembered.current()]);
    expect(first).toEqual({ asOf: MORNING, ...organizationOf(3) });
    expect(second?.accounts).toBe(first?.accounts);
    clock.advance(60);
    await publish(organizationOf(3));
    const later = await remembered.current();
    expect(later).toMatchObject({ asOf: clock.now() });
    expect(reads).toEqual(['organization']);
    expect((await remembered.groups())?.byName.get('leads')).toEqual({ id: 'g-1', name: 'leads' });
    expect(reads).toEqual(['organization', 'groups']);
  });

  it('has what was published ten seconds later', async () => {
    const { remembered, publish, clock } = make();
    await publish(organizationOf(3));
    await remembered.current();
    await publish(organizationOf(4));
    clock.advance(9);
    expect((await remembered.current())?.accounts).toHaveLength(3);
    clock.advance(1);
    expect((await remembered.current())?.accounts).toHaveLength(4);
  });
});
