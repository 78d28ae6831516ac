/** Seeded chance: the same seed, the same world. Every part of the world draws from a stream of its own. */

export interface Chance {
  /** From 0 up to, and not including, 1. */
  fraction(): number;
  happens(probability: number): boolean;
  between(least: number, most: number): number;
  /** Both ends included. */
  whole(least: number, most: number): number;
  /** Exponentially distributed, as waiting times are. */
  around(mean: number): number;
  pick<Item>(items: readonly [Item, ...Item[]]): Item;
  pickAny<Item>(items: readonly Item[]): Item | undefined;
  /** Some of the items, each with that probability. */
  some<Item>(items: readonly Item[], probability: number): Item[];
  /** A stream of its own, so that one part of the world does not disturb another. */
  stream(name: string): Chance;
}

/** FNV-1a. */
const hashOf = (text: string): number => {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return hash >>> 0;
};

/** sfc32 by Chris Doty-Humphrey: small, fast, and good enough to wander through worlds. */
const generator = (seed: string): (() => number) => {
  let [a, b, c, counter] = [hashOf(seed), hashOf(`${seed}/b`), hashOf(`${seed}/c`), 1];
  const next = (): number => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 0x1_0000_0000;
  };
  for (let round = 0; round < 12; round += 1) next();
  return next;
};

export const chanceOf = (seed: string): Chance => {
  const fraction = generator(seed);
  const whole = (least: number, most: number): number => least + Math.floor(fraction() * (most - least + 1));
  return {
    fraction,
    happens: (probability) => fraction() < probability,
    between: (least, most) => least + fraction() * (most - least),
    whole,
    around: (mean) => -Math.log(1 - fraction()) * mean,
    pick: (items) => items[whole(0, items.length - 1)] ?? items[0],
    pickAny: (items) => items[whole(0, items.length - 1)],
    some: (items, probability) => items.filter(() => fraction() < probability),
    stream: (name) => chanceOf(`${seed}/${name}`),
  };
};
