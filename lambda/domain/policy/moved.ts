/** What stands in another order than before. */

/** Index of the first that is above, in an ascending list. */
const firstAbove = (list: readonly number[], value: number): number => {
  const found = list.findIndex((one) => one > value);
  return found < 0 ? list.length : found;
};

/** Positions of the longest ascending part of these numbers, which are all different. */
const longestAscending = (numbers: readonly number[]): ReadonlySet<number> => {
  const lowestEnds: number[] = [];
  const endPositions: number[] = [];
  const befores = numbers.map((value, position): number | undefined => {
    const length = firstAbove(lowestEnds, value);
    lowestEnds[length] = value;
    endPositions[length] = position;
    return endPositions[length - 1];
  });
  const found = new Set<number>();
  for (let at = endPositions.at(-1); at !== undefined; at = befores[at]) found.add(at);
  return found;
};

/**
 * Of what both lists have, whatever would have to be moved to bring the one into the order of the other, and as little as
 * possible: of two that changed places, at least one is among it. What is in a list more than once stands where it is first.
 */
export const movedBetween = (before: readonly string[], after: readonly string[]): ReadonlySet<string> => {
  const places = new Map([...before.entries()].reverse().map(([place, one]) => [one, place]));
  const both = [...new Set(after)].filter((one) => places.has(one));
  const kept = longestAscending(both.map((one) => places.get(one) ?? 0));
  return new Set(both.filter((_, position) => !kept.has(position)));
};
