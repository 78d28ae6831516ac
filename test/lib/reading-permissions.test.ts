/** What those may do who read of the organization and its people: the catalogue, the count of everybody, the look at proposed policies. */
import { describe, expect, it } from 'vitest';
import { TABLE_INDEXES } from '../../lambda/contract/table.ts';
import { ACCOUNT, everyRole, INSTANCE, OTHER_STORE, PERMISSION_SET, STORE, template } from './deployed-roles.ts';
import { actionsOf, listOf, policyOf, STAND_INS, verdictOn } from './policies.ts';

const onItem = (action: string, ...keys: string[]) => ({
  action: `dynamodb:${action}`,
  resource: STAND_INS.RequestTable,
  context: Object.fromEntries(keys.length === 0 ? [] : [['dynamodb:LeadingKeys', keys]]),
});

describe('the reader of the organization', () => {
  const policy = policyOf(template, 'catalogue');

  it.each([
    ['GetItem', ['CATALOGUE'], 'Allowed'],
    ['PutItem', ['CATALOGUE'], 'Allowed'],
    ['Query', ['CATALOGUE'], 'Allowed'],
    ['DeleteItem', ['CATALOGUE'], 'Allowed'],
    ['GetItem', ['REQUEST#01'], 'ImplicitlyDenied'],
    ['PutItem', ['LEASE#01'], 'ImplicitlyDenied'],
    ['PutItem', ['CATALOGUE', 'LEASE#01'], 'ImplicitlyDenied'],
    ['DeleteItem', ['LEASE#01'], 'ImplicitlyDenied'],
    ['PutItem', [], 'ImplicitlyDenied'],
    ['UpdateItem', ['CATALOGUE'], 'ImplicitlyDenied'],
    ['Scan', ['CATALOGUE'], 'ImplicitlyDenied'],
  ])('%s of items of %j is %s', async (action, keys, verdict) => {
    expect(await verdictOn(policy, onItem(action, ...keys))).toBe(verdict);
  });

  it.each([
    ['organizations:ListAccounts', '*', 'Allowed'],
    ['organizations:ListTagsForResource', ACCOUNT, 'Allowed'],
    ['sso:ListTagsForResource', PERMISSION_SET, 'Allowed'],
    ['identitystore:ListGroups', 'arn:aws:identitystore:::group/*', 'Allowed'],
    ['identitystore:ListGroups', OTHER_STORE, 'ImplicitlyDenied'],
    ['identitystore:ListUsers', STORE, 'ImplicitlyDenied'],
    ['identitystore:ListGroupMemberships', 'arn:aws:identitystore:::group/1', 'ImplicitlyDenied'],
    ['identitystore:DescribeUser', 'arn:aws:identitystore:::user/1', 'ImplicitlyDenied'],
    ['dynamodb:GetItem', STAND_INS.PolicyTable, 'ImplicitlyDenied'],
    ['states:StartExecution', STAND_INS.AccessWorkflowAccessRequest, 'ImplicitlyDenied'],
    ['lambda:InvokeFunction', STAND_INS.ConvergeFunction, 'ImplicitlyDenied'],
    ['lambda:InvokeFunction', STAND_INS.CensusFunction, 'ImplicitlyDenied'],
  ])('%s on %s is %s', async (action, resource, verdict) => {
    expect(await verdictOn(policy, { action, resource })).toBe(verdict);
  });

  it('alone lists all groups', () => {
    const listing = everyRole.filter((role) =>
      actionsOf(policyOf(template, role)).includes('identitystore:ListGroups'),
    );
    expect(listing).toEqual(['catalogue']);
  });
});

