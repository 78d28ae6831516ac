/** What every set of places must do. */
import { expect, it } from 'vitest';
import type { Places } from '../../lambda/ports/places.ts';

/** @param make places of which none is kept, once for each test. */
export const describePlaces = (name: string, make: () => Promise<Places>): void => {
  it(`${name} places know nothing before something is kept`, async () => {
    expect(await (await make()).recall('due')).toBeUndefined();
  });

  it(`${name} places keep the last cursor of each kind of work, apart`, async () => {
    const places = await make();
    await places.keep('due', 'first');
    await places.keep('due', 'second');
    await places.keep('waiting', 'third');
    expect([await places.recall('due'), await places.recall('waiting'), await places.recall('open')]).toEqual([
      'second',
      'third',
      undefined,
    ]);
  });

  it(`${name} places forget one when the work has come to its end, also twice`, async () => {
    const places = await make();
    await places.keep('due', 'first');
    await places.keep('due', undefined);
    await places.keep('due', undefined);
    expect(await places.recall('due')).toBeUndefined();
  });
};
