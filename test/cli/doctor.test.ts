/** `brevet doctor`: what it finds well, what it advises first, and how it exits where something does not work. */
import { afterEach, describe, expect, it } from 'vitest';
import { clockFinding, longSessionsIn } from '../../cli/doctor.ts';
import type { DoctorReport } from '../../cli/json-documents.ts';
import { type RunOptions, signedInAt } from './support/brevet.ts';
import { commandAndService } from './support/command-and-service.ts';
import { catalogEntry, ME, problem } from './support/documents.ts';
import { type Reply, startService } from './support/service.ts';

const { brevet, service } = commandAndService();

afterEach(() => service.answerWith({}));

const run = (args: readonly string[] = [], { env = {}, ...options }: RunOptions = {}) =>
  brevet.run(['doctor', ...args], { ...options, env: { ...signedInAt(service.endpoint), ...env } });

const SHORT = catalogEntry({ permissionSet: 'ReadOnlyAccess', sessionDuration: 'PT1H' });
const well = (...items: readonly ReturnType<typeof catalogEntry>[]): Record<string, Reply> => ({
  'GET /iam/v1/me': { body: ME },
  'GET /iam/v1/catalog': { body: { items } },
});
const report = async (...given: Parameters<typeof run>): Promise<{ code: number | null; found: DoctorReport }> => {
  const { code, stdout } = await run(['--json', ...(given[0] ?? [])], given[1]);
  return { code, found: JSON.parse(stdout) as DoctorReport };
};
const verdicts = ({ findings }: DoctorReport) =>
  Object.fromEntries(findings.map(({ check, verdict }) => [check, verdict]));

describe('where everything works', () => {
  it('says so, and for whom it was looked', async () => {
    service.answerWith(well(SHORT));
    const { code, found } = await report();
    expect(code).toBe(0);
    expect(found).toMatchObject({ isWell: true, longSessions: [] });
    expect(verdicts(found)).toEqual({
      sessions: 'good',
      settings: 'good',
      clock: 'good',
      door: 'good',
      identity: 'good',
    });
    expect(found.findings.find(({ check }) => check === 'identity')?.text).toContain('Maria Ortega (maria)');
  });

  it('advises first, before all else, where sessions are longer than an hour, and names them; that is no failure', async () => {
    service.answerWith(
      well(SHORT, catalogEntry(), catalogEntry({ permissionSet: 'Operator', sessionDuration: 'PT12H' })),
    );
    const { code, stdout } = await run();
    expect(code).toBe(0);
    const [first, second] = stdout.split('\n');
    expect(first).toBe('sessions');
    expect(second).toMatch(/ADVICE +Credentials cannot be recalled/);
    expect(stdout.replace(/\s+/g, ' ')).toContain('Operator (12h), AdministratorAccess (4h)');
    const { found } = await report();
    expect(found.longSessions).toEqual([
      { permissionSet: 'Operator', sessionDuration: 'PT12H' },
      { permissionSet: 'AdministratorAccess', sessionDuration: 'PT4H' },
    ]);
    expect(found.isWell).toBe(true);
  });

  it('does not call an empty catalogue well', async () => {
    service.answerWith(well());
    expect(verdicts((await report()).found)).toMatchObject({ sessions: 'unknown' });
  });
});

describe('where something does not work', () => {
  it('the endpoint is not set: 2, and how to set it', async () => {
    const { code, found } = await report([], { env: { BREVET_ENDPOINT: '' } });
    expect(code).toBe(2);
    expect(found.isWell).toBe(false);
    expect(verdicts(found)).toEqual({
      sessions: 'unknown',
      settings: 'bad',
      clock: 'unknown',
      door: 'unknown',
      identity: 'unknown',
    });
    expect(found.findings.find(({ check }) => check === 'settings')).toMatchObject({
      code: 'endpoint_missing',
      next: expect.stringContaining('BREVET_ENDPOINT'),
    });
  });

  it('the service takes the caller for nobody: 14, with its reason', async () => {
    const refusal = problem('caller_unknown', 'IAM Identity Center has no user "maria".');
    service.answerWith({ 'GET /iam/v1/me': { status: refusal.status, body: refusal } });
    const { code, found } = await report();
    expect(code).toBe(14);
    expect(verdicts(found)).toMatchObject({
      settings: 'good',
      clock: 'good',
      door: 'good',
      identity: 'bad',
      sessions: 'unknown',
    });
    expect(found.findings.at(-1)?.text).toContain('IAM Identity Center has no user "maria".');
  });

  it('the catalogue is refused: 13, and the identity is told all the same', async () => {
    const outage = problem('not_permitted', 'No.');
    service.answerWith({ ...well(), 'GET /iam/v1/catalog': { status: outage.status, body: outage } });
    const { code, found } = await report();
    expect(code).toBe(13);
    expect(verdicts(found)).toMatchObject({ sessions: 'bad', identity: 'good' });
  });

  it('the clock is five minutes off: 1', async () => {
    const date = new Date(Date.now() + 320_000).toUTCString();
    service.answerWith({ ...well(SHORT), 'GET /iam/v1/me': { body: ME, headers: { date } } });
    const { code, found } = await report();
    expect(code).toBe(1);
    expect(found.findings.find(({ check }) => check === 'clock')).toMatchObject({
      verdict: 'bad',
      text: expect.stringMatching(/behind/),
    });
  });

  it('the endpoint is no service at all: 20', async () => {
    const closed = await startService();
    await closed.close();
    const { code, found } = await report([], { env: { BREVET_ENDPOINT: closed.endpoint } });
    expect(code).toBe(20);
    expect(verdicts(found)).toMatchObject({ clock: 'bad', identity: 'bad' });
  }, 30_000);
});

describe('the clock', () => {
  it.each([
    [0, 'good'],
    [-29, 'good'],
    [30, 'advice'],
    [-299, 'advice'],
    [300, 'bad'],
    [-4000, 'bad'],
    [undefined, 'unknown'],
  ] as const)('%i s ahead is %s', (ahead, verdict) => {
    expect(clockFinding(ahead).verdict).toBe(verdict);
  });

  it('says in which direction it is off', () => {
    expect(clockFinding(90).text).toContain('1m 30s ahead of');
    expect(clockFinding(-90).text).toContain('behind');
  });
});

describe('long sessions', () => {
  it.each([
    ['PT1H', 0],
    ['PT3601S', 1],
    ['PT1H1M', 1],
    ['PT12H', 1],
    ['PT30M', 0],
  ])('%s counts %i times, however many accounts offer it', (sessionDuration, count) => {
    const entries = [catalogEntry({ sessionDuration }), catalogEntry({ sessionDuration, accountName: 'another' })];
    expect(longSessionsIn(entries)).toHaveLength(count);
  });
});
