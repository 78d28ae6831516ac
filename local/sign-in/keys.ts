/** The keys of the local issuer: made at its first start and kept, so that tokens hold over a restart. */
import { randomBytes } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { exportJWK, generateKeyPair, type JWK } from 'jose';
import * as z from 'zod';

const keyFile = z.object({
  jwks: z.object({ keys: z.array(z.looseObject({ kty: z.string() })).min(1) }),
  cookieKeys: z.array(z.string()).min(1),
});

export interface SignInKeys {
  readonly jwks: { readonly keys: JWK[] };
  /** Sign the cookies of the pages. */
  readonly cookieKeys: readonly string[];
}

const ALGORITHM = 'RS256';

const makeKeys = async (): Promise<SignInKeys> => {
  const { privateKey } = await generateKeyPair(ALGORITHM, { extractable: true });
  const kid = randomBytes(8).toString('hex');
  const jwk = { ...(await exportJWK(privateKey)), kid, alg: ALGORITHM, use: 'sig' };
  return { jwks: { keys: [jwk] }, cookieKeys: [randomBytes(32).toString('base64url')] };
};

const readKeys = async (path: string): Promise<SignInKeys | undefined> => {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  return keyFile.parse(JSON.parse(text)) as SignInKeys;
};

/** @throws when the file is there and is no such file. */
export const signInKeys = async (path: string): Promise<SignInKeys> => {
  const kept = await readKeys(path);
  if (kept) return kept;
  const keys = await makeKeys();
  await writeFile(`${path}.new`, JSON.stringify(keys), { mode: 0o600 });
  await rename(`${path}.new`, path);
  return keys;
};
