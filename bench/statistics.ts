/** The few figures that a series of runs is told by. */

/** The value below or at which so great a part of the values lies (nearest rank). */
export const percentile = (values: readonly number[], part: number): number => {
  const sorted = [...values].sort((left, right) => left - right);
  const value = sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)];
  if (value === undefined) throw new Error('no values');
  return value;
};

export const median = (values: readonly number[]): number => percentile(values, 0.5);
