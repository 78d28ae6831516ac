/** Rules of a team and rules for whoever is on call, on the running service: from the files to Identity Center. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RequestDetail } from '../../lambda/contract/api.ts';
import type { ExplanationView } from '../../lambda/contract/explain.ts';
import type { Problem } from '../../lambda/contract/problem.ts';
import { createService, eventually, type Service } from './service.ts';

let service: Service;
beforeAll(async () => {
  service = await createService({ BREVET_SETTINGS: 'test/e2e/rules-settings.yaml' });
});
afterAll(() => service?.dispose());

const ask = <Answer>(person: string, target: string) =>
  service.json<Answer>(person, 'request', target, '--for', '10m', '--reason', 'the ledger is stuck');

const conditionOf = async (person: string, target: string, kind: string) => {
  const { answer } = await service.json<ExplanationView>(person, 'explain', target, '--for', '10m');
  return answer.rules[0]?.conditions.find((one) => one.kind === kind);
};

test('whoever is on call is let in, and whoever is not hears why', async () => {
  const { answer } = await ask<RequestDetail>('kenji', 'payments-prod/DatabaseAdmin');
  expect(answer.entitlement).toBe('whoever-is-on-call');
  await eventually(
    async () => (await service.json<RequestDetail>('kenji', 'show', answer.id)).answer.status === 'active',
    20_000,
    () => service.output(),
  );
  const refused = await ask<Problem>('priya', 'payments-prod/DatabaseAdmin');
  expect(refused.answer.code).toBe('not_on_call');
  expect(refused.code).toBe(13);
  expect(await conditionOf('priya', 'payments-prod/DatabaseAdmin', 'on_call')).toMatchObject({ met: 'unmet' });
});

test('a rota that cannot be asked gives nobody anything', async () => {
  const { answer, code } = await ask<Problem>('kenji', 'payments-prod/PowerUserAccess');
  expect(answer.code).toBe('on_call_unknown');
  expect(code).toBe(20);
  expect(await conditionOf('kenji', 'payments-prod/PowerUserAccess', 'on_call')).toMatchObject({ met: 'failed' });
});

test('a rule of a team holds for its own accounts, whatever it says', async () => {
  const { answer } = await ask<RequestDetail>('maria', 'payments-prod/PowerUserAccess');
  expect(answer).toMatchObject({ status: 'pending', entitlement: 'our-production' });
  const target = '500000000001/PowerUserAccess';
  expect((await ask<Problem>('maria', target)).answer.code).toBe('not_eligible');
  expect(await conditionOf('maria', target, 'delegation')).toMatchObject({
    met: 'unmet',
    asks: expect.stringContaining('written by payments-leads'),
  });
});
