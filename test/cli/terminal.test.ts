/** Colours: what the user says first, then what the terminal can. */
import { describe, expect, it } from 'vitest';
import { hasColours } from '../../cli/terminal.ts';

/** As Node judges a terminal by its environment. */
const stream = (isTTY: boolean) => ({
  isTTY,
  hasColors: (env: unknown) => (env as Record<string, string>).TERM !== 'dumb',
});

describe('colours', () => {
  it.each([
    ['on a terminal', true, {}, true],
    ['not on a dumb terminal', true, { TERM: 'dumb' }, false],
    ['not in a pipe', false, {}, false],
    ['not with NO_COLOR', true, { NO_COLOR: '1' }, false],
    ['as ever with an empty NO_COLOR', true, { NO_COLOR: '' }, true],
    ['in a pipe with FORCE_COLOR', false, { FORCE_COLOR: '1' }, true],
    ['in a pipe with an empty FORCE_COLOR', false, { FORCE_COLOR: '' }, true],
    ['on a dumb terminal with FORCE_COLOR', true, { TERM: 'dumb', FORCE_COLOR: '3' }, true],
    ['with FORCE_COLOR before NO_COLOR', true, { FORCE_COLOR: '1', NO_COLOR: '1' }, true],
    ['not with FORCE_COLOR=0', true, { FORCE_COLOR: '0' }, false],
    ['not with FORCE_COLOR=false', true, { FORCE_COLOR: 'false' }, false],
  ])('%s', (_when, isTTY, env, expected) => {
    expect(hasColours(stream(isTTY) as Parameters<typeof hasColours>[0], env)).toBe(expected);
  });
});
