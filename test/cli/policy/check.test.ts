/** `brevet policy check`: what is sent, what is printed, and that findings are named by their place in the files. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { problem } from '../support/documents.ts';
import { ANSWER, CASES, CHECK, checkedPolicy, IN_FORCE, POLICY, VERSION } from './checked-policy.ts';

const { files, run, service } = checkedPolicy();

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

describe('policy check', () => {
  it('sends the content of the policy, its cases where that is wished, and who is to be told of', async () => {
    service.answerWith({ [CHECK]: { body: ANSWER } });
    await run('check', files.policy, '--cases', '--person', 'maria', 'omar');
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
    const { code, stdout } = await run('check', files.policy, '--cases', '--person', 'maria', '--person', 'omar');
    expect(code).toBe(1);
    expect(stdout.split('\n')).toEqual([
      `${files.policy}:4:21: entitlements.0.who.groups.0: there is no group "payments-enginers"`,
      '1 finding(s).',
      `${join(files.folder, 'policy.test.yaml')}:3:5: one of the team`,
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
    const { code, stdout } = await run('check', files.policy, '--cases');
    expect([code, ...stdout.split('\n').slice(1, 3)]).toEqual([
      0,
      '1 passed, 0 failed.',
      'Of 1 case(s) nobody was counted who could approve, or be told: there was no time left. brevet policy test counts for all.',
    ]);
  });

  it('sends for how many past requests it is to be judged, and tells of them as policy replay does', async () => {
    service.answerWith({ [CHECK]: { body: { ...ANSWER, findings: [], cases: [], people: [], past: PAST } } });
    const { code, stdout } = await run('check', files.policy, '--past', '5');
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
    const printed = await run('check', files.policy, '--past', '5', '--json');
    expect(JSON.parse(printed.stdout).past).toEqual(PAST);
  });

  it.each(['0', '101', '-1', '1e2', 'all', '99999999999999999999'])(
    'refuses --past %s, and asks nobody',
    async (past) => {
      service.answerWith({});
      const { code, stderr } = await run('check', files.policy, `--past=${past}`);
      expect(code).toBe(2);
      expect(stderr).toContain('from 1 to 100');
      expect(service.received).toEqual([]);
    },
  );

  it('says where no past request was judged, though that was asked', async () => {
    service.answerWith({ [CHECK]: { body: { ...ANSWER, cases: [], people: [] } } });
    const { code, stdout } = await run('check', files.policy, '--past', '5');
    expect([code, stdout.trimEnd().split('\n').at(-1)]).toEqual([
      1,
      'No past request was judged by it: mend first what was found.',
    ]);
  });

  it('says where user names were not looked up', async () => {
    service.answerWith({ [CHECK]: { body: { ...ANSWER, findings: [], cases: [], people: [], usersNotLookedUp: 12 } } });
    const { code, stdout } = await run('check', files.policy);
    expect([code, stdout.split('\n')[1]]).toEqual([
      0,
      '12 more user name(s) were not looked up: brevet policy lint looks up all.',
    ]);
  });

  it('exits 0 where nothing is found, and prints one document with --json', async () => {
    const good = { ...ANSWER, findings: [], cases: [], people: [] };
    service.answerWith({ [CHECK]: { body: good } });
    const { code, stdout } = await run('check', files.policy, '--json');
    expect([code, JSON.parse(stdout)]).toEqual([0, good]);
  });

  it('tells what does not fit without asking anybody', async () => {
    service.answerWith({});
    const broken = join(files.folder, 'broken.yaml');
    await writeFile(broken, POLICY.replace('1h', 'an hour'));
    const { code, stdout } = await run('check', broken);
    expect(code).toBe(1);
    expect(stdout).toContain(`${broken}:6:19: entitlements.0.max_duration: "an hour" is no duration`);
    expect(service.received).toEqual([]);
  });

  it('exits 13 for whoever may not, and 2 where more is asked than one call may', async () => {
    service.answerWith({ [CHECK]: { status: 403, body: problem('not_permitted', 'Not yours.') } });
    expect((await run('check', files.policy)).code).toBe(13);
    service.answerWith({ [CHECK]: { status: 422, body: problem('check_too_large', 'Too many.') } });
    expect((await run('check', files.policy)).code).toBe(2);
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
    expect((await run('check', files.policy)).code).toBe(1);
    expect(calls).toBe(3);
    service.answerWith({ [CHECK]: { status: 500, body: problem('unexpected', 'A bug.') } });
    const { code, stderr } = await run('check', files.policy);
    expect(code).toBe(20);
    expect(stderr).not.toContain('not known');
  });
});
