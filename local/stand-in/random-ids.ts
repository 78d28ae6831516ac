// New ids, from the random numbers of the stand-in so that tests can repeat them.

export const randomHex = (random: () => number, length: number): string =>
  Array.from({ length }, () => Math.floor(random() * 16).toString(16)).join('');

/** Never one that is taken: a test that starts again with the same random numbers must not meet old ids. */
export const randomUuid = (random: () => number, taken: { has(id: string): boolean }, prefix = ''): string => {
  const id = `${prefix}${[8, 4, 4, 4, 12].map((length) => randomHex(random, length)).join('-')}`;
  return taken.has(id) ? randomUuid(random, taken, prefix) : id;
};
