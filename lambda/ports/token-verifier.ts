/** Whether a token is genuine: issued by the issuer in the settings, for Brevet, and valid now. */

/** What a token claims, once it is known to be genuine. */
export type Claims = Readonly<Record<string, unknown>>;

/** Why a token is not believed: for the log; a caller is told only that it is not. */
export type Disbelief =
  | 'too-long'
  | 'malformed'
  | 'algorithm'
  | 'unknown-key'
  | 'signature'
  | 'type'
  | 'issuer'
  | 'audience'
  | 'expired'
  | 'not-yet-valid'
  | 'issued-at'
  | 'too-old'
  | 'claims';

export interface TokenVerifier {
  /** @throws ServiceFault when the issuer's keys cannot be had: then nothing is known of the token. */
  verify(token: string): Promise<{ readonly claims: Claims } | { readonly disbelief: Disbelief }>;
}
