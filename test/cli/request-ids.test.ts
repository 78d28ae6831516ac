/** Which request is meant. */
import { describe, expect, it } from 'vitest';
import { outputOn } from '../../cli/output.ts';
import { requestIdFor } from '../../cli/request-ids.ts';
import { clientOf, terminalAt, type World } from './support/client.ts';
import { activeRequest, ID, OTHER_ID, pendingRequest } from './support/documents.ts';

const terminal = terminalAt('2026-11-23T14:00:00Z');
const output = outputOn(terminal, false);
const resolve = (typed: string | undefined, world: World = {}) => requestIdFor('end', typed, clientOf(world), output);

describe('a request', () => {
  it.each([ID, ID.toLowerCase(), ` ${ID} `])('given by its whole id %j is not looked up', async (typed) => {
    expect(await resolve(typed)).toBe(ID);
  });

  it.each([
    ['its end', 'Z123'],
    ['its end in lower case', 'wxyz123'],
    ['more of its end', 'PQRSTVWXYZ123'],
  ])('is found by %s', async (_what, typed) => {
    expect(await resolve(typed, { mine: [pendingRequest(), pendingRequest({ id: OTHER_ID })] })).toBe(ID);
  });

  it('is found by its start', async () => {
    expect(await resolve('01JDB3', { mine: [pendingRequest()] })).toBe(ID);
  });

  it.each([
    ['those that wait for one', { toReview: [pendingRequest()] }],
    ['what is held now', { active: [activeRequest({ id: ID })] }],
    ['all, by whoever may list them', { all: [pendingRequest()] }],
    [
      'a later page',
      {
        mine: ['A', 'B', 'C']
          .map((end) => pendingRequest({ id: `01JDB3QK7M8N9PQRSTVWXYZ12${end}` }))
          .concat(pendingRequest()),
      },
    ],
  ] as const)('is found among %s', async (_where, world) => {
    expect(await resolve('Z123', world)).toBe(ID);
  });

  it('that is listed twice is one request', async () => {
    expect(await resolve('Z123', { mine: [pendingRequest()], toReview: [pendingRequest()] })).toBe(ID);
  });

  it('is refused when the part fits several, which are named', async () => {
    const world = { mine: [pendingRequest(), pendingRequest({ id: OTHER_ID })] };
    await expect(resolve('01JDB3QK', world)).rejects.toMatchObject({
      problem: { code: 'ambiguous', facts: { candidates: [ID, OTHER_ID] } },
    });
  });

  it('is refused when the part fits none that one can list', async () => {
    await expect(resolve('ZZZZ')).rejects.toMatchObject({ problem: { code: 'nothing_fits' } });
  });

  it.each(['123', 'not an id', `${ID}4`, 'ILOU1234', ''])('"%s" is no id', async (typed) => {
    await expect(resolve(typed)).rejects.toMatchObject({ problem: { code: 'usage' } });
  });
});

describe('no id', () => {
  it('means the only one on which the action is possible, and says which', async () => {
    expect(await resolve(undefined, { mine: [pendingRequest(), activeRequest({ id: OTHER_ID })] })).toBe(OTHER_ID);
    expect(terminal.err.text()).toBe(
      `brevet: the only one to end is ${OTHER_ID} (maria, payments-prod/AdministratorAccess, active)\n`,
    );
  });

  it('is refused when there are several', async () => {
    const world = { mine: [activeRequest(), activeRequest({ id: OTHER_ID })] };
    await expect(resolve(undefined, world)).rejects.toMatchObject({ problem: { code: 'ambiguous' } });
  });

  it('is refused when there is none', async () => {
    await expect(resolve(undefined, { mine: [pendingRequest()] })).rejects.toMatchObject({
      problem: { code: 'nothing_fits' },
    });
  });

  it("never means somebody else's", async () => {
    await expect(resolve(undefined, { active: [activeRequest()] })).rejects.toMatchObject({
      problem: { code: 'nothing_fits' },
    });
  });
});