describe('the function that counts everybody', () => {
  const policy = policyOf(template, 'census');

  it.each([
    ['GetItem', ['CATALOGUE'], 'Allowed'],
    ['PutItem', ['CATALOGUE'], 'Allowed'],
    ['Query', ['CATALOGUE'], 'ImplicitlyDenied'],
    ['DeleteItem', ['CATALOGUE'], 'ImplicitlyDenied'],
    ['UpdateItem', ['CATALOGUE'], 'ImplicitlyDenied'],
    ['Scan', ['CATALOGUE'], 'ImplicitlyDenied'],
    ['GetItem', ['REQUEST#01'], 'ImplicitlyDenied'],
    ['PutItem', ['LEASE#01'], 'ImplicitlyDenied'],
    ['PutItem', ['CATALOGUE', 'LEASE#01'], 'ImplicitlyDenied'],
    ['GetItem', [], 'ImplicitlyDenied'],
    ['PutItem', [], 'ImplicitlyDenied'],
  ])('%s of items of %j is %s', async (action, keys, verdict) => {
    expect(await verdictOn(policy, onItem(action, ...keys))).toBe(verdict);
  });

  it.each([
    ['identitystore:ListUsers', STORE, 'Allowed'],
    ['identitystore:ListUsers', 'arn:aws:identitystore:::user/*', 'Allowed'],
    ['identitystore:ListUsers', OTHER_STORE, 'ImplicitlyDenied'],
    ['identitystore:ListGroupMemberships', STORE, 'Allowed'],
    ['identitystore:ListGroupMemberships', 'arn:aws:identitystore:::group/1', 'Allowed'],
    ['identitystore:ListGroupMemberships', 'arn:aws:identitystore:::membership/*', 'Allowed'],
    ['identitystore:ListGroupMemberships', OTHER_STORE, 'ImplicitlyDenied'],
    ['identitystore:ListGroups', STORE, 'ImplicitlyDenied'],
    ['identitystore:DescribeUser', 'arn:aws:identitystore:::user/1', 'ImplicitlyDenied'],
    ['identitystore:GetUserId', 'arn:aws:identitystore:::user/1', 'ImplicitlyDenied'],
    ['identitystore:IsMemberInGroups', 'arn:aws:identitystore:::group/1', 'ImplicitlyDenied'],
    ['identitystore:CreateGroupMembership', 'arn:aws:identitystore:::group/1', 'ImplicitlyDenied'],
    ['identitystore:DeleteGroupMembership', 'arn:aws:identitystore:::membership/1', 'ImplicitlyDenied'],
    ['organizations:ListAccounts', '*', 'ImplicitlyDenied'],
    ['sso:ListPermissionSets', INSTANCE, 'ImplicitlyDenied'],
    ['dynamodb:GetItem', STAND_INS.PolicyTable, 'ImplicitlyDenied'],
    ['lambda:InvokeFunction', STAND_INS.CensusFunction, 'ImplicitlyDenied'],
    ['lambda:InvokeFunction', STAND_INS.ConvergeFunction, 'ImplicitlyDenied'],
    ['states:StartExecution', STAND_INS.AccessWorkflowAccessRequest, 'ImplicitlyDenied'],
  ])('%s on %s is %s', async (action, resource, verdict) => {
    expect(await verdictOn(policy, { action, resource })).toBe(verdict);
  });

  it('is woken by no clock, no event and no service', () => {
    const targets = Object.values(template.findResources('AWS::Events::Rule')).flatMap(
      ({ Properties }) => Properties.Targets,
    );
    expect(targets.length).toBeGreaterThan(0);
    expect(JSON.stringify(targets)).not.toContain('CensusFunction');
    const granted = Object.values(template.findResources('AWS::Lambda::Permission')).map(
      ({ Properties }) => Properties,
    );
    expect(granted.length).toBeGreaterThan(0);
    expect(granted.filter(({ FunctionName }) => JSON.stringify(FunctionName).includes('CensusFunction'))).toEqual([]);
  });
});

