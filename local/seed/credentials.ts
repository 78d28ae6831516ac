// The AWS key pair that each person of the seed uses on this machine to sign requests to the local gateway.
import { createHash } from 'node:crypto';

export interface LocalCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/**
 * The same pair every time for the same user name: anyone can compute it.
 * NB. It proves nothing beyond this machine, so only the loopback gateway may accept it.
 */
export const localCredentials = (userName: string): LocalCredentials => ({
  accessKeyId: `AKIALOCAL${base32(digest(`access key of ${userName}`)).slice(0, 11)}`,
  secretAccessKey: digest(`secret key of ${userName}`).toString('base64'),
});

/** What signing in to Identity Center's access portal would leave behind; as little a secret as the keys are. */
export const localSsoToken = (userName: string): string => digest(`portal token of ${userName}`).toString('base64url');

const digest = (text: string): Buffer => createHash('sha256').update(`brevet local ${text}`).digest();

const base32 = (bytes: Buffer): string => Array.from(bytes, (byte) => BASE32.charAt(byte % BASE32.length)).join('');
