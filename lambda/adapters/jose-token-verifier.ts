/** Verifies tokens of an OpenID Connect issuer with jose: form, algorithm, key, signature, and then what they claim. */
import { errors, type JWTPayload, type JWTVerifyOptions, jwtVerify } from 'jose';
import type { Clock } from '../ports/clock.ts';
import { ServiceFault } from '../ports/faults.ts';
import type { Disbelief, TokenVerifier } from '../ports/token-verifier.ts';
import type { IssuerKeys } from './issuer-keys.ts';
import { asFault } from './service-call.ts';

export interface JoseTokenVerifierParts {
  readonly issuer: string;
  readonly audience: readonly string[];
  readonly keys: IssuerKeys;
  readonly clock: Pick<Clock, 'now'>;
}

/**
 * NB. Signatures that only the issuer can make. Never `none`, and never HS…: there the key that verifies also signs, and a
 * verifier that took the issuer's public key for one would believe whoever knows it, which is everybody.
 */
const ALGORITHMS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
];

/** Clocks may differ by so much. */
const TOLERANCE_SECONDS = 30;
/** Whatever `exp` says: older ones were not made for one day's work. */
const OLDEST_SECONDS = 24 * 60 * 60;
/** API Gateway takes 10,240 bytes of headers in all. */
const LONGEST_TOKEN = 8 * 1024;

/**
 * NB. The same key signs an issuer's other tokens too, such as the logout tokens that it sends to clients, which name a
 * person and an audience as well: they are told apart by their type (RFC 8725, section 3.11) and by what they carry.
 */
const TYPES: ReadonlySet<unknown> = new Set([undefined, 'jwt', 'at+jwt', 'application/at+jwt', 'application/jwt']);
const isForPeople = (typ: unknown, payload: JWTPayload): boolean =>
  TYPES.has(typeof typ === 'string' ? typ.toLowerCase() : typ) && !Object.hasOwn(payload, 'events');

const CLAIM_DISBELIEFS: Readonly<Record<string, Disbelief>> = {
  iss: 'issuer',
  aud: 'audience',
  nbf: 'not-yet-valid',
  iat: 'issued-at',
};

const DISBELIEFS: Readonly<Record<string, Disbelief>> = {
  [errors.JOSEAlgNotAllowed.code]: 'algorithm',
  [errors.JOSENotSupported.code]: 'algorithm',
  [errors.JWSInvalid.code]: 'malformed',
  [errors.JWTInvalid.code]: 'malformed',
  [errors.JWKSNoMatchingKey.code]: 'unknown-key',
  [errors.JWKSMultipleMatchingKeys.code]: 'unknown-key',
  [errors.JWSSignatureVerificationFailed.code]: 'signature',
};

/** Undefined when what was thrown says nothing of the token. */
const disbeliefOf = (error: unknown): Disbelief | undefined => {
  if (error instanceof errors.JWTExpired) return error.claim === 'iat' ? 'too-old' : 'expired';
  if (error instanceof errors.JWTClaimValidationFailed) return CLAIM_DISBELIEFS[error.claim] ?? 'claims';
  return error instanceof errors.JOSEError ? DISBELIEFS[error.code] : undefined;
};

export const createJoseTokenVerifier = ({ issuer, audience, keys, clock }: JoseTokenVerifierParts): TokenVerifier => {
  const rules: JWTVerifyOptions = {
    algorithms: ALGORITHMS,
    issuer,
    audience: [...audience],
    requiredClaims: ['exp', 'iat'],
    clockTolerance: TOLERANCE_SECONDS,
    maxTokenAge: OLDEST_SECONDS,
  };
  return {
    verify: async (token) => {
      if (token.length > LONGEST_TOKEN) return { disbelief: 'too-long' };
      try {
        const verified = await jwtVerify(token, await keys.get(), { ...rules, currentDate: new Date(clock.now()) });
        const { payload, protectedHeader } = verified;
        return isForPeople(protectedHeader.typ, payload) ? { claims: payload } : { disbelief: 'type' };
      } catch (error) {
        const disbelief = disbeliefOf(error);
        if (disbelief !== undefined) return { disbelief };
        throw error instanceof ServiceFault ? error : asFault('issuer', error);
      }
    },
  };
};
