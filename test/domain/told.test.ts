/** What people are told when something is refused: what happened, the value got, what is allowed, what to do next. */
import { describe, expect, it } from 'vitest';
import type { AccessRequest } from '../../lambda/domain/access-request.ts';
import { refuseWish, type Wish } from '../../lambda/domain/asking.ts';
import { refuseExtension } from '../../lambda/domain/extension.ts';
import { identityIn } from '../../lambda/domain/proven-identity.ts';
import { isRefusal, type Refusal } from '../../lambda/domain/refusal.ts';
import { type RequestEvent, transition } from '../../lambda/domain/transition.ts';
import {
  ACTIVE,
  ANN,
  approve,
  at,
  BEN,
  DAN,
  ENDING,
  ENTITLED,
  EXTENDING,
  GRANTING,
  HOUR,
  PENDING,
  SCHEDULED,
  SITUATIONS,
  seconds,
} from './samples.ts';

const BY_DAN = { kind: 'person', id: DAN.id, userName: DAN.userName } as const;
const CLOCK = { kind: 'clock' } as const;
const EXTEND = { kind: 'extend', durationSeconds: HOUR, entitled: ENTITLED, approval: [] };
const extend = (moment: string, durationSeconds = HOUR) =>
  ({ ...EXTEND, at: at(moment), durationSeconds }) as RequestEvent;

const refusalOf = (result: unknown): Refusal => {
  if (!isRefusal(result)) throw new Error('nothing is refused');
  return result;
};

const LIMITS = {
  longestDurationSeconds: 43_200,
  pendingExpirySeconds: 28_800,
  startAheadSeconds: 86_400,
  textLength: 1000,
  ticketLength: 100,
};

describe('whoever asks is told', () => {
  it.each<[string, Partial<Wish>, readonly RegExp[], Refusal['facts']]>([
    ['to say why', { justification: ' ' }, [/why you need the access/, /approver/], undefined],
    ['to use plain text', { justification: 'a\u202eb' }, [/invisible marks/, /plain text/], undefined],
    ['how long a ticket may be', { ticket: '' }, [/1 to 100 printable/], { maximum: 100 }],
    [
      'that the start has passed, and now is when',
      { start: at('08:00') },
      [/08:00/, /now .*09:00/, /at once/],
      undefined,
    ],
    [
      'how far ahead is possible',
      { start: (at('09:00') + 100_000_000) as Wish['start'] },
      [/too far ahead/, /2026-11-24T09:00/],
      { latest: '2026-11-24T09:00:00.000Z' },
    ],
    [
      'how long anything may last',
      { durationSeconds: seconds(50_000) },
      [/13h 53m 20s/, /12h/],
      { maximumSeconds: 43_200 },
    ],
  ])('%s', (_what, change, words, facts) => {
    const wish = { durationSeconds: HOUR, justification: 'Deploy the fix', ...change };
    const refusal = refusalOf(refuseWish(wish, at('09:00'), LIMITS));
    for (const word of words) expect(refusal.detail).toMatch(word);
    expect(refusal.facts).toEqual(facts);
  });
});

