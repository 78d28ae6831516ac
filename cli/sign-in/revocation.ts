/** Has the issuer take back what it gave (RFC 7009), where it does that. */
import * as oauth from 'oauth4webapi';
import { findIssuer } from './issuer.ts';
import type { SignIn } from './kept-sign-ins.ts';

/** @returns whether the issuer did it; the access token may hold until its end all the same. */
export const revoke = async ({ issuer, clientId, tokens }: SignIn): Promise<boolean> => {
  if (tokens.refresh === undefined) return false;
  try {
    const { server, client, options } = await findIssuer(issuer, clientId);
    if (server.revocation_endpoint === undefined) return false;
    const response = await oauth.revocationRequest(server, client, oauth.None(), tokens.refresh, options);
    await oauth.processRevocationResponse(response);
    return true;
  } catch {
    return false;
  }
};
