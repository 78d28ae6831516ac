/** The verifier of exports: takes what the domain seals, and names every way in which an export can be wrong. */
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { auditEvent } from '../../lambda/contract/audit.ts';
import { type ChainLink, readLine, verifyChains } from '../../lambda/contract/audit-chain.ts';
import { compareWithEarlier } from '../../lambda/contract/audit-earlier.ts';
import {
  type AuditEvent,
  type AuditFact,
  EMPTY_TRAIL,
  sealEvent,
  trailAfter,
} from '../../lambda/domain/audit-event.ts';
import type { Instant } from '../../lambda/domain/time.ts';
import { idOf, MORNING, minutesAfter } from './samples.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

const FACT: AuditFact = {
  kind: 'voted',
  at: MORNING,
  actor: { kind: 'person', id: 'id-omar', userName: 'omar' },
  from: 'pending',
  to: 'pending',
  data: { choice: 'approve', durationSeconds: 3600, standing: false, approverGroupIds: ['b', 'a'] },
  texts: { comment: 'Größe 10 \u{1F600}' },
};

/** A chain as the domain seals it, an event a minute. */
const chain = (request: number, length: number, start: Instant = MORNING): AuditEvent[] => {
  const events: AuditEvent[] = [];
  for (let number = 0; number < length; number += 1) {
    const before = events.at(-1);
    const fact = { ...FACT, at: minutesAfter(start, number) };
    events.push(sealEvent(idOf(request), before ? trailAfter(before) : EMPTY_TRAIL, 'salt', fact, sha256));
  }
  return events;
};

/** What the export of these events reads as, after a journey through text. */
const exported = (events: readonly unknown[]): ChainLink[] =>
  events.map((event) => {
    const read = readLine(JSON.stringify(event));
    if ('why' in read) throw new Error(read.why);
    return read.event;
  });

const findings = (events: readonly unknown[], isWhole = false): string[] =>
  verifyChains(exported(events), sha256, { isWhole }).findings.map(
    ({ kind, requestId, sequence, until }) =>
      `${kind} ${Number(requestId.slice(5))}/${sequence}${until === undefined ? '' : `-${until}`}`,
  );

const [first, second, third, fourth] = chain(1, 4) as [AuditEvent, AuditEvent, AuditEvent, AuditEvent];
const other = chain(2, 3, minutesAfter(MORNING, 1));
const sealedAnew = (event: AuditEvent, change: Partial<AuditFact>, previous: AuditEvent | undefined): AuditEvent =>
  sealEvent(event.requestId, previous ? trailAfter(previous) : EMPTY_TRAIL, 'salt', { ...FACT, ...change }, sha256);

describe('an export that is as the domain sealed it', () => {
  it('is whole, with chains in each other and facts of every kind', () => {
    const all = [first, second, other[0], third, other[1], fourth, other[2]];
    expect(verifyChains(exported(all), sha256)).toEqual({ events: 7, requests: 2, findings: [], beginLater: [] });
  });

  it('is whole with whatever the domain may seal', () => {
    const texts = fc.dictionary(fc.string(), fc.string({ unit: 'binary' }));
    const values = fc.oneof(fc.string({ unit: 'binary' }), fc.integer(), fc.boolean(), fc.array(fc.string()));
    const names = fc.string({ unit: 'grapheme' }).filter((name) => name !== '__proto__');
    fc.assert(
      fc.property(fc.dictionary(names, values), texts, (data, given) => {
        const sealed = sealEvent(idOf(1), EMPTY_TRAIL, 'salt', { ...FACT, data, texts: given }, sha256);
        fc.pre(!JSON.stringify(sealed).includes('"__proto__"'));
        expect(findings([sealed], true)).toEqual([]);
        expect(auditEvent.safeParse(JSON.parse(JSON.stringify(sealed))).success).toBe(true);
      }),
    );
  });

  it('is whole when the clocks of two functions differed, as long as it is in the order of time', () => {
    const early = sealedAnew(second, { at: minutesAfter(MORNING, -1) }, first);
    expect(findings([early, first])).toEqual([]);
    expect(findings([first, early])).toEqual(['reordered 1/2']);
  });

  it('may begin in the middle of a chain, which is said and is no fault unless all of it is asked for', () => {
    const report = verifyChains(exported([second, third]), sha256);
    expect(report).toMatchObject({ findings: [], beginLater: [{ requestId: idOf(1), sequence: 2 }] });
    expect(findings([third, fourth], true)).toEqual(['missing 1/1-2']);
  });

  it('is whole when it is empty', () => {
    expect(verifyChains([], sha256)).toEqual({ events: 0, requests: 0, findings: [], beginLater: [] });
  });
});

