/** How old the catalogue may be, and when the organization is read again. */
import { describe, expect, it } from 'vitest';
import {
  type CatalogueState,
  freshnessOf,
  isBeingRead,
  isReadingDue,
  NOTHING_READ,
  wantedToo,
} from '../../lambda/domain/catalogue.ts';
import { addSeconds, instant } from '../../lambda/domain/time.ts';

const NOON = instant(Date.parse('2026-11-23T12:00:00Z'));
const ago = (seconds: number) => addSeconds(NOON, -seconds);
const LIMITS = { catalogueStaleSeconds: 3600, catalogueDeniesSeconds: 86_400 };

it.each([
  [0, 'fresh'],
  [3599, 'fresh'],
  [3600, 'stale'],
  [86_399, 'stale'],
  [86_400, 'too-old'],
  [90_000, 'too-old'],
])('what was read %i s ago is %s', (age, freshness) => {
  expect(freshnessOf(ago(age), NOON, LIMITS)).toBe(freshness);
});

const read = (secondsAgo: number, more: Partial<CatalogueState> = {}): CatalogueState => ({
  revision: 3,
  isUnfinished: false,
  begunAt: ago(secondsAgo),
  ...more,
});
const told = (secondsAgo: number) => ({ wanted: { at: ago(secondsAgo), resources: [], everything: false } });
const running = (until: number) => ({ run: { id: 'another', until: addSeconds(NOON, until) } });

describe('reading is due', () => {
  it.each([
    ['when nothing was ever read', NOTHING_READ, true],
    ['not again for a quarter of an hour', read(899), false],
    ['a quarter of an hour later', read(900), true],
    ['when an event told of a change since', read(120, told(30)), true],
    ['when an event told of a change at the very moment', read(120, told(120)), true],
    ['not for what an event told of before', read(120, told(130)), false],
    ['only a minute later, however many events come', read(59, told(1)), false],
    ['when something was left', read(60, { isUnfinished: true }), true],
    ['not while another one reads', read(5000, { ...running(1), ...told(30) }), false],
    ['when the other one has been silent for too long', read(5000, running(0)), true],
  ])('%s', (_, state, isDue) => {
    expect(isReadingDue(state, NOON)).toBe(isDue);
  });

  it('from the first revision on, while nothing was ever stored', () => {
    expect(NOTHING_READ).toEqual({ revision: 0, isUnfinished: true });
  });

  it('and nobody reads where nobody said so', () => {
    expect(isBeingRead(NOTHING_READ, NOON)).toBe(false);
  });
});

describe('what events told of', () => {
  it('adds up, each resource once', () => {
    const first = wantedToo(read(10), ['400000000001'], ago(5));
    expect(wantedToo(first, ['400000000001', '400000000002'], NOON).wanted).toEqual({
      at: NOON,
      resources: ['400000000001', '400000000002'],
      everything: false,
    });
  });

  it('is everything once it is too much to name', () => {
    const many = Array.from({ length: 101 }, (_, index) => String(index));
    const most = many.slice(1);
    expect(wantedToo(read(10), most, ago(5)).wanted).toEqual({ at: ago(5), resources: most, everything: false });
    const state = wantedToo(read(10), many, ago(5));
    expect(state.wanted).toEqual({ at: ago(5), resources: [], everything: true });
    expect(wantedToo(state, ['400000000001'], NOON).wanted).toEqual({ at: NOON, resources: [], everything: true });
  });
});
