/** `brevet policy check --everybody`: the waiting while everybody is counted, and what is told of how many people. */
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { signedInAt } from '../support/brevet.ts';
import { problem } from '../support/documents.ts';
import { ANSWER, CHECK, checkedPolicy, POLICY, TARGET, terms } from './checked-policy.ts';

const { brevet, files, run, service } = checkedPolicy();

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
    const { code, stdout, stderr } = await run('check', files.policy, '--everybody', '--json');
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
    const { code, stdout } = await run('check', files.policy, '--everybody');
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
    const lines = told((await run('check', files.policy, '--everybody')).stdout);
    expect(lines.at(-1)).toContain(text);
    expect(lines.at(-1)).toMatch(/brevet policy diff tells all, offline\.$/);
  });

  it('says that nothing changes for anybody, and not where it did not look at everything', async () => {
    const none = { ...COUNTED, concerned: 0, differences: [] };
    service.answerWith({ [CHECK]: answerTo(none) });
    expect(told((await run('check', files.policy, '--everybody')).stdout)).toEqual([
      expect.stringContaining('it concerns 0 of 20,000 people.'),
      'Nobody gains or loses anything.',
    ]);
    service.answerWith({ [CHECK]: answerTo({ ...none, isWhole: false }) });
    expect(told((await run('check', files.policy, '--everybody')).stdout)).toEqual([
      expect.stringContaining('it concerns 0 of 20,000 people.'),
      expect.stringContaining('There may be more'),
    ]);
  });

  it('says where it was not looked at, though that was asked', async () => {
    service.answerWith({ [CHECK]: { body: { ...ANSWER, cases: [], people: [] } } });
    const { code, stdout } = await run('check', files.policy, '--everybody');
    expect([code, stdout.trimEnd().split('\n').at(-1)]).toEqual([
      1,
      'What it changes for everybody was not looked at: mend first what was found.',
    ]);
  });

  it('stops waiting on Ctrl-C with exit 130 and, in JSON, what the service said last', async () => {
    const facts = { people: 300, groups: 1, groupsInAll: 2 };
    service.answerWith({ [CHECK]: counting(facts) });
    let pressed = false;
    const { code, stdout, stderr } = await brevet.run(['policy', 'check', files.policy, '--everybody', '--json'], {
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
    expect((await run('check', files.policy, '--everybody')).stderr.replaceAll(/\s+/g, ' ')).toContain(
      'leave out --everybody',
    );
    expect((await run('check', files.policy)).stderr).not.toContain('--everybody');
  });

  it.each([
    ['identity-store', 'tell whoever runs Brevet'],
    ['out-of-time', 'Offline there is no such limit'],
  ])('exits 20 at once where counting failed (%s), and says what to do', async (why, advice) => {
    const failed = { status: 503, body: problem('people_not_counted', 'It came to nothing.', { why }) };
    service.answerWith({ [CHECK]: failed });
    const { code, stderr } = await run('check', files.policy, '--everybody');
    expect(code).toBe(20);
    expect(stderr).toContain('people_not_counted');
    expect(stderr).toContain(advice);
    expect(service.received.length).toBe(1);
  });
});
