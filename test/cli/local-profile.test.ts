/** `brevet local profile`: files that AWS tools and the command itself can use, and a shell can evaluate. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { commandAndService } from './support/command-and-service.ts';
import { ME } from './support/documents.ts';
import { ACCESS_KEY_ID, SECRET_ACCESS_KEY } from './support/signature.ts';

let home: string;

const { brevet, service } = commandAndService();

beforeEach(async () => {
  // A folder whose name a shell has to be careful with.
  home = join(await mkdtemp(join(tmpdir(), 'brevet-local-')), "it's $HOME here");
  await mkdir(join(home, '.brevet'), { recursive: true });
});
afterEach(async () => {
  await rm(join(home, '..'), { recursive: true });
});

const MARIA = {
  userName: 'maria',
  displayName: 'Maria Ortega',
  title: 'Engineer, payments',
  groups: ['payments-engineers'],
  accessKeyId: ACCESS_KEY_ID,
  secretAccessKey: SECRET_ACCESS_KEY,
  ssoToken: 'token-of-maria',
};
const OMAR = {
  ...MARIA,
  userName: 'omar',
  displayName: 'Omar Haddad',
  accessKeyId: 'AKIALOCALOMAR',
  secretAccessKey: 'b+/=',
};

const people = (changes: Record<string, unknown> = {}) => ({
  endpoint: service.endpoint,
  awsEndpoint: 'http://127.0.0.1:4001',
  region: 'us-east-1',
  policyTable: 'brevet-policy',
  people: [MARIA, OMAR],
  ...changes,
});

const writePeople = (content: unknown, folder = '.brevet') =>
  writeFile(join(home, folder, 'people.json'), typeof content === 'string' ? content : JSON.stringify(content));

const profile = (args: readonly string[] = [], env: Record<string, string> = {}) =>
  brevet.run(['local', 'profile', ...args], { cwd: home, env });

describe('local profile', () => {
  it('writes a profile for each person into files that only their owner can read', async () => {
    await writePeople(people());
    expect((await profile()).code).toBe(0);
    const config = join(home, '.brevet', 'aws-config');
    const credentials = join(home, '.brevet', 'aws-credentials');
    expect(await readFile(config, 'utf8')).toContain(
      `[profile maria]\nregion = us-east-1\nbrevet_endpoint = ${service.endpoint}\nbrevet_auth = sigv4\n` +
        'endpoint_url = http://127.0.0.1:4001\nbrevet_policy_table = brevet-policy\nsso_session = maria\n\n[sso-session maria]\n' +
        'sso_start_url = http://127.0.0.1:4001/start\nsso_region = us-east-1\nbrevet_sso_home = aws-home\n',
    );
    expect(await readFile(credentials, 'utf8')).toContain(
      '[omar]\naws_access_key_id = AKIALOCALOMAR\naws_secret_access_key = b+/=\n',
    );
    for (const path of [config, credentials]) expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it('signs everybody in to the portal, in a home folder of their own', async () => {
    await writePeople(people());
    await profile();
    // The SHA-1 of "maria", as AWS's tools name the file.
    const path = join(home, '.brevet/aws-home/.aws/sso/cache/e21fc56c1a272b630e0d1439079d0598cf8b8329.json');
    expect(JSON.parse(await readFile(path, 'utf8'))).toEqual({
      startUrl: 'http://127.0.0.1:4001/start',
      region: 'us-east-1',
      accessToken: 'token-of-maria',
      expiresAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
    });
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it('keeps what request --write-profile has put there, and nothing else', async () => {
    await writePeople(people());
    const written = '# >>> brevet x\n[profile x]\nregion = y\n# <<< brevet x\n';
    await writeFile(join(home, '.brevet', 'aws-config'), `[profile gone]\nregion = z\n${written}`);
    await profile();
    const config = await readFile(join(home, '.brevet', 'aws-config'), 'utf8');
    expect(config.endsWith(`\n${written}`)).toBe(true);
    expect(config).not.toContain('gone');
  });

  it('makes files private that were not', async () => {
    await writePeople(people());
    const credentials = join(home, '.brevet', 'aws-credentials');
    await writeFile(credentials, 'old', { mode: 0o644 });
    await profile();
    expect((await stat(credentials)).mode & 0o777).toBe(0o600);
  });

  it('prints what a shell can evaluate, whatever the folder is called, and says on stderr who is who', async () => {
    await writePeople(people());
    const { stdout, stderr } = await profile();
    const script = `${stdout}\nprintf '%s|%s' "$AWS_CONFIG_FILE" "$AWS_SHARED_CREDENTIALS_FILE"`;
    const shell = await promisify(execFile)('sh', ['-c', script]);
    expect(shell.stdout).toBe(`${join(home, '.brevet', 'aws-config')}|${join(home, '.brevet', 'aws-credentials')}`);
    expect(stderr).toContain('AWS_PROFILE=maria npx brevet whoami');
    expect(stderr).toMatch(/omar +Omar Haddad +Engineer, payments +payments-engineers/);
  });

  it('makes profiles with which the command then works', async () => {
    await writePeople(people());
    await profile();
    service.answerWith({ 'GET /iam/v1/me': { body: ME } });
    const { code } = await brevet.run(['whoami'], {
      env: {
        AWS_CONFIG_FILE: join(home, '.brevet', 'aws-config'),
        AWS_SHARED_CREDENTIALS_FILE: join(home, '.brevet', 'aws-credentials'),
        AWS_PROFILE: 'maria',
      },
    });
    expect(code).toBe(0);
    expect(service.received[0]?.signature).toMatchObject({ valid: true, region: 'us-east-1' });
  });

  it('takes --profile before AWS_PROFILE, and names the profiles there are when neither fits', async () => {
    await writePeople(people());
    await profile();
    service.answerWith({ 'GET /iam/v1/me': { body: ME } });
    const env = {
      AWS_CONFIG_FILE: join(home, '.brevet', 'aws-config'),
      AWS_SHARED_CREDENTIALS_FILE: join(home, '.brevet', 'aws-credentials'),
      AWS_PROFILE: 'nobody',
    };
    expect((await brevet.run(['whoami', '--profile', 'maria'], { env })).code).toBe(0);
    const { code, stderr } = await brevet.run(['whoami'], { env });
    expect(code).toBe(2);
    expect(stderr).toContain('(AWS_PROFILE=maria): maria, omar');
  });

  it('uses the state folder that BREVET_STATE_DIR names', async () => {
    await mkdir(join(home, 'state'));
    await writePeople(people(), 'state');
    const { code, stdout } = await profile([], { BREVET_STATE_DIR: 'state' });
    expect(code).toBe(0);
    expect(stdout).toContain('/state/aws-config');
  });

  it('prints one JSON document without the keys', async () => {
    await writePeople(people());
    const { stdout } = await profile(['--json']);
    expect(JSON.parse(stdout)).toMatchObject({
      endpoint: service.endpoint,
      people: [{ userName: 'maria' }, { userName: 'omar' }],
    });
    expect(stdout).not.toContain(SECRET_ACCESS_KEY);
  });

  it('says to start the service first when it has left nothing', async () => {
    const { code, stdout, stderr } = await profile();
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain('npm start');
  });

  it.each([
    ['is no JSON', () => '{'],
    ['lacks the people', () => people({ people: [] })],
    ['has a name that would break the file', () => people({ people: [{ ...MARIA, userName: 'a]\n[b' }] })],
    ['has an endpoint that would break the file', () => people({ endpoint: 'http://127.0.0.1/\nx=y' })],
  ])('refuses a people.json that %s, and writes nothing', async (_what, content) => {
    await writePeople(content());
    expect((await profile()).code).toBe(1);
    await expect(stat(join(home, '.brevet', 'aws-config'))).rejects.toThrow('ENOENT');
  });
});
