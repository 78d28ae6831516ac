/** Bad input: each a clear refusal with its own code, nothing stored, never a 5xx. */
import { beforeEach, describe, expect, test } from 'vitest';
import { PROBLEMS, type ProblemCode, problemSchema } from '../../lambda/contract/problem.ts';
import { type Answered, type CallOptions, createApiWorld, createCaller, GOOD_ASK, NOW } from './api-world.ts';

let made: ReturnType<typeof createApiWorld>;
beforeEach(() => {
  made = createApiWorld();
});

const expectRefused = (answered: Answered, code: ProblemCode): void => {
  expect(answered.body.code, JSON.stringify(answered.body)).toBe(code);
  expect(answered.status).toBe(PROBLEMS[code][0]);
  expect(answered.status).toBeLessThan(500);
  expect(answered.headers['content-type']).toBe('application/problem+json');
  expect(problemSchema.safeParse(answered.body).success).toBe(true);
  expect(answered.body.detail.length).toBeGreaterThan(10);
};

const storedRequests = async (): Promise<number> => {
  const listed = await made.world.ledger.listAll({ limit: 100 });
  if (listed === 'invalid-cursor') throw new Error('no list');
  return listed.items.length;
};

const target = (more: object): object => ({ ...GOOD_ASK, target: { ...GOOD_ASK.target, ...more } });
const later = (milliseconds: number): string => new Date(NOW + milliseconds).toISOString();
const DAY = 86_400_000;

