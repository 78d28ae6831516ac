/** `brevet policy check` and `show`: what is sent, what is printed, and that findings are named by their place in the files. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { type Brevet, buildBrevet, signedInAt } from '../support/brevet.ts';
import { problem } from '../support/documents.ts';
import { type Service, startService } from '../support/service.ts';

const POLICY = `version: 1
entitlements:
  - name: payments
    who: { groups: [payments-enginers] }
    what: { accounts: { names: [payments-prod] }, permission_sets: [AdministratorAccess] }
    max_duration: 1h
    approval: { groups: [payments-leads] }
`;
const CASES = `version: 1
cases:
  - { name: one of the team, person: maria, target: payments-prod/AdministratorAccess, for: 1h, at: '2026-11-23T10:00Z', expect: allowed, at_most: 2h }
`;
const VERSION = 'a'.repeat(64);
const IN_FORCE = 'b'.repeat(64);
const terms = (approvals: number) => ({ approvals, approvers: 'payments-leads', maxDuration: 'PT1H' });
const TARGET = { accountId: '400000000001', accountName: 'payments-prod', permissionSet: 'AdministratorAccess' };
const ANSWER = {
  inForce: IN_FORCE,
  version: VERSION,
  findings: [{ path: 'entitlements.0.who.groups.0', message: 'there is no group "payments-enginers"' }],
  findingsLeftOut: 0,
  usersNotLookedUp: 0,
  cases: [
    {
      ...{ name: 'one of the team', passed: false, counted: true },
      differences: ['expect: expected "allowed", got "not_eligible"'],
    },
  ],
  people: [
    { userName: 'maria', changes: [{ kind: 'changes', ...TARGET, before: terms(1), after: terms(2) }], isWhole: false },
    { userName: 'omar', changes: [], isWhole: true },
  ],
};
const NO_COUNTS = { unchanged: 0, 'more-approvals': 0, 'fewer-approvals': 0, 'other-approvers': 0, unjudged: 0 };
const PAST = {
  requests: 3,
  leftOut: 2,
  begunBefore: 1,
  readFrom: '2026-11-01T08:00:00.000Z',
  counts: { ...NO_COUNTS, unchanged: 1, refused: 1, unknown: 1 },
  changes: [
    {
      ...{ requestId: '01KAQ000000000000000000002', what: 'request', askedAt: '2026-11-02T08:00:00.000Z' },
      ...{ userName: 'maria', account: 'payments-prod', permissionSet: 'AdministratorAccess', duration: 'PT2H' },
      ...{ cameTo: 'ended', before: { rule: 'payments', approvals: 1 } },
      ...{ outcome: 'refused', refusal: { code: 'duration_too_long', detail: '7200 s is too long.' } },
    },
    {
      ...{ requestId: '01KAQ000000000000000000001', what: 'request', askedAt: '2026-11-01T08:00:00.000Z' },
      ...{ userName: 'omar', account: 'payments-prod', permissionSet: 'AdministratorAccess', duration: 'PT1H' },
      ...{ cameTo: 'ended', before: { rule: 'payments', approvals: 1 } },
      ...{ outcome: 'unknown', dependsOn: ['ticket', 'approvers'] },
    },
  ],
};
const CHECK = 'POST /iam/v1/policy/check';

let brevet: Brevet;
let service: Service;
let folder: string;
let path: string;
beforeAll(async () => {
  [brevet, service] = await Promise.all([buildBrevet(), startService()]);
  folder = await mkdtemp(join(tmpdir(), 'brevet-check-'));
  path = join(folder, 'policy.yaml');
  await writeFile(path, POLICY);
  await writeFile(join(folder, 'policy.test.yaml'), CASES);
});
afterAll(async () => {
  await Promise.all([brevet.remove(), service.close(), rm(folder, { recursive: true })]);
});

const run = (...args: readonly string[]) => brevet.run(['policy', ...args], { env: signedInAt(service.endpoint) });

describe('policy check', () => {
  it('sends the content of the policy, its cases where that is wished, and who is to be told of', async () => {
    service.answerWith({ [CHECK]: { body: ANSWER } });
    await run('check', path, '--cases', '--person', 'maria', 'omar');
    const [sent] = service.received;
    expect(sent?.body).toEqual({
      policy: parse(POLICY),
      cases: [
        { ...parse(CASES).cases[0], for: 'PT1H', at_most: 'PT2H', on_call: [], open: [], reason: expect.any(String) },
      ],
      people: ['maria', 'omar'],
    });
  });

  it('names the places of findings and cases, what changes for whom, and exits 1', async () => {
    service.answerWith({ [CHECK]: { body: ANSWER } });
    const { code, stdout } = await run('check', path, '--cases', '--person', 'maria', '--person', 'omar');
    expect(code).toBe(1);
    expect(stdout.split('\n')).toEqual([
      `${path}:4:21: entitlements.0.who.groups.0: there is no group "payments-enginers"`,
      '1 finding(s).',
      `${join(folder, 'policy.test.yaml')}:3:5: one of the team`,
      '  expect: expected "allowed", got "not_eligible"',
      '0 passed, 1 failed.',
      '1 person: maria',
      '  changes  payments-prod/AdministratorAccess: 1 of payments-leads, 1h -> 2 of payments-leads, 1h',
      'There may be more for maria: brevet policy diff tells all, offline.',
      'omar: nothing changes.',
      `  in force     ${IN_FORCE}`,
      `  this policy  ${VERSION}`,
      '',
    ]);
  });

  it('says where there was no time to count who could approve', async () => {
    const tried = { name: 'one of the team', passed: true, differences: [], counted: false };
    service.answerWith({ [CHECK]: { body: { ...ANSWER, findings: [], people: [], cases: [tried] } } });
    const { code, stdout } = await run('check', path, '--cases');
    expect([code, ...stdout.split('\n').slice(1, 3)]).toEqual([
      0,
      '1 passed, 0 failed.',
      'Of 1 case(s) nobody was counted who could approve, or be told: there was no time left. brevet policy test counts for all.',
    ]);
  });

  it('sends for how many past requests it is to be judged, and tells of them as policy replay does', async () => {
    service.answerWith({ [CHECK]: { body: { ...ANSWER, findings: [], cases: [], people: [], past: PAST } } });
    const { code, stdout } = await run('check', path, '--past', '5');
    expect(service.received[0]?.body).toEqual({ policy: parse(POLICY), cases: [], people: [], past: { last: 5 } });
    expect(code).toBe(0);
    const [nothing, count, begun, read, left, ...table] = stdout.split('\n');
    expect([nothing, count, begun, read, left]).toEqual([
      'Nothing to find.',
      '3 past requests: 1 unchanged, 1 refused, 1 unknown.',
      '1 more began before these events and are not judged.',
      'Events were read back to 2026-11-01T08:00:00.000Z.',
      '2 more were not judged, for want of time or lookups: ask for fewer with --past.',
    ]);
    expect(table.join('\n')).toContain('duration_too_long (was by payments)');
    expect(table.join('\n')).toContain('depends on the ticket and the approvers');
    const printed = await run('check', path, '--past', '5', '--json');
    expect(JSON.parse(printed.stdout).past).toEqual(PAST);
  });

  it.each(['0', '101', '-1', '1e2', 'all', '99999999999999999999'])(
    'refuses --past %s, and asks nobody',
    async (past) => {
      service.answerWith({});
      const { code, stderr } = await run('check', path, `--past=${past}`);
      expect(code).toBe(2);
      expect(stderr).toContain('from 1 to 100');
      expect(service.received).toEqual([]);
    },
  );

  it('says where no past request was judged, though that was asked', async () => {
    service.answerWith({ [CHECK]: { body: { ...ANSWER, cases: [], people: [] } } });
    const { code, stdout } = await run('check', path, '--past', '5');
    expect([code, stdout.trimEnd().split('\n').at(-1)]).toEqual([
      1,
      'No past request was judged by it: mend first what was found.',
    ]);
  });

  it('says where user names were not looked up', async () => {
    service.answerWith({ [CHECK]: { body: { ...ANSWER, findings: [], cases: [], people: [], usersNotLookedUp: 12 } } });
    const { code, stdout } = await run('check', path);
    expect([code, stdout.split('\n')[1]]).toEqual([
      0,
      '12 more user name(s) were not looked up: brevet policy lint looks up all.',
    ]);
  });

  it('exits 0 where nothing is found, and prints one document with --json', async () => {
    const good = { ...ANSWER, findings: [], cases: [], people: [] };
    service.answerWith({ [CHECK]: { body: good } });
    const { code, stdout } = await run('check', path, '--json');
    expect([code, JSON.parse(stdout)]).toEqual([0, good]);
  });

  it('tells what does not fit without asking anybody', async () => {
    service.answerWith({});
    const broken = join(folder, 'broken.yaml');
    await writeFile(broken, POLICY.replace('1h', 'an hour'));
    const { code, stdout } = await run('check', broken);
    expect(code).toBe(1);
    expect(stdout).toContain(`${broken}:6:19: entitlements.0.max_duration: "an hour" is no duration`);
    expect(service.received).toEqual([]);
  });

  it('exits 13 for whoever may not, and 2 where more is asked than one call may', async () => {
    service.answerWith({ [CHECK]: { status: 403, body: problem('not_permitted', 'Not yours.') } });
    expect((await run('check', path)).code).toBe(13);
    service.answerWith({ [CHECK]: { status: 422, body: problem('check_too_large', 'Too many.') } });
    expect((await run('check', path)).code).toBe(2);
  });
});

describe('a service that does not answer well', () => {
  it('is asked again, and nobody is told that something may have been done', async () => {
    let calls = 0;
    service.answerWith({
      [CHECK]: () => {
        calls += 1;
        return calls < 3 ? { status: 503, body: problem('unavailable', 'Not now.') } : { body: ANSWER };
      },
    });
    expect((await run('check', path)).code).toBe(1);
    expect(calls).toBe(3);
    service.answerWith({ [CHECK]: { status: 500, body: problem('unexpected', 'A bug.') } });
    const { code, stderr } = await run('check', path);
    expect(code).toBe(20);
    expect(stderr).not.toContain('not known');
  });
});

const COUNTED = {
  asOf: '2026-11-26T06:30:00.000Z',
  people: 20_000,
  concerned: 1_212,
  differences: [
    {
      people: ['ann', 'ben', 'carl', 'dora', 'emil', 'fay'],
      count: 1200,
      changes: [
        { kind: 'gains', ...TARGET, after: terms(1) },
        { kind: 'changes', ...TARGET, permissionSet: 'Operator', before: terms(1), after: terms(2) },
      ],
    },
    { people: ['maria'], count: 1, changes: [{ kind: 'loses', ...TARGET, before: terms(1) }] },
  ],
  changesLeftOut: 0,
  isWhole: true,
};
const answerTo = (everybody: typeof COUNTED | undefined) => ({
  body: { ...ANSWER, findings: [], cases: [], people: [], ...(everybody && { everybody }) },
});
const counting = (facts?: Record<string, number>) => ({
  status: 503,
  body: problem('people_being_counted', 'Everybody is being counted; ask again.', facts),
  headers: { 'retry-after': '1' },
});

/** The lines between the findings and the versions. */
const told = (stdout: string): readonly string[] => stdout.split('\n').slice(1, -3);

