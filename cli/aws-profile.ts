/** What an AWS profile says of the endpoint, the Region and signing in to Identity Center, read from the shared config files. */
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { Environment } from './terminal.ts';

/** Key in a profile of the AWS config file that names Brevet's endpoint. */
export const ENDPOINT_KEY = 'brevet_endpoint';
/** Key in a profile: `sigv4` or `oidc`, the door through which Brevet is called. */
export const AUTH_KEY = 'brevet_auth';
/** Key in a profile: the table in which `brevet policy publish` publishes. */
export const POLICY_TABLE_KEY = 'brevet_policy_table';
/** Key in a profile for elevated access: the profile as whom Brevet itself is called meanwhile. */
export const CALLER_KEY = 'brevet_profile';
/** Key in an sso-session: the folder that stands for the home folder where its token is kept (as the local service has it). */
export const SSO_HOME_KEY = 'brevet_sso_home';

/** How somebody signs in to IAM Identity Center. */
export interface SsoSignIn {
  readonly startUrl: string;
  readonly region: string;
  /** Name of the `sso-session` section; absent in the older form, which has all keys in the profile. */
  readonly session?: string;
  /** Absolute; absent: the user's own. */
  readonly home?: string;
}

export interface AwsProfile {
  readonly name: string;
  readonly endpoint?: string;
  /** As it is written, right or wrong. */
  readonly auth?: string;
  readonly region?: string;
  readonly policyTable?: string;
  /** Where every AWS service is, when it is not at AWS. */
  readonly endpointUrl?: string;
  readonly sso?: SsoSignIn;
  /** The command that gives its credentials. */
  readonly credentialProcess?: string;
  /** Profiles in those files that name an endpoint. */
  readonly withEndpoint: readonly string[];
}

/** As whom the service is called. */
export interface Caller {
  readonly profile: AwsProfile;
  /** The profile was named to Brevet itself, so that keys in the environment do not go before it. */
  readonly isNamed: boolean;
}

/** Keys in the environment are used in place of any profile, unless one is named. */
export const usesEnvironmentKeys = ({ isNamed }: Caller, env: Environment): boolean =>
  !isNamed && Boolean(env.AWS_ACCESS_KEY_ID) && !env.AWS_PROFILE;

type Section = Readonly<Record<string, string | undefined>>;

interface SharedFiles {
  readonly config: Readonly<Record<string, Section>>;
  readonly credentials: Readonly<Record<string, Section>>;
}

/** Where `~/.aws/config` is; AWS tools read a tilde in the variable too. */
export const configPathOf = (env: Environment): string => {
  const named = env.AWS_CONFIG_FILE || join('~', '.aws', 'config');
  return named.startsWith('~') ? join(env.HOME || homedir(), named.slice(1)) : resolve(named);
};

/** Follows AWS_CONFIG_FILE and AWS_SHARED_CREDENTIALS_FILE. Files that are not there say nothing. */
export const readSharedFiles = async (env: Environment): Promise<SharedFiles> => {
  const { loadSharedConfigFiles } = await import('@smithy/core/config');
  const { configFile, credentialsFile } = await loadSharedConfigFiles({
    ...(env.AWS_CONFIG_FILE ? { configFilepath: env.AWS_CONFIG_FILE } : {}),
    ...(env.AWS_SHARED_CREDENTIALS_FILE ? { filepath: env.AWS_SHARED_CREDENTIALS_FILE } : {}),
    ignoreCache: true,
  });
  return { config: configFile, credentials: credentialsFile };
};

const signInOf = (profile: Section, { config }: SharedFiles, folder: string): SsoSignIn | undefined => {
  const session = profile.sso_session;
  const keys = session === undefined ? profile : (config[`sso-session.${session}`] ?? {});
  const { sso_start_url: startUrl, sso_region: region, [SSO_HOME_KEY]: home } = keys;
  if (!startUrl || !region) return undefined;
  return {
    startUrl,
    region,
    ...(session === undefined ? {} : { session }),
    ...(home === undefined ? {} : { home: resolve(folder, home) }),
  };
};

const profileIn = (files: SharedFiles, name: string, env: Environment): AwsProfile & { readonly caller?: string } => {
  const section: Section = { ...files.credentials[name], ...files.config[name] };
  const {
    [ENDPOINT_KEY]: endpoint,
    [AUTH_KEY]: auth,
    [CALLER_KEY]: caller,
    [POLICY_TABLE_KEY]: policyTable,
    endpoint_url: endpointUrl,
    region,
  } = section;
  const sso = signInOf(section, files, dirname(configPathOf(env)));
  const withEndpoint = Object.keys(files.config).filter((other) => files.config[other]?.[ENDPOINT_KEY]);
  return {
    name,
    withEndpoint,
    ...(endpoint ? { endpoint } : {}),
    ...(auth ? { auth } : {}),
    ...(region ? { region } : {}),
    ...(policyTable ? { policyTable } : {}),
    ...(endpointUrl ? { endpointUrl } : {}),
    ...(sso ? { sso } : {}),
    ...(section.credential_process ? { credentialProcess: section.credential_process } : {}),
    ...(caller ? { caller } : {}),
  };
};

/**
 * The profile in force: `--profile`, BREVET_PROFILE, AWS_PROFILE, `default`. One that is made for elevated access names
 * another as whom Brevet is called, so that access can be extended and ended by whoever uses it. A profile that is
 * nowhere says nothing.
 */
export const readCaller = async (flag: string | undefined, env: Environment): Promise<Caller> => {
  const files = await readSharedFiles(env);
  const named = flag ?? (env.BREVET_PROFILE || undefined);
  const { caller, ...profile } = profileIn(files, named ?? (env.AWS_PROFILE || 'default'), env);
  if (caller === undefined) return { profile, isNamed: named !== undefined };
  const { caller: _others, ...behind } = profileIn(files, caller, env);
  return { profile: behind, isNamed: true };
};
