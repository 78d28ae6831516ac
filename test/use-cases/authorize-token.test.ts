/** What the OIDC door makes of a header: a person, a genuine token that proves nobody, or disbelief. */
import { describe, expect, it } from 'vitest';
import { ServiceFault } from '../../lambda/ports/faults.ts';
import { authorizeToken, type TokenWorld } from '../../lambda/use-cases/authorize-token.ts';

/** Believes two tokens, and knows that the issuer is away for a third. */
const world: TokenWorld = {
  tokens: {
    verify: async (token) => {
      if (token === 'of.maria.x') return { claims: { name: 'maria' } };
      if (token === 'of.nobody.x') return { claims: { sub: '00u1' } };
      if (token === 'issuer.is.away') throw new ServiceFault('issuer', 'TimeoutError', undefined);
      return { disbelief: 'signature' };
    },
  },
  identityClaim: { claim: 'name', mapsTo: 'user-name' },
};

describe('authorizeToken', () => {
  it.each(['Bearer of.maria.x', 'bearer of.maria.x', 'BEARER  of.maria.x'])('lets in "%s"', async (header) => {
    expect(await authorizeToken(world, header)).toEqual({
      genuine: true,
      identity: { kind: 'user-name', value: 'maria' },
    });
  });

  it('says why a genuine token proves nobody', async () => {
    expect(await authorizeToken(world, 'Bearer of.nobody.x')).toMatchObject({
      genuine: true,
      identity: { refused: 'identity_unproven', detail: expect.stringContaining('"name"') },
    });
  });

  it.each([
    ['Bearer forged.by.somebody', 'signature'],
    ['of.maria.x', 'malformed'],
    ['Basic of.maria.x', 'malformed'],
    ['Bearer', 'malformed'],
    ['Bearer ', 'malformed'],
    ['', 'malformed'],
    ['Bearer of.maria.x, Bearer forged.by.somebody', 'malformed'],
    ['Bearer of.maria.x extra', 'malformed'],
    ['Bearer of.maria.x\n', 'malformed'],
    ['X-Bearer of.maria.x', 'malformed'],
  ])('does not believe %j: %s', async (header, disbelief) => {
    expect(await authorizeToken(world, header)).toEqual({ genuine: false, disbelief });
  });

  it('says nothing of a token while the issuer is away', async () => {
    await expect(authorizeToken(world, 'Bearer issuer.is.away')).rejects.toMatchObject({ source: 'issuer' });
  });
});
