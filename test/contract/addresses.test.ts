/** Where people are written to: what the Identity Store knows of their addresses. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createIdentityStoreAddresses } from '../../lambda/adapters/identity-store-addresses.ts';
import { createIdentityStoreCalls } from '../../lambda/adapters/identity-store-calls.ts';
import { createFixedClock } from '../../lambda/adapters/memory/fixed-clock.ts';
import { MORNING } from './samples.ts';
import { exception, type StubAws, startStubAws } from './stub-aws.ts';

let aws: StubAws;
beforeAll(async () => {
  aws = await startStubAws();
});
afterAll(() => aws.stop());

const book = () => {
  const { config } = new DynamoDBClient({
    ...{ region: 'eu-central-1', credentials: { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'secret' } },
  });
  const calls = createIdentityStoreCalls({
    aws: config,
    endpoint: aws.url,
    tries: 1,
    clock: createFixedClock(MORNING),
  });
  return createIdentityStoreAddresses({ calls, identityStoreId: 'd-906712ab3f' });
};
const WORK = { Value: 'maria@example.com', Type: 'work' };
const HOME = { Value: 'maria@example.org', Type: 'home' };

it.each([
  ['the primary one', [HOME, { ...WORK, Primary: true }], WORK.Value],
  ['the first, where none is primary', [HOME, { ...WORK, Primary: false }], HOME.Value],
  ['the first that there is', [{ Primary: true }, WORK], WORK.Value],
  ['none, where there is none', [], undefined],
  ['none, where the record has no such field', undefined, undefined],
])('%s', async (_, Emails, address) => {
  aws.answer({ body: { UserId: 'id-maria', UserName: 'maria', Emails } });
  expect(await book().addressOf('id-maria')).toBe(address);
  expect(aws.calls.at(-1)).toMatchObject({ operation: 'DescribeUser', input: { UserId: 'id-maria' } });
});

it('somebody who is gone has none', async () => {
  aws.answer(exception('ResourceNotFoundException'));
  expect(await book().addressOf('id-maria')).toBeUndefined();
});

it('a failure is a fault, and not taken for no address', async () => {
  aws.answer(exception('AccessDeniedException'));
  await expect(book().addressOf('id-maria')).rejects.toMatchObject({ name: 'ServiceFault', source: 'identity-store' });
});
