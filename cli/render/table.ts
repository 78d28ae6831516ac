/** A table fitted to the width of the screen; where that is too narrow, one block of labelled lines for each row. */

import { singleLine } from '../../lambda/contract/plain-text.ts';
import { fieldLines } from './fields.ts';
import type { Emphasis, Style } from './style.ts';
import { columnsOf, cut } from './text.ts';

export interface Cell {
  readonly text: string;
  readonly emphasis?: Emphasis;
}

export interface Column<Row> {
  readonly title: string;
  readonly cell: (row: Row) => Cell | string;
  /** The most columns to which it may be cut; a column without stays whole. */
  readonly cutTo?: number;
}

const GAP = 2;

const asCell = (cell: Cell | string): Cell => {
  const { text, ...emphasis } = typeof cell === 'string' ? { text: cell } : cell;
  return { text: singleLine(text) || '-', ...emphasis };
};

const total = (widths: readonly number[]): number =>
  widths.reduce((sum, width) => sum + width, 0) + GAP * (widths.length - 1);

/** Takes what is too much from the columns that may be cut, the widest first. Undefined when that is not enough. */
const fitWidths = (
  widths: readonly number[],
  floors: readonly (number | undefined)[],
  columns: number,
): number[] | undefined => {
  const fitted = [...widths];
  for (let tooMuch = total(fitted) - columns; tooMuch > 0; tooMuch = total(fitted) - columns) {
    const [widest] = fitted
      .map((width, index) => ({ index, spare: width - (floors[index] ?? width) }))
      .sort((left, right) => right.spare - left.spare);
    if (widest === undefined || widest.spare <= 0) return undefined;
    fitted[widest.index] = (fitted[widest.index] ?? 0) - Math.min(widest.spare, tooMuch);
  }
  return fitted;
};

const lineOf = (cells: readonly Cell[], widths: readonly number[], style: Style): string =>
  cells
    .map(({ text, emphasis }, index) => {
      const width = widths[index] ?? 0;
      const shown = cut(text, width);
      const filled = index === cells.length - 1 ? '' : ' '.repeat(width - columnsOf(shown));
      return style(emphasis, shown) + filled;
    })
    .join(' '.repeat(GAP))
    .trimEnd();

const blockOf = (titles: readonly string[], cells: readonly Cell[], columns: number): string[] =>
  fieldLines(
    cells.map(({ text }, index) => [titles[index] ?? '', text] as const),
    columns,
  );

/** The lines of the table; rows in blocks are set apart by an empty line. */
export const tableLines = <Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  { columns: available, style }: { readonly columns: number; readonly style: Style },
): string[] => {
  const titles = columns.map(({ title }) => title);
  const cells = rows.map((row) => columns.map(({ cell }) => asCell(cell(row))));
  const widths = columns.map(({ title }, index) =>
    Math.max(columnsOf(title), ...cells.map((row) => columnsOf(row[index]?.text ?? ''))),
  );
  const floors = columns.map(({ cutTo }, index) =>
    cutTo === undefined ? undefined : Math.min(cutTo, widths[index] ?? 0),
  );
  const fitted = fitWidths(widths, floors, available);
  if (!fitted) return cells.flatMap((row, index) => [...(index ? [''] : []), ...blockOf(titles, row, available)]);
  const header = titles.map((text) => ({ text, emphasis: 'bold' as const }));
  return [header, ...cells].map((row) => lineOf(row, fitted, style));
};
