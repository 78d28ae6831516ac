/** Where the API's doors are: the same operations lie behind each, told apart by how a caller proves who they are. */

/** Every path behind a door begins with its prefix and a slash. */
export const DOOR_PREFIXES = {
  /** Callers sign with AWS Signature Version 4, as their role of IAM Identity Center. */
  sigv4: '/iam/v1',
  /** Callers bring a token of the OpenID Connect issuer that the settings name. */
  oidc: '/v1',
} as const;

/**
 * What begins with this behind a door is for the policy's own function, and everything else for the API's: what it takes
 * to judge a proposed policy would make every other call slower to start.
 */
export const POLICY_PATH = '/policy';

/** What describes the API is that function's, too: hardly anybody asks for it, and nobody waits for it. */
export const DESCRIPTION_PATH = '/openapi.json';
