/** Text from people made safe to show, wherever that is. */

// Control characters, lone surrogates, line separators, and format characters (bidirectional overrides, zero-width
// spaces, tags), except the joiners that scripts and emoji need.
const HOSTILE = /(?![\n\t])\p{Cc}|\p{Cs}|\p{Zl}|\p{Zp}|(?![\u200c\u200d])\p{Cf}/gu;

/** NB. Makes whatever could drive a terminal or reorder text visible instead: ESC becomes `\u{1b}`. */
export const neutralise = (text: string): string =>
  text.replace(HOSTILE, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`);

/** One line, whatever it was. */
export const singleLine = (text: string): string => text.replace(/\s+/g, ' ').trim();
