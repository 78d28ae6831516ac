/** Credentials for an account and a permission set, from Identity Center's portal, by the user's own signing in (`aws sso login`). */
import * as z from 'zod';
import type { RequestView } from '../lambda/contract/api.ts';
import { type AwsProfile, type Caller, configPathOf, type SsoSignIn } from './aws-profile.ts';
import { type Failure, failure } from './failure.ts';
import type { Environment, Terminal } from './terminal.ts';

export interface RoleCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
}

export type Role = Pick<RequestView['target'], 'accountId' | 'permissionSet'>;

export interface Portal {
  /** One try. @throws whatever the SDK throws, also while a new assignment has not come through. */
  credentialsFor(role: Role): Promise<RoleCredentials>;
}

const cachedToken = z.looseObject({
  accessToken: z.string(),
  expiresAt: z.string().refine((text) => Number.isFinite(Date.parse(text))),
  refreshToken: z.string().optional(),
});

const notSignedIn = (detail: string, profile: string): Failure =>
  failure('not_signed_in', detail, { next: `Sign in to IAM Identity Center: aws sso login --profile ${profile}` });

const noSignIn = (profile: string): Failure =>
  failure('not_signed_in', `The AWS profile "${profile}" does not say how to sign in to IAM Identity Center.`, {
    next: 'Credentials come from its portal: give the profile sso_session (or sso_start_url and sso_region), or name another with --profile.',
  });

/** The SDK looks for tokens below HOME and nowhere else. */
const atHome = async <Value>(home: string | undefined, act: () => Promise<Value>): Promise<Value> => {
  if (home === undefined) return await act();
  const own = process.env.HOME;
  process.env.HOME = home;
  try {
    return await act();
  } finally {
    if (own === undefined) delete process.env.HOME;
    else process.env.HOME = own;
  }
};

const readToken = async ({ session, startUrl, home }: SsoSignIn): Promise<unknown> => {
  const { getSSOTokenFromFile } = await import('@smithy/core/config');
  return await atHome(home, () => getSSOTokenFromFile(session ?? startUrl)).catch(() => undefined);
};

const requireToken = async (sso: SsoSignIn, profile: string, now: number): Promise<void> => {
  const token = cachedToken.safeParse(await readToken(sso));
  if (!token.success) throw notSignedIn(`Nobody has signed in to ${sso.startUrl}.`, profile);
  const { expiresAt, refreshToken } = token.data;
  if (Date.parse(expiresAt) <= now && refreshToken === undefined) {
    throw notSignedIn(`Signing in to ${sso.startUrl} has expired.`, profile);
  }
};

/** The SDK would look into the profile that the environment names, which may be another one. */
const portalAt = ({ endpointUrl }: AwsProfile, env: Environment): { readonly endpoint?: string } =>
  endpointUrl === undefined || env.AWS_ENDPOINT_URL_SSO || env.AWS_ENDPOINT_URL ? {} : { endpoint: endpointUrl };

/** As the SDK does it for every AWS tool: refreshed tokens, endpoints of other partitions, retries. */
const fetchCredentials = async (sso: SsoSignIn, profile: AwsProfile, role: Role, env: Environment) => {
  const { fromSSO } = await import('@aws-sdk/credential-providers');
  const provide = fromSSO({
    profile: profile.name,
    configFilepath: configPathOf(env),
    ssoStartUrl: sso.startUrl,
    ssoRegion: sso.region,
    ...(sso.session === undefined ? {} : { ssoSession: sso.session }),
    ssoAccountId: role.accountId,
    ssoRoleName: role.permissionSet,
    clientConfig: { region: sso.region, ...portalAt(profile, env) },
  });
  return await atHome(sso.home, () => provide());
};

/** @throws Failure `not_signed_in`, before anything is asked for in vain. */
export const openPortal = async ({ profile }: Caller, { env, now }: Terminal): Promise<Portal> => {
  const { name, sso } = profile;
  if (!sso) throw noSignIn(name);
  await requireToken(sso, name, now());
  return {
    credentialsFor: async (role) => {
      const { accessKeyId, secretAccessKey, sessionToken, expiration } = await fetchCredentials(
        sso,
        profile,
        role,
        env,
      );
      if (sessionToken === undefined || expiration === undefined) throw new Error('the portal left something out');
      return { accessKeyId, secretAccessKey, sessionToken, expiresAt: expiration.getTime() };
    },
  };
};

/** A new assignment takes a moment until the portal knows it. */
const PATIENCE_MS = 60_000;
const PAUSE_MS = 1500;

export interface Patience {
  readonly terminal: Terminal;
  readonly note: (text: string) => void;
  /** Aborted: whoever waits has given up. */
  readonly givenUp?: AbortSignal;
  /** Epoch milliseconds. */
  readonly deadline: number;
}

/** @throws Failure `credentials_unavailable`. */
export const credentialsInTime = async (
  portal: Portal,
  role: Role,
  { terminal, note, givenUp, deadline }: Patience,
): Promise<RoleCredentials> => {
  const until = Math.min(terminal.now() + PATIENCE_MS, deadline);
  for (let isTold = false; ; isTold = true) {
    try {
      return await portal.credentialsFor(role);
    } catch (cause) {
      const said = cause instanceof Error ? cause.message : String(cause);
      if (terminal.now() >= until || givenUp?.aborted) {
        throw failure('credentials_unavailable', `For ${role.permissionSet} in ${role.accountId}: ${said}`, { cause });
      }
      if (!isTold) note(`no credentials yet: ${said.replace(/\.?$/, '.')} Trying again.`);
      await terminal.sleep(PAUSE_MS, givenUp);
    }
  }
};
