/** Virtual time: whatever happens is an act at a moment, and acts happen one after another. */

export interface Timeline {
  /** Milliseconds since 1970. */
  now(): number;
  /** Acts of the same moment happen in the order in which they were planned. */
  after(milliseconds: number, act: () => void): void;
  sleep(milliseconds: number): Promise<void>;
  /** Acts until nothing is planned up to that moment, then stands there. Calls `step` after each act. */
  runUntil(moment: number, step: () => void): Promise<void>;
  /** Acts so far. */
  readonly count: () => number;
}

interface Planned {
  readonly at: number;
  readonly order: number;
  readonly act: () => void;
}

const isBefore = (one: Planned, other: Planned): boolean =>
  one.at < other.at || (one.at === other.at && one.order < other.order);

/** A binary heap, earliest first. */
const createHeap = () => {
  const heap: Planned[] = [];
  const rise = (planned: Planned): void => {
    let index = heap.push(planned) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      const above = heap[parent];
      if (!above || !isBefore(planned, above)) break;
      heap[index] = above;
      index = parent;
    }
    heap[index] = planned;
  };
  const smallerChild = (index: number): number => {
    const [left, right] = [heap[2 * index + 1], heap[2 * index + 2]];
    return left && right && isBefore(right, left) ? 2 * index + 2 : 2 * index + 1;
  };
  const sink = (planned: Planned): void => {
    let index = 0;
    for (let child = smallerChild(0); child < heap.length; child = smallerChild(index)) {
      const below = heap[child];
      if (!below || !isBefore(below, planned)) break;
      heap[index] = below;
      index = child;
    }
    heap[index] = planned;
  };
  return {
    add: rise,
    first: (): Planned | undefined => heap[0],
    takeFirst: (): Planned | undefined => {
      const [first] = heap;
      const last = heap.pop();
      if (last && heap.length > 0) sink(last);
      return first;
    },
  };
};

/** Everything that follows from an act without waiting for another one: promises settle in microtasks. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

export const createTimeline = (start: number): Timeline => {
  const heap = createHeap();
  let now = start;
  let order = 0;
  let count = 0;
  const after = (milliseconds: number, act: () => void): void => {
    order += 1;
    heap.add({ at: now + Math.max(0, Math.round(milliseconds)), order, act });
  };
  return {
    now: () => now,
    after,
    sleep: (milliseconds) => new Promise((resolve) => after(milliseconds, resolve)),
    runUntil: async (moment, step) => {
      await settled();
      for (let first = heap.first(); first && first.at <= moment; first = heap.first()) {
        heap.takeFirst();
        now = first.at;
        count += 1;
        first.act();
        await settled();
        step();
      }
      now = Math.max(now, moment);
    },
    count: () => count,
  };
};
