/** Remembers what was loaded for a while; callers that come while it loads share the one load. */
import type { Instant } from '../domain/time.ts';
import type { Clock } from '../ports/clock.ts';

export interface Cached<Value> {
  get(): Promise<Value>;
  /** What is remembered, if anything is: loads nothing. */
  peek(): Promise<Value> | undefined;
}

interface Load<Value> {
  readonly since: Instant;
  readonly value: Promise<Value>;
}

/** A load that fails is forgotten at once, and the failure goes to everyone who waited for it. */
export const cached = <Value>(
  load: () => Promise<Value>,
  maxAgeSeconds: number,
  clock: Pick<Clock, 'now'>,
): Cached<Value> => {
  let last: Load<Value> | undefined;
  const begin = (): Load<Value> => {
    const begun: Load<Value> = { since: clock.now(), value: load() };
    begun.value.catch(() => {
      if (last === begun) last = undefined;
    });
    return begun;
  };
  const fresh = (): Load<Value> | undefined =>
    last !== undefined && clock.now() - last.since < maxAgeSeconds * 1000 ? last : undefined;
  return {
    get: () => {
      last = fresh() ?? begin();
      return last.value;
    },
    peek: () => fresh()?.value,
  };
};

/** Keys may come from outside: when there are so many, all are forgotten. */
const MOST_KEYS = 1000;

/** The same for many values, each by its key. */
export const cachedByKey = <Value>(
  load: (key: string) => Promise<Value>,
  maxAgeSeconds: number,
  clock: Pick<Clock, 'now'>,
): ((key: string) => Promise<Value>) => {
  const known = new Map<string, Cached<Value>>();
  return (key) => {
    const one = known.get(key) ?? cached(() => load(key), maxAgeSeconds, clock);
    if (known.size >= MOST_KEYS) known.clear();
    known.set(key, one);
    return one.get();
  };
};
