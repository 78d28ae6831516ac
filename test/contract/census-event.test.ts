/** What the function that counts everybody takes as an order to count, and nothing else. */
import { expect, it } from 'vitest';
import { groupIdsIn } from '../../lambda/contract/census-event.ts';
import { readTestSeed } from './stand-in.ts';

const ID = '90679f0f1d-6f1a0f5a-1d2c-4f6e-9a55-000000000001';
const SHORT = '6f1a0f5a-1d2c-4f6e-9a55-00000000000F';
const countOf = (...groupIds: unknown[]) => ({ census: { groupIds } });

it.each([
  ['no groups', []],
  ['a group', [ID]],
  ['a group of a store whose ids are shorter', [SHORT]],
  ['as many groups as a policy may name', Array.from({ length: 4000 }, () => ID)],
])('takes %s', (_, groupIds) => {
  expect(groupIdsIn(countOf(...groupIds))).toEqual(groupIds);
});

it('takes the ids that the local service gives to groups', async () => {
  const groupIds = (await readTestSeed()).groups.map(({ groupId }) => groupId);
  expect(groupIdsIn(countOf(...groupIds))).toEqual(groupIds);
});

it.each([
  ['more groups than a policy may name', countOf(...Array.from({ length: 4001 }, () => ID))],
  ['one id among others that is none', countOf(ID, 'payments-leads')],
  ['an id that is too long', countOf(`${ID}0`)],
  ['an id with something before it', countOf(` ${ID}`)],
  ['an id with a line after it', countOf(`${ID}\n`)],
  ['an id of other digits', countOf(ID.replace('6f1a', '6g1a'))],
  ['an empty id', countOf('')],
  ['no text', countOf(1)],
  ['more than it knows', { ...countOf(ID), 'detail-type': 'Scheduled Event' }],
  ['more within than it knows', { census: { groupIds: [ID], people: [] } }],
  ['an event of the clock', { 'detail-type': 'Scheduled Event', detail: {} }],
  ['an event with an order in it', { 'detail-type': 'any', detail: countOf(ID) }],
  ['nothing', undefined],
])('refuses as a whole what has %s', (_, event) => {
  expect(() => groupIdsIn(event)).toThrow();
});
