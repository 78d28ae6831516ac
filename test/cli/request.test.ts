/** `brevet request`, with and without `--wait`: what is sent, what is said before and after, and each way in which it may end. */
import { describe, expect, it } from 'vitest';
import type { RequestDetail } from '../../lambda/contract/api.ts';
import { signedInCommand } from './support/command-and-service.ts';
import {
  activeRequest,
  CATALOG,
  ID,
  ONE,
  overRequest,
  pendingRequest,
  problem,
  REQUESTS,
} from './support/documents.ts';
import type { Answer } from './support/service.ts';

const { run, service } = signedInCommand();

const catalogAnswer: Answer = ({ query }) => ({
  body: { items: CATALOG.filter(({ accountName }) => accountName.includes(query.q ?? '')) },
});
const ASK = ['request', 'payments-prod/AdministratorAccess', '--for', '1h', '--reason', 'Restore the ledger'];
const asks = { 'GET /iam/v1/catalog': catalogAnswer, [`POST ${REQUESTS}`]: { status: 201, body: pendingRequest() } };

describe('request', () => {
  it('sends what was asked for under a fresh key, and exits 10 while it waits for approval', async () => {
    service.answerWith(asks);
    const args = [...ASK, '--ticket', 'INC-42', '--start', '2026-11-24T10:00Z'];
    const [first, second] = [await run(args), await run(args)];
    expect([first.code, second.code]).toEqual([10, 10]);
    const posts = service.received.filter(({ method }) => method === 'POST');
    expect(posts.map(({ body }) => body)).toEqual(
      Array(2).fill({
        target: { kind: 'account', accountId: '400000000001', permissionSet: 'AdministratorAccess' },
        duration: 'PT1H',
        start: '2026-11-24T10:00:00.000Z',
        justification: 'Restore the ledger',
        ticket: 'INC-42',
      }),
    );
    const keys = posts.map(({ headers }) => headers['idempotency-key']);
    expect(new Set(keys).size).toBe(2);
    for (const key of keys) expect(key).toMatch(/^[\x21-\x7e]{20,128}$/);
  });

  it('says the plan on stderr, and on stdout what was made, who can decide, and both times of the end', async () => {
    service.answerWith(asks);
    const { stdout, stderr } = await run(ASK);
    expect(stderr).toContain(
      'credentials  those issued before the end may work up to 4h longer; they cannot be recalled',
    );
    expect(stderr).toContain('target       payments-prod (400000000001) / AdministratorAccess');
    expect(stderr).toContain('rule         payments-admin: at most 4h, 1 approval from payments-leads');
    expect(stdout).toContain(`id           ${ID}`);
    expect(stdout).toContain('can decide   Omar Haddad (omar), Lea Brandt (lea)');
    expect(stdout).toMatch(/would end +1h after it becomes usable; if that were now: .* \+0[12]:00 \(.* UTC\)/);
  });

  it('sends an account id as it is, without asking for the catalogue', async () => {
    service.answerWith(asks);
    const { code } = await run(['request', '400000000001/ReadOnlyAccess', '--for', '30m', '--reason', 'r']);
    expect(code).toBe(10);
    expect(service.received.map(({ method, path }) => `${method} ${path}`)).toEqual([`POST ${REQUESTS}`]);
  });

  it('exits 13 with the nearest names for an account that is not in the catalogue, and sends nothing', async () => {
    service.answerWith(asks);
    const { code, stderr } = await run(['request', 'paymets-prod/AdministratorAccess', '--for', '1h', '--reason', 'r']);
    expect(code).toBe(13);
    expect(stderr).toMatch(/next +Nearest: payments-prod/);
    expect(service.received.every(({ method }) => method === 'GET')).toBe(true);
  });

  it.each([
    ['duration_too_long', 2],
    ['justification_empty', 2],
    ['not_eligible', 13],
    ['no_approver', 13],
    ['caller_unknown', 14],
    ['too_many_open', 1],
    ['unexpected', 20],
  ] as const)('refused with %s exits %i', async (code, expected) => {
    const refusal = problem(code, 'Because.');
    service.answerWith({ ...asks, [`POST ${REQUESTS}`]: { status: refusal.status, body: refusal } });
    const ran = await run(ASK);
    expect(ran.code).toBe(expected);
    expect(ran.stdout).toBe('');
    expect(ran.stderr).toMatch(new RegExp(`Because\\..*\n +code +${code}\n`));
  });

  it.each([
    ['no reason', ['request', 'a/b', '--for', '1h']],
    ['no duration', ['request', 'a/b', '--reason', 'r']],
    ['a duration of nothing', ['request', 'a/b', '--for', '0h', '--reason', 'r']],
    ['no target', ['request', '--for', '1h', '--reason', 'r']],
    ['a target without a permission set', ['request', 'a', '--for', '1h', '--reason', 'r']],
    ['a start that is no moment', ['request', 'a/b', '--for', '1h', '--reason', 'r', '--start', 'soon']],
    ['a time limit without waiting', ['request', 'a/b', '--for', '1h', '--reason', 'r', '--timeout', '1m']],
    ['an unknown option', ['request', 'a/b', '--for', '1h', '--reason', 'r', '--nope']],
  ])('with %s exits 2 and calls nobody', async (_what, args) => {
    service.answerWith({});
    const { code, stdout, stderr } = await run(args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/code +(usage|duration_invalid|start_invalid)/);
    expect(service.received).toEqual([]);
  });
});

