/** Rules of a team, for whoever is on call, and approved by whoever has an attribute, on the running service: from the files to Identity Center. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RequestDetail, RequestPage } from '../../lambda/contract/api.ts';
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

test('whoever is in the department approves, as the Identity Store says now, and nobody else', async () => {
  const { answer: asked } = await ask<RequestDetail>('maria', 'payments-prod/AdministratorAccess');
  expect(asked).toMatchObject({ status: 'pending', entitlement: 'security-decides', approvers: [] });
  expect(asked.approval.stages).toMatchObject([{ groups: [], everybodyWith: { department: ['security'] } }]);
  const waitingFor = async (person: string) =>
    (await service.json<RequestPage>(person, 'ls', '--view', 'to-review')).answer.items.map(({ id }) => id);
  expect(await waitingFor('amara')).toEqual([asked.id]);
  expect(await waitingFor('omar')).toEqual([]);
  expect((await service.json<Problem>('omar', 'approve', asked.id)).answer.code).toBe('not_an_approver');
  const approved = await service.json<RequestDetail>('amara', 'approve', asked.id);
  expect(approved.answer.approval.votes).toMatchObject([{ approver: { userName: 'amara' }, choice: 'approve' }]);
  await eventually(
    async () => (await service.json<RequestDetail>('amara', 'show', asked.id)).answer.status === 'active',
    20_000,
    () => service.output(),
  );
  expect((await service.json<RequestDetail>('elif', 'end', asked.id)).code).toBe(0);
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
