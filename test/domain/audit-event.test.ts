/** The hash chain of events: any change shows when it is recomputed, and no text of a person is in it. */
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type AuditEvent,
  type AuditFact,
  canonicalJson,
  EMPTY_TRAIL,
  sealEvent,
  trailAfter,
} from '../../lambda/domain/audit-event.ts';
import { whatIsWrongWith } from '../verify-chain.ts';
import { at } from './samples.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const BEN = { kind: 'person', id: 'id-ben', userName: 'ben' } as const;

const FACTS: readonly AuditFact[] = [
  {
    kind: 'asked',
    at: at('09:00'),
    actor: BEN,
    to: 'pending',
    data: { b: 2, a: 1 },
    texts: { justification: 'secret why' },
  },
  { kind: 'voted', at: at('09:05'), actor: BEN, from: 'pending', to: 'pending', data: {}, texts: {} },
  { kind: 'voted', at: at('09:06'), actor: BEN, from: 'pending', to: 'scheduled', data: {}, texts: {} },
  { kind: 'cancelled', at: at('09:07'), actor: BEN, from: 'scheduled', to: 'cancelled', data: {}, texts: {} },
];

const chain = (): readonly AuditEvent[] => {
  let trail = EMPTY_TRAIL;
  return FACTS.map((fact) => {
    const event = sealEvent('request-1', trail, 'salt', fact, sha256);
    trail = trailAfter(event);
    return event;
  });
};
const SOUND = 'nothing';
const LAST = { count: 4, hash: chain().at(-1)?.hash ?? '' };

describe('a chain', () => {
  it('is sound as it was made', () => {
    expect(whatIsWrongWith(chain(), LAST, sha256)).toBe(SOUND);
  });

  it('says where a request came from, and of a new one nothing', () => {
    expect(chain().map((event) => ('from' in event ? event.from : 'new'))).toEqual([
      'new',
      'pending',
      'pending',
      'scheduled',
    ]);
  });

  it('counts from one and names the request', () => {
    expect(chain().map(({ sequence, requestId }) => `${requestId} ${sequence}`)).toEqual([
      'request-1 1',
      'request-1 2',
      'request-1 3',
      'request-1 4',
    ]);
  });

  it.each([
    ['an event is left out', (events: readonly AuditEvent[]) => events.toSpliced(1, 1)],
    ['the first event is left out', (events: readonly AuditEvent[]) => events.slice(1)],
    ['the last event is left out', (events: readonly AuditEvent[]) => events.slice(0, -1)],
    ['two events change places', ([a, b, c, d]: readonly AuditEvent[]) => [a, c, b, d]],
    ['an event comes twice', ([a, b, c, d]: readonly AuditEvent[]) => [a, b, b, c, d]],
    ['an event of another request is put in', (events: readonly AuditEvent[]) => events.with(1, other('request-2'))],
  ])('shows when %s', (_change, changed) => {
    const events = changed(chain()).filter((event) => event !== undefined);
    expect(whatIsWrongWith(events, LAST, sha256)).not.toBe(SOUND);
  });

  const other = (requestId: string): AuditEvent =>
    sealEvent(requestId, { count: 1, hash: chain()[0]?.hash ?? '' }, 'salt', FACTS[1] as AuditFact, sha256);

  it.each([
    'kind',
    'at',
    'actor',
    'from',
    'to',
    'data',
    'textHashes',
    'sequence',
    'requestId',
    'previousHash',
  ] as const)('shows when the %s of an event changes', (field) => {
    for (const [index, event] of chain().entries()) {
      const forged = { ...event, [field]: 'forged' } as unknown as AuditEvent;
      expect(whatIsWrongWith(chain().with(index, forged), LAST, sha256)).not.toBe(SOUND);
    }
  });

  it('holds no text, only its salted hash', () => {
    const [first] = chain();
    expect(JSON.stringify(first)).not.toContain('secret why');
    expect(first?.textHashes).toEqual({
      justification: createHash('sha256').update('saltsecret why').digest('hex'),
    });
  });
});

describe('canonicalJson', () => {
  it.each([
    [{ b: 1, a: 2 }, '{"a":2,"b":1}'],
    [{ a: { d: 1, c: [3, { f: 1, e: 2 }] } }, '{"a":{"c":[3,{"e":2,"f":1}],"d":1}}'],
    [{ a: undefined, b: null }, '{"b":null}'],
    [['b', 'a'], '["b","a"]'],
    ['quote " and \n', '"quote \\" and \\n"'],
    [{ Z: 1, a: 2, é: 3, 10: 4, 9: 5 }, '{"10":4,"9":5,"Z":1,"a":2,"é":3}'],
  ])('%j is %s', (value, expected) => {
    expect(canonicalJson(value)).toBe(expected);
  });

  it('is the same whatever the order of keys, and reads back as the same', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        const backwards = Object.fromEntries(Object.entries(value).reverse());
        expect(canonicalJson(backwards)).toBe(canonicalJson(value));
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });
});
