/** Everybody with an attribute on the wire: asked, explained, and in the catalogue, as the published schemas say. */
import { expect, it } from 'vitest';
import { catalogPage, requestDetail } from '../../lambda/contract/api.ts';
import { explanationView } from '../../lambda/contract/explain.ts';
import { createApiWorld, createCaller, GOOD_ASK, POLICY, policyOf } from './api-world.ts';

const BY_ATTRIBUTE = POLICY.replace(
  'approval: { groups: [leads] }',
  'approval: { attributes: { department: [security, risk] } }',
);
const EVERYBODY = { department: ['security', 'risk'] };

const worldBy = (policy: string) => {
  const made = createApiWorld();
  made.world.policies.publish(policyOf(policy));
  const chloe = { id: 'u-chloe', userName: 'chloe', displayName: 'chloe', enabled: true };
  made.world.directory.putPerson({ ...chloe, attributes: { department: 'risk' } });
  return createCaller(made.api);
};

it('a request says it in its stage, lists it to whoever has it, and takes their vote', async () => {
  const call = worldBy(BY_ATTRIBUTE);
  const asked = await call('maria', 'POST', '/requests', { body: GOOD_ASK });
  expect(requestDetail.parse(asked.body)).toMatchObject({
    status: 'pending',
    approvers: [],
    approval: {
      groups: [],
      stages: [{ groups: [], users: [], attributes: {}, everybodyWith: EVERYBODY, state: 'open' }],
    },
  });
  const review = { query: { view: 'to-review' } };
  expect((await call('chloe', 'GET', '/requests', review)).body.items).toMatchObject([
    { youMay: ['approve', 'reject'] },
  ]);
  expect((await call('omar', 'GET', '/requests', review)).body.items).toEqual([]);
  expect((await call('omar', 'GET', `/requests/${asked.body.id}`)).status).toBe(404);
  expect((await call('omar', 'POST', `/requests/${asked.body.id}/approve`, { body: {} })).status).toBe(403);
  expect((await call('chloe', 'GET', '/me')).body.roles).toEqual(['approver']);
  const approved = await call('chloe', 'POST', `/requests/${asked.body.id}/approve`, { body: {} });
  expect(requestDetail.parse(approved.body)).toMatchObject({ status: 'scheduled' });
});

it('the catalogue and an explanation say it, and say nothing of it where it is not so', async () => {
  const target = { kind: 'account', account: 'payments-prod', permissionSet: 'AdministratorAccess' };
  const seen = async (policy: string) => {
    const call = worldBy(policy);
    const explained = await call('maria', 'POST', '/explain', { body: { target, ticket: 'INC-1' } });
    const catalogue = await call('maria', 'GET', '/catalog');
    return [explanationView.parse(explained.body).approval?.stages[0], catalogPage.parse(catalogue.body).items[0]];
  };
  expect(await seen(BY_ATTRIBUTE)).toMatchObject([
    { everybodyWith: EVERYBODY, attributes: {}, approvers: [] },
    { approverGroups: [], approverUsers: [], approverAttributes: [EVERYBODY] },
  ]);
  for (const one of await seen(POLICY)) {
    expect(one).not.toHaveProperty('everybodyWith');
    expect(one).not.toHaveProperty('approverAttributes');
  }
});