describe('policy check for everybody', () => {
  it('asks for it, and waits while everybody is counted, once for each answer', async () => {
    const answers = [counting(), counting({ people: 12_300, groups: 140, groupsInAll: 400 }), answerTo(COUNTED)];
    service.answerWith({ [CHECK]: (_call, received) => answers[received.length - 1] ?? {} });
    const { code, stdout, stderr } = await run('check', path, '--everybody', '--json');
    expect(code).toBe(0);
    expect(service.received.map(({ body }) => body)).toEqual(
      Array.from({ length: 3 }, () => ({ policy: parse(POLICY), cases: [], people: [], everybody: true })),
    );
    expect(JSON.parse(stdout).everybody).toEqual(COUNTED);
    // Nothing of the trying again that other refusals of this status get.
    expect(stderr).toBe('counting everybody, which may take minutes (Ctrl-C stops the waiting only)\n');
  });

  it('tells of how many people it is, as of when, and of the first by name', async () => {
    service.answerWith({ [CHECK]: answerTo(COUNTED) });
    const { code, stdout } = await run('check', path, '--everybody');
    expect(code).toBe(0);
    expect(told(stdout)).toEqual([
      'Everybody, as of 2026-11-26 07:30:00 +01:00 (06:30:00 UTC): it concerns 1,212 of 20,000 people.',
      '1,200 people: ann, ben, carl, dora, emil and 1,195 more',
      '  gains    payments-prod/AdministratorAccess (1 of payments-leads, 1h)',
      '  changes  payments-prod/Operator: 1 of payments-leads, 1h -> 2 of payments-leads, 1h',
      '',
      '1 person: maria',
      '  loses    payments-prod/AdministratorAccess (1 of payments-leads, 1h)',
    ]);
  });

  it.each([
    [{ changesLeftOut: 1700, isWhole: true }, '1,700 more change(s) are not told one by one. brevet policy diff tells'],
    [
      { changesLeftOut: 0, isWhole: false },
      'There may be more: there was no time left to look at every account. brevet policy diff tells',
    ],
    [{ changesLeftOut: 3, isWhole: false }, '3 more change(s) are not told one by one. There may be more: there was'],
  ])('says what it does not tell: %j', async (gaps, text) => {
    service.answerWith({ [CHECK]: answerTo({ ...COUNTED, ...gaps }) });
    const lines = told((await run('check', path, '--everybody')).stdout);
    expect(lines.at(-1)).toContain(text);
    expect(lines.at(-1)).toMatch(/brevet policy diff tells all, offline\.$/);
  });

  it('says that nothing changes for anybody, and not where it did not look at everything', async () => {
    const none = { ...COUNTED, concerned: 0, differences: [] };
    service.answerWith({ [CHECK]: answerTo(none) });
    expect(told((await run('check', path, '--everybody')).stdout)).toEqual([
      expect.stringContaining('it concerns 0 of 20,000 people.'),
      'Nobody gains or loses anything.',
    ]);
    service.answerWith({ [CHECK]: answerTo({ ...none, isWhole: false }) });
    expect(told((await run('check', path, '--everybody')).stdout)).toEqual([
      expect.stringContaining('it concerns 0 of 20,000 people.'),
      expect.stringContaining('There may be more'),
    ]);
  });

  it('says where it was not looked at, though that was asked', async () => {
    service.answerWith({ [CHECK]: { body: { ...ANSWER, cases: [], people: [] } } });
    const { code, stdout } = await run('check', path, '--everybody');
    expect([code, stdout.trimEnd().split('\n').at(-1)]).toEqual([
      1,
      'What it changes for everybody was not looked at: mend first what was found.',
    ]);
  });

  it('stops waiting on Ctrl-C with exit 130 and, in JSON, what the service said last', async () => {
    const facts = { people: 300, groups: 1, groupsInAll: 2 };
    service.answerWith({ [CHECK]: counting(facts) });
    let pressed = false;
    const { code, stdout, stderr } = await brevet.run(['policy', 'check', path, '--everybody', '--json'], {
      env: signedInAt(service.endpoint),
      onStderr: (text, child) => {
        if (!pressed && text.includes('counting everybody')) pressed = child.kill('SIGINT');
      },
    });
    expect(code).toBe(130);
    expect(stderr).toContain('everybody is counted further without anyone waiting for it');
    expect(JSON.parse(stdout)).toMatchObject({ code: 'people_being_counted', facts });
  });

  it('says what to do where the service is older than the command', async () => {
    service.answerWith({ [CHECK]: { status: 400, body: problem('body_invalid', 'Unrecognized key: "everybody"') } });
    expect((await run('check', path, '--everybody')).stderr.replaceAll(/\s+/g, ' ')).toContain('leave out --everybody');
    expect((await run('check', path)).stderr).not.toContain('--everybody');
  });

  it.each([
    ['identity-store', 'tell whoever runs Brevet'],
    ['out-of-time', 'Offline there is no such limit'],
  ])('exits 20 at once where counting failed (%s), and says what to do', async (why, advice) => {
    const failed = { status: 503, body: problem('people_not_counted', 'It came to nothing.', { why }) };
    service.answerWith({ [CHECK]: failed });
    const { code, stderr } = await run('check', path, '--everybody');
    expect(code).toBe(20);
    expect(stderr).toContain('people_not_counted');
    expect(stderr).toContain(advice);
    expect(service.received.length).toBe(1);
  });
});

describe('policy show', () => {
  it('prints the policy in force as a file that could be published', async () => {
    const body = { version: VERSION, entitlements: 1, guardrails: 0, content: parse(POLICY) };
    service.answerWith({ 'GET /iam/v1/policy': { body } });
    const { code, stdout } = await run('show');
    expect(code).toBe(0);
    expect(stdout.split('\n')[0]).toBe(`# In force: ${VERSION}`);
    expect(parse(stdout)).toEqual(parse(POLICY));
    expect(JSON.parse((await run('show', '--json')).stdout)).toEqual(body);
  });
});
