/** How often one person may break the glass: counted whoever races, and over with a review that is overdue. */
import { describe, expect, it } from 'vitest';
import { breaking, broken, codeOf, glassWorld, reviewing } from './glass-world.ts';
import { PEOPLE } from './small-policy.ts';
import { granted, submit } from './story.ts';

describe('the limit', () => {
  it('lets so many through and no more, though all ask at the same moment', async () => {
    const small = glassWorld();
    const answers = await Promise.all([1, 2, 3, 4, 5].map(() => breaking(small)));
    expect(answers.map(codeOf).sort()).toEqual([...Array(2).fill('break_glass_limit'), ...Array(3).fill('scheduled')]);
    expect(await small.truth.readGlass(PEOPLE.ann.id)).toMatchObject({ count: 3 });
  });

  it('answers the same key as before, though one more would be too many', async () => {
    const small = glassWorld();
    const key = { idempotency: { key: 'k', bodyHash: 'b' } };
    const first = granted(await breaking(small, key));
    await broken(small);
    await broken(small);
    expect(await breaking(small, key)).toMatchObject({ id: first.id });
    expect(codeOf(await breaking(small))).toBe('break_glass_limit');
  });

  it('is no limit to anybody else, or to asking', async () => {
    const small = glassWorld();
    for (let count = 0; count < 3; count += 1) await broken(small);
    expect(codeOf(await breaking(small, { by: 'bob' }))).toBe('scheduled');
    expect(codeOf(await submit(small))).toBe('pending');
  });

  it('is over for whoever has an overdue review, until it is given', async () => {
    const small = glassWorld();
    const request = await broken(small);
    small.clock.advance(86_400);
    expect(codeOf(await breaking(small))).toBe('review_overdue');
    granted(await reviewing(small, request, 'leo'));
    expect(codeOf(await breaking(small))).toBe('scheduled');
  });
});
