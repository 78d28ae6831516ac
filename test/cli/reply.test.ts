/** What came back from the network, judged. */
import { describe, expect, it } from 'vitest';
import { judgeReply, type Reply } from '../../cli/reply.ts';
import { problem } from './support/documents.ts';

const reply = (status: number, text: string, more: Partial<Reply> = {}): Reply => ({
  status,
  text,
  contentType: 'application/json',
  errorType: '',
  ...more,
});

const judged = (given: Reply) => {
  const verdict = judgeReply(given);
  return verdict.ok ? verdict : { code: verdict.failure.problem.code, mayPass: verdict.mayPass };
};

describe('a reply', () => {
  it.each([200, 201, 202])('with status %i and JSON is the document', (status) => {
    expect(judged(reply(status, '{"a":1}'))).toEqual({ ok: true, document: { a: 1 } });
  });

  it.each([
    ['a problem of the API', reply(403, JSON.stringify(problem('not_eligible', 'No.'))), 'not_eligible', false],
    ['the service unavailable', reply(503, JSON.stringify(problem('unavailable', 'Later.'))), 'unavailable', true],
    [
      'the glass broken too often',
      reply(429, JSON.stringify(problem('break_glass_limit', 'Twice.'))),
      'break_glass_limit',
      false,
    ],
    ['too many open requests', reply(429, JSON.stringify(problem('too_many_open', 'Ten.'))), 'too_many_open', false],
    [
      'a catalogue that is too old',
      reply(503, JSON.stringify(problem('catalogue_too_old', 'Old.'))),
      'catalogue_too_old',
      false,
    ],
    [
      'a catalogue that is being read',
      reply(503, JSON.stringify(problem('catalogue_not_read', 'Soon.'))),
      'catalogue_not_read',
      true,
    ],
    [
      'people who are being counted, for which whoever asks waits',
      reply(503, JSON.stringify(problem('people_being_counted', 'Soon.'))),
      'people_being_counted',
      false,
    ],
    [
      'people who could not be counted',
      reply(503, JSON.stringify(problem('people_not_counted', 'Not now.'))),
      'people_not_counted',
      false,
    ],
    ['throttling by the gateway', reply(429, '{"message":"Too Many Requests"}'), 'unavailable', true],
    ['a gateway that gave up', reply(504, '{"message":"Endpoint request timed out"}'), 'unavailable', true],
    ['a gateway that broke', reply(500, '{"message":"Internal server error"}'), 'unavailable', false],
    [
      'an expired token',
      reply(403, '{"message":"expired"}', { errorType: 'ExpiredTokenException' }),
      'not_signed_in',
      false,
    ],
    [
      'a wrong signature',
      reply(403, '{"message":"no match"}', { errorType: 'InvalidSignatureException' }),
      'not_signed_in',
      false,
    ],
    [
      'the resource policy',
      reply(403, '{"Message":"User: x is not authorized"}', { errorType: 'AccessDeniedException' }),
      'not_signed_in',
      false,
    ],
    [
      'a stage that is missing',
      reply(403, '{"message":"Missing Authentication Token"}', { errorType: 'MissingAuthenticationTokenException' }),
      'route_unknown',
      false,
    ],
    ['a web page', reply(404, '<html></html>', { contentType: 'text/html' }), 'answer_unreadable', false],
    ['a redirection', reply(302, ''), 'answer_unreadable', false],
    ['success that is no JSON', reply(200, '<html></html>', { contentType: 'text/html' }), 'answer_unreadable', false],
  ])('of %s is told apart', (_what, given, code, mayPass) => {
    expect(judged(given)).toEqual({ code, mayPass });
  });

  it.each([7, undefined])('that refuses says when to ask again: %s', (seconds) => {
    const text = JSON.stringify(problem('people_being_counted', 'Soon.'));
    const verdict = judgeReply(reply(503, text, seconds === undefined ? {} : { retryAfterSeconds: seconds }));
    expect(verdict.ok || verdict.failure.retryAfterSeconds).toBe(seconds);
  });
});
