/** Whether there are enough people for every stage of an approval when nobody counts in two of them. */

export interface StageStaffing {
  readonly required: number;
  /** Ids of those who can decide it. */
  readonly people: ReadonlySet<string>;
  /** False where there may be more. */
  readonly isAll: boolean;
}

export interface TooFew {
  /** Numbers of the stages that lack people together, from 0. */
  readonly stages: readonly number[];
  readonly required: number;
  readonly available: number;
}

/** Every choice of some of so many stages, those of one alone first. */
const choicesOf = (count: number): readonly (readonly number[])[] =>
  Array.from({ length: 2 ** count - 1 }, (_, index) =>
    Array.from({ length: count }, (_unused, stage) => stage).filter((stage) => (index + 1) & (1 << stage)),
  ).sort((left, right) => left.length - right.length);

/** There are enough exactly when every choice of stages has as many people in all as it takes in all (Hall's theorem). */
export const tooFewApprovers = (staffing: readonly StageStaffing[]): TooFew | undefined => {
  for (const stages of choicesOf(staffing.length)) {
    const theirs = stages.flatMap((stage) => staffing[stage] ?? []);
    const required = theirs.reduce((sum, one) => sum + one.required, 0);
    const available = new Set(theirs.flatMap(({ people }) => [...people])).size;
    if (available < required && theirs.every(({ isAll }) => isAll)) return { stages, required, available };
  }
  return undefined;
};
