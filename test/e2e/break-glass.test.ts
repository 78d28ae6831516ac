/** Breaking the glass against the whole service, from the command line alone, also while AWS Organizations and the mail are down. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RequestDetail, RequestPage } from '../../lambda/contract/api.ts';
import { readSeed } from '../../local/seed/seed.ts';
import { createEyes, createService, eventually, logOf, type Service } from './service.ts';

const PAYMENTS_PROD = '400000000001';
const TARGET = 'payments-prod/AdministratorAccess';

let service: Service;
let isAssigned: (person: string) => Promise<boolean>;

beforeAll(async () => {
  const seed = await readSeed('local/seed/organization.yaml');
  service = await createService({ BREVET_SETTINGS: 'test/e2e/mailed-settings.yaml' });
  const eyes = createEyes(service, seed);
  const arn = seed.permissionSets.find(({ name }) => name === 'AdministratorAccess')?.arn ?? '';
  isAssigned = (person) =>
    eyes.isAssigned(PAYMENTS_PROD, arn, seed.people.find(({ userName }) => userName === person)?.userId ?? '');
});
afterAll(() => service?.dispose());

const breaking = (person: string, incident: string) =>
  service.json<RequestDetail>(
    person,
    ...['request', TARGET, '--for', '10m', '--reason', 'The ledger is down', '--break-glass', '--incident', incident],
    '--wait',
  );

/** What people were mailed about that request. */
const mailedAbout = async (requestId: string): Promise<readonly { readonly to: string; readonly text: string }[]> => {
  const { emails } = (await (await fetch(`${service.mailEndpoint}/store`)).json()) as {
    emails: readonly { destination: { to: readonly string[] }; body: { text: string } }[];
  };
  const mails = emails.map(({ destination, body }) => ({ to: destination.to.join(), text: body.text }));
  return mails.filter(({ text }) => text.includes(requestId));
};

/** How the calls to SES came out. */
const sendings = async (): Promise<readonly string[]> => {
  const calls = (await (await fetch(`${service.awsEndpoint}/_stand-in/calls`)).json()) as readonly {
    service: string;
    outcome: string;
  }[];
  return calls.filter(({ service: name }) => name === 'ses').map(({ outcome }) => outcome);
};

const putFaults = async (faults: readonly object[]): Promise<void> => {
  const answer = await fetch(`${service.awsEndpoint}/_stand-in/faults`, {
    method: 'PUT',
    body: JSON.stringify(faults),
  });
  expect(answer.ok).toBe(true);
};

describe('somebody who breaks the glass', () => {
  test('has access at once; an alarm rings; others acknowledge and review it; and there is a limit', async () => {
    const ordinary = ['request', TARGET, '--for', '10m', '--reason', 'The queue has to be drained'];
    const { answer: asked } = await service.json<RequestDetail>('aiko', ...ordinary);
    const { code, answer, stderr } = await breaking('maria', 'INC-1');
    expect(code, stderr).toBe(0);
    expect(answer).toMatchObject({ status: 'active', approval: { required: 0 }, breakGlass: { incident: 'INC-1' } });
    expect(await isAssigned('maria')).toBe(true);

    // Who is to be told and who is to review, each once; not whoever did it, and nobody who is disabled.
    const everybody = ['amara', 'elif', 'lena', 'lucas', 'omar'].map((name) => `${name}@example.com`);
    const told = async () => {
      const mails = await mailedAbout(answer.id);
      return mails.length >= everybody.length && mails;
    };
    const mails = await eventually(told, 15_000, () => 'not everybody was mailed');
    expect(mails.map(({ to }) => to).sort()).toEqual(everybody);
    for (const { text } of mails) expect(text).toMatch(/maria[\s\S]*INC-1[\s\S]*The ledger is down/);

    const rung = async () => {
      const log = await logOf(service);
      return log.includes('nobody has acknowledged it') && log.includes('"BreakGlassUnacknowledged":1') && log;
    };
    expect(await eventually(rung, 20_000, () => 'no alarm')).not.toContain('INC-1');

    // Whoever asked in the ordinary way waits, and those who decide know.
    expect((await mailedAbout(asked.id)).map(({ to }) => to).sort()).toEqual(['lena@example.com', 'omar@example.com']);

    const { answer: waiting } = await service.json<RequestPage>('omar', 'ls', '--view', 'break-glass');
    expect(waiting.items).toMatchObject([{ id: answer.id, youMay: ['end', 'acknowledge'] }]);
    expect((await service.brevet('maria', 'acknowledge', answer.id)).code).toBe(13);
    expect((await service.brevet('omar', 'acknowledge', answer.id)).code).toBe(0);
    expect((await service.brevet('maria', 'review', answer.id, '--justified')).code).toBe(13);
    expect((await service.brevet('omar', 'review', answer.id, '--justified')).code).toBe(13);
    expect((await service.brevet('amara', 'review', answer.id, '--not-justified', '--comment', 'No')).code).toBe(0);
    expect((await service.json<RequestPage>('omar', 'ls', '--view', 'break-glass')).answer.items).toEqual([]);

    expect((await breaking('maria', 'INC-2')).code).toBe(0);
    const third = await breaking('maria', 'INC-3');
    expect([third.code, third.answer]).toMatchObject([1, { code: 'break_glass_limit' }]);
    expect((await service.brevet('omar', 'end', answer.id)).code).toBe(0);
    const { stdout } = await service.brevet('maria', 'show', answer.id);
    expect(stdout).toMatch(/glass broken +maria[\s\S]*acknowledged +omar[\s\S]*reviewed +amara/);
  });

  test('has it, and it ends, while neither AWS Organizations nor the mail answers', async () => {
    const isRead = async () => (await service.brevet('diego', 'catalog', 'payments-prod')).stdout.includes(TARGET);
    await eventually(isRead, 30_000, () => 'the organization was not read');
    await putFaults([
      { kind: 'outage', operation: 'organizations:*' },
      { kind: 'outage', operation: 'ses:*' },
    ]);
    const { code, answer, stderr } = await breaking('diego', 'INC-4');
    expect([code, answer.status], stderr).toEqual([0, 'active']);
    expect(await isAssigned('diego')).toBe(true);
    const ordinary = ['request', 'payments-prod/ReadOnlyAccess', '--for', '10m', '--reason', 'look around', '--wait'];
    expect((await service.brevet('diego', ...ordinary, '--timeout', '5s')).code).toBe(10);
    const isRefused = async () => (await sendings()).includes('ServiceUnavailableException');
    await eventually(isRefused, 15_000, () => 'nobody tried to tell');
    expect((await service.brevet('diego', 'end', answer.id)).code).toBe(0);
    await eventually(
      async () => !(await isAssigned('diego')),
      15_000,
      () => 'it was not taken away',
    );
    expect(await mailedAbout(answer.id)).toEqual([]);
    await putFaults([]);
  });
});
