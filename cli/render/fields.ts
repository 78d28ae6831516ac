/** Labelled texts, one under the other, fitted to the width of the screen. */
import { columnsOf, pad, wrap } from './text.ts';

export type Field = readonly [label: string, text: string];

const INDENT = 2;
const GAP = 2;
/** Below this the text goes under its label instead of beside it. */
const NARROWEST_TEXT = 28;

const beside = ([label, text]: Field, labelColumns: number, textColumns: number): string[] => {
  const margin = ' '.repeat(INDENT + labelColumns + GAP);
  const [first = '', ...others] = wrap(text, textColumns);
  return [
    `${' '.repeat(INDENT)}${pad(label, labelColumns)}${' '.repeat(GAP)}${first}`,
    ...others.map((line) => margin + line),
  ];
};

const beneath = ([label, text]: Field, columns: number): string[] => [
  ' '.repeat(INDENT) + label,
  ...wrap(text, columns - 2 * INDENT).map((line) => ' '.repeat(2 * INDENT) + line),
];

/** Every line of a text stays to the right of its label, so that no text can pass for another field. */
export const fieldLines = (fields: readonly Field[], columns: number): string[] => {
  const labelColumns = Math.max(0, ...fields.map(([label]) => columnsOf(label)));
  const textColumns = columns - INDENT - labelColumns - GAP;
  return fields
    .flatMap((field) =>
      textColumns < NARROWEST_TEXT ? beneath(field, columns) : beside(field, labelColumns, textColumns),
    )
    .map((line) => line.trimEnd());
};
