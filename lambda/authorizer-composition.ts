/** Builds what the authorizer needs, which is nothing of AWS: apart from the others, so that it starts several times sooner. */
import { createIssuerKeys } from './adapters/issuer-keys.ts';
import { createJoseTokenVerifier } from './adapters/jose-token-verifier.ts';
import { createSystemClock } from './adapters/system-clock.ts';
import { ENVIRONMENT } from './contract/environment.ts';
import type { TokenRules } from './contract/sign-in.ts';
import type { TokenWorld } from './use-cases/authorize-token.ts';

/** @throws Error at the start of the function when it was not told how tokens are judged. */
const tokenRules = (): TokenRules => {
  const text = process.env[ENVIRONMENT.tokenRules];
  if (!text) throw new Error(`the environment variable ${ENVIRONMENT.tokenRules} is not set`);
  return JSON.parse(text) as TokenRules;
};

export const composeAuthorizer = (): TokenWorld => {
  const { issuer, audience, claim, mapsTo, keysAt } = tokenRules();
  const clock = createSystemClock();
  const keys = createIssuerKeys({ issuer, keysAt, clock });
  return { tokens: createJoseTokenVerifier({ issuer, audience, keys, clock }), identityClaim: { claim, mapsTo } };
};
