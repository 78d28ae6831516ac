/** Remembers what was loaded for a while; callers that come while it loads share the one load. */
import type { Instant } from '../domain/time.ts';
import type { Clock } from '../ports/clock.ts';

export interface Cached<Value> {
  get(): Promise<Value>;
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
  return {
    get: () => {
      const isFresh = last !== undefined && clock.now() - last.since < maxAgeSeconds * 1000;
      const current = isFresh && last ? last : begin();
      last = current;
      return current.value;
    },
  };
};
