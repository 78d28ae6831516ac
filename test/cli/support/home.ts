/** A home folder of somebody who has signed in to IAM Identity Center, with the profiles that the tests call as. */
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Answer } from './service.ts';
import { ACCESS_KEY_ID, SECRET_ACCESS_KEY } from './signature.ts';

export interface Home {
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  readonly configPath: string;
  config(): Promise<string>;
  remove(): Promise<void>;
}

export const TOKEN = 'the-token-of-signing-in';

/** `corp` and `old` are signed in with, in both forms; `keys` has keys and nothing else. All find every service at that endpoint. */
const configFor = (endpoint: string): string => `# written by hand
[profile corp]
sso_session = corp
region = eu-central-1
brevet_endpoint = ${endpoint}
endpoint_url = ${endpoint}

[profile old]
sso_start_url = https://old.awsapps.com/start
sso_region = eu-west-1
region = eu-central-1
brevet_endpoint = ${endpoint}
endpoint_url = ${endpoint}

[profile keys]
region = eu-central-1
brevet_endpoint = ${endpoint}

[profile expired]
sso_session = expired
region = eu-central-1
brevet_endpoint = ${endpoint}

[sso-session corp]
sso_start_url = https://corp.awsapps.com/start
sso_region = eu-west-1

[sso-session expired]
sso_start_url = https://expired.awsapps.com/start
sso_region = eu-west-1
`;

const KEYS = ['corp', 'old', 'keys', 'expired']
  .map((name) => `[${name}]\naws_access_key_id = ${ACCESS_KEY_ID}\naws_secret_access_key = ${SECRET_ACCESS_KEY}\n`)
  .join('\n');

const tokenUntil = (expiresAt: string): string =>
  JSON.stringify({ accessToken: TOKEN, expiresAt, region: 'eu-west-1' });

export const makeHome = async (endpoint: string): Promise<Home> => {
  const folder = await mkdtemp(join(tmpdir(), 'brevet-home-'));
  const configPath = join(folder, '.aws', 'config');
  const cache = join(folder, '.aws', 'sso', 'cache');
  await mkdir(cache, { recursive: true });
  await writeFile(configPath, configFor(endpoint), { mode: 0o640 });
  await writeFile(join(folder, '.aws', 'credentials'), KEYS);
  for (const [id, until] of [
    ['corp', '2099-01-01T00:00:00Z'],
    ['https://old.awsapps.com/start', '2099-01-01T00:00:00Z'],
    ['expired', '2020-01-01T00:00:00Z'],
  ] as const) {
    const name = createHash('sha1').update(id).digest('hex');
    await writeFile(join(cache, `${name}.json`), tokenUntil(until));
  }
  return {
    folder,
    env: {
      HOME: folder,
      AWS_CONFIG_FILE: configPath,
      AWS_SHARED_CREDENTIALS_FILE: join(folder, '.aws', 'credentials'),
      AWS_PROFILE: 'corp',
      XDG_CACHE_HOME: join(folder, '.cache'),
      XDG_STATE_HOME: join(folder, '.state'),
    },
    configPath,
    config: () => readFile(configPath, 'utf8'),
    remove: () => rm(folder, { recursive: true }),
  };
};

/** What the portal answers for the role of the documents. */
export const PORTAL = 'GET /federation/credentials';
export const CREDENTIALS = {
  accessKeyId: 'ASIAGRANTED',
  secretAccessKey: 'granted-secret',
  sessionToken: 'granted-token',
  expiration: Date.parse('2098-01-01T00:00:00Z'),
};

/** Credentials for whoever sends the token and names the role; otherwise as AWS refuses. */
export const portalAnswer: Answer = ({ headers, query }) => {
  const isRight = query.account_id === '400000000001' && query.role_name === 'AdministratorAccess';
  if (headers['x-amz-sso_bearer_token'] === TOKEN && isRight) return { body: { roleCredentials: CREDENTIALS } };
  return { status: 403, body: { message: 'No access' }, headers: { 'x-amzn-errortype': 'ForbiddenException' } };
};
