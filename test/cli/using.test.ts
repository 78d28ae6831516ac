/** `run` and `credential-process`: who gets which credentials, what goes where, and that access is given back whatever happens. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { RequestDetail } from '../../lambda/contract/api.ts';
import { type Brevet, buildBrevet, type RunOptions } from './support/brevet.ts';
import {
  activeRequest,
  CATALOG,
  ID,
  OTHER_ID,
  overRequest,
  page,
  pendingRequest,
  problem,
} from './support/documents.ts';
import { CREDENTIALS, type Home, makeHome, PORTAL, portalAnswer } from './support/home.ts';
import { type Answer, type Received, type Reply, type Service, startService } from './support/service.ts';

let brevet: Brevet;
let service: Service;
let home: Home;

beforeAll(async () => {
  [brevet, service] = await Promise.all([buildBrevet(), startService()]);
});
afterAll(async () => {
  await Promise.all([brevet.remove(), service.close()]);
});
beforeEach(async () => {
  home = await makeHome(service.endpoint);
});
afterEach(() => home.remove());

const run = (args: readonly string[], { env = {}, ...options }: RunOptions = {}) =>
  brevet.run(args, { ...options, env: { ...home.env, ...env } });

const REQUESTS = '/iam/v1/requests';
const ONE = `${REQUESTS}/${ID}`;
const TARGET = '400000000001/AdministratorAccess';

/** Ends a year from when the tests run, as far as they can tell. */
const held = (changes: Partial<RequestDetail> = {}): RequestDetail =>
  activeRequest({ endsAt: '2097-01-01T00:00:00.000Z', ...changes });
const ending: RequestDetail = held({ status: 'ending', youMay: [] });

const grants: Readonly<Record<string, Answer | Reply>> = {
  'GET /iam/v1/catalog': { body: { items: CATALOG } },
  [`GET ${REQUESTS}`]: { body: page() },
  [`POST ${REQUESTS}`]: { status: 201, body: held() },
  [`GET ${ONE}`]: { body: held() },
  [`POST ${ONE}/end`]: { body: ending },
  [`POST ${ONE}/cancel`]: { body: overRequest('cancelled', 'cancelled by the requester') },
  [PORTAL]: portalAnswer,
};

const called = (): string[] => service.received.map(({ method, path }: Received) => `${method} ${path}`);
const wasEnded = (): boolean => called().includes(`POST ${ONE}/end`);

const RUN = ['run', TARGET, '--for', '30m', '--reason', 'Restore the ledger'];
const shell = (script: string): string[] => [...RUN, '--', 'sh', '-c', script];

