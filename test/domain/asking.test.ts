/** What people write when they ask: every limit at its boundary, every hostile text, and the request that is made. */
import { describe, expect, it } from 'vitest';
import { ask, isPrintable, refuseWish, type Wish } from '../../lambda/domain/asking.ts';
import { ANN, at, BROKEN, CAT, DAN, ENTITLED, HOUR, LEADS, seconds, TARGET } from './samples.ts';

const NOW = at('09:00');
const LIMITS = {
  longestDurationSeconds: 43_200,
  pendingExpirySeconds: 28_800,
  startAheadSeconds: 86_400,
  textLength: 1000,
  ticketLength: 100,
};
const WISH: Wish = { durationSeconds: HOUR, justification: 'Deploy the fix' };
const refusalOf = (change: Partial<Wish>): string => refuseWish({ ...WISH, ...change }, NOW, LIMITS)?.refused ?? 'none';

describe('a wish at its limits', () => {
  it.each([
    ['an ordinary one', {}, 'none'],
    ['one second', { durationSeconds: seconds(1) }, 'none'],
    ['the longest duration', { durationSeconds: seconds(43_200) }, 'none'],
    ['a second more than the longest', { durationSeconds: seconds(43_201) }, 'duration_too_long'],
    ['a start now', { start: NOW }, 'none'],
    ['a start a millisecond ago', { start: at('08:59:59.999') }, 'start_in_past'],
    ['a start as far ahead as possible', { start: (NOW + 86_400_000) as typeof NOW }, 'none'],
    ['a start a millisecond beyond', { start: (NOW + 86_400_001) as typeof NOW }, 'start_too_far'],
    ['no justification', { justification: '' }, 'justification_empty'],
    ['only blanks', { justification: ' \t\n\u00a0\u3000 ' }, 'justification_empty'],
    ['one letter', { justification: 'x' }, 'none'],
    ['the longest justification', { justification: 'x'.repeat(1000) }, 'none'],
    ['a character more', { justification: 'x'.repeat(1001) }, 'justification_too_long'],
    ['the longest, in astral characters', { justification: '🚒'.repeat(500) }, 'none'],
    ['an astral character more', { justification: '🚒'.repeat(501) }, 'justification_too_long'],
    ['a ticket', { ticket: 'CHG-1234' }, 'none'],
    ['an empty ticket', { ticket: '' }, 'ticket_invalid'],
    ['the longest ticket', { ticket: 'x'.repeat(100) }, 'none'],
    ['a ticket a character longer', { ticket: 'x'.repeat(101) }, 'ticket_invalid'],
    ['a ticket of two lines', { ticket: 'CHG-1\nCHG-2' }, 'ticket_invalid'],
    ['a justification of nothing but joiners', { justification: '\u200d\u200c' }, 'justification_empty'],
    ['a ticket with a control character', { ticket: 'CHG\u00001' }, 'ticket_invalid'],
    ['a ticket that turns the text around', { ticket: 'CHG\u202e1' }, 'ticket_invalid'],
    ['an incident', { incident: 'INC-42' }, 'none'],
    ['an empty incident', { incident: '' }, 'incident_invalid'],
    ['an incident of nothing but blanks', { incident: ' \u200d ' }, 'incident_invalid'],
    ['the longest incident', { incident: 'x'.repeat(100) }, 'none'],
    ['an incident a character longer', { incident: 'x'.repeat(101) }, 'incident_invalid'],
    ['an incident of two lines', { incident: 'INC-1\nINC-2' }, 'incident_invalid'],
    ['an incident that is to be helped later', { incident: 'INC-42', start: at('12:00') }, 'start_invalid'],
    ['a justification that is not one text', { justification: 'half a \ud83d' }, 'justification_unprintable'],
  ])('%s', (_situation, change, expected) => {
    expect(refusalOf(change)).toBe(expected);
  });

  it('says what was got and what is allowed', () => {
    expect(refuseWish({ ...WISH, justification: 'x'.repeat(1001) }, NOW, LIMITS)).toMatchObject({
      detail: 'The justification has 1001 characters; at most 1000.',
      facts: { maximum: 1000 },
    });
    expect(refuseWish({ ...WISH, incident: '' }, NOW, LIMITS)).toMatchObject({
      detail: 'An incident is named by 1 to 100 printable characters.',
      facts: { maximum: 100 },
    });
    expect(refuseWish({ ...WISH, incident: 'INC-42', start: at('12:00') }, NOW, LIMITS)?.detail).toContain(
      'Leave out the start, or ask without it',
    );
    const beyond = (NOW + 86_400_001) as typeof NOW;
    expect(refuseWish({ ...WISH, start: beyond }, NOW, LIMITS)?.facts).toEqual({ latest: '2026-11-24T09:00:00.000Z' });
  });
});

