/** Whom the claims of a token prove, and whom they do not. */
import { describe, expect, it } from 'vitest';
import { foldedCase, identityIn, isStoreName } from '../../lambda/domain/proven-identity.ts';

const BY_USER_NAME = { claim: 'preferred_username', mapsTo: 'user-name' } as const;
const BY_EMAIL = { claim: 'email', mapsTo: 'email' } as const;

describe('claims prove', () => {
  it('a user name', () => {
    expect(identityIn({ sub: '00u1', preferred_username: 'maria' }, BY_USER_NAME)).toEqual({
      kind: 'user-name',
      value: 'maria',
    });
  });

  it('an e-mail address that the issuer calls verified', () => {
    expect(identityIn({ email: 'Maria@Example.com', email_verified: true }, BY_EMAIL)).toEqual({
      kind: 'email',
      value: 'Maria@Example.com',
    });
  });

  it('a user name that is a verified e-mail address', () => {
    const claims = { email: 'maria@example.com', email_verified: true };
    expect(identityIn(claims, { claim: 'email', mapsTo: 'user-name' })).toEqual({
      kind: 'user-name',
      value: 'maria@example.com',
    });
  });

  it('a user name as long as any may be', () => {
    expect(identityIn({ preferred_username: 'm'.repeat(128) }, BY_USER_NAME)).toMatchObject({ value: 'm'.repeat(128) });
  });

  it('somebody whose name is not written in Latin letters', () => {
    expect(identityIn({ preferred_username: 'мария' }, BY_USER_NAME)).toMatchObject({ value: 'мария' });
  });
});

describe('claims prove nobody', () => {
  it.each([
    ['without the claim', {}],
    ['with the claim in another case', { Preferred_Username: 'maria' }],
    ['that inherit the claim', Object.create({ preferred_username: 'maria' })],
    ['with an empty one', { preferred_username: '' }],
    ['with null', { preferred_username: null }],
    ['with a number', { preferred_username: 7 }],
    ['with a list', { preferred_username: ['maria'] }],
    ['with an object', { preferred_username: { value: 'maria' } }],
    ['with spaces', { preferred_username: 'maria santos' }],
    ['with a line break', { preferred_username: 'maria\n' }],
    ['with marks that cannot be seen', { preferred_username: 'mar\u200bia' }],
    ['with text that reorders itself', { preferred_username: '\u202eairam' }],
    ['longer than any user name', { preferred_username: 'm'.repeat(129) }],
  ])('%s', (_, claims) => {
    expect(identityIn(claims, BY_USER_NAME)).toMatchObject({
      refused: 'identity_unproven',
      detail: expect.stringContaining('"preferred_username"'),
    });
  });

  it.each([
    ['that does not say whether it is verified', {}],
    ['that says it is not', { email_verified: false }],
    ['that says so in a text', { email_verified: 'true' }],
    ['that says so with a number', { email_verified: 1 }],
  ])('by an e-mail address %s', (_, more) => {
    const claims = { email: 'maria@example.com', ...more };
    expect(identityIn(claims, BY_EMAIL)).toMatchObject({ refused: 'identity_unproven' });
    expect(identityIn(claims, { claim: 'email', mapsTo: 'user-name' })).toMatchObject({ refused: 'identity_unproven' });
  });

  it('without the claim, and the reason names it', () => {
    expect(identityIn({ sub: 'maria' }, BY_USER_NAME)).toMatchObject({
      detail: expect.stringContaining('has no claim "preferred_username"'),
    });
  });

  it('by another claim than the one of the settings', () => {
    const claims = { sub: 'maria', email: 'maria@example.com', email_verified: true };
    expect(identityIn(claims, BY_USER_NAME)).toMatchObject({ refused: 'identity_unproven' });
  });
});

describe('the Identity Store can be asked for a user named', () => {
  it.each([
    ['with letters of any script', 'мария', true],
    ['with a combining mark', 'rene\u0301', true],
    ['with a symbol', 'a+b', true],
    ['with a digit', 'maria2', true],
    ['with punctuation', 'm.santos@example.com', true],
    ['with white space', 'maria\tde\nlos\rsantos y\u3000gil', true],
    ['with nothing', '', false],
    ['as long as may be', 'm'.repeat(1024), true],
    ['longer', 'm'.repeat(1025), false],
    ['with a control character', 'mar\u0007ia', false],
    ['with one at the start', '\u0007maria', false],
    ['with one at the end', 'maria\u0007', false],
    ['with a mark that cannot be seen', 'mar\u200bia', false],
    ['with half a character', 'maria\ud83d', false],
  ])('%s', (_what, name, expected) => {
    expect(isStoreName(name)).toBe(expected);
  });
});

describe('folded case', () => {
  it.each([
    ['Maria@Example.COM', 'maria@example.com'],
    ['\u212aenji', '\u212aenji'],
    ['\u0130nes', '\u0130nes'],
    ['ÄRGER', 'Ärger'],
  ])('of %s is %s', (text, folded) => {
    expect(foldedCase(text)).toBe(folded);
  });
});
