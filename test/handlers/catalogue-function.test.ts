/** The function that reads the organization, as Lambda calls it: what wakes it, and what does not. */
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import type { CatalogueState } from '../../lambda/domain/catalogue.ts';
import { type Call, callerOf, publishNothing, type ReaderStage, setReaderStage } from './reader-stage.ts';

let stage: ReaderStage;
let call: Call;
let readAtFirst: CatalogueState;

beforeAll(async () => {
  stage = await setReaderStage();
  readAtFirst = await publishNothing(stage);
  call = callerOf((await import('../../lambda/handlers/catalogue.ts')).handler);
});
afterEach(() => vi.restoreAllMocks());
afterAll(() => stage.stop());

it('looks after the catalogue when the clock calls, and tells how old it is', async () => {
  const output = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  const report = await call({ 'detail-type': 'Scheduled Event', detail: {} });
  expect(report).toMatchObject({ wasDue: false, ageSeconds: expect.any(Number) });
  expect(output.mock.calls.filter(([text]) => String(text).includes('"CatalogueAge"'))).toHaveLength(1);
});

it('counts nobody, though it be told to', async () => {
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  const order = { census: { groupIds: [stage.groupIdOf('payments-leads')] } };
  await expect(call(order)).rejects.toThrow();
  expect(await call({ 'detail-type': 'Scheduled Event', ...order })).toMatchObject({ wasDue: false });
  expect(stage.standIn.callsOf('ListUsers') + stage.standIn.callsOf('ListGroupMemberships')).toBe(0);
  expect(await stage.census.readState()).toEqual({ revision: 0 });
  expect(await stage.catalogue.readState()).toEqual(readAtFirst);
});
