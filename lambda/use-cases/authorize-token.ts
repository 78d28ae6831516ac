/** Judges the token of a call at the OIDC door: whether it is genuine, and whom it proves. */
import { type IdentityClaim, identityIn, type ProvenIdentity } from '../domain/proven-identity.ts';
import type { Refusal } from '../domain/refusal.ts';
import type { Disbelief, TokenVerifier } from '../ports/token-verifier.ts';

export interface TokenWorld {
  readonly tokens: TokenVerifier;
  readonly identityClaim: IdentityClaim;
}

/** A genuine token may still prove nobody; then the refusal says why, since its owner can do something about it. */
export type TokenVerdict =
  | { readonly genuine: true; readonly identity: ProvenIdentity | Refusal }
  | { readonly genuine: false; readonly disbelief: Disbelief };

const BEARER = /^bearer +(?<token>\S+)$/i;

/** @param authorization the header's value */
export const authorizeToken = async (world: TokenWorld, authorization: string): Promise<TokenVerdict> => {
  const token = BEARER.exec(authorization)?.groups?.token;
  if (token === undefined) return { genuine: false, disbelief: 'malformed' };
  const verified = await world.tokens.verify(token);
  if ('disbelief' in verified) return { genuine: false, disbelief: verified.disbelief };
  return { genuine: true, identity: identityIn(verified.claims, world.identityClaim) };
};
