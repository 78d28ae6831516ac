/** The function that counts everybody, as Lambda calls it: what it counts when it is told to, and that nothing else wakes it. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { CatalogueState } from '../../lambda/domain/catalogue.ts';
import { type Call, callerOf, IN_TIME, publishNothing, type ReaderStage, setReaderStage } from './reader-stage.ts';

/** Less than what is kept back for storing. */
const LATE = { ...IN_TIME, getRemainingTimeInMillis: () => 30_000 };

let stage: ReaderStage;
let call: Call;
let readAtFirst: CatalogueState;

beforeAll(async () => {
  stage = await setReaderStage();
  readAtFirst = await publishNothing(stage);
  call = callerOf((await import('../../lambda/handlers/census.ts')).handler);
});
afterAll(() => stage.stop());

const orderFor = (...names: readonly string[]) => ({ census: { groupIds: names.map(stage.groupIdOf) } });
const callsMade = (): number => stage.standIn.callsOf('ListUsers') + stage.standIn.callsOf('ListGroupMemberships');

it.each([
  ['the clock', () => ({ 'detail-type': 'Scheduled Event', detail: {} })],
  ['an event of AWS', () => ({ source: 'aws.sso', 'detail-type': 'AWS API Call via CloudTrail', detail: {} })],
  ['an event with an order in it', () => ({ 'detail-type': 'any', detail: orderFor('finance') })],
  ['an event beside an order', () => ({ 'detail-type': 'any', ...orderFor('finance') })],
  ['an order for a group that is none', () => orderFor('finance', 'nobody has this name')],
  ['nothing', () => undefined],
])('does nothing for %s', async (_, event) => {
  await expect(call(event())).rejects.toThrow();
  expect(callsMade()).toBe(0);
  expect(await stage.census.readState()).toEqual({ revision: 0 });
});

it('counts everybody and who is in the groups when it is told to, and does not touch the catalogue', async () => {
  const report = await call(orderFor('payments-leads', 'finance'));
  expect(report).toEqual({ outcome: 'counted', people: 31, groups: 2 });
  expect(await stage.catalogue.readState()).toEqual(readAtFirst);
  const { taken, run } = await stage.census.readState();
  expect(run).toBeUndefined();
  const { people, members } = await stage.census.read(taken?.version ?? '');
  const leads = members[stage.groupIdOf('payments-leads')]?.map((place) => people[place]?.userName);
  expect([people.length, leads?.sort()]).toEqual([31, ['lena', 'omar', 'victor']]);
});

it('does not count again what is known', async () => {
  const made = callsMade();
  expect(await call(orderFor('finance'))).toMatchObject({ outcome: 'not-due' });
  expect(callsMade()).toBe(made);
});

it('gives counting up in time to say so', async () => {
  expect(await call(orderFor('data-leads'), LATE)).toMatchObject({ outcome: 'out-of-time' });
  expect(await stage.census.readState()).toMatchObject({ failed: { why: 'out-of-time' } });
});