/** Answers with one after the other, and the last again and again. */
const inTurn = (...requests: readonly RequestDetail[]): Answer => {
  let turn = 0;
  return () => {
    const body = requests[Math.min(turn, requests.length - 1)];
    turn += 1;
    return { body };
  };
};

describe('request --wait', () => {
  it('tells each change on one line when piped, and exits 0 once it is usable', async () => {
    service.answerWith({ ...asks, [`GET ${ONE}`]: inTurn(pendingRequest(), activeRequest()) });
    const { code, stdout, stderr } = await run([...ASK, '--wait']);
    expect(code).toBe(0);
    expect(stderr.match(/^(pending|approved|active)\b/gm)).toEqual(['pending', 'approved', 'active']);
    expect(stderr).not.toContain('\r');
    expect(stdout).toContain('active: usable until');
    expect(stdout).toContain('those issued before the end may still work until');
  });

  it.each([
    ['rejected', 11],
    ['expired', 12],
    ['cancelled', 15],
    ['ended', 15],
    ['failed', 16],
  ] as const)('exits, when it is %s, with %i', async (status, expected) => {
    service.answerWith({ ...asks, [`GET ${ONE}`]: inTurn(overRequest(status, 'for a reason')) });
    const { code, stdout } = await run([...ASK, '--wait', '--json']);
    expect(code).toBe(expected);
    expect(JSON.parse(stdout)).toMatchObject({ id: ID, status });
  });

  it('exits 10 at its time limit and says that the request stays', async () => {
    service.answerWith({ ...asks, [`GET ${ONE}`]: inTurn(pendingRequest()) });
    const { code, stderr } = await run([...ASK, '--wait', '--timeout', '1s']);
    expect(code).toBe(10);
    expect(stderr).toContain(
      `the request stays pending without anyone waiting for it. Take it back with: brevet cancel ${ID}`,
    );
  });

  it('leaves the request alone on Ctrl-C, says how to cancel it, and exits 130', async () => {
    service.answerWith({ ...asks, [`GET ${ONE}`]: inTurn(pendingRequest()) });
    let pressed = false;
    const { code, stdout, stderr } = await run([...ASK, '--wait', '--json'], {
      onStderr: (text, child) => {
        if (!pressed && text.includes('pending:')) pressed = child.kill('SIGINT');
      },
    });
    expect(code).toBe(130);
    expect(stderr).toContain(`Take it back with: brevet cancel ${ID}`);
    expect(JSON.parse(stdout)).toMatchObject({ id: ID, status: 'pending' });
    expect(service.received.filter(({ path }) => path.endsWith('/cancel'))).toEqual([]);
  });
});
