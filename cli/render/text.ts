/** Text from elsewhere made safe to show, and measured, cut and wrapped as terminals show it. */
import { neutralise } from '../../lambda/contract/plain-text.ts';

/** The same document with every text in it neutralised, keys too: rendering starts from this, so none is forgotten. */
export const neutraliseAll = <Content>(content: Content): Content => {
  const walk = (value: unknown): unknown => {
    if (typeof value === 'string') return neutralise(value);
    if (Array.isArray(value)) return value.map(walk);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [neutralise(key), walk(inner)]));
  };
  return walk(content) as Content;
};

// What JSON may carry as it is and a terminal may still obey.
const UNSAFE_IN_JSON = /[\u007f-\u009f]|\p{Cf}|\p{Zl}|\p{Zp}/gu;

const escapeUnits = (text: string): string =>
  Array.from({ length: text.length }, (_, index) => text.charCodeAt(index))
    .map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`)
    .join('');

/** JSON that means the same and holds no character that drives a terminal. */
export const toSafeJson = (document: unknown): string =>
  JSON.stringify(document, null, 2).replace(UNSAFE_IN_JSON, escapeUnits);

/** The same on one line. */
export const toSafeLine = (document: unknown): string => JSON.stringify(document).replace(UNSAFE_IN_JSON, escapeUnits);

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });
// East Asian wide and full-width (not half-width) forms, and what is drawn as an emoji.
const WIDE =
  /^(?![\uff61-\uffdc])[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}\u3000-\u303e\uff01-\uff60\uffe0-\uffe6]|\ufe0f/u;
const ZERO = /^[\p{Mn}\p{Me}\u200c\u200d]+$/u;
const ASCII = /^[\x20-\x7e]*$/;

const split = (text: string): string[] => Array.from(graphemes.segment(text), ({ segment }) => segment);

const widthOf = (grapheme: string): number => {
  if (ZERO.test(grapheme)) return 0;
  return WIDE.test(grapheme) ? 2 : 1;
};

/** Columns that the text takes. */
export const columnsOf = (text: string): number =>
  ASCII.test(text) ? text.length : split(text).reduce((sum, grapheme) => sum + widthOf(grapheme), 0);

/** As much of the start as fits, and the rest. Takes at least one character, so that cutting always ends. */
const breakAt = (text: string, columns: number): [string, string] => {
  let taken = '';
  let used = 0;
  for (const grapheme of split(text)) {
    used += widthOf(grapheme);
    if (used > columns && taken !== '') break;
    taken += grapheme;
  }
  return [taken, text.slice(taken.length)];
};

/** The text, or its start and `…` when it does not fit. */
export const cut = (text: string, columns: number): string =>
  columnsOf(text) <= columns ? text : `${columns > 1 ? breakAt(text, columns - 1)[0] : ''}…`;

/** The text filled up with spaces. */
export const pad = (text: string, columns: number): string => text + ' '.repeat(Math.max(0, columns - columnsOf(text)));

/** Names are joined by slashes: behind one is the best place to break them. */
const breakWord = (word: string, columns: number): [string, string] => {
  const [head, tail] = breakAt(word, columns);
  const slash = head.lastIndexOf('/') + 1;
  return slash > 0 && tail !== '' ? [word.slice(0, slash), word.slice(slash)] : [head, tail];
};

const pieces = (word: string, columns: number): string[] => {
  const found: string[] = [];
  let rest = word;
  while (columnsOf(rest) > columns) {
    const [head, tail] = breakWord(rest, columns);
    if (tail === '') break;
    found.push(head);
    rest = tail;
  }
  return [...found, rest];
};

const wrapLine = (line: string, columns: number): string[] => {
  const lines: string[] = [];
  for (const word of line.split(' ').flatMap((text) => pieces(text, columns))) {
    const last = lines.at(-1);
    const joined = last === undefined ? word : `${last} ${word}`;
    if (last !== undefined && columnsOf(joined) <= columns) lines[lines.length - 1] = joined;
    else lines.push(word);
  }
  return lines;
};

/** Lines no wider than that, broken between words, and inside a word only where it alone is too wide. */
export const wrap = (text: string, columns: number): string[] =>
  text
    .replaceAll('\t', '    ')
    .split('\n')
    .flatMap((line) => (columnsOf(line) <= columns ? [line] : wrapLine(line, columns)));
