/** `request --write-profile` and `again`: what is asked, what is written where, and what a shell can evaluate. */
import { execFile } from 'node:child_process';
import { appendFile, mkdir, stat, utimes } from 'node:fs/promises';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { commandAtHome } from './support/command-and-service.ts';
import {
  activeRequest,
  CATALOG,
  ID,
  LEA,
  ME,
  OMAR,
  ONE,
  OTHER_ID,
  overRequest,
  page,
  pendingRequest,
  REQUESTS,
} from './support/documents.ts';
import type { Answer } from './support/service.ts';

const { brevet, home, service } = commandAtHome();

const run = (args: readonly string[], env: Record<string, string> = {}) =>
  brevet.run(args, { env: { ...home.env, ...env } });

const catalogAnswer: Answer = ({ query }) => ({
  body: { items: CATALOG.filter(({ accountName }) => accountName.includes(query.q ?? '')) },
});
const granted = {
  'GET /iam/v1/catalog': catalogAnswer,
  'GET /iam/v1/me': { body: ME },
  [`POST ${REQUESTS}`]: { status: 201, body: activeRequest() },
  [`GET ${ONE}`]: { body: activeRequest() },
};
const waits = { ...granted, [`POST ${REQUESTS}`]: { status: 201, body: pendingRequest() } };
const ASK = ['request', 'payments-prod/AdministratorAccess', '--for', '1h', '--reason', 'Restore the ledger'];
const posts = () => service.received.filter(({ method }) => method === 'POST');