describe('an export that was tampered with', () => {
  it.each<[string, readonly unknown[], string[]]>([
    ['a value', [first, { ...second, data: { ...second.data, choice: 'reject' } }, third], ['changed 1/2']],
    ['who did it', [{ ...first, actor: { kind: 'clock' } }], ['changed 1/1']],
    ['when', [first, { ...second, at: '2026-11-23T08:00:30.000Z' }, third], ['changed 1/2']],
    ['the hash of a text', [{ ...first, textHashes: { comment: 'f'.repeat(64) } }], ['changed 1/1']],
    ['a field taken away', [{ ...first, from: undefined }], ['changed 1/1']],
    ['a field added', [{ ...first, approved: true }], ['changed 1/1']],
    ['an empty list for none', [{ ...first, data: { ...first.data, approverGroupIds: [] } }], ['changed 1/1']],
    ['a number for a text', [{ ...first, data: { ...first.data, choice: 1 } }], ['changed 1/1']],
    ['the hash itself', [first, { ...second, hash: '0'.repeat(64) }, third], ['changed 1/2']],
    ['the link back', [first, { ...second, previousHash: '0'.repeat(64) }, third], ['changed 1/2']],
    ['the last event', [first, second, { ...third, to: 'cancelled' }], ['changed 1/3']],
    ['two of them', [{ ...first, to: 'x' }, second, { ...third, to: 'x' }], ['changed 1/1', 'changed 1/3']],
  ])('names what was changed: %s', (_, events, expected) => {
    expect(findings(events)).toEqual(expected);
  });

  it.each<[string, readonly unknown[], string[]]>([
    ['one in the middle', [first, third, fourth], ['missing 1/2']],
    ['two in the middle', [first, fourth], ['missing 1/2-3']],
    ['of one of two chains', [first, other[0], second, other[2]], ['missing 2/2']],
  ])('names what is missing: %s', (_, events, expected) => {
    expect(findings(events)).toEqual(expected);
  });

  it.each<[string, readonly unknown[], string[]]>([
    ['two swapped', [second, first, third], ['reordered 1/1']],
    ['the last one first', [third, first, second], ['reordered 1/1', 'reordered 1/2']],
    ['between events of others', [other[0], second, other[1], first], ['reordered 1/1']],
  ])('names what was reordered: %s', (_, events, expected) => {
    expect(findings(events)).toEqual(expected);
  });

  it('names what stands there twice', () => {
    expect(findings([first, second, second, third, third])).toEqual(['duplicated 1/2', 'duplicated 1/3']);
  });

  it('names a second event in the same place, whichever comes first', () => {
    const forged = sealedAnew(second, { kind: 'cancelled' }, first);
    expect(findings([first, second, forged, third])).toEqual(['foreign 1/2']);
    expect(findings([first, forged, second, third])).toEqual(['foreign 1/2']);
  });

  it('names the event that does not follow when the one before it was replaced and sealed anew', () => {
    expect(findings([first, sealedAnew(second, { kind: 'cancelled' }, first), third])).toEqual(['foreign 1/3']);
  });

  it('names a first event that claims to have a predecessor', () => {
    const { hash: _, ...content } = { ...first, previousHash: 'a'.repeat(64) };
    const sorted = JSON.stringify(content, (_key, value: unknown) =>
      typeof value === 'object' && value !== null && !Array.isArray(value)
        ? Object.fromEntries(Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1)))
        : value,
    );
    expect(findings([{ ...content, hash: sha256(sorted) }])).toEqual(['foreign 1/1']);
  });

  it('names an event of another request that was put into this one', () => {
    const moved = { ...other[1], requestId: idOf(1), sequence: 5 };
    expect(findings([first, second, third, fourth, moved])).toEqual(['changed 1/5']);
  });

  it('does not choke on a sequence beyond all measure', () => {
    const far = { ...second, sequence: Number.MAX_SAFE_INTEGER };
    expect(findings([first, far])).toEqual(['missing 1/2-9007199254740990', 'changed 1/9007199254740991']);
  });
});

