/** What a field of that name holds in the small world: mostly right, sometimes known to be wrong. */
import fc from 'fast-check';
import { contentOf, NOW, POLICY } from '../handlers/api-world.ts';

/** A call has many fields, and one wrong one hides all that lies behind it. */
const often = (right: readonly string[], wrong: readonly string[]): fc.Arbitrary<string> =>
  fc.oneof({ weight: 20, arbitrary: fc.constantFrom(...right) }, { weight: 1, arbitrary: fc.constantFrom(...wrong) });

const DAY = 86_400_000;

const moments = (fromMs: number, toMs: number): fc.Arbitrary<string> =>
  fc.oneof(
    {
      weight: 20,
      arbitrary: fc.integer({ min: fromMs, max: toMs }).map((offset) => new Date(NOW + offset).toISOString()),
    },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        '2026-11-23T04:30:00+01:00',
        '2026-11-23T03:00:00',
        '2026-02-30T03:00:00Z',
        '0000-01-01T00:00:00+23:59',
        '9999-12-31T23:59:59-23:59',
        '-000001-01-01T00:00:00Z',
        '+275760-09-13T00:00:00.001Z',
        'now',
      ),
    },
  );

const TEXTS = ['the payment queue is stuck', 'Größe\nund\tmehr \u{1F680}', 'because'];
const BAD_TEXTS = ['', '   ', 'a\u0000b', 'a\u202eb', '\ud800', 'x'.repeat(1000), 'x'.repeat(1001), 'x'.repeat(20_000)];

/** `@…` stands for what the run itself came to know: the n-th id or cursor, counted around. */
const known = (what: string): fc.Arbitrary<string> => fc.nat({ max: 9 }).map((number) => `@${what}:${number}`);

const GOOD_POLICY = contentOf(POLICY);

/** A policy with something else in the place of one part of it. */
const policies = fc
  .tuple(
    fc.constantFrom('4h', 'engineers', 'Workloads', 'ReadOnlyAccess', 'read', 'INC-'),
    fc.string({ maxLength: 12 }),
  )
  // By a function: in a text, `$&` and its like would stand for something.
  .map(([part, other]) =>
    JSON.parse(JSON.stringify(GOOD_POLICY).replaceAll(part, () => JSON.stringify(other).slice(1, -1))),
  );

export const PLAUSIBLE: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  accountId: often(['400000000001'], ['100000000001', '999999999999', '40000000000', ' 400000000001', '../1', '']),
  account: often(['payments-prod', '400000000001'], ['payments', 'PAYMENTS-PROD', 'management', '']),
  person: often(['maria', 'diego'], ['nobody', 'victor', '', 'm'.repeat(129)]),
  permissionSet: often(
    ['AdministratorAccess', 'ReadOnlyAccess', 'arn:aws:sso:::permissionSet/ssoins-1/ps-admin'],
    ['administratoraccess', 'GodMode', '', '*'],
  ),
  policy: fc.oneof({ weight: 3, arbitrary: fc.constant(GOOD_POLICY) }, { weight: 2, arbitrary: policies }),
  people: fc.array(often(['maria', 'diego', 'MARIA'], ['nobody', 'victor', '\u0000']), { maxLength: 11 }),
  at: often(['2026-11-23T10:00Z', '2026-11-23T10:00:00+01:00'], ['2026-11-23', 'now', '']),
  for: often(['1h', 'PT30M'], ['0h', '']),
  duration: often(
    ['PT1H', 'PT30M', '1h', 'PT4H', 'PT1M'],
    ['PT0S', '-PT1H', 'PT1.5H', 'PT4H1S', 'P400D', 'P99999DT999999H99999999M999999999S', 'P', '', 'an hour', 'PT1H\n'],
  ),
  extendTo: often(['PT2H', 'PT1H30M', '90m', 'PT1H1M', 'PT5H', 'PT4H'], ['PT0S', '2h ', '', 'PT2H0M']),
  /** The clock goes on while the run does. */
  start: moments(-DAY / 24, DAY),
  from: moments(-DAY, DAY / 24),
  to: moments(0, DAY * 2),
  justification: often(TEXTS, BAD_TEXTS),
  comment: often(TEXTS, BAD_TEXTS),
  ticket: often(['INC-42', 'INC-1'], ['INC-', 'CHG-1', 'INC-1\n', '', 'INC-1; rm -rf /', 'I'.repeat(101)]),
  incident: often(['INC-42', 'INC-1'], ['INC-', 'CHG-1', '', '\u200c', 'I'.repeat(101)]),
  id: fc.oneof(
    { weight: 20, arbitrary: known('id') },
    { weight: 1, arbitrary: fc.constantFrom('0'.repeat(26), '0'.repeat(27), '..', '%00', 'x', '@id') },
  ),
  cursor: fc.oneof(
    { weight: 4, arbitrary: known('cursor') },
    { weight: 1, arbitrary: fc.constantFrom('', '0', '50', '-1', '999999999', 'AAAA', '\u0000') },
  ),
  q: often(['payments', 'admin', ''], ['(', '\\', '%', '\u0130', '   ']),
  'Idempotency-Key': often(['key-1', 'key-2'], ['', 'two words', 'ü', 'k'.repeat(128), 'k'.repeat(129)]),
};
