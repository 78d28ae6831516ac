/** The built command on the network: signatures, stages, and what is sent again after which failure. */
import { describe, expect, it } from 'vitest';
import { signedInCommand } from './support/command-and-service.ts';
import { activeRequest, ID, ME, pendingRequest, problem } from './support/documents.ts';
import { type Answer, type Reply, startService } from './support/service.ts';

const { run, service } = signedInCommand();

/** The replies one after the other, the last again and again. */
const inTurn = (...replies: readonly Reply[]): Answer => {
  let turn = 0;
  return () => {
    turn += 1;
    return replies[Math.min(turn, replies.length) - 1] ?? {};
  };
};

const ASK = ['request', '400000000001/AdministratorAccess', '--for', '1h', '--reason', 'Ünïcode & "quotes"', '--json'];
const POST = 'POST /iam/v1/requests';
const GET_ME = 'GET /iam/v1/me';
const UNAVAILABLE: Reply = { status: 503, body: problem('unavailable', 'The database did not answer.') };
const THROTTLED: Reply = {
  status: 429,
  text: '{"message":"Too Many Requests"}',
  headers: { 'content-type': 'application/json' },
};

describe('a call', () => {
  it.each([
    ['without a body', ['whoami'], { [GET_ME]: { body: ME } }],
    ['with a body and a key', ASK, { [POST]: { status: 201, body: pendingRequest() } }],
    ['with a query', ['catalog', 'a b/c*(ü)&d=e'], { 'GET /iam/v1/catalog': { body: { items: [] } } }],
    ['without fields in its body', ['end', ID], { [`POST /iam/v1/requests/${ID}/end`]: { body: activeRequest() } }],
  ])('%s is signed for execute-api and its Region', async (_what, args, answers) => {
    service.answerWith(answers);
    await run(args);
    expect(service.received).toHaveLength(1);
    expect(service.received[0]?.signature).toMatchObject({
      valid: true,
      region: 'eu-central-1',
      service: 'execute-api',
    });
  });

  it('signs the idempotency key, so that nobody on the way can change it', async () => {
    service.answerWith({ [POST]: { status: 201, body: pendingRequest() } });
    await run(ASK);
    expect(service.received[0]?.signature).toMatchObject({
      signed: expect.arrayContaining(['content-type', 'host', 'idempotency-key', 'x-amz-date']),
    });
  });

  it('carries the token of temporary credentials', async () => {
    service.answerWith({ [GET_ME]: { body: ME } });
    await run(['whoami'], { env: { AWS_SESSION_TOKEN: 'a-token' } });
    const [call] = service.received;
    expect(call?.headers['x-amz-security-token']).toBe('a-token');
    expect(call?.signature).toMatchObject({ valid: true, signed: expect.arrayContaining(['x-amz-security-token']) });
  });

  it('goes to the stage of a deployed API', async () => {
    service.answerWith({ 'GET /live/iam/v1/me': { body: ME } });
    const { code } = await run(['whoami', '--endpoint', `${service.endpoint}/live/`]);
    expect(code).toBe(0);
    expect(service.received[0]?.signature.valid).toBe(true);
  });

  it('is not carried on to where an answer points', async () => {
    service.answerWith({
      [GET_ME]: { status: 307, headers: { location: `${service.endpoint}/elsewhere` } },
      'GET /elsewhere': { body: ME },
    });
    const { code } = await run(['whoami']);
    expect(code).toBe(20);
    expect(service.received.map(({ path }) => path)).toEqual(['/iam/v1/me']);
  });
});

describe('after a failure', () => {
  it.each([
    ['the service was unavailable', UNAVAILABLE],
    ['the gateway throttled', THROTTLED],
    ['the connection broke', { hangUp: true }],
  ])('because %s, asking is repeated under the same key, and said so', async (_what, reply) => {
    service.answerWith({ [POST]: inTurn(reply, { status: 201, body: pendingRequest() }) });
    const { code, stdout, stderr } = await run(ASK);
    expect(code).toBe(10);
    expect(JSON.parse(stdout)).toMatchObject({ id: ID });
    const keys = service.received.map(({ headers }) => headers['idempotency-key']);
    expect(keys).toHaveLength(2);
    expect(new Set(keys).size).toBe(1);
    expect(stderr.match(/Trying again, 5 times at most\./g)).toHaveLength(1);
  });

  it('reading is repeated, and given up in the end', async () => {
    service.answerWith({ [GET_ME]: UNAVAILABLE });
    const { code, stderr } = await run(['whoami']);
    expect(code).toBe(20);
    expect(service.received).toHaveLength(5);
    expect(stderr).toMatch(/code +unavailable/);
  });

  it('that leaves in doubt whether a vote was counted, it is not sent again, and said so', async () => {
    service.answerWith({ [`POST /iam/v1/requests/${ID}/approve`]: { hangUp: true } });
    const { code, stderr } = await run(['approve', ID]);
    expect(code).toBe(20);
    expect(service.received).toHaveLength(1);
    expect(stderr).toContain('Whether it was done is not known.');
  });

  it('by throttling, a vote is sent again: it was never looked at', async () => {
    service.answerWith({ [`POST /iam/v1/requests/${ID}/approve`]: inTurn(THROTTLED, { body: activeRequest() }) });
    const { code } = await run(['approve', ID]);
    expect(code).toBe(0);
    expect(service.received).toHaveLength(2);
  });

  it.each([
    ["a limit of one's own", 'too_many_open', 1],
    ['a catalogue that is too old', 'catalogue_too_old', 20],
    ['a refusal', 'not_eligible', 13],
    ['a fault inside', 'unexpected', 20],
  ] as const)('by %s, nothing is sent again', async (_what, code, expected) => {
    const refusal = problem(code, 'Because.');
    service.answerWith({ [POST]: { status: refusal.status, body: refusal } });
    expect((await run(ASK)).code).toBe(expected);
    expect(service.received).toHaveLength(1);
  });

  it('because nobody listens, the command says where it tried and what to check', async () => {
    const closed = await startService();
    await closed.close();
    const { code, stderr } = await run(['whoami'], { env: { BREVET_ENDPOINT: closed.endpoint } });
    expect(code).toBe(20);
    expect(stderr).toContain('ECONNREFUSED');
    expect(stderr).toContain('npm start');
  });

  it('while waiting, the command says that the request stays', async () => {
    service.answerWith({
      [POST]: { status: 201, body: pendingRequest() },
      [`GET /iam/v1/requests/${ID}`]: { status: 500, body: problem('unexpected', 'Sorry.') },
    });
    const { code, stdout, stderr } = await run([...ASK, '--wait']);
    expect(code).toBe(20);
    expect(JSON.parse(stdout)).toMatchObject({ code: 'unexpected' });
    expect(stderr).toContain(`See it with: brevet show ${ID}`);
  });
});
