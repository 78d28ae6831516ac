/** `brevet policy lint|test|diff` as a person in a terminal, or CI, runs them: what is printed, and the exit codes. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readTestSeed } from '../../contract/stand-in.ts';
import { type Brevet, buildBrevet } from '../support/brevet.ts';
import { exportOf } from './seed-organization.ts';

const POLICY = `version: 1
entitlements:
  - name: payments
    who: { groups: [payments-engineers] }
    what: { accounts: { names: [payments-prod] }, permission_sets: [AdministratorAccess] }
    max_duration: 1h
    approval: { groups: [payments-leads] }
`;
const CASES = `version: 1
cases:
  - { name: one of the team, person: maria, target: payments-prod/AdministratorAccess, for: 1h, at: '2026-11-23T10:00Z', expect: allowed, approvals: 1 }
  - { name: nobody else, person: chloe, target: payments-prod/AdministratorAccess, for: 1h, at: '2026-11-23T10:00Z', expect: not_eligible }
`;

let brevet: Brevet;
let folder: string;
let organization: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'brevet-policy-'));
  organization = join(folder, 'organization.json');
  await writeFile(organization, JSON.stringify(exportOf(await readTestSeed())));
  brevet = await buildBrevet();
});
afterAll(async () => {
  await brevet.remove();
  await rm(folder, { recursive: true });
});

const write = async (name: string, text: string): Promise<string> => {
  const path = join(folder, name);
  await mkdir(join(path, '..'), { recursive: true });
  await writeFile(path, text);
  return path;
};
const run = (...args: readonly string[]) => brevet.run(args, { env: { HOME: folder } });

describe('policy lint', () => {
  it('finds nothing in a sound policy', async () => {
    const path = await write('sound.yaml', POLICY);
    expect(await run('policy', 'lint', path, '--organization', organization)).toMatchObject({
      code: 0,
      stdout: 'Nothing to find.\n',
    });
  });

  it('tells file, line, column and what was meant, and exits 1', async () => {
    const path = await write('wrong.yaml', POLICY.replace('payments-leads', 'payments-leeds'));
    const { code, stdout } = await run('policy', 'lint', path, '--organization', organization);
    expect(code).toBe(1);
    expect(stdout.split('\n')).toEqual([
      `${path}:7:26: entitlements.0.approval.groups.0: there is no group "payments-leeds", so nobody approves by it; did you mean "payments-leads"?`,
      `${path}:7:15: entitlements.0.approval: it needs 1 approval(s), and 0 enabled person(s) could give one`,
      '2 findings.',
      '',
    ]);
  });

  it('looks at the form alone without an organization, and knows misspelled keys', async () => {
    const path = await write('form.yaml', POLICY.replace('max_duration', 'max_durations'));
    const { code, stdout } = await run('policy', 'lint', path, '--json');
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      judgedNames: false,
      findings: [
        { file: path, path: 'entitlements.0.max_duration', message: 'is missing' },
        { line: 6, message: 'there is no "max_durations" here; did you mean "max_duration"?' },
      ],
    });
  });
});

describe('a folder', () => {
  it('is refused where nothing of it is a policy, or files lie below it', async () => {
    await write('empty/cases.test.yml', CASES);
    const empty = await run('policy', 'lint', join(folder, 'empty'));
    expect(empty).toMatchObject({ code: 2, stderr: expect.stringContaining('no file that ends in .yaml') });
    await write('deep/10.yaml', POLICY);
    await write('deep/.github/other.yaml', 'a: b');
    expect((await run('policy', 'lint', join(folder, 'deep'))).code).toBe(0);
    const below = await write('deep/guardrails/20.yml', POLICY);
    for (const command of ['lint', 'publish']) {
      const deep = await run('policy', command, join(folder, 'deep'));
      expect(deep).toMatchObject({ code: 2, stderr: expect.stringContaining(`${below} lies below it`) });
    }
  });
});

describe('policy test', () => {
  it('passes, of a folder too', async () => {
    await write('good/10.yaml', POLICY);
    await write('good/cases.test.yaml', CASES);
    const result = await run('policy', 'test', join(folder, 'good'), '--organization', organization);
    expect(result).toMatchObject({ code: 0, stdout: '2 passed, 0 failed.\n' });
  });

  it('tells what came instead, where the case stands, and exits 1', async () => {
    const path = await write('failing.yaml', POLICY.replace('1h', '30m'));
    const cases = await write('failing.test.yaml', CASES);
    const { code, stdout } = await run('policy', 'test', path, '--organization', organization);
    expect(code).toBe(1);
    expect(stdout).toContain(`${cases}:3:5: one of the team\n  expect: expected "allowed", got "duration_too_long"`);
    expect(stdout).toContain('1 passed, 1 failed.');
  });

  it('tells that too few could approve, as the service would', async () => {
    const path = await write('few.yaml', POLICY.replace('[payments-leads] }', '[payments-leads], required: 3 }'));
    await write('few.test.yaml', CASES);
    const { code, stdout } = await run('policy', 'test', path, '--organization', organization);
    expect(code).toBe(1);
    expect(stdout).toContain('expect: expected "allowed", got "no_approver"');
    expect(stdout.replace(/\s+/g, ' ')).toContain(
      'The rule "payments" needs 3 approval(s) from group payments-leads, where only 2 enabled person(s) other than you',
    );
  });

  it.each([
    ["require: { ticket_pattern: '(a+)+' }", 'ticket'],
    ["break_glass: { tell: { groups: [sre-leads] }, incident_pattern: '(a+)+' }", 'break_glass: true, incident'],
  ])('does not try a pattern that a case could keep busy for ever: %s', async (rule, key) => {
    const path = await write('busy.yaml', `${POLICY}    ${rule}\n`);
    await write('busy.test.yaml', CASES.replaceAll('for: 1h', `for: 1h, ${key}: ${'a'.repeat(99)}!`));
    const { code, stderr } = await run('policy', 'test', path, '--organization', organization);
    expect(code).toBe(2);
    expect(stderr.replace(/\s+/g, ' ')).toContain('could keep this pattern busy for very long');
  });

  it('is refused without cases, with a case that does not fit, and without an organization', async () => {
    const path = await write('alone.yaml', POLICY);
    expect((await run('policy', 'test', path, '--organization', organization)).code).toBe(2);
    await write('alone.test.yaml', CASES.replace('expect: allowed', 'expect: perhaps'));
    const { code, stderr } = await run('policy', 'test', path, '--organization', organization);
    expect(code).toBe(2);
    expect(stderr).toMatch(/alone\.test\.yaml:3:\d+/);
    expect((await run('policy', 'test', path)).code).toBe(2);
  });
});

describe('policy diff', () => {
  it('tells who gains and who loses', async () => {
    const before = await write('before.yaml', POLICY);
    const after = await write('after.yaml', POLICY.replace('payments-engineers', 'storefront-leads'));
    const { code, stdout } = await run('policy', 'diff', before, after, '--organization', organization);
    expect(code).toBe(0);
    expect(stdout.split('\n')).toEqual([
      '5 people: aiko, diego, lena, maria, noah',
      '  loses    payments-prod/AdministratorAccess (1 of group payments-leads, 1h)',
      '',
      '1 person: grace',
      '  gains    payments-prod/AdministratorAccess (1 of group payments-leads, 1h)',
      '',
    ]);
  });
});
