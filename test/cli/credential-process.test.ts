/** `brevet credential-process`: what is printed for AWS and when nothing is, what it joins, and when it asks. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commandAtHome } from './support/command-and-service.ts';
import { ID, ONE, OTHER_ID, overRequest, page, pendingRequest, problem, REQUESTS } from './support/documents.ts';
import { grants, held, TARGET } from './support/held-access.ts';
import { CREDENTIALS, PORTAL } from './support/home.ts';
import type { Answer } from './support/service.ts';

const { brevet, called, home, run, service } = commandAtHome();

const PROCESS = ['credential-process', TARGET];
const ASKING = [...PROCESS, '--reason', 'Daily report'];

describe('credential-process', () => {
  it('prints the document of AWS and nothing else, for access that is held, without asking', async () => {
    service.answerWith({ ...grants, [`GET ${REQUESTS}`]: { body: page(held()) } });
    const { code, stdout } = await run(ASKING);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      Version: 1,
      AccessKeyId: CREDENTIALS.accessKeyId,
      SecretAccessKey: CREDENTIALS.secretAccessKey,
      SessionToken: CREDENTIALS.sessionToken,
      // Of the access, which ends before the credentials do.
      Expiration: '2097-01-01T00:00:00.000Z',
    });
    expect(called().filter((call) => call.startsWith('POST'))).toEqual([]);
  });

  it('lasts as long as the credentials where the assignment stood before', async () => {
    service.answerWith({
      ...grants,
      [`GET ${REQUESTS}`]: { body: page(held()) },
      [`GET ${ONE}`]: { body: held({ standing: true }) },
    });
    expect(JSON.parse((await run(PROCESS)).stdout).Expiration).toBe('2098-01-01T00:00:00.000Z');
  });

  it('asks the portal that the profile names, whatever profile the environment names', async () => {
    service.answerWith({ ...grants, [`GET ${REQUESTS}`]: { body: page(held()) } });
    const { code } = await run([...PROCESS, '--profile', 'corp'], { env: { AWS_PROFILE: 'keys' } });
    expect([code, called().at(-1)]).toEqual([0, PORTAL]);
  });

  it('joins a request that waits', async () => {
    const turns = [pendingRequest(), held()];
    service.answerWith({
      ...grants,
      [`GET ${REQUESTS}`]: { body: page(pendingRequest()) },
      [`GET ${ONE}`]: () => ({ body: turns.shift() ?? held() }),
    });
    const { code, stdout } = await run(ASKING);
    expect([code, JSON.parse(stdout).AccessKeyId]).toEqual([0, CREDENTIALS.accessKeyId]);
    expect(called()).not.toContain(`POST ${REQUESTS}`);
  });

  it('asks with the given words when there is nothing to join', async () => {
    service.answerWith(grants);
    const { code } = await run([...ASKING, '--for', '45m', '--ticket', 'OPS-7']);
    expect(code).toBe(0);
    expect(service.received.find(({ method }) => method === 'POST')?.body).toEqual({
      target: { kind: 'account', accountId: '400000000001', permissionSet: 'AdministratorAccess' },
      duration: 'PT45M',
      justification: 'Daily report',
      ticket: 'OPS-7',
    });
  });

  it('never asks without a reason, and says how to', async () => {
    service.answerWith(grants);
    const { code, stdout, stderr } = await run(PROCESS);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain(`brevet request ${TARGET}`);
    expect(called()).not.toContain(`POST ${REQUESTS}`);
  });

  it('asks under the same key in every call that sees the same, and under another once that is over', async () => {
    const over = overRequest('expired', 'nobody decided in time');
    service.answerWith(grants);
    await Promise.all([run(ASKING), run(ASKING), run([...ASKING, '--for', '2h'])]);
    const first = service.received
      .filter(({ method }) => method === 'POST')
      .map(({ headers }) => headers['idempotency-key']);
    expect([first.length, new Set(first).size]).toEqual([3, 1]);
    service.answerWith({ ...grants, [`GET ${REQUESTS}`]: { body: page({ ...over, id: OTHER_ID }) } });
    await run(ASKING);
    const later = service.received.find(({ method }) => method === 'POST')?.headers['idempotency-key'];
    expect(first).not.toContain(later);
  });

  it('joins what another call asked for in other words at the same moment', async () => {
    let looks = 0;
    const list: Answer = () => {
      looks += 1;
      return { body: looks < 3 ? page() : page(held()) };
    };
    const reused = problem('idempotency_key_reused', 'Another body.');
    service.answerWith({ ...grants, [`GET ${REQUESTS}`]: list, [`POST ${REQUESTS}`]: { status: 422, body: reused } });
    const { code, stdout } = await run(ASKING);
    expect([code, JSON.parse(stdout).Version]).toEqual([0, 1]);
  });

  it.each([
    ['was rejected', { status: 'rejected', reason: 'rejected by omar' }],
    ['was cancelled', { status: 'cancelled', reason: 'cancelled by the requester' }],
    ['could not be made', { status: 'failed', reason: 'quota' }],
  ] as const)('does not ask again by itself for what %s a moment ago', async (_what, { status, reason }) => {
    const over = { ...overRequest(status, reason), endedAt: new Date(Date.now() - 60_000).toISOString() };
    service.answerWith({ ...grants, [`GET ${REQUESTS}`]: { body: page(over) } });
    const { code, stdout, stderr } = await run(ASKING);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain(`brevet again ${ID}`);
    expect(called()).not.toContain(`POST ${REQUESTS}`);
  });

  it.each([
    ['a person', 'person', 1],
    ['the clock', 'clock', 0],
  ])('asks again after an end by %s: exit %i', async (_who, kind, expected) => {
    const endedAt = new Date(Date.now() - 60_000).toISOString();
    const history = [{ sequence: 4, kind: 'end-begun', at: endedAt, actor: { kind }, to: 'ending' as const }];
    const ended = held({ status: 'ended', youMay: [], endedAt, history });
    const { id: _id, ...others } = ended;
    service.answerWith({
      ...grants,
      [`GET ${REQUESTS}`]: { body: page({ ...others, id: OTHER_ID }) },
      [`GET ${REQUESTS}/${OTHER_ID}`]: { body: { ...others, id: OTHER_ID } },
    });
    expect((await run(ASKING)).code).toBe(expected);
  });

  it('stops at the time limit with nothing on stdout, and the request stays', async () => {
    service.answerWith({
      ...grants,
      [`GET ${REQUESTS}`]: { body: page(pendingRequest()) },
      [`GET ${ONE}`]: { body: pendingRequest() },
    });
    const { code, stdout, stderr } = await run([...PROCESS, '--timeout', '1s']);
    expect([code, stdout]).toEqual([10, '']);
    expect(stderr).toContain('the request stays pending');
  });

  it('exits 14 with nothing on stdout when nobody has signed in', async () => {
    service.answerWith(grants);
    const { code, stdout, stderr } = await run([...PROCESS, '--profile', 'expired']);
    expect([code, stdout]).toEqual([14, '']);
    expect(stderr).toContain('aws sso login --profile expired');
  });

  it('does not go round in circles with a profile that asks it for the keys to sign with', async () => {
    service.answerWith({ ...grants, [`GET ${REQUESTS}`]: { body: page(held()) } });
    const circle = join(home.folder, 'circle');
    await writeFile(
      circle,
      `[profile round]
region = eu-central-1
brevet_endpoint = ${service.endpoint}
sso_session = corp
credential_process = ${process.execPath} ${brevet.path} credential-process ${TARGET}

[sso-session corp]
sso_start_url = https://corp.awsapps.com/start
sso_region = eu-west-1
`,
    );
    const { code, stdout, stderr } = await run(PROCESS, { env: { AWS_CONFIG_FILE: circle, AWS_PROFILE: 'round' } });
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain('asks this very command for its credentials');
    const nested = await run(PROCESS, { env: { BREVET_CREDENTIAL_PROCESS: '1' } });
    expect([nested.code, nested.stdout]).toEqual([2, '']);
  });
});
