/** Patterns that are certain to be quick: usual ones are, those that can search for ever are not, and what is called quick is. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isQuick } from '../../lambda/contract/quick-pattern.ts';

describe('isQuick', () => {
  it.each([
    String.raw`INC-\d+`,
    String.raw`(?:INC|CHG|PROB)-\d{1,8}`,
    String.raw`[A-Z]{2,10}-\d+`,
    String.raw`(?<system>[A-Z][A-Z0-9_]+)-[1-9]\d*`,
    String.raw`https://jira\.example\.com/browse/[A-Z]+-\d+`,
    String.raw`(?:INC-)?\d+`,
    String.raw`(?=.*\d)[\w-]+`,
    String.raw`\p{Lu}+-\u{1F600}?\d{4}`,
    String.raw`[^\]]+\]`,
    String.raw`(?i:inc)-\d+`,
    '(?:ab){3}',
  ])('takes %s', (pattern) => {
    expect(new RegExp(pattern, 'u')).toBeInstanceOf(RegExp);
    expect(isQuick(pattern)).toBe(true);
  });

  it.each([
    '(a+)+',
    '(a|a)*',
    '(?:a|ab|b)+c',
    '(.*a){20}',
    'a*a*a*a*b',
    `${'a?'.repeat(30)}${'a'.repeat(30)}`,
    '(a{1,50}){1,50}',
    String.raw`(a)\1`,
    String.raw`(?<x>a)\k<x>`,
    '(?=(a+)+)b',
    String.raw`(?:[A-Z]+-\d+, )*[A-Z]+`,
  ])('does not take %s', (pattern) => {
    expect(new RegExp(pattern, 'u')).toBeInstanceOf(RegExp);
    expect(isQuick(pattern)).toBe(false);
  });

  // Of few letters, so that much of a pattern fits much of a ticket, and the end of it does not.
  const { pattern } = fc.letrec<{ pattern: string; atom: string }>((tie) => ({
    pattern: fc.oneof(
      { depthSize: 'small', maxDepth: 4 },
      tie('atom'),
      fc.tuple(tie('pattern'), tie('pattern')).map(([one, other]) => `${one}${other}`),
      fc.tuple(tie('pattern'), tie('pattern')).map(([one, other]) => `(?:${one}|${other})`),
      fc
        .tuple(tie('pattern'), fc.constantFrom('*', '+', '?', '{2}', '{1,3}', '{2,}', '*?'))
        .map(([one, times]) => `(?:${one})${times}`),
    ),
    atom: fc.constantFrom('a', 'b', '[ab]', '.', String.raw`\w`),
  }));

  // What searches for ever does not come to an end before the test does.
  it('is right: what it takes ends on the tickets that take longest', () => {
    fc.assert(
      fc.property(pattern, (text) => {
        if (!isQuick(text)) return;
        const expression = new RegExp(`^(?:${text})$`, 'u');
        for (const ticket of ['a'.repeat(100), `${'a'.repeat(99)}!`, `${'ab'.repeat(49)}!!`]) {
          expect(typeof expression.test(ticket)).toBe('boolean');
        }
      }),
      { numRuns: 300 },
    );
  });
});