describe.each(['sigv4', 'oidc'] as const)('through the door for %s,', (door) => {
  const call: ReturnType<typeof createCaller> = (userName, method, path, options) =>
    createCaller(made.api)(userName, method, path, { door, ...options });

  describe('asking refuses', () => {
    test('nothing, when all is well', async () => {
      expect((await call('maria', 'POST', '/requests', { body: GOOD_ASK })).status).toBe(201);
      expect(await storedRequests()).toBe(1);
    });

    test.each<[string, string, object, ProblemCode]>([
      ['an unknown account', 'maria', target({ accountId: '999999999999' }), 'account_unknown'],
      ['an account id that is none', 'maria', target({ accountId: '../../etc' }), 'account_unknown'],
      ['an unknown permission set', 'maria', target({ permissionSet: 'GodMode' }), 'permission_set_unknown'],
      ['the management account', 'maria', target({ accountId: '100000000001' }), 'target_forbidden'],
      ['a person whom no rule names', 'chloe', GOOD_ASK, 'not_eligible'],
      ['an unknown person', 'nobody', GOOD_ASK, 'caller_unknown'],
      ['a disabled person', 'victor', GOOD_ASK, 'caller_disabled'],
      ['duration zero', 'maria', { ...GOOD_ASK, duration: 'PT0S' }, 'duration_invalid'],
      ['a negative duration', 'maria', { ...GOOD_ASK, duration: '-PT1H' }, 'duration_invalid'],
      ['a fractional duration', 'maria', { ...GOOD_ASK, duration: 'PT1.5H' }, 'duration_invalid'],
      ['a fraction of a second', 'maria', { ...GOOD_ASK, duration: 'PT0.5S' }, 'duration_invalid'],
      ['what is no duration', 'maria', { ...GOOD_ASK, duration: 'a while' }, 'duration_invalid'],
      ['more than the rule allows', 'maria', { ...GOOD_ASK, duration: 'PT4H1S' }, 'duration_too_long'],
      ['more than anything may last', 'maria', { ...GOOD_ASK, duration: 'P400D' }, 'duration_too_long'],
      ['a start in the past', 'maria', { ...GOOD_ASK, start: later(-1000) }, 'start_in_past'],
      ['a start too far ahead', 'maria', { ...GOOD_ASK, start: later(20 * DAY + 1000) }, 'start_too_far'],
      ['a start without a zone', 'maria', { ...GOOD_ASK, start: '2026-11-23T10:00:00' }, 'start_invalid'],
      ['an empty justification', 'maria', { ...GOOD_ASK, justification: ' \n ' }, 'justification_empty'],
      ['a justification below the rule', 'maria', { ...GOOD_ASK, justification: 'because' }, 'justification_too_short'],
      ['a justification too long', 'maria', { ...GOOD_ASK, justification: 'x'.repeat(1001) }, 'justification_too_long'],
      [
        'control characters',
        'maria',
        { ...GOOD_ASK, justification: 'stuck \u001b[2J queue' },
        'justification_unprintable',
      ],
      [
        'text that reorders itself',
        'maria',
        { ...GOOD_ASK, justification: 'stuck \u202e queue' },
        'justification_unprintable',
      ],
      ['no ticket where one is due', 'maria', { ...GOOD_ASK, ticket: undefined }, 'ticket_required'],
      ['a ticket of the wrong form', 'maria', { ...GOOD_ASK, ticket: 'INC-42; rm' }, 'ticket_invalid'],
      [
        'what nobody but the requester could approve',
        'omar',
        { ...target({ permissionSet: 'ReadOnlyAccess' }), ticket: undefined },
        'no_approver',
      ],
      ['an unknown field', 'maria', { ...GOOD_ASK, approved: true }, 'body_invalid'],
      ['a missing field', 'maria', { ...GOOD_ASK, duration: undefined }, 'body_invalid'],
      ['another kind of target', 'maria', target({ kind: 'group' }), 'body_invalid'],
    ])('%s', async (_what, who, body, code) => {
      expectRefused(await call(who, 'POST', '/requests', { body }), code);
      expect(await storedRequests()).toBe(0);
      expect(made.world.workflow.started).toEqual([]);
    });

    test.each<[string, CallOptions, ProblemCode]>([
      ['malformed JSON', { rawBody: '{"target":' }, 'body_not_json'],
      ['invalid UTF-8', { rawBody: Buffer.from([0x22, 0xff, 0x22]).toString('base64'), base64: true }, 'body_not_json'],
      ['an array', { rawBody: '[]' }, 'body_invalid'],
      ['a body over 64 KiB', { body: { ...GOOD_ASK, justification: 'x'.repeat(70_000) } }, 'body_too_large'],
      [
        'another content type',
        { body: GOOD_ASK, headers: { 'content-type': 'text/plain' } },
        'content_type_unsupported',
      ],
      [
        'a hostile Idempotency-Key',
        { body: GOOD_ASK, headers: { 'Idempotency-Key': 'a b' } },
        'idempotency_key_invalid',
      ],
      [
        'a caller who proves themselves as the door does not ask for it',
        { body: GOOD_ASK, userArn: 'arn:aws:sts::1:assumed-role/Admin/maria', authorizer: { principalId: 'maria' } },
        'not_signed_in',
      ],
      ['a caller whom the door did not prove', { body: GOOD_ASK, userArn: null, authorizer: null }, 'not_signed_in'],
    ])('%s', async (_what, options, code) => {
      expectRefused(await call('maria', 'POST', '/requests', options), code);
      expect(await storedRequests()).toBe(0);
    });

    test('an identity in a header counts for nothing', async () => {
      const headers = { 'x-amzn-user-arn': 'maria', authorization: 'Bearer maria', 'x-forwarded-user': 'maria' };
      expectRefused(
        await call('maria', 'POST', '/requests', { body: GOOD_ASK, headers, userArn: null, authorizer: null }),
        'not_signed_in',
      );
    });

    test('the same Idempotency-Key with another body; with the same body it answers the same request', async () => {
      const headers = { 'Idempotency-Key': 'k-1' };
      const first = await call('maria', 'POST', '/requests', { body: GOOD_ASK, headers });
      const again = await call('maria', 'POST', '/requests', { body: GOOD_ASK, headers });
      expect(again.body.id).toBe(first.body.id);
      const other = await call('maria', 'POST', '/requests', { body: { ...GOOD_ASK, duration: 'PT2H' }, headers });
      expectRefused(other, 'idempotency_key_reused');
      expect(await storedRequests()).toBe(1);
    });

    test('an eleventh open request', async () => {
      for (let count = 0; count < 10; count += 1) await call('maria', 'POST', '/requests', { body: GOOD_ASK });
      expectRefused(await call('maria', 'POST', '/requests', { body: GOOD_ASK }), 'too_many_open');
      expect(await storedRequests()).toBe(10);
      expect((await call('diego', 'POST', '/requests', { body: GOOD_ASK })).status).toBe(201);
    });
  });

  describe('deciding and ending refuse', () => {
    let id: string;
    beforeEach(async () => {
      id = (await call('maria', 'POST', '/requests', { body: GOOD_ASK })).body.id;
    });
    const statusNow = async (): Promise<string | undefined> => (await made.world.ledger.readRequest(id))?.status;

    test.each<[string, string, string, object, ProblemCode]>([
      ['the requester', 'maria', 'approve', {}, 'self_approval'],
      ['somebody who is no approver', 'chloe', 'approve', {}, 'not_an_approver'],
      ['an administrator', 'ines', 'approve', {}, 'not_an_approver'],
      ['a disabled approver', 'victor', 'approve', {}, 'caller_disabled'],
      ['a comment too long', 'omar', 'reject', { comment: 'x'.repeat(1001) }, 'comment_too_long'],
      ['a comment with control characters', 'omar', 'approve', { comment: '\u0007' }, 'comment_unprintable'],
      ['an approver who lengthens', 'omar', 'approve', { duration: 'PT2H' }, 'duration_not_shorter'],
      ['somebody else who cancels', 'omar', 'cancel', {}, 'not_permitted'],
      ['an end before the start', 'maria', 'end', {}, 'request_not_started'],
      ['an extension before the start', 'maria', 'extend', { duration: 'PT1H' }, 'request_not_extendable'],
      ['an extension by somebody else', 'diego', 'extend', { duration: 'PT1H' }, 'not_permitted'],
    ])('%s', async (_what, who, action, body, code) => {
      expectRefused(await call(who, 'POST', `/requests/${id}/${action}`, { body }), code);
      expect(await statusNow()).toBe('pending');
    });

    test('an approver who has left the group since', async () => {
      made.world.directory.putGroup({ id: 'g-leads', name: 'leads', memberIds: ['u-lena'] });
      expectRefused(await call('omar', 'POST', `/requests/${id}/approve`), 'not_an_approver');
      expect(await statusNow()).toBe('pending');
    });

    test('an approval of what the requester may no longer have', async () => {
      made.world.directory.putGroup({ id: 'g-engineers', name: 'engineers', memberIds: [] });
      expectRefused(await call('omar', 'POST', `/requests/${id}/approve`), 'not_eligible');
      expect(await statusNow()).toBe('pending');
    });

    test('a decision on what is decided, naming who decided', async () => {
      await call('omar', 'POST', `/requests/${id}/reject`);
      const late = await call('lena', 'POST', `/requests/${id}/approve`);
      expectRefused(late, 'request_not_pending');
      expect(late.body.detail).toContain('rejected by omar');
      expectRefused(await call('maria', 'POST', `/requests/${id}/end`), 'request_already_over');
      expectRefused(await call('maria', 'POST', `/requests/${id}/cancel`), 'request_not_cancellable');
    });

    test.each(['0'.repeat(26), 'x', `${'0'.repeat(26)}/..`, '%00', 'a'.repeat(5000)])(
      'a request that is none: %s',
      async (unknown) => {
        const answered = await call('omar', 'POST', `/requests/${unknown}/approve`);
        expect(answered.status).toBe(404);
        expect(['request_unknown', 'route_unknown']).toContain(answered.body.code);
      },
    );
  });

  describe('reading refuses', () => {
    test.each<[string, string, string, CallOptions, ProblemCode]>([
      ['all requests, to ordinary people', 'maria', '/requests', { query: { view: 'all' } }, 'not_permitted'],
      ['an unknown view', 'maria', '/requests', { query: { view: 'secret' } }, 'query_invalid'],
      ['an unknown parameter', 'maria', '/requests', { query: { requester: 'diego' } }, 'query_invalid'],
      ['a tampered cursor', 'maria', '/requests', { query: { cursor: 'AAAA' } }, 'cursor_invalid'],
      ['a tampered cursor of the catalogue', 'maria', '/catalog', { query: { cursor: '-1' } }, 'cursor_invalid'],
      ['what is not there', 'maria', '/secrets', {}, 'route_unknown'],
    ])('%s', async (_what, who, path, options, code) => {
      expectRefused(await call(who, 'GET', path, options), code);
    });

    test('a request of somebody else, alike to one that does not exist', async () => {
      const { body } = await call('maria', 'POST', '/requests', { body: GOOD_ASK });
      const strange = await call('chloe', 'GET', `/requests/${body.id}`);
      const missing = await call('chloe', 'GET', `/requests/${'0'.repeat(26)}`);
      expectRefused(strange, 'request_unknown');
      expect(strange.body.title).toBe(missing.body.title);
      for (const reader of ['maria', 'omar', 'ines', 'tom']) {
        expect((await call(reader, 'GET', `/requests/${body.id}`)).status, reader).toBe(200);
      }
    });

    test('a method that the resource does not know, naming those it does', async () => {
      const answered = await call('maria', 'DELETE', '/requests');
      expectRefused(answered, 'method_not_allowed');
      expect(answered.headers.allow).toBe('POST, GET');
    });
  });

  test('a service that does not answer is a 503 that says so, with the trace id and nothing of the inside', async () => {
    made.world.policies.current = () => Promise.reject(new Error('secret internals'));
    const broken = await call('maria', 'POST', '/requests', { body: GOOD_ASK });
    expect([broken.status, broken.body.code, broken.body.traceId]).toEqual([500, 'unexpected', 'trace-1']);
    expect(JSON.stringify(broken.body)).not.toContain('secret internals');
    expect(made.warnings).toHaveLength(1);
  });
});
