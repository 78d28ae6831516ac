/** What the settings of a deployment would say of the issuer on this machine. */
import type { OidcSettings } from '../../lambda/contract/sign-in.ts';

/** Where the issuer lies below the endpoint of the stand-ins. */
export const SIGN_IN_PATH = '/sign-in';

export const CLIENT_ID = 'brevet-cli';
export const AUDIENCE = 'brevet-on-this-machine';
export const SCOPES = ['openid', 'profile', 'email', 'offline_access'];

/** The claim, and what it is in Identity Center, are those of the settings file where it has them. */
export const localOidcSettings = (awsUrl: string, given: OidcSettings | undefined): OidcSettings => ({
  issuer: `${awsUrl}${SIGN_IN_PATH}`,
  audience: [AUDIENCE],
  claim: given?.claim ?? 'preferred_username',
  maps_to: given?.maps_to ?? 'user_name',
  client_id: CLIENT_ID,
  scopes: SCOPES,
});
