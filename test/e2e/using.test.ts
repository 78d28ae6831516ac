/** Using access as engineers do, against the whole service: profiles, `run`, `credential-process`, through Identity Center's portal. */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RequestDetail, RequestPage } from '../../lambda/contract/api.ts';
import { readSeed, type Seed } from '../../local/seed/seed.ts';
import { createEyes, createService, eventually, type Service } from './service.ts';

const PAYMENTS_DEV = '400000000004';
const TARGET = 'payments-dev/ReadOnlyAccess';
const REASON = ['--reason', 'look at the payment queue'];

let service: Service;
let seed: Seed;
let eyes: ReturnType<typeof createEyes>;

beforeAll(async () => {
  seed = await readSeed('local/seed/organization.yaml');
  service = await createService();
  eyes = createEyes(service, seed);
});
afterAll(() => service?.dispose());

const isAssigned = (person: string): Promise<boolean> =>
  eyes.isAssigned(
    PAYMENTS_DEV,
    seed.permissionSets.find(({ name }) => name === 'ReadOnlyAccess')?.arn ?? '',
    seed.people.find(({ userName }) => userName === person)?.userId ?? '',
  );

const mine = async (person: string): Promise<readonly RequestPage['items'][number][]> =>
  (await service.json<RequestPage>(person, 'ls')).answer.items;

/** Whom AWS takes somebody with that session token for. */
const identityOf = async (sessionToken: string): Promise<string> => {
  const answer = await fetch(service.awsEndpoint, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', 'x-amz-security-token': sessionToken },
    body: 'Action=GetCallerIdentity&Version=2011-06-15',
  });
  return await answer.text();
};

/** The shell of somebody who has evaluated `brevet local profile`, and names no profile. */
const shellEnv = (): NodeJS.ProcessEnv => {
  const { AWS_PROFILE: _named, ...env } = process.env;
  return {
    ...env,
    AWS_CONFIG_FILE: join(service.stateFolder, 'aws-config'),
    AWS_SHARED_CREDENTIALS_FILE: join(service.stateFolder, 'aws-credentials'),
  };
};

describe.concurrent('access that is granted', () => {
  test('is in the environment of the command that it was asked for, and gone when that ends', async () => {
    const script =
      'console.log(JSON.stringify({ key: process.env.AWS_ACCESS_KEY_ID, token: process.env.AWS_SESSION_TOKEN })); process.exit(9)';
    const { code, stdout, stderr } = await service.brevet(
      'maria',
      ...['run', TARGET, '--for', '10m', ...REASON, '--', process.execPath, '-e', script],
    );
    expect(code, stderr).toBe(9);
    const { key, token } = JSON.parse(stdout) as { key: string; token: string };
    expect(key).toMatch(/^ASIA/);
    const identity = await identityOf(token);
    expect(identity).toContain(`<Account>${PAYMENTS_DEV}</Account>`);
    expect(identity).toMatch(/AWSReservedSSO_ReadOnlyAccess_[0-9a-f]{16}\/maria</);
    await eventually(async () => !(await isAssigned('maria')), 20_000);
    await eventually(async () => (await mine('maria'))[0]?.status === 'ended', 20_000);
    expect((await mine('maria'))[0]?.reason).toBe('ended early by maria');
  });

  test('is written as a profile that any AWS tool can use until it is ended, with Brevet called as before', async () => {
    const { code, stdout, stderr } = await service.brevet(
      'aiko',
      ...['request', TARGET, '--for', '10m', ...REASON, '--write-profile'],
    );
    expect([code, stdout], stderr).toEqual([0, `export AWS_PROFILE=${TARGET}\n`]);
    const config = await readFile(join(service.stateFolder, 'aws-config'), 'utf8');
    const [, line = 'exit 99'] = /^credential_process = (.*)$/m.exec(config) ?? [];
    const credentials = JSON.parse((await promisify(execFile)('sh', ['-c', line], { env: shellEnv() })).stdout);
    expect(await identityOf(credentials.SessionToken)).toContain('/aiko</Arn>');
    // As in the shell that has evaluated the line.
    expect((await service.brevet(TARGET, 'end')).code).toBe(0);
    await eventually(async () => !(await isAssigned('aiko')), 20_000);
    await expect(promisify(execFile)('sh', ['-c', line], { env: shellEnv() })).rejects.toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining('nothing_to_join'),
    });
  });

  test('is asked for once by many tools at once, in whatever words, and joined by those that come later', async () => {
    const ask = (reason: string) =>
      service.brevet('diego', 'credential-process', TARGET, '--for', '10m', '--reason', `daily report, ${reason}`);
    const ran = await Promise.all([ask('one'), ask('one'), ask('two'), ask('three')]);
    for (const { code, stderr } of ran) expect(code, stderr).toBe(0);
    const later = await ask('four');
    const [first] = await mine('diego');
    expect(await mine('diego')).toHaveLength(1);
    for (const { stdout } of [...ran, later]) {
      expect(JSON.parse(stdout)).toMatchObject({ Version: 1, Expiration: first?.endsAt });
    }
    await service.brevet('diego', 'end');
    const after = await ask('five');
    expect([after.code, after.stdout]).toEqual([1, '']);
    expect(after.stderr).toContain('left_alone');
  });

  test('is asked for again as before', async () => {
    const words = ['request', TARGET, '--for', '11m', ...REASON, '--ticket', 'OPS-7'];
    const before = await service.json<RequestDetail>('noah', ...words);
    await service.brevet('noah', 'end', before.answer.id);
    const { answer } = await service.json<RequestDetail>('noah', 'again', '--wait');
    expect(answer).toMatchObject({
      status: 'active',
      duration: 'PT11M',
      ticket: 'OPS-7',
      target: before.answer.target,
    });
    expect(answer.id).not.toBe(before.answer.id);
    await service.brevet('noah', 'end', answer.id);
  });
});
