/** What the roles may do with the tables: who writes the policy, who publishes one, and that nobody scans requests or deletes them. */
import { describe, expect, it } from 'vitest';
import { template } from './deployed-roles.ts';
import { actionsOf, policyOf, RUNTIME_ROLES, STAND_INS, verdictOn } from './policies.ts';

describe('the policy table', () => {
  const call = (action: string) => ({ action, resource: STAND_INS.PolicyTable });

  it.each(RUNTIME_ROLES)('cannot be written by %s', async (role) => {
    const policy = policyOf(template, role);
    const writes = ['PutItem', 'UpdateItem', 'DeleteItem', 'BatchWriteItem', 'DeleteTable', 'PutResourcePolicy'];
    const verdicts = await Promise.all(writes.map((write) => verdictOn(policy, call(`dynamodb:${write}`))));
    expect(new Set(verdicts)).toEqual(new Set(['ImplicitlyDenied']));
  });

  it.each([
    ['api', 'Allowed'],
    ['converge', 'Allowed'],
    ['drift', 'Allowed'],
    ['policyCheck', 'Allowed'],
    ['workflow', 'ImplicitlyDenied'],
    ['sweep', 'ImplicitlyDenied'],
  ] as const)('is read by those who judge: %s is %s', async (role, verdict) => {
    expect(await verdictOn(policyOf(template, role), call('dynamodb:GetItem'))).toBe(verdict);
  });

  it.each([
    ['dynamodb:PutItem', 'Allowed'],
    ['dynamodb:DeleteItem', 'ImplicitlyDenied'],
    ['dynamodb:UpdateItem', 'ImplicitlyDenied'],
  ])('is only ever put into by the deploy: %s is %s', async (action, verdict) => {
    expect(await verdictOn(policyOf(template, 'publisher'), call(action))).toBe(verdict);
  });

  it('is all that the deploy can write', async () => {
    const elsewhere = { action: 'dynamodb:PutItem', resource: STAND_INS.RequestTable };
    expect(await verdictOn(policyOf(template, 'publisher'), elsewhere)).toBe('ImplicitlyDenied');
  });
});

describe('the role that publishes', () => {
  const pipeline = policyOf(template, 'pipeline');
  const VERSION = `POLICY#VERSION#${'a'.repeat(64)}`;
  const onItem = (action: string, keys: string[], attributes: string[]) => ({
    action: `dynamodb:${action}`,
    resource: STAND_INS.PolicyTable,
    context: {
      ...(keys.length > 0 ? { 'dynamodb:LeadingKeys': keys } : {}),
      ...(attributes.length > 0 ? { 'dynamodb:Attributes': attributes } : {}),
    },
  });

  it.each([
    ['GetItem', ['POLICY#CURRENT'], ['pk', 'sk', 'version'], 'Allowed'],
    ['GetItem', [VERSION], ['pk', 'sk', 'document'], 'Allowed'],
    ['PutItem', [VERSION], ['pk', 'sk', 'document'], 'Allowed'],
    ['UpdateItem', ['POLICY#CURRENT'], ['pk', 'sk', 'version'], 'Allowed'],
    ['PutItem', ['POLICY#CURRENT'], ['pk', 'sk', 'version'], 'ImplicitlyDenied'],
    ['PutItem', [VERSION], ['pk', 'sk', 'document', 'more'], 'ImplicitlyDenied'],
    ['PutItem', [VERSION, 'POLICY#CURRENT'], ['pk', 'sk', 'document'], 'ImplicitlyDenied'],
    ['PutItem', ['ANYTHING'], ['pk', 'sk', 'document'], 'ImplicitlyDenied'],
    ['PutItem', [], [], 'ImplicitlyDenied'],
    ['PutItem', [VERSION], [], 'ImplicitlyDenied'],
    ['UpdateItem', [VERSION], ['pk', 'sk', 'version'], 'ImplicitlyDenied'],
    ['UpdateItem', [VERSION], ['pk', 'sk', 'document'], 'ImplicitlyDenied'],
    ['UpdateItem', ['POLICY#CURRENT'], ['pk', 'sk', 'version', 'document'], 'ImplicitlyDenied'],
    ['UpdateItem', [], [], 'ImplicitlyDenied'],
    ['DeleteItem', [VERSION], ['pk', 'sk'], 'ImplicitlyDenied'],
    ['BatchWriteItem', [VERSION], ['pk', 'sk', 'document'], 'ImplicitlyDenied'],
    ['Scan', [], [], 'ImplicitlyDenied'],
    ['DeleteTable', [], [], 'ImplicitlyDenied'],
    ['UpdateTable', [], [], 'ImplicitlyDenied'],
    ['PutResourcePolicy', [], [], 'ImplicitlyDenied'],
  ])('%s of items %j with %j is %s', async (action, keys, attributes, verdict) => {
    expect(await verdictOn(pipeline, onItem(action, keys, attributes))).toBe(verdict);
  });

  it('can write nothing else, and do nothing else', async () => {
    expect(actionsOf(pipeline)).toEqual(['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem']);
    const elsewhere = { ...onItem('PutItem', [VERSION], ['pk', 'sk', 'document']), resource: STAND_INS.RequestTable };
    expect(await verdictOn(pipeline, elsewhere)).toBe('ImplicitlyDenied');
    const pointer = {
      ...onItem('UpdateItem', ['POLICY#CURRENT'], ['pk', 'version']),
      resource: STAND_INS.RequestTable,
    };
    expect(await verdictOn(pipeline, pointer)).toBe('ImplicitlyDenied');
  });
});

describe('the request table', () => {
  const functions = ['api', 'workflow', 'converge', 'sweep', 'drift'] as const;

  it.each(functions)('is never scanned, nor deleted, by %s', async (role) => {
    const policy = policyOf(template, role);
    const verdicts = await Promise.all(
      ['dynamodb:Scan', 'dynamodb:DeleteTable', 'dynamodb:UpdateTimeToLive'].map((action) =>
        verdictOn(policy, { action, resource: STAND_INS.RequestTable }),
      ),
    );
    expect(new Set(verdicts)).toEqual(new Set(['ImplicitlyDenied']));
  });

  it.each(functions)('is queried by its indexes by %s', async (role) => {
    const policy = policyOf(template, role);
    const verdicts = await Promise.all(
      ['by-requester', 'by-age', 'open', 'due', 'work'].map((index) =>
        verdictOn(policy, { action: 'dynamodb:Query', resource: `${STAND_INS.RequestTable}/index/${index}` }),
      ),
    );
    expect(new Set(verdicts)).toEqual(new Set(['Allowed']));
  });
});
