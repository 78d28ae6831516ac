/** The built command, run as a process against a service on loopback: what each command sends, prints and exits with. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RequestDetail } from '../../lambda/contract/api.ts';
import { type Brevet, buildBrevet, type RunOptions, signedInAt } from './support/brevet.ts';
import {
  activeRequest,
  approvalOf,
  CATALOG,
  catalogEntry,
  EXPLANATION,
  ID,
  LEA,
  MARIA,
  ME,
  OTHER_ID,
  overRequest,
  page,
  pendingRequest,
  problem,
  stageOf,
} from './support/documents.ts';
import { type Answer, type Service, startService } from './support/service.ts';

let brevet: Brevet;
let service: Service;

beforeAll(async () => {
  [brevet, service] = await Promise.all([buildBrevet(), startService()]);
});
afterAll(async () => {
  await Promise.all([brevet.remove(), service.close()]);
});

const run = (args: readonly string[], { env = {}, ...options }: RunOptions = {}) =>
  brevet.run(args, { ...options, env: { ...signedInAt(service.endpoint), ...env } });

const catalogAnswer: Answer = ({ query }) => ({
  body: { items: CATALOG.filter(({ accountName }) => accountName.includes(query.q ?? '')) },
});
const REQUESTS = '/iam/v1/requests';
const ONE = `${REQUESTS}/${ID}`;
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

describe('ls', () => {
  it("lists one page of one's own requests and says that there are more", async () => {
    service.answerWith({
      [`GET ${REQUESTS}`]: { body: { ...page(pendingRequest(), activeRequest({ id: OTHER_ID })), cursor: 'c2' } },
    });
    const { code, stdout, stderr } = await run(['ls']);
    expect(code).toBe(0);
    expect(service.received[0]?.query).toEqual({ view: 'mine' });
    expect(stdout.split('\n')[0]).toMatch(/^ID +STATUS +TARGET +FOR +WHEN$/);
    expect(stdout).toMatch(new RegExp(`^${ID}  pending  payments-prod/AdministratorAccess  1h`, 'm'));
    expect(stderr).toContain("--cursor 'c2'");
  });

  it('passes on view, status and cursor', async () => {
    service.answerWith({ [`GET ${REQUESTS}`]: { body: page() } });
    const { code, stdout } = await run(['ls', '--view', 'to-review', '--status', 'pending', '--cursor', 'a b+c/=']);
    expect([code, stdout]).toEqual([0, 'Nothing waits for your decision.\n']);
    expect(service.received[0]?.query).toEqual({ view: 'to-review', status: 'pending', cursor: 'a b+c/=' });
    expect(service.received[0]?.signature.valid).toBe(true);
  });

  it('reads every page with --all, into one JSON document', async () => {
    const answer: Answer = ({ query }) => ({
      body:
        query.cursor === undefined
          ? { ...page(pendingRequest()), cursor: 'next' }
          : page(activeRequest({ id: OTHER_ID })),
    });
    service.answerWith({ [`GET ${REQUESTS}`]: answer });
    const { stdout } = await run(['ls', '--all', '--json']);
    const listed = JSON.parse(stdout);
    expect(listed.items.map(({ id }: RequestDetail) => id)).toEqual([ID, OTHER_ID]);
    expect(listed).not.toHaveProperty('cursor');
  });

  it.each([
    [['ls', '--view', 'everything'], '--view "everything" is none of: mine, to-review, active, break-glass, all.'],
    [['ls', '--status', 'done'], '--status "done" is none of: pending,'],
  ])('%j exits 2 with what is possible', async (args, expected) => {
    const { code, stderr } = await run(args);
    expect(code).toBe(2);
    expect(stderr).toContain(expected);
  });
});

describe('show', () => {
  it('prints one request with its history', async () => {
    service.answerWith({ [`GET ${ONE}`]: { body: activeRequest() } });
    const { code, stdout } = await run(['show', ID.toLowerCase()]);
    expect(code).toBe(0);
    expect(stdout).toContain('reason        Restore the ledger after the failed migration');
    expect(stdout).toMatch(/^WHEN +WHAT +BY +STATUS$/m);
  });

  it('finds a request by the end of its id', async () => {
    service.answerWith({
      [`GET ${REQUESTS}`]: { body: page(pendingRequest()) },
      [`GET ${ONE}`]: { body: pendingRequest() },
    });
    const { code, stdout } = await run(['show', 'Z123', '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual(pendingRequest());
  });

  it("shows the newest of one's own when none is named, and says which", async () => {
    service.answerWith({
      [`GET ${REQUESTS}`]: { body: page(pendingRequest(), activeRequest({ id: OTHER_ID })) },
      [`GET ${ONE}`]: { body: pendingRequest() },
    });
    const { code, stdout, stderr } = await run(['show', '--json']);
    expect([code, JSON.parse(stdout).id]).toEqual([0, ID]);
    expect(stderr).toContain(`your newest request is ${ID}`);
  });

  it('exits 2 when there is none to show', async () => {
    service.answerWith({ [`GET ${REQUESTS}`]: { body: page() } });
    expect((await run(['show'])).code).toBe(2);
  });

  it('exits 2 for one that is unknown', async () => {
    service.answerWith({ [`GET ${ONE}`]: { status: 404, body: problem('request_unknown', 'There is none.') } });
    expect((await run(['show', ID])).code).toBe(2);
  });
});

describe('approve and reject', () => {
  it('send the vote with its comment and the shorter time', async () => {
    service.answerWith({ [`POST ${ONE}/approve`]: { body: activeRequest() } });
    const { code, stdout } = await run(['approve', ID, '--comment', 'Go ahead', '--for', '30m']);
    expect(code).toBe(0);
    expect(stdout).toContain('active: usable until');
    expect(service.received[0]?.body).toEqual({ comment: 'Go ahead', duration: 'PT30M' });
  });

  it('send of an extension what it comes to in all', async () => {
    service.answerWith({ [`POST ${ONE}/approve`]: { body: activeRequest() } });
    expect((await run(['approve', ID, '--extend-to', '4h', '--for', '10m'])).code).toBe(0);
    expect(service.received[0]?.body).toEqual({ duration: 'PT10M', extendTo: 'PT4H' });
  });

  it.each([
    ['an extension waits', { extendTo: '3h50m' }, `brevet approve ${ID} --extend-to 3h50m`],
    ['the request itself waits', undefined, `brevet approve ${ID}`],
  ])('show how to look at what waits, and to approve it, where %s', async (_what, facts, command) => {
    const refusal = problem('not_what_waits', 'Something else.', facts);
    service.answerWith({ [`POST ${ONE}/approve`]: { status: 409, body: refusal } });
    const { code, stderr } = await run(['approve', ID]);
    expect(code).toBe(1);
    expect(stderr.replaceAll(/\s+/g, ' ')).toContain(
      `Look at it: brevet show ${ID}. If that is right: ${command} `.trim(),
    );
    expect(service.received).toHaveLength(1);
  });

  it('send a rejection with its comment', async () => {
    service.answerWith({ [`POST ${ONE}/reject`]: { body: overRequest('rejected', 'rejected by omar') } });
    const { code, stdout } = await run(['reject', ID, '--comment', 'Not now']);
    expect([code, stdout.split('\n')[0]]).toEqual([0, 'rejected by omar']);
    expect(service.received[0]?.body).toEqual({ comment: 'Not now' });
  });

  it.each([
    ['self_approval', 13],
    ['not_an_approver', 13],
    ['already_voted', 1],
    ['request_not_pending', 1],
    ['not_what_waits', 1],
    ['duration_not_shorter', 2],
  ] as const)('refused with %s exit %i', async (code, expected) => {
    const refusal = problem(code, 'Because.');
    service.answerWith({ [`POST ${ONE}/approve`]: { status: refusal.status, body: refusal } });
    expect((await run(['approve', ID])).code).toBe(expected);
  });

  it.each(['approve', 'reject'])('%s wants the id even of the only one, and offers it', async (command) => {
    service.answerWith({ [`GET ${REQUESTS}`]: { body: page(pendingRequest({ youMay: ['approve', 'reject'] })) } });
    const { code, stderr } = await run([command]);
    expect(code).toBe(2);
    expect(stderr).toContain(`Waiting for your vote: ${ID} (maria, payments-prod/AdministratorAccess, pending).`);
    expect(stderr).toContain(`brevet ${command} ${ID}`);
    expect(service.received.map(({ method, query }) => [method, query.view])).toEqual([['GET', 'to-review']]);
  });
});

describe('cancel, end and extend', () => {
  it('cancel by id', async () => {
    service.answerWith({ [`POST ${ONE}/cancel`]: { body: overRequest('cancelled', 'cancelled by the requester') } });
    const { code, stdout } = await run(['cancel', ID]);
    expect([code, stdout.split('\n')[0]]).toEqual([0, 'cancelled by the requester']);
    expect(service.received[0]?.body).toEqual({});
  });

  it('end the only access that one holds, and say which', async () => {
    service.answerWith({
      [`GET ${REQUESTS}`]: { body: page(pendingRequest({ id: OTHER_ID }), activeRequest()) },
      [`POST ${ONE}/end`]: { body: overRequest('ended', 'ended early by maria') },
    });
    const { code, stderr } = await run(['end']);
    expect(code).toBe(0);
    expect(stderr).toContain(`the only one to end is ${ID} (maria, payments-prod/AdministratorAccess, active)`);
  });

  it('refuse to choose among several', async () => {
    service.answerWith({ [`GET ${REQUESTS}`]: { body: page(activeRequest(), activeRequest({ id: OTHER_ID })) } });
    const { code, stderr } = await run(['end']);
    expect(code).toBe(2);
    expect(stderr).toContain(OTHER_ID);
    expect(service.received.filter(({ method }) => method === 'POST')).toEqual([]);
  });

  it.each([
    ['at once exits 0', activeRequest({ endsAt: '2026-11-23T15:35:00.000Z' }), 0],
    [
      'by an approver exits 10',
      activeRequest({
        approvers: [LEA],
        extension: {
          duration: 'PT30M',
          extendTo: 'PT1H30M',
          askedAt: '2026-11-23T14:30:00.000Z',
          approval: approvalOf(stageOf({ groups: ['payments-leads'] })),
        },
      }),
      10,
    ],
  ])('extend, granted %s', async (_what, body, expected) => {
    service.answerWith({ [`POST ${ONE}/extend`]: { body } });
    const { code } = await run(['extend', ID, '--for', '30m']);
    expect(code).toBe(expected);
    expect(service.received[0]?.body).toEqual({ duration: 'PT30M' });
  });

  it('say how much can still be added', async () => {
    const refusal = problem('extension_too_long', 'Too long in all.', { maximumSeconds: 14400, leftSeconds: 5400 });
    service.answerWith({ [`POST ${ONE}/extend`]: { status: 422, body: refusal } });
    const { code, stderr } = await run(['extend', ID, '--for', '3h']);
    expect(code).toBe(2);
    expect(stderr).toContain('At most 1h 30m can be added: --for 1h30m');
  });
});

describe('catalog and whoami', () => {
  it('catalog reads every page and prints target, longest and approval', async () => {
    const answer: Answer = ({ query }) => ({
      body:
        query.cursor === undefined
          ? { items: CATALOG.slice(0, 2), cursor: '2' }
          : { items: [catalogEntry({ accountName: 'last', approvalsRequired: 2, approverGroups: ['a', 'b'] })] },
    });
    service.answerWith({ 'GET /iam/v1/catalog': answer });
    const { code, stdout } = await run(['catalog', 'prod admin']);
    expect(code).toBe(0);
    expect(service.received.map(({ query }) => query)).toEqual([{ q: 'prod admin' }, { q: 'prod admin', cursor: '2' }]);
    expect(stdout.split('\n')).toEqual([
      'TARGET                             LONGEST  SESSION  APPROVAL                        ACCOUNT',
      'payments-prod/AdministratorAccess  4h       4h       1 approval from payments-leads  400000000001',
      'payments-prod/ReadOnlyAccess       12h      4h       no approval needed              400000000001',
      'last/AdministratorAccess           4h       4h       2 approvals from a or b         400000000001',
      '',
    ]);
  });

  it('catalog says how old the organization in it is, and what is left out and why', async () => {
    const reason = 'provisioned-in-management-account';
    const asOf = new Date(Date.now() - 125 * 60_000).toISOString();
    const organization = { asOf, isStale: true, leftOut: [{ permissionSet: 'BillingView', reason }] };
    service.answerWith({ 'GET /iam/v1/catalog': { body: { items: CATALOG.slice(0, 1), organization } } });
    const { stdout } = await run(['catalog']);
    const lines = stdout.split('\n').slice(2).join(' ').replaceAll(/\s+/g, ' ').trim();
    expect(lines).toBe(
      'The organization as it was 2h 5m ago. It could not be read since; what changed there is not seen here. ' +
        'Left out: BillingView is provisioned in the management account, so that it cannot be assigned from where Brevet runs.',
    );
    const { stdout: json } = await run(['catalog', '--json']);
    expect(JSON.parse(json).organization).toEqual(organization);
  });

  it('explain prints the outcome, the guardrails that hold and the nearest rules, and exits as asking would', async () => {
    service.answerWith({ 'POST /iam/v1/explain': { body: EXPLANATION } });
    const { code, stdout } = await run([
      'explain',
      'payments-prod/AdministratorAccess',
      '--for',
      '5h',
      '--ticket',
      'T-1',
    ]);
    expect(code).toBe(2);
    expect(service.received.map(({ body }) => body)).toEqual([
      {
        target: { kind: 'account', account: 'payments-prod', permissionSet: 'AdministratorAccess' },
        duration: 'PT5H',
        ticket: 'T-1',
      },
    ]);
    expect(stdout.split('\n')).toEqual([
      'This would be refused.',
      '  who      Maria Ortega (maria)',
      '  target   payments-prod (400000000001) / AdministratorAccess',
      '  for      5h',
      '  refused  5h is too long for this target; at most 4h.',
      '',
      'Guardrails',
      '  floor  two-for-production: raises what rules ask',
      '',
      'payments-admin: unsatisfied',
      '  who       yes: group payments-engineers',
      '  duration  no: at most 4h; ask for 4h at most',
      '',
      'Further away: 3 more',
      '',
    ]);
  });

  it('explain exits 0 for what would be taken', async () => {
    const { refusal: _refusal, ...allowed } = EXPLANATION;
    const asks = { required: 2, groups: ['payments-leads'], users: [], attributes: {}, among: [['security-team']] };
    const approval = { required: 2, stages: [{ ...asks, approvers: [MARIA] }] };
    const taken = { ...allowed, allowed: true, entitlement: 'payments-admin', approval, approvers: [MARIA] };
    service.answerWith({ 'POST /iam/v1/explain': { body: taken } });
    const { code, stdout } = await run(['explain', 'payments-prod/AdministratorAccess', '--person', 'maria']);
    expect(code).toBe(0);
    expect(stdout).toContain('2 of payments-leads, who belong to security-team too');
  });

  it('whoami says who the service takes one for', async () => {
    service.answerWith({ 'GET /iam/v1/me': { body: ME } });
    const { code, stdout } = await run(['whoami']);
    expect(code).toBe(0);
    expect(stdout).toContain('Maria Ortega (maria)');
    expect(stdout).toContain(`service        ${service.endpoint}`);
  });
});
