/** Drives every operation from the OpenAPI document, behind both doors: what it documents is answered, and nothing else. */
import { describe, expect, test } from 'vitest';
import { DOOR_PREFIXES } from '../../lambda/contract/doors.ts';
import { codesOf, DOCUMENTED, documented, undocumented } from './documented.ts';
import { stageFor } from './scenario-stage.ts';
import { GRANTED, refusalScenario } from './scenarios.ts';

const DOORS = Object.keys(DOOR_PREFIXES) as (keyof typeof DOOR_PREFIXES)[];
const IDS = DOCUMENTED.map(({ operationId }) => operationId);
const CODES = DOCUMENTED.flatMap((operation) =>
  codesOf(operation).map(([code, status]) => [operation.operationId, code, status] as const),
);

test('every operation has a call that is granted', () => {
  expect(Object.keys(GRANTED).sort()).toEqual([...IDS].sort());
});

describe.each(DOORS)('behind the door %s', (door) => {
  test.each(IDS)('%s answers as documented', async (operationId) => {
    const operation = documented(operationId);
    const stage = stageFor(operation);
    const answered = await stage.attempt({ door, ...(await GRANTED[operationId]?.(stage)) } as Parameters<
      typeof stage.attempt
    >[0]);
    expect(undocumented(operation, answered)).toBeUndefined();
    expect(answered.status).toBeLessThan(300);
  });
});

test.each(CODES)('%s refuses with %s (%i) as documented', async (operationId, code, status) => {
  const operation = documented(operationId);
  const stage = stageFor(operation);
  const scenario = refusalScenario(operationId, code);
  if (!scenario) throw new Error(`no scenario in which ${operationId} refuses with ${code}: can it?`);
  const answered = await stage.attempt(await scenario(stage));
  expect([answered.body.code, answered.status], answered.body.detail).toEqual([code, status]);
  expect(undocumented(operation, answered)).toBeUndefined();
});

describe('the judge', () => {
  const showMe = documented('showMe');
  const headers = { 'content-type': 'application/json' };
  const me = { id: 'u', userName: 'u', displayName: 'u', roles: [], groups: [], openRequests: 0, toReview: 0 };
  const problem = { type: 't', title: 't', status: 403, code: 'caller_disabled', detail: 'd' };
  const problemHeaders = { 'content-type': 'application/problem+json' };

  test('takes what is documented', () => {
    expect(undocumented(showMe, { status: 200, headers, body: me })).toBeUndefined();
    expect(undocumented(showMe, { status: 403, headers: problemHeaders, body: problem })).toBeUndefined();
  });

  test.each([
    ['a field that is missing', 200, headers, { ...me, groups: undefined }],
    ['a field that nobody documented', 200, headers, { ...me, secret: 1 }],
    ['another status', 201, headers, me],
    ['another content type', 200, problemHeaders, me],
    ['a code of another operation', 403, problemHeaders, { ...problem, code: 'not_permitted' }],
    ['a code under another status', 401, problemHeaders, { ...problem, status: 401 }],
  ])('finds %s', (_, status, given, body) => {
    expect(undocumented(showMe, { status, headers: given, body: JSON.parse(JSON.stringify(body)) })).toBeDefined();
  });
});
