/** Signs calls with the user's own AWS credentials (Signature Version 4), found as every AWS tool finds them. */
import type { fromNodeProviderChain } from '@aws-sdk/credential-providers';
import { type Failure, failure } from './failure.ts';

export interface UnsignedCall {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** The headers with which to send the call. @throws Failure `not_signed_in` when there are no credentials. */
export type Sign = (call: UnsignedCall) => Promise<Record<string, string>>;

type Credentials = ReturnType<typeof fromNodeProviderChain>;

/** Service name under which API Gateway checks signatures. */
const SERVICE = 'execute-api';

const noCredentials = (cause: unknown, profile: string): Failure => {
  const said = cause instanceof Error ? cause.message : String(cause);
  return failure('not_signed_in', `No AWS credentials: ${said}`, {
    cause,
    next: `Sign in (aws sso login --profile ${profile}), or choose another profile with AWS_PROFILE or --profile. Without AWS credentials: brevet login`,
  });
};

const credentialsOf = async (profile: string | undefined, region: string): Promise<Credentials> => {
  const { fromNodeProviderChain } = await import('@aws-sdk/credential-providers');
  return fromNodeProviderChain({ clientConfig: { region }, ...(profile ? { profile } : {}) });
};

/** The SDK is loaded with the first call, since `--help` needs none of it. */
const signerFor = async (region: string, credentials: Credentials) => {
  const [{ SignatureV4 }, { Sha256 }] = await Promise.all([
    import('@smithy/signature-v4'),
    import('@aws-crypto/sha256-js'),
  ]);
  return new SignatureV4({ service: SERVICE, region, credentials, sha256: Sha256 });
};

/** The profile is the one in force; whether keys in the environment go before it depends on how it was named. */
export const signerOf = (region: string, profile: string, isNamed: boolean): Sign => {
  let provider: Promise<Credentials> | undefined;
  return async ({ method, url, headers, body }) => {
    provider ??= credentialsOf(isNamed ? profile : undefined, region);
    const resolve = await provider;
    const credentials = await resolve().catch((error: unknown) => {
      throw noCredentials(error, profile);
    });
    const signer = await signerFor(region, async () => credentials);
    const signed = await signer.sign({
      method,
      protocol: url.protocol,
      hostname: url.hostname,
      ...(url.port ? { port: Number(url.port) } : {}),
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      headers: { ...headers, host: url.host },
      ...(body === undefined ? {} : { body }),
    });
    // fetch sets the host itself, to the same.
    const { host: _host, ...sent } = signed.headers;
    return sent;
  };
};
