/** Killed at any moment, the service goes on where it was: overdue access is ended, pending requests still pend. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RequestDetail } from '../../lambda/contract/api.ts';
import { readSeed, type Seed } from '../../local/seed/seed.ts';
import { createEyes, createService, eventually, type Service } from './service.ts';

let service: Service;
let seed: Seed;
let eyes: ReturnType<typeof createEyes>;

beforeAll(async () => {
  seed = await readSeed('local/seed/organization.yaml');
  service = await createService({ BREVET_SETTINGS: 'local/settings.yaml' });
  eyes = createEyes(service, seed);
});
afterAll(() => service?.dispose());

const ask = async (person: string, target: string, length: string): Promise<RequestDetail> => {
  const words = ['request', target, '--for', length, '--reason', 'the payment queue is stuck, see the incident'];
  return (await service.json<RequestDetail>(person, ...words)).answer;
};
const show = async (person: string, id: string): Promise<RequestDetail> =>
  (await service.json<RequestDetail>(person, 'show', id)).answer;

test('after kill -9 overdue access is ended, and what was pending can still be approved and used', async () => {
  const overdue = await ask('maria', 'payments-dev/ReadOnlyAccess', '12s');
  await eventually(async () => (await show('maria', overdue.id)).status === 'active', 15_000);
  const pending = await ask('maria', 'payments-prod/AdministratorAccess', '10m');
  expect(pending.status).toBe('pending');

  await service.kill9();
  await new Promise((done) => setTimeout(done, 13_000));
  await service.start();

  const person = seed.people.find(({ userName }) => userName === 'maria')?.userId ?? '';
  const account = seed.accounts.find(({ name }) => name === 'payments-dev')?.id ?? '';
  const arn = seed.permissionSets.find(({ name }) => name === 'ReadOnlyAccess')?.arn ?? '';
  await eventually(
    async () => (await show('maria', overdue.id)).status === 'ended',
    30_000,
    () => service.output(),
  );
  expect(await eyes.isAssigned(account, arn, person)).toBe(false);

  expect((await show('maria', pending.id)).status).toBe('pending');
  expect((await service.brevet('omar', 'approve', pending.id)).code).toBe(0);
  await eventually(
    async () => (await show('maria', pending.id)).status === 'active',
    90_000,
    () => service.output(),
  );
  await service.brevet('maria', 'end', pending.id);
  await eventually(async () => (await show('maria', pending.id)).status === 'ended', 30_000);
});

test('Ctrl-C ends it cleanly', async () => {
  expect(await service.interrupt()).toBe(0);
});
