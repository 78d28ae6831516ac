/** The whole environment of the functions: as deployed, but with every AWS endpoint on this machine. */
import { ENVIRONMENT } from '../lambda/contract/environment.ts';
import { mailRulesFrom } from '../lambda/contract/mail-settings.ts';
import { onCallRulesFrom } from '../lambda/contract/on-call-settings.ts';
import { limitsFrom, type Settings } from '../lambda/contract/settings.ts';
import { tokenRulesFrom } from '../lambda/contract/sign-in.ts';
import { convergeRoleArn, type Deployment } from './deployment.ts';
import type { Seed } from './seed/seed.ts';

export interface Endpoints {
  readonly database: string;
  /** Of Amazon SES, where anybody is mailed. */
  readonly mail?: string;
  /** Of every other AWS service. */
  readonly standIns: string;
}

/** The SDK's own variables. NB. The last one catches every client that is not named: none may ever reach the real AWS. */
const endpointVariables = ({ database, mail, standIns }: Endpoints): Record<string, string> => ({
  AWS_ENDPOINT_URL_DYNAMODB: database,
  AWS_ENDPOINT_URL_SSO_ADMIN: standIns,
  AWS_ENDPOINT_URL_IDENTITYSTORE: standIns,
  AWS_ENDPOINT_URL_ORGANIZATIONS: standIns,
  AWS_ENDPOINT_URL_SFN: standIns,
  AWS_ENDPOINT_URL_LAMBDA: standIns,
  ...(mail !== undefined && { AWS_ENDPOINT_URL_SESV2: mail }),
  AWS_ENDPOINT_URL: standIns,
});

/** As whom the functions call. */
export const LOCAL_ACCESS_KEY = 'AKIALOCALBREVET0';

/** NB. Keys that are worth nothing, and no file to read others from: nobody's real credentials are used here. */
const credentialVariables = (region: string): Record<string, string> => ({
  AWS_REGION: region,
  AWS_DEFAULT_REGION: region,
  AWS_ACCESS_KEY_ID: LOCAL_ACCESS_KEY,
  AWS_SECRET_ACCESS_KEY: 'worth-nothing',
  AWS_EC2_METADATA_DISABLED: 'true',
  AWS_CONFIG_FILE: '/dev/null',
  AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
});

const brevetVariables = (deployment: Deployment, seed: Seed, settings: Settings): Record<string, string> => ({
  [ENVIRONMENT.requestTable]: deployment.requestTable,
  [ENVIRONMENT.policyTable]: deployment.policyTable,
  [ENVIRONMENT.stateMachine]: deployment.stateMachineArn,
  [ENVIRONMENT.convergeFunction]: deployment.functions.converge,
  [ENVIRONMENT.censusFunction]: deployment.functions.census,
  [ENVIRONMENT.instanceArn]: seed.instanceArn,
  [ENVIRONMENT.identityStoreId]: seed.identityStoreId,
  [ENVIRONMENT.hostingAccount]: seed.hostingAccountId,
  [ENVIRONMENT.hostingAccountTarget]: settings.hosting_account,
  [ENVIRONMENT.administrators]: JSON.stringify(settings.administrators),
  [ENVIRONMENT.auditors]: JSON.stringify(settings.auditors),
  [ENVIRONMENT.limits]: JSON.stringify(limitsFrom(settings)),
  [ENVIRONMENT.drift]: settings.drift,
  [ENVIRONMENT.convergeRole]: convergeRoleArn(deployment),
  ...(settings.elevatable_tag && { [ENVIRONMENT.elevatableTag]: JSON.stringify(settings.elevatable_tag) }),
  ...(settings.on_call && { [ENVIRONMENT.onCall]: JSON.stringify(onCallRulesFrom(settings.on_call)) }),
  ...(settings.mail && { [ENVIRONMENT.mail]: JSON.stringify(mailRulesFrom(settings.mail)) }),
  ...(settings.oidc && { [ENVIRONMENT.tokenRules]: JSON.stringify(tokenRulesFrom(settings.oidc)) }),
});

export const functionEnvironment = (
  deployment: Deployment,
  seed: Seed,
  settings: Settings,
  endpoints: Endpoints,
): Readonly<Record<string, string>> => ({
  PATH: process.env.PATH ?? '',
  TZ: 'UTC',
  ...credentialVariables(deployment.region),
  ...endpointVariables(endpoints),
  ...brevetVariables(deployment, seed, settings),
});
