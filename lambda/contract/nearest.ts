/** Names that look like what was typed, for "did you mean". */

const MOST = 5;
const ALIKE_ENOUGH = 0.35;

const pairsOf = (text: string): Set<string> => {
  const lower = ` ${text.toLowerCase()} `;
  return new Set(Array.from({ length: lower.length - 1 }, (_, index) => lower.slice(index, index + 2)));
};

/** Share of letter pairs in common (Sørensen–Dice): 1 for the same, 0 for nothing alike. */
const likeness = (ours: ReadonlySet<string>, theirs: ReadonlySet<string>): number => {
  let common = 0;
  for (const pair of ours) if (theirs.has(pair)) common += 1;
  return (2 * common) / (ours.size + theirs.size);
};

/** The most alike first, at most five. */
export const nearest = (typed: string, names: readonly string[]): string[] => {
  const pairs = pairsOf(typed);
  return names
    .map((name) => ({ name, alike: likeness(pairs, pairsOf(name)) }))
    .filter(({ alike }) => alike >= ALIKE_ENOUGH)
    .sort((left, right) => right.alike - left.alike || (left.name < right.name ? -1 : 1))
    .slice(0, MOST)
    .map(({ name }) => name);
};
