/** What a measure hands back, and how its tables are written. */

/** How much to measure. `quick` takes fewer runs. */
export interface Effort {
  readonly quick: boolean;
  /** Told as the work goes on. */
  readonly say: (text: string) => void;
}

export interface Section {
  readonly title: string;
  /** Markdown. */
  readonly text: string;
}

export const whole = (value: number): string => value.toLocaleString('en-US', { maximumFractionDigits: 0 });
export const fixed = (value: number, digits: number): string => value.toFixed(digits);

export const table = (
  headings: readonly string[],
  rows: readonly (readonly (string | number)[])[],
  leftAligned = 1,
): string => {
  const line = (cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |`;
  const rule = headings.map((_, column) => (column < leftAligned ? '---' : '---:'));
  return [line(headings), line(rule), ...rows.map(line)].join('\n');
};