describe('the function that looks at proposed policies', () => {
  const policy = policyOf(template, 'policyCheck');

  it.each([
    ['GetItem', ['CATALOGUE'], 'Allowed'],
    ['Query', ['CATALOGUE'], 'Allowed'],
    ['GetItem', ['REQUEST#01'], 'ImplicitlyDenied'],
    ['Query', [], 'ImplicitlyDenied'],
    ['PutItem', ['CATALOGUE'], 'ImplicitlyDenied'],
    ['DeleteItem', ['CATALOGUE'], 'ImplicitlyDenied'],
    ['Query', ['REQUEST#01'], 'ImplicitlyDenied'],
  ])('sees the catalogue and no request: %s of items of %j is %s', async (action, keys, verdict) => {
    expect(await verdictOn(policy, onItem(action, ...keys))).toBe(verdict);
  });

  it.each([
    ...Object.values(TABLE_INDEXES).map(({ name }) => [
      name,
      'Query',
      name === 'events' ? 'Allowed' : 'ImplicitlyDenied',
    ]),
    ['events', 'Scan', 'ImplicitlyDenied'],
    ['events', 'PartiQLSelect', 'ImplicitlyDenied'],
  ])(
    'sees of the lists of the table that of events, which have no texts: %s %s is %s',
    async (name, action, verdict) => {
      const resource = `${STAND_INS.RequestTable}/index/${name}`;
      for (const key of ['2026-11-23', 'requests', 'CATALOGUE']) {
        const context = { 'dynamodb:LeadingKeys': [key] };
        expect(await verdictOn(policy, { action: `dynamodb:${action}`, resource, context })).toBe(verdict);
      }
    },
  );

  it('may write nothing at all', () => {
    const writes = actionsOf(policy).filter((action) =>
      /^(dynamodb|sso|identitystore|organizations|states|lambda):/.test(action),
    );
    expect(writes.filter((action) => !/:(Get|List|Query|Describe|IsMember)/.test(action))).toEqual([
      // One function, below.
      'lambda:InvokeFunction',
    ]);
  });

  it('may wake the function that counts everybody, and no other, and nobody else may', async () => {
    const wakes = policy.Statement.filter(({ Action }) => listOf(Action).includes('lambda:InvokeFunction'));
    expect(wakes.flatMap(({ Resource }) => listOf(Resource))).toEqual([STAND_INS.CensusFunction]);
    const call = { action: 'lambda:InvokeFunction', resource: STAND_INS.CensusFunction };
    expect(await verdictOn(policy, call)).toBe('Allowed');
    const waking = everyRole.filter((role) =>
      policyOf(template, role).Statement.some(
        ({ Action, Resource }) =>
          listOf(Action).includes('lambda:InvokeFunction') && listOf(Resource).includes(STAND_INS.CensusFunction),
      ),
    );
    expect(waking).toEqual(['policyCheck']);
  });

  it('alone is told which function counts everybody', () => {
    const told = Object.entries(template.findResources('AWS::Lambda::Function')).flatMap(([id, { Properties }]) =>
      Properties.Environment?.Variables?.BREVET_CENSUS_FUNCTION === undefined ? [] : [[id, Properties] as const],
    );
    expect(told.map(([id]) => id.replace(/Function.*$/, ''))).toEqual(['PolicyCheck']);
    expect(told[0]?.[1].Environment.Variables.BREVET_CENSUS_FUNCTION).toEqual({
      Ref: expect.stringMatching(/^CensusFunction/),
    });
  });

  it.each([
    ['identitystore:DescribeUser', 'arn:aws:identitystore:::user/1', 'Allowed'],
    ['identitystore:IsMemberInGroups', 'arn:aws:identitystore:::group/1', 'Allowed'],
    ['identitystore:ListGroupMemberships', 'arn:aws:identitystore:::group/1', 'Allowed'],
    ['organizations:ListAccounts', '*', 'ImplicitlyDenied'],
    ['sso:ListPermissionSets', INSTANCE, 'ImplicitlyDenied'],
    ['lambda:InvokeFunction', STAND_INS.ConvergeFunction, 'ImplicitlyDenied'],
    ['lambda:InvokeFunction', STAND_INS.WorkflowFunction, 'ImplicitlyDenied'],
    ['lambda:InvokeFunction', STAND_INS.CatalogueFunction, 'ImplicitlyDenied'],
    ['lambda:UpdateFunctionCode', STAND_INS.CensusFunction, 'ImplicitlyDenied'],
    ['states:StartExecution', STAND_INS.AccessWorkflowAccessRequest, 'ImplicitlyDenied'],
  ])('changes nothing: %s on %s is %s', async (action, resource, verdict) => {
    expect(await verdictOn(policy, { action, resource })).toBe(verdict);
  });
});