describe('whoever acts too late, too early or in vain is told', () => {
  const { rejected, expired } = SITUATIONS as Record<'rejected' | 'expired', AccessRequest>;

  it.each<[string, AccessRequest, RequestEvent, readonly RegExp[]]>([
    ['who decides instead', PENDING, { kind: 'vote', vote: approve(ANN) }, [/own request/, /Ask one of the approvers/]],
    [
      'that a window may be shortened',
      PENDING,
      { kind: 'vote', vote: approve(BEN, at('10:00'), seconds(3601)) },
      [/shorten the window, not lengthen/],
    ],
    [
      'until when it could have been decided',
      PENDING,
      { kind: 'vote', vote: approve(BEN, at('17:00')) },
      [/17:00/, /expired/],
    ],
    [
      'how it was decided',
      rejected,
      { kind: 'vote', vote: approve(BEN) },
      [/is rejected/, /rejected by cat at .*09:05/],
    ],
    [
      'that nobody decided',
      expired,
      { kind: 'vote', vote: approve(BEN) },
      [/is expired/, /nobody decided before .*17:00/],
    ],
    [
      'who can cancel',
      PENDING,
      { kind: 'cancel', at: at('09:10'), by: DAN },
      [/requester can cancel/, /approver can reject/],
    ],
    [
      'to end instead',
      ACTIVE,
      { kind: 'cancel', at: at('10:00'), by: ANN },
      [/is active/, /cannot be cancelled/, /End it instead/],
    ],
    ['until when it waits', PENDING, { kind: 'expire', at: at('16:00') }, [/waits until .*17:00/]],
    [
      'when it starts',
      SCHEDULED,
      { kind: 'begin-grant', at: at('09:00'), grantBy: at('09:45') },
      [/starts at .*09:30/],
    ],
    [
      'what can begin',
      PENDING,
      { kind: 'begin-grant', at: at('09:30'), grantBy: at('09:45') },
      [/is pending/, /scheduled/],
    ],
    [
      'what can become usable',
      ACTIVE,
      { kind: 'usable', at: at('09:31'), standing: false, session: { sessionSeconds: 3600 } },
      [/is active, not granting/],
    ],
    ['what can fail', ACTIVE, { kind: 'fail-grant', at: at('09:31'), reason: 'x' }, [/is active, not granting/]],
    [
      'what to do about what has not started',
      PENDING,
      { kind: 'end', at: at('10:00'), by: BY_DAN },
      [/not started/, /cancel/, /reject/],
    ],
    ['that it is ending', ENDING, { kind: 'end', at: at('10:40'), by: BY_DAN }, [/already ending/]],
    ['when it ends', ACTIVE, { kind: 'end', at: at('10:00'), by: CLOCK }, [/ends at .*10:31/]],
    ['what has no end yet', GRANTING, { kind: 'end', at: at('10:00'), by: CLOCK }, [/is granting/]],
    ['what cannot be gone', ACTIVE, { kind: 'gone', at: at('10:00') }, [/is active/]],
    ['what can be extended', ENDING, extend('10:40'), [/is ending/, /only active access/, /Ask again/]],
    ['that it has just ended', ACTIVE, extend('10:31'), [/is ending/, /Ask again/]],
    ['that one extension waits', EXTENDING, extend('10:00'), [/asked at .*09:50/, /waits for approval/]],
    [
      'how much more is possible',
      ACTIVE,
      extend('10:00', seconds(14_400)),
      [/5h in all/, /payments-production/, /4h/, /At most 3h can be added/, /Ask again/],
    ],
    [
      'that more time comes too late',
      EXTENDING,
      { kind: 'vote', vote: approve(BEN, at('10:31')), extendTo: seconds(5400) },
      [/has ended/, /ask again/],
    ],
    [
      'what waits, and how that is approved',
      EXTENDING,
      { kind: 'vote', vote: approve(BEN) },
      [/30m more/, /1h 30m in all/, /until .*11:01/, /extendTo "1h30m"/],
    ],
    [
      'that no extension waits',
      PENDING,
      { kind: 'vote', vote: approve(BEN), extendTo: seconds(5400) },
      [/request itself waits/, /without extendTo/],
    ],
  ])('%s', (_what, request, event, words) => {
    const { detail } = refusalOf(transition(request, event));
    for (const word of words) expect(detail).toMatch(word);
  });

  it('with the facts that a program wants', () => {
    const facts = (request: AccessRequest, event: RequestEvent) => refusalOf(transition(request, event)).facts;
    expect(facts(rejected, { kind: 'vote', vote: approve(BEN) })).toEqual({ status: 'rejected' });
    expect(facts(PENDING, { kind: 'vote', vote: approve(BEN, at('10:00'), seconds(3601)) })).toEqual({
      maximumSeconds: 3600,
    });
    expect(facts(EXTENDING, { kind: 'vote', vote: approve(BEN) })).toEqual({ extendTo: '1h30m' });
    expect(facts(ACTIVE, extend('10:00', seconds(14_400)))).toEqual({ maximumSeconds: 14_400, leftSeconds: 10_800 });
  });

  it('nothing that does not help: what is over cannot be ended instead', () => {
    expect(refusalOf(transition(rejected, { kind: 'cancel', at: at('10:00'), by: ANN })).detail).toMatch(
      /cancelled\.$/,
    );
  });
});

describe('before anything is asked of the policy', () => {
  it.each<[string, AccessRequest, string, string]>([
    ['active access can be extended', ACTIVE, '10:30:59.999', 'none'],
    ['not at its end', ACTIVE, '10:31', 'request_not_extendable'],
    ['not while it is being granted, though its end is far', GRANTING, '09:40', 'request_not_extendable'],
    ['not twice at once', EXTENDING, '10:00', 'extension_pending'],
  ])('%s', (_rule, request, moment, expected) => {
    expect(refuseExtension(request, at(moment))?.refused ?? 'none').toBe(expected);
  });
});

describe('whoever signs in is told', () => {
  it('that the issuer does not vouch for the address', () => {
    const identity = identityIn({ email: 'ann@example.com' }, { claim: 'email', mapsTo: 'email' });
    expect(refusalOf(identity).detail).toMatch(/issuer .*not .*verified/);
  });
});