describe('run', () => {
  it('gives the command the credentials, takes away what goes before them, and ends the access with its code', async () => {
    service.answerWith(grants);
    const script =
      'printf "%s\\n" "$AWS_ACCESS_KEY_ID" "$AWS_SECRET_ACCESS_KEY" "$AWS_SESSION_TOKEN" "$AWS_CREDENTIAL_EXPIRATION" ' +
      '"$AWS_REGION" "$AWS_DEFAULT_REGION" "$AWS_ENDPOINT_URL" "[$AWS_PROFILE]" "$BREVET_PROFILE"; exit 7';
    const { code, stdout, stderr } = await run(shell(script));
    expect(code).toBe(7);
    expect(stdout.split('\n')).toEqual([
      CREDENTIALS.accessKeyId,
      CREDENTIALS.secretAccessKey,
      CREDENTIALS.sessionToken,
      '2098-01-01T00:00:00.000Z',
      'eu-central-1',
      'eu-central-1',
      service.endpoint,
      '[]',
      'corp',
      '',
    ]);
    expect(called()).toEqual([`POST ${REQUESTS}`, PORTAL, `GET ${ONE}`, `POST ${ONE}/end`]);
    expect(stderr).toContain('is ended; credentials: those issued before the end may still work until');
  });

  it('hands on what is typed in and every word of the command, also those that look like options', async () => {
    service.answerWith(grants);
    const { stdout } = await run([...RUN, '--', 'printf', '%s|', '--json', '--for', 'a b', '--write-profile']);
    expect(stdout).toBe('--json|--for|a b|--write-profile|');
  });

  it('waits for the portal to know of the assignment', async () => {
    let turn = 0;
    const late: Answer = (call, all) => {
      turn += 1;
      return turn === 1 ? { status: 403, body: { message: 'No access' } } : portalAnswer(call, all);
    };
    service.answerWith({ ...grants, [PORTAL]: late });
    const { code, stderr } = await run(shell('exit 0'));
    expect([code, wasEnded()]).toEqual([0, true]);
    expect(stderr).toContain('no credentials yet');
  });

  it.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)(
    'hands %s on to the command, lets it end in order, and then ends the access',
    async (signal) => {
      service.answerWith(grants);
      const script = `trap 'echo tidied up; exit 5' ${signal.slice(3)}; echo READY >&2; while :; do sleep 0.05; done`;
      let isSent = false;
      const { code, stdout } = await run(shell(script), {
        detached: true,
        onStderr: (text, child) => {
          if (!isSent && text.includes('READY')) isSent = child.kill(signal);
        },
      });
      expect([code, stdout, wasEnded()]).toEqual([5, 'tidied up\n', true]);
    },
  );

  it('counts a command that died by a signal as shells do', async () => {
    service.answerWith(grants);
    const { code } = await run(shell('kill -KILL $$'));
    expect([code, wasEnded()]).toEqual([137, true]);
  });

  it('takes the request back on Ctrl-C while it waits', async () => {
    const pending = pendingRequest();
    service.answerWith({
      ...grants,
      [`POST ${REQUESTS}`]: { status: 201, body: pending },
      [`GET ${ONE}`]: { body: pending },
    });
    let isSent = false;
    const { code, stdout } = await run(shell('echo ran'), {
      onStderr: (text, child) => {
        if (!isSent && text.includes('pending:')) isSent = child.kill('SIGINT');
      },
    });
    expect([code, stdout, called().at(-1)]).toEqual([130, '', `POST ${ONE}/cancel`]);
  });

  it('takes the request back when nobody decides within the time limit', async () => {
    const pending = pendingRequest();
    service.answerWith({
      ...grants,
      [`POST ${REQUESTS}`]: { status: 201, body: pending },
      [`GET ${ONE}`]: { body: pending },
    });
    const [words, command] = [RUN, ['--', 'true']];
    const { code } = await run([...words, '--timeout', '1s', ...command]);
    expect([code, called().at(-1)]).toEqual([15, `POST ${ONE}/cancel`]);
  });

  it('does not run the command when the request is rejected', async () => {
    const rejected = overRequest('rejected', 'rejected by omar');
    service.answerWith({
      ...grants,
      [`POST ${REQUESTS}`]: { status: 201, body: rejected },
      [`GET ${ONE}`]: { body: rejected },
    });
    const { code, stdout, stderr } = await run(shell('echo ran'));
    expect([code, stdout]).toEqual([11, '']);
    expect(stderr).toContain('rejected by omar');
  });

  it('asks for nothing when the command is not there', async () => {
    service.answerWith(grants);
    const { code, stderr } = await run([...RUN, '--', 'no-such-command']);
    expect([code, called()]).toEqual([127, []]);
    expect(stderr).toContain('no-such-command');
  });

  it.each([
    ['keys', 'does not say how to sign in'],
    ['expired', 'has expired'],
  ])('asks for nothing as the profile %s, with which no credentials come', async (profile, why) => {
    service.answerWith(grants);
    const { code, stderr } = await run([...RUN.slice(0, 2), '--profile', profile, ...RUN.slice(2), '--', 'true']);
    expect([code, called()]).toEqual([14, []]);
    expect(stderr).toContain(why);
  });

  it('says loudly until when access lasts when it cannot be ended, and still exits with the code of the command', async () => {
    const refusal = problem('not_permitted', 'Not yours.');
    service.answerWith({ ...grants, [`POST ${ONE}/end`]: { status: 403, body: refusal } });
    const { code, stderr } = await run(shell('exit 3'));
    expect(code).toBe(3);
    expect(stderr).toContain('THE ACCESS WAS NOT ENDED');
    expect(stderr).toMatch(/lasts +until 2097-01-01 01:00:00 \+01:00 \(00:00:00 UTC\)/);
    expect(stderr).toContain(`brevet end ${ID}`);
  });

  it('tries to end the access again when the answer is lost on the way', async () => {
    let turn = 0;
    const lost: Answer = () => {
      turn += 1;
      return turn === 1 ? { hangUp: true } : { body: ending };
    };
    service.answerWith({ ...grants, [`POST ${ONE}/end`]: lost });
    const { code, stderr } = await run(shell('exit 0'));
    expect([code, turn]).toEqual([0, 2]);
    expect(stderr).not.toContain('NOT ENDED');
  });

  it('has nothing to end when the window closed before the command did', async () => {
    const ended = held({ status: 'ended', youMay: [], endedAt: '2026-11-23T15:05:00.000Z' });
    service.answerWith({ ...grants, [`GET ${ONE}`]: { body: ended } });
    const { code, stderr } = await run(shell('exit 0'));
    expect([code, wasEnded()]).toEqual([0, false]);
    expect(stderr).toContain('was over already');
  });
});

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