describe('isPrintable', () => {
  const PLAIN = [
    '',
    'abc',
    'zwei\nZeilen',
    'tab\tstop',
    'Grüße, 東京',
    'שלום',
    'سلام',
    '👩‍🚒 fire',
    'zwei\r\nZeilen',
    '~!@#$%^&*()"\'<>\\',
  ];
  it.each(PLAIN)('lets through %j', (text) => {
    expect(isPrintable(text)).toBe(true);
  });

  const HOSTILE: readonly (readonly [string, string])[] = [
    ['a soft hyphen', '\u00ad'],
    ['a mark of direction', '\u200e'],
    ['an invisible tag', '\u{e0041}'],
    ['null', '\u0000'],
    ['bell', '\u0007'],
    ['backspace', '\u0008'],
    ['vertical tab', '\u000b'],
    ['form feed', '\u000c'],
    ['carriage return, which overwrites a line on a terminal', '\r'],
    ['escape, which commands a terminal', '\u001b[2J'],
    ['delete', '\u007f'],
    ['next line', '\u0085'],
    ['C1 control sequence introducer', '\u009b'],
    ['left-to-right embedding', '\u202a'],
    ['right-to-left embedding', '\u202b'],
    ['pop directional formatting', '\u202c'],
    ['left-to-right override', '\u202d'],
    ['right-to-left override', '\u202e'],
    ['left-to-right isolate', '\u2066'],
    ['right-to-left isolate', '\u2067'],
    ['first strong isolate', '\u2068'],
    ['pop directional isolate', '\u2069'],
    ['zero width space', '\u200b'],
    ['word joiner', '\u2060'],
    ['byte order mark', '\ufeff'],
    ['line separator', '\u2028'],
    ['paragraph separator', '\u2029'],
    ['high surrogate alone', '\ud800'],
    ['low surrogate alone', '\udc00'],
    ['surrogates the wrong way round', '\ude92\ud83d'],
  ];
  it.each(HOSTILE)('refuses %s', (_name, hostile) => {
    expect(isPrintable(`before ${hostile} after`)).toBe(false);
  });
});

describe('ask', () => {
  const asked = (wish: Wish, required: number) =>
    ask(
      {
        id: 'a-request',
        salt: 'a-salt',
        requester: ANN,
        target: TARGET,
        wish,
        entitled: ENTITLED,
        approval: [{ required, groups: [LEADS] }],
        askedAt: NOW,
      },
      LIMITS,
    );

  it.each([
    ['waits as long as the limit', WISH, at('17:00')],
    ['waits no longer than its own window lasts', { ...WISH, start: at('12:00') }, at('13:00')],
    ['waits as long as the limit when its window is later', { ...WISH, start: at('16:30') }, at('17:00')],
  ])('a request that needs approval %s', (_rule, wish, expected) => {
    expect(asked(wish, 1).next).toMatchObject({ status: 'pending', expiresAt: expected, votes: [], version: 0 });
  });

  it.each([
    ['at once', WISH, NOW],
    ['at its start', { ...WISH, start: at('12:00') }, at('12:00')],
  ])('a request that needs nobody is scheduled %s', (_rule, wish, expected) => {
    expect(asked(wish, 0).next).toMatchObject({ status: 'scheduled', startsAt: expected });
  });

  it('reports texts as texts and facts as data', () => {
    expect(asked({ ...WISH, start: at('12:00'), ticket: 'CHG-1' }, 1).fact).toEqual({
      kind: 'asked',
      at: NOW,
      actor: { kind: 'person', id: 'id-ann', userName: 'ann' },
      to: 'pending',
      data: {
        accountId: '400000000001',
        permissionSetArn: 'arn:aws:sso:::permissionSet/ssoins-7223c4d1e8b6a509/ps-0123456789abcdef',
        durationSeconds: 3600,
        start: '2026-11-23T12:00:00.000Z',
        entitlement: 'payments-production',
        policyVersion: 'a'.repeat(64),
        approvalsRequired: 1,
        approverGroupIds: ['group-leads'],
        approvalStages: ['{"groups":["group-leads"],"required":1,"users":[]}'],
      },
      texts: { justification: 'Deploy the fix', ticket: 'CHG-1' },
    });
  });

  it('reports what everybody must have who is asked by attributes alone', () => {
    const everybodyWith = [{ attribute: 'department', values: ['Security'] }] as const;
    const given = { id: 'a-request', salt: 'a-salt', requester: ANN, target: TARGET, wish: WISH, entitled: ENTITLED };
    const { fact } = ask({ ...given, approval: [{ required: 1, groups: [], everybodyWith }], askedAt: NOW }, LIMITS);
    expect(fact.data).toMatchObject({ approverGroupIds: [], approverAttributes: ['{"department":["Security"]}'] });
    expect(fact.data).not.toHaveProperty('approverIds');
  });

  it('reports who is asked by name, how many each of several stages takes, and that the glass was broken', () => {
    const given = { id: 'a-request', salt: 'a-salt', requester: ANN, target: TARGET, wish: WISH, entitled: ENTITLED };
    const first = { required: 2, groups: [LEADS], users: [CAT] };
    const approval = [first, { required: 1, groups: [], users: [DAN] }];
    expect(ask({ ...given, approval, askedAt: NOW }, LIMITS).fact.data).toMatchObject({
      approvalsRequired: 3,
      approverIds: ['id-cat', 'id-dan'],
      approvalStages: [
        '{"groups":["group-leads"],"required":2,"users":["id-cat"]}',
        '{"groups":[],"required":1,"users":["id-dan"]}',
      ],
    });
    expect(ask({ ...given, approval, askedAt: NOW }, LIMITS).fact.data).not.toHaveProperty('breakGlass');
    expect(ask({ ...given, approval: [], askedAt: NOW }, LIMITS).fact.data).not.toHaveProperty('approvalStages');
    const broken = ask({ ...given, approval: [], askedAt: NOW, breakGlass: BROKEN }, LIMITS);
    expect(broken.fact.data).toMatchObject({ approvalsRequired: 0, breakGlass: true });
  });

  it('reports no ticket where none was given', () => {
    expect(Object.keys(asked(WISH, 1).fact.texts)).toEqual(['justification']);
  });

  it('begins an empty chain', () => {
    expect(asked(WISH, 1).next.trail).toEqual({ count: 0, hash: '' });
  });
});
