/** Hostile proposals: however large, deep or wrong a policy is, it is answered soon, by what it is. */
import { beforeEach, describe, expect, test } from 'vitest';
import { contentOf, createApiWorld, createCaller, GOOD_ASK, POLICY } from './api-world.ts';

let call: ReturnType<typeof createCaller>;
beforeEach(() => {
  call = createCaller(createApiWorld().api);
});

const check = (body: object) => call('tom', 'POST', '/policy/check', { body });
const send = (rawBody: string) => call('tom', 'POST', '/policy/check', { rawBody });

const rule = (index: number) => ({
  name: `r${index}`,
  who: { groups: ['engineers'] },
  what: { accounts: 'all', permission_sets: ['ReadOnlyAccess'] },
  max_duration: '1h',
  approval: 'none',
});
const nested = (depth: number): string => `{"policy":${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}}`;

describe('a proposed policy', () => {
  test('may be larger than other bodies, up to its own limit, which is named', async () => {
    const entitlements = Array.from({ length: 2000 }, (_, index) => rule(index));
    expect(JSON.stringify({ entitlements }).length).toBeGreaterThan(64 * 1024);
    expect(await check({ policy: { version: 1, entitlements } })).toMatchObject({
      status: 200,
      body: { findings: [] },
    });
    const { status, body } = await send(`{"policy":{}}${' '.repeat(320 * 1024)}`);
    expect([status, body.code]).toEqual([413, 'body_too_large']);
    expect(body.detail).toContain('327680');
  });

  test('of 10,000 rules that do not fit is answered with some findings and the number of the others', async () => {
    const { status, body } = await check({ policy: { version: 1, entitlements: Array(10_000).fill({ name: 'X' }) } });
    expect(status).toBe(200);
    expect(body.findings).toHaveLength(50);
    expect(body.findingsLeftOut).toBe(10_000 * 4 - 50);
  });

  test.each([
    ['nested too deep', nested(25), 'body_invalid'],
    ['nested without end', nested(30_000), 'body_invalid'],
    ['that names something twice', '{"policy":{"version":1,"version":2}}', 'body_invalid'],
    ['that would change what objects inherit', '{"policy":{"__proto__":{"version":1}}}', 'body_invalid'],
    ['that is a list', '{"policy":[]}', 'body_invalid'],
    ['that is none', '{}', 'body_invalid'],
  ])('%s is refused', async (_, text, code) => {
    expect((await send(text)).body.code).toBe(code);
  });

  test.each([
    ['cases', { cases: Array(51).fill({}) }],
    ['people', { people: Array(11).fill('maria') }],
    ['past', { past: { last: 101 } }],
    ['past', { past: { last: 1e308 } }],
    ['past', { past: { last: 0 } }],
    ['past', { past: { last: 1.5 } }],
    ['past', { past: { last: 5, cursor: 'x' } }],
    ['past', { past: {} }],
  ])('comes with no more %s than one call may', async (name, more) => {
    const { body } = await check({ policy: contentOf(POLICY), ...more });
    expect([body.code, body.issues[0].path.split('.')[0]]).toEqual(['body_invalid', name]);
  });
});

describe('past requests', () => {
  const ask = (change: object = {}) => call('maria', 'POST', '/requests', { body: { ...GOOD_ASK, ...change } });

  test('are told of without anything that people wrote, and nobody else is told of them', async () => {
    const texts = { justification: 'a secret about Maria', ticket: 'INC-90210' };
    const { body: request } = await ask(texts);
    const target = { ...GOOD_ASK.target, permissionSet: 'ReadOnlyAccess' };
    await ask({ target, justification: 'a secret too', ticket: undefined });
    const policy = contentOf(POLICY.replace(/max_duration: \dh/g, 'max_duration: 30m'));
    const { status, body } = await check({ policy, past: { last: 10 } });
    expect(status).toBe(200);
    expect(body.past).toMatchObject({ requests: 2, leftOut: 0, counts: { refused: 2 } });
    expect(body.past.changes).toContainEqual(
      expect.objectContaining({ requestId: request.id, userName: 'maria', refusal: expect.anything() }),
    );
    expect(JSON.stringify(body)).not.toMatch(/secret|90210/);
    for (const who of ['maria', 'omar'])
      expect((await call(who, 'POST', '/policy/check', { body: { policy, past: { last: 1 } } })).body.code).toBe(
        'not_permitted',
      );
  });

  test('are not judged by a policy whose patterns could search for ever, of tickets or of incidents', async () => {
    await ask();
    for (const [from, to] of [
      ["ticket_pattern: 'INC-\\d+'", "ticket_pattern: '(a+)+b'"],
      ["incident_pattern: 'INC-\\d+'", "incident_pattern: '(a+)+b'"],
    ] as const) {
      expect(POLICY).toContain(from);
      const { status, body } = await check({ policy: contentOf(POLICY.replace(from, to)), past: { last: 10 } });
      expect(status).toBe(200);
      expect(body.findings).toHaveLength(1);
      expect(body.past).toBeUndefined();
    }
  });

  test('are not there where nobody asked, and absent where nobody asks for them', async () => {
    const policy = contentOf(POLICY);
    expect((await check({ policy })).body).not.toHaveProperty('past');
    expect((await check({ policy, past: { last: 100 } })).body.past).toMatchObject({ requests: 0, changes: [] });
  });
});

test('the policy in force is shown as it was published, under the version that its text hashes to', async () => {
  const { status, body } = await call('ines', 'GET', '/policy');
  expect(status).toBe(200);
  expect(body).toMatchObject({ entitlements: 3, guardrails: 0, content: contentOf(POLICY) });
  const { body: same } = await check({ policy: body.content });
  expect(same).toMatchObject({ version: body.version, inForce: body.version });
});