describe('request --write-profile', () => {
  it('waits, writes a profile that signs in as the caller does, and prints the line to evaluate and nothing else', async () => {
    service.answerWith(waits);
    const before = await home.config();
    const { code, stdout, stderr } = await run([...ASK, '--write-profile']);
    expect([code, stdout]).toEqual([0, 'export AWS_PROFILE=payments-prod/AdministratorAccess\n']);
    expect(await home.config()).toBe(`${before}
# >>> brevet payments-prod/AdministratorAccess (written by "brevet request --write-profile", and written anew by it)
[profile payments-prod/AdministratorAccess]
sso_session = corp
sso_account_id = 400000000001
sso_role_name = AdministratorAccess
region = eu-central-1
endpoint_url = ${service.endpoint}
brevet_profile = corp
# <<< brevet payments-prod/AdministratorAccess
`);
    expect((await stat(home.configPath)).mode & 0o777).toBe(0o640);
    expect(stderr).toContain('active: usable until');
    expect(stderr).toContain(home.configPath);
  });

  it('writes the older form for a caller who has it', async () => {
    service.answerWith(granted);
    await run([...ASK, '--write-profile=night'], { AWS_PROFILE: 'old' });
    expect(await home.config()).toContain(`[profile night]
sso_start_url = https://old.awsapps.com/start
sso_region = eu-west-1
sso_account_id = 400000000001
sso_role_name = AdministratorAccess
`);
  });

  it('writes what is known for a caller who signs in with keys, and says what is missing', async () => {
    service.answerWith(granted);
    const { code, stdout, stderr } = await run([...ASK, '--write-profile=night', '--profile', 'keys']);
    expect([code, stdout]).toEqual([0, 'export AWS_PROFILE=night\n']);
    expect(await home.config()).toContain('[profile night]\nsso_account_id = 400000000001\nsso_role_name = Adm');
    expect(stderr).toContain('add sso_session (or sso_start_url and sso_region) to it');
  });

  it('leaves the file as it is when it is written again', async () => {
    service.answerWith(granted);
    await run([...ASK, '--write-profile']);
    const once = await home.config();
    expect((await run([...ASK, '--write-profile'])).code).toBe(0);
    expect(await home.config()).toBe(once);
  });

  it('makes a profile with which Brevet is still called as before', async () => {
    service.answerWith(granted);
    const { stdout } = await run([...ASK, '--write-profile']);
    const shell = await promisify(execFile)('sh', ['-c', `${stdout}\nprintf %s "$AWS_PROFILE"`]);
    expect((await run(['whoami'], { AWS_PROFILE: shell.stdout })).code).toBe(0);
    expect(service.received.at(-1)?.signature).toMatchObject({ valid: true, region: 'eu-central-1' });
  });

  it.each([
    ['of that name', '[profile night]\nregion = x\n', 'it has a profile "night" that is not Brevet\'s'],
    ['of that name in the default section', '[night]\n', 'it has a profile "night" that is not Brevet\'s'],
  ])('asks for nothing when there is a profile %s', async (_what, foreign, why) => {
    service.answerWith(granted);
    await appendFile(home.configPath, foreign);
    const before = await home.config();
    const { code, stdout, stderr } = await run([...ASK, '--write-profile=night']);
    expect([code, stdout, await home.config()]).toEqual([2, '', before]);
    expect(stderr).toContain(why);
    expect(posts()).toEqual([]);
  });

  it.each(['keys', 'default', 'a b', 'a]'])('asks for nothing with the name "%s"', async (name) => {
    service.answerWith(granted);
    expect((await run([...ASK, `--write-profile=${name}`])).code).toBe(2);
    expect(posts()).toEqual([]);
  });

  it('takes what stands behind the option for the target, not for the name', async () => {
    service.answerWith(granted);
    const [, target = '', ...others] = ASK;
    const { code, stdout } = await run(['request', '--write-profile', target, ...others]);
    expect([code, stdout]).toEqual([0, `export AWS_PROFILE=${target}\n`]);
  });

  it('writes nothing and prints nothing to evaluate when it is rejected', async () => {
    service.answerWith({ ...waits, [`GET ${ONE}`]: { body: overRequest('rejected', 'rejected by omar') } });
    const before = await home.config();
    const { code, stdout, stderr } = await run([...ASK, '--write-profile']);
    expect([code, stdout, await home.config()]).toEqual([11, '', before]);
    expect(stderr).toContain('rejected by omar');
  });

  it('tells in JSON where the profile is', async () => {
    service.answerWith(granted);
    const { stdout } = await run([...ASK, '--write-profile', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({
      id: ID,
      awsProfile: { name: 'payments-prod/AdministratorAccess', configFile: home.configPath, isComplete: true },
    });
  });

  it('says that access is held when the file cannot be written', async () => {
    service.answerWith(granted);
    // A folder in the way stops root too.
    await mkdir(`${home.configPath}.brevet-new`);
    await utimes(`${home.configPath}.brevet-new`, 0, 0);
    const { code, stdout, stderr } = await run([...ASK, '--write-profile']);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain(`end it with: brevet end ${ID}`);
  });

  it('lets no line break of the service into the file', async () => {
    const target = { ...activeRequest().target, permissionSet: 'Admin\n[default]\nregion = evil' };
    service.answerWith({ ...granted, [`POST ${REQUESTS}`]: { status: 201, body: activeRequest({ target }) } });
    const before = await home.config();
    expect((await run([...ASK, '--write-profile'])).code).toBe(20);
    expect(await home.config()).toBe(before);
  });
});

const PAST = overRequest('ended', 'the window closed');

describe('again', () => {
  it('asks for the same target, length, reason and ticket as the last request, under a fresh key, and says so', async () => {
    service.answerWith({
      ...waits,
      [`GET ${REQUESTS}`]: { body: page(PAST, activeRequest({ id: OTHER_ID })) },
      [`GET ${ONE}`]: { body: { ...PAST, start: '2026-11-23T14:00:00.000Z' } },
    });
    const { code, stderr } = await run(['again']);
    await run(['again']);
    expect(code).toBe(10);
    expect(posts().map(({ body }) => body)).toEqual(
      Array(2).fill({
        target: { kind: 'account', accountId: '400000000001', permissionSet: 'AdministratorAccess' },
        duration: 'PT1H',
        justification: 'Restore the ledger after the failed migration',
        ticket: 'INC-42',
      }),
    );
    expect(new Set(posts().map(({ headers }) => headers['idempotency-key'])).size).toBe(2);
    expect(stderr).toMatch(new RegExp(`asking again, as in ${ID} of .*: payments-prod/AdministratorAccess for 1h`));
    expect(stderr).toContain('reason     Restore the ledger after the failed migration');
  });

  it('asks for another length, reason, ticket and start where they are given', async () => {
    service.answerWith({ ...waits, [`GET ${ONE}`]: { body: PAST } });
    const changes = ['--for', '30m', '--reason', 'It goes on', '--ticket', 'INC-43', '--start', '2026-11-24T10:00Z'];
    expect((await run(['again', ID, ...changes])).code).toBe(10);
    expect(posts()[0]?.body).toEqual({
      target: { kind: 'account', accountId: '400000000001', permissionSet: 'AdministratorAccess' },
      duration: 'PT30M',
      start: '2026-11-24T10:00:00.000Z',
      justification: 'It goes on',
      ticket: 'INC-43',
    });
  });

  it('does not ask for what somebody else asked for', async () => {
    service.answerWith({ ...granted, [`GET ${ONE}`]: { body: { ...PAST, requester: OMAR } } });
    const { code, stderr } = await run(['again', ID]);
    expect([code, posts()]).toEqual([2, []]);
    expect(stderr).toContain(`${ID} is a request of omar, not of yours.`);
  });

  it('has nothing to repeat for whoever never asked', async () => {
    service.answerWith({ ...granted, [`GET ${REQUESTS}`]: { body: page() } });
    expect((await run(['again'])).code).toBe(2);
  });

  it('writes a profile too', async () => {
    const turns = [PAST, activeRequest({ approvers: [LEA] })];
    service.answerWith({ ...granted, [`GET ${ONE}`]: () => ({ body: turns.shift() ?? activeRequest() }) });
    const { stdout } = await run(['again', ID, '--write-profile=night']);
    expect(stdout).toBe('export AWS_PROFILE=night\n');
  });
});

describe('request, in a hurry', () => {
  it.each([
    ['--reason', ['request', 'a/b', '--for', '2h'], 'brevet request a/b --for 2h --reason "INC-42: '],
    ['--for', ['request', 'a/b', '--reason', 'my reason'], "brevet request a/b --for 1h --reason 'my reason'"],
  ])('without %s says what is missing, with a command line that would do', async (option, args, example) => {
    service.answerWith({});
    const { code, stderr } = await run(args);
    expect([code, service.received]).toEqual([2, []]);
    expect(stderr).toContain(`There is no ${option}`);
    expect(stderr).toContain(example);
  });

  it('names the nearest target when both parts are misspelt', async () => {
    service.answerWith(granted);
    const { code, stderr } = await run(['request', 'paymnts-prod/AdminAccess', '--for', '1h', '--reason', 'r']);
    expect(code).toBe(13);
    expect(stderr).toMatch(/next +Nearest: payments-prod\/AdministratorAccess/);
  });

  it('names the nearest permission set of the account, and all that there are', async () => {
    service.answerWith(granted);
    const { stderr } = await run(['request', 'payments-prod/ReadOnyAccess', '--for', '1h', '--reason', 'r']);
    expect(stderr).toContain('Nearest: payments-prod/ReadOnlyAccess');
    expect(stderr).toContain('You may ask there for: AdministratorAccess, ReadOnlyAccess.');
  });
});
