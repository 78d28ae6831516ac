/** Who somebody is, as a door has proven it; and what of a token's claims proves it. */
import { type Refusal, refuse } from './refusal.ts';

/** What was proven is a user name of IAM Identity Center, or an e-mail address that belongs to one of its users. */
export interface ProvenIdentity {
  readonly kind: 'user-name' | 'email';
  readonly value: string;
}

/** Which claim says who somebody is, and what it is in IAM Identity Center. */
export interface IdentityClaim {
  readonly claim: string;
  readonly mapsTo: ProvenIdentity['kind'];
}

/**
 * The text with A to Z in lower case, and nothing else changed.
 * NB. The lower case of other letters must not be taken: that of the Kelvin sign is an ordinary k, so that somebody who may
 * choose a name could pass for somebody else.
 */
export const foldedCase = (text: string): string => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());

/**
 * Whether the Identity Store can be asked for a user or a group of that name: for others it fails, and nothing bears them (API
 * reference, Filter, CreateUser and CreateGroup).
 */
export const isStoreName = (text: string): boolean => /^[\p{L}\p{M}\p{S}\p{N}\p{P}\t\n\r \u3000]{1,1024}$/u.test(text);

/** What a user name is made of in the Identity Store (API reference, CreateUser): no spaces, no control characters. */
const PRINTABLE = /^[\p{L}\p{M}\p{S}\p{N}\p{P}]+$/u;
const LONGEST: Readonly<Record<ProvenIdentity['kind'], number>> = { 'user-name': 128, email: 254 };

const unproven = (why: string): Refusal =>
  refuse('identity_unproven', `${why} Whoever runs Brevet can say which claim identifies people here.`);

/**
 * Reads who somebody is from the claims of a token that was verified.
 * NB. An e-mail counts only if the issuer says, with a true boolean, that it is verified: elsewhere anybody may write any.
 */
export const identityIn = (
  claims: Readonly<Record<string, unknown>>,
  { claim, mapsTo }: IdentityClaim,
): ProvenIdentity | Refusal => {
  const value = Object.hasOwn(claims, claim) ? claims[claim] : undefined;
  if (value === undefined) return unproven(`The token has no claim "${claim}".`);
  if (typeof value !== 'string' || value.length > LONGEST[mapsTo] || !PRINTABLE.test(value)) {
    return unproven(`The claim "${claim}" of the token is nothing that a user can be found by.`);
  }
  if (claim === 'email' && claims.email_verified !== true) {
    return unproven('The issuer does not say that the e-mail address in the token is verified.');
  }
  return { kind: mapsTo, value };
};
