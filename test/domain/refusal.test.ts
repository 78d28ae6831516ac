/** What counts as a refusal: whatever a port or a person may hand over is told apart from one. */
import { describe, expect, it } from 'vitest';
import { isRefusal, refuse } from '../../lambda/domain/refusal.ts';

describe('isRefusal', () => {
  it.each<[string, unknown, boolean]>([
    ['a refusal', refuse('not_permitted', 'No.'), true],
    ['one with facts', refuse('too_many_open', 'No more.', { maximum: 10 }), true],
    ['a request', { id: 'a-request', status: 'pending' }, false],
    ['something refused without a word', { refused: 'not_permitted' }, false],
    ['a problem of somebody else', { detail: 'it did not work' }, false],
    ['nothing', undefined, false],
    ['null', null, false],
    ['a text', 'refused: detail', false],
    ['a function', () => undefined, false],
  ])('%s', (_what, value, expected) => {
    expect(isRefusal(value)).toBe(expected);
  });
});
