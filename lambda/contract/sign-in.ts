/** Signing in with OpenID Connect: what the settings say of the issuer, what the authorizer is told, what anybody may know. */
import * as z from 'zod';
import { DOOR_PREFIXES } from './doors.ts';

const LOOPBACK_HOSTS: ReadonlySet<string> = new Set(['127.0.0.1', 'localhost', '[::1]']);

/** NB. What comes over a connection without TLS, such as keys, can be anybody's; only on this machine is there nobody in between. */
export const isSafeAddress = (text: string): boolean => {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, username, password, hash } = new URL(text);
  if (username || password || hash) return false;
  return protocol === 'https:' || (protocol === 'http:' && LOOPBACK_HOSTS.has(hostname));
};

const address = z.string().max(1000).refine(isSafeAddress, 'an https address');

/** As OAuth has it (RFC 6749, section 3.3). */
const scope = z.string().regex(/^[\x21\x23-\x5b\x5d-\x7e]{1,200}$/, 'a scope without spaces or quotes');

/** The setting `oidc`; without it, there is no such door. */
export const oidcSettings = z
  .strictObject({
    /** As tokens name it in `iss`, to the letter: a slash at its end counts. */
    issuer: address.refine((text) => !text.includes('?'), 'an address without a query'),
    /** A token has to name one of them in `aud`. */
    audience: z.array(z.string().min(1).max(255)).min(1).max(10),
    /** The claim that says who somebody is. */
    claim: z.string().min(1).max(100),
    /** What the claim is in IAM Identity Center. */
    maps_to: z.enum(['user_name', 'email']),
    /** Where the issuer's keys are; else its discovery document says so. */
    jwks_uri: address.optional(),
    /** With it, `brevet login` works: a public client that may use the code flow with PKCE on a loopback address. */
    client_id: z.string().min(1).max(255).optional(),
    /** What `brevet login` asks for. */
    scopes: z.array(scope).min(1).max(20).default(['openid']),
  })
  // NB. Only an e-mail that the issuer calls verified is believed, and `email_verified` speaks of `email` alone.
  .refine(({ claim, maps_to }) => maps_to !== 'email' || claim === 'email', {
    path: ['claim'],
    error: 'with "maps_to: email" the claim is "email"; map other claims to user_name',
  });
export type OidcSettings = z.output<typeof oidcSettings>;

/** How tokens are judged: what the authorizer is told, as JSON in its environment. */
export interface TokenRules {
  readonly issuer: string;
  readonly audience: readonly string[];
  readonly claim: string;
  readonly mapsTo: 'user-name' | 'email';
  readonly keysAt?: string;
}

export const tokenRulesFrom = ({ issuer, audience, claim, maps_to, jwks_uri }: OidcSettings): TokenRules => ({
  issuer,
  audience,
  claim,
  mapsTo: maps_to === 'email' ? 'email' : 'user-name',
  ...(jwks_uri === undefined ? {} : { keysAt: jwks_uri }),
});

/** Open to everybody. */
export const LOGIN_CONFIGURATION_PATH = `${DOOR_PREFIXES.oidc}/login-configuration`;

/** What a client has to know to sign somebody in. There is nothing secret in it. */
export const loginConfiguration = z.object({
  issuer: address,
  /** Whoever calls sends a token for one of them. */
  audience: z.array(z.string()).min(1),
  scopes: z.array(scope).min(1),
  /** Absent: whoever deployed it has registered no client for the command line. */
  clientId: z.string().min(1).optional(),
});
export type LoginConfiguration = z.output<typeof loginConfiguration>;

export const loginConfigurationFrom = ({ issuer, audience, scopes, client_id }: OidcSettings): LoginConfiguration => ({
  issuer,
  audience: [...audience],
  scopes: [...scopes],
  ...(client_id === undefined ? {} : { clientId: client_id }),
});

/**
 * What API Gateway itself checks of the header before the authorizer is called: one bearer token in the form of a JWT.
 * It keeps everything else from costing a call. The scheme may be written in any case (RFC 9110, section 11.1).
 */
export const BEARER_PATTERN = '^[Bb][Ee][Aa][Rr][Ee][Rr] +[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+$';
