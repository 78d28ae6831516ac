/** Text from elsewhere: made harmless, measured, cut and wrapped. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { columnsOf, cut, neutraliseAll, toSafeJson, wrap } from '../../../cli/render/text.ts';
import { neutralise, singleLine } from '../../../lambda/contract/plain-text.ts';

describe('hostile text', () => {
  it.each([
    ['an escape sequence', '\u001b[2J', '\\u{1b}[2J'],
    ['a C1 control sequence introducer', '\u009b31m', '\\u{9b}31m'],
    ['a carriage return', 'harmless\rforged', 'harmless\\u{d}forged'],
    ['a backspace', 'ab\u0008c', 'ab\\u{8}c'],
    ['a bidirectional override', 'abc\u202edef', 'abc\\u{202e}def'],
    ['a bidirectional isolate', '\u2066x\u2069', '\\u{2066}x\\u{2069}'],
    ['a zero-width space', 'a\u200bb', 'a\\u{200b}b'],
    ['a byte order mark', '\ufeffa', '\\u{feff}a'],
    ['a tag character', 'a\u{e0041}', 'a\\u{e0041}'],
    ['a line separator', 'a\u2028b', 'a\\u{2028}b'],
    ['half a surrogate pair', 'a\ud800', 'a\\u{d800}'],
    ['delete', 'a\u007f', 'a\\u{7f}'],
  ])('%s becomes visible', (_what, text, expected) => {
    expect(neutralise(text)).toBe(expected);
  });

  it.each(['Zoë Müller', 'two\nlines\tand a tab', '日本語', 'می‌خواهم', '👩‍💻'])('%s stays as it is', (text) => {
    expect(neutralise(text)).toBe(text);
  });

  it('is made harmless wherever it stands in a document', () => {
    const document = { a: ['\u001b'], b: { '\u0007': 'x\u001b' }, n: 1, t: true, nothing: null };
    expect(neutraliseAll(document)).toEqual({
      a: ['\\u{1b}'],
      b: { '\\u{7}': 'x\\u{1b}' },
      n: 1,
      t: true,
      nothing: null,
    });
  });

  it('leaves JSON with the same meaning and nothing that drives a terminal', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const json = toSafeJson({ text });
        expect(JSON.parse(json)).toEqual({ text });
        expect(json.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
      }),
    );
  });
});

describe('width', () => {
  it.each([
    ['plain', 5],
    ['', 0],
    ['é', 1],
    ['e\u0301', 1],
    ['日本', 4],
    ['👍', 2],
    ['👩‍💻', 2],
    ['ﾊ', 1],
  ])('%s takes %i columns', (text, expected) => {
    expect(columnsOf(text)).toBe(expected);
  });

  it.each([
    ['fits', 4, 'fits'],
    ['too long', 5, 'too …'],
    ['日本語', 4, '日…'],
    ['ab', 1, '…'],
  ])('%s cut to %i columns is %s', (text, columns, expected) => {
    expect(cut(text, columns)).toBe(expected);
  });

  it.each([
    ['one two three', 7, ['one two', 'three']],
    ['payments-prod/AdministratorAccess', 24, ['payments-prod/', 'AdministratorAccess']],
    ['abcdefghij', 4, ['abcd', 'efgh', 'ij']],
    ['a\nb', 10, ['a', 'b']],
    ['wide 日本語', 7, ['wide', '日本語']],
    ['', 5, ['']],
  ])('%j wrapped at %i columns', (text, columns, expected) => {
    expect(wrap(text, columns)).toEqual(expected);
  });

  it('is kept by every line of wrapped text, and no letter is lost', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 2, max: 60 }), (text, columns) => {
        const lines = wrap(text, columns);
        for (const line of lines) expect(columnsOf(line)).toBeLessThanOrEqual(columns);
        expect(lines.join('').replace(/\s/g, '')).toBe(text.replace(/\s/g, ''));
      }),
    );
  });

  it('does not matter where nothing says how wide the screen is', () => {
    const text = 'word '.repeat(200).trim();
    expect(wrap(text, Number.POSITIVE_INFINITY)).toEqual([text]);
  });
});

describe('a single line', () => {
  it('is what several lines become in a table', () => {
    expect(singleLine('  one\n\ttwo ')).toBe('one two');
  });
});
