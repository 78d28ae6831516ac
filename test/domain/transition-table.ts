/** The rows of both tables: every situation × every event of a request. */
import { OPEN_TABLE } from './transition-table-open.ts';
import { OVER_TABLE } from './transition-table-over.ts';

export interface Row {
  readonly situation: string;
  readonly event: string;
  readonly expected: string;
}

const rowOf = (line: string): Row => {
  const [situation = '', event = '', expected = ''] = line.split(/\s+/);
  return { situation, event, expected };
};

export const ROWS: readonly Row[] = `${OPEN_TABLE}${OVER_TABLE}`
  .split('\n')
  .filter((line) => line.trim() !== '')
  .map(rowOf);