test('any one event taken out of the middle, changed, or moved is named, and nothing else', () => {
  const tampering = fc.record({
    lengths: fc.array(fc.integer({ min: 3, max: 6 }), { minLength: 1, maxLength: 3 }),
    which: fc.nat(),
    how: fc.constantFrom('missing', 'changed', 'reordered', 'duplicated' as const),
  });
  fc.assert(
    fc.property(tampering, ({ lengths, which, how }) => {
      const chains = lengths.map((length, index) => chain(index + 1, length));
      const whole = chains.flat().sort((left, right) => (left.at < right.at ? -1 : 1));
      const inner = whole.filter(({ requestId, sequence }) => {
        const length = lengths[Number(requestId.slice(5)) - 1] ?? 0;
        return sequence > 1 && sequence < length;
      });
      const chosen = inner[which % inner.length];
      if (!chosen) return;
      const others = whole.filter((event) => event !== chosen);
      const tampered = {
        missing: others,
        changed: whole.map((event) => (event === chosen ? { ...event, kind: 'gone' } : event)),
        reordered: [...others, chosen],
        duplicated: [...whole, chosen],
      }[how];
      expect(findings(tampered, true)).toEqual([`${how} ${Number(chosen.requestId.slice(5))}/${chosen.sequence}`]);
    }),
    { numRuns: 200 },
  );
});

describe('a line', () => {
  it.each([
    ['nothing', ''],
    ['half an event', '{"requestId":"01'],
    ['no event', '{"a":1}'],
    ['a list', '[]'],
    ['a sequence of zero', JSON.stringify({ ...first, sequence: 0 })],
    ['a field that stands twice', JSON.stringify(first).replace('{', '{"kind":"asked",')],
  ])('that is none is not read: %s', (_, line) => {
    expect(readLine(line)).toHaveProperty('why');
  });

  it('is read as it is, with fields that this version does not know', () => {
    expect(readLine(JSON.stringify({ ...first, more: { a: [1] } }))).toEqual({
      event: { ...JSON.parse(JSON.stringify(first)), more: { a: [1] } },
    });
  });
});

describe('beside an earlier export', () => {
  const all = [...chain(1, 4), ...chain(2, 3)];
  const against = (events: readonly unknown[], earlier: readonly unknown[] = all): string[] =>
    compareWithEarlier(exported(events), exported(earlier), sha256).map(
      ({ kind, requestId, sequence }) => `${kind} ${Number(requestId.slice(5))}/${sequence}`,
    );
  const without = (request: number, ...sequences: number[]) =>
    all.filter((event) => event.requestId !== idOf(request) || !sequences.includes(event.sequence));
  /** Every hash fits, and yet it is another story. */
  const anew = (() => {
    const votedElse = sealedAnew(second, { kind: 'cancelled' }, first);
    return [first, votedElse, sealedAnew(third, {}, votedElse)];
  })();

  it.each<[string, readonly unknown[], string[]]>([
    ['all is there, and more', [...all, ...chain(3, 2)], []],
    ['the newest event is left out', without(1, 4), ['gone 1/4']],
    ['the newest events are left out', without(2, 2, 3), ['gone 2/2', 'gone 2/3']],
    ['a whole chain is left out', without(2, 1, 2, 3), ['gone 2/1', 'gone 2/2', 'gone 2/3']],
    [
      'everything is left out',
      [],
      all.map(({ requestId, sequence }) => `gone ${Number(requestId.slice(5))}/${sequence}`),
    ],
    ['a chain was made anew', [...anew, ...chain(2, 3)], ['rewritten 1/2', 'rewritten 1/3', 'gone 1/4']],
  ])('when %s', (_, events, found) => {
    if (events.length > 0) expect(findings(events, true), 'what the chain alone shows').toEqual([]);
    expect(against(events)).toEqual(found);
  });

  test('whatever is taken away or changed is named, and nothing else', () => {
    const change = fc.record({ at: fc.nat(all.length - 1), isGone: fc.boolean() });
    fc.assert(
      fc.property(fc.uniqueArray(change, { selector: ({ at }) => at }), (changes) => {
        const now = all.flatMap((event, at) => {
          const made = changes.find((one) => one.at === at);
          if (!made) return [event];
          return made.isGone ? [] : [{ ...event, kind: 'something else' }];
        });
        const named = [...changes]
          .sort((one, other) => one.at - other.at)
          .map(({ at, isGone }) => {
            const { requestId, sequence } = all[at] as AuditEvent;
            return `${isGone ? 'gone' : 'rewritten'} ${Number(requestId.slice(5))}/${sequence}`;
          });
        expect(against(now)).toEqual(named);
      }),
    );
  });
});
