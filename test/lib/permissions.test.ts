/** What the roles may do: each of the function's permissions that an attacker would want, and who alone has it. */
import { describe, expect, it } from 'vitest';
import { TABLE_INDEXES } from '../../lambda/contract/table.ts';
import { actionsOf, listOf, policyOf, ROLES, type RoleName, RUNTIME_ROLES, STAND_INS, verdictOn } from './policies.ts';
import { MAIL, OIDC, ON_CALL, synthesized } from './synthesized.ts';

const CI = 'arn:aws:iam::500000000001:role/ci/publish-policy';
const { template } = synthesized({ oidc: OIDC, policy_publishers: [CI], mail: MAIL });
const onCallTemplate = synthesized({ on_call: ON_CALL }).template;
const tagless = synthesized({ elevatable_tag: undefined }).template;

const everyRole = Object.keys(ROLES) as RoleName[];
const converge = policyOf(template, 'converge');

const INSTANCE = 'arn:aws:sso:::instance/ssoins-7223c4d1e8b6a509';
const PERMISSION_SET = 'arn:aws:sso:::permissionSet/ssoins-7223c4d1e8b6a509/ps-0123456789abcdef';
const MEMBER = 'arn:aws:sso:::account/400000000001';
const HOST = 'arn:aws:sso:::account/300000000001';
const STORE = 'arn:aws:identitystore::100000000001:identitystore/d-906712ab3f';
const OTHER_STORE = 'arn:aws:identitystore::100000000001:identitystore/d-0000000000';
const ACCOUNT = 'arn:aws:organizations::100000000001:account/o-b7e4v3t1k9/400000000001';
const TAGGED = { 'aws:ResourceTag/brevet': 'requestable' };

describe('roles', () => {
  it.each(everyRole)('%s names every action in full', (role) => {
    expect(actionsOf(policyOf(template, role)).filter((action) => action.includes('*'))).toEqual([]);
  });

  it.each(everyRole)('%s may call on every resource only what knows no resources', (role) => {
    const knowsNoResources = [
      'dynamodb:ListStreams',
      'organizations:DescribeOrganization',
      'organizations:ListAccounts',
      'organizations:ListRoots',
      'states:SendTaskSuccess',
      'xray:PutTelemetryRecords',
      'xray:PutTraceSegments',
    ];
    const logDelivery =
      /^logs:(\w+LogDelivery|ListLogDeliveries|PutResourcePolicy|DescribeResourcePolicies|DescribeLogGroups)$/;
    const sampling = /^xray:GetSampling(Rules|Targets)$/;
    const onEverything = policyOf(template, role).Statement.filter(({ Resource }) => listOf(Resource).includes('*'));
    const tooBroad = onEverything
      .flatMap(({ Action }) => listOf(Action))
      .filter((action) => !knowsNoResources.includes(action))
      .filter((action) => role !== 'stateMachine' || !(logDelivery.test(action) || sampling.test(action)));
    expect(tooBroad).toEqual([]);
  });

  it('have no AWS managed policy, but for the one that API Gateway insists on', () => {
    const managed = Object.entries(template.findResources('AWS::IAM::Role')).filter(
      ([, { Properties }]) => Properties.ManagedPolicyArns !== undefined,
    );
    expect(managed.map(([logicalId]) => logicalId.replace(/[0-9A-F]{8}$/, ''))).toEqual(['RestApiRestCloudWatchRole']);
  });

  it('are assumed by AWS services alone, but for the one that publishes', () => {
    const trusted = Object.entries(template.findResources('AWS::IAM::Role'))
      .filter(([logicalId]) => !logicalId.startsWith(ROLES.pipeline))
      .flatMap(([, { Properties }]) =>
        Properties.AssumeRolePolicyDocument.Statement.map((statement: { Principal: unknown }) => statement.Principal),
      );
    expect(trusted.every((principal) => Object.keys(principal as object).join() === 'Service')).toBe(true);
  });

  it('that publishes is taken on by the roles of the settings alone, of this organization', () => {
    const [pipeline] = Object.entries(template.findResources('AWS::IAM::Role')).flatMap(([logicalId, role]) =>
      logicalId.startsWith(ROLES.pipeline) ? [role] : [],
    );
    expect(pipeline?.Properties.AssumeRolePolicyDocument.Statement).toEqual([
      {
        Action: 'sts:AssumeRole',
        Effect: 'Allow',
        Principal: { AWS: CI },
        Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-b7e4v3t1k9' } },
      },
    ]);
  });

  it('that publishes is not there where the settings name none', () => {
    const ids = Object.keys(tagless.findResources('AWS::IAM::Role'));
    expect(ids.filter((logicalId) => logicalId.startsWith(ROLES.pipeline))).toEqual([]);
  });

  it('that write their logs write them to one log group each', () => {
    const groups = (
      [
        'api',
        'workflow',
        'converge',
        'sweep',
        'drift',
        'catalogue',
        'census',
        'policyCheck',
        'tell',
        'publisher',
      ] as const
    ).map((role) =>
      policyOf(template, role)
        .Statement.filter(({ Action }) => listOf(Action).includes('logs:PutLogEvents'))
        .flatMap(({ Resource }) => listOf(Resource)),
    );
    expect(groups.map((names) => names.length)).toEqual(Array(10).fill(1));
    expect(new Set(groups.flat()).size).toBe(10);
  });
});

describe('assignments', () => {
  it.each(everyRole.filter((role) => role !== 'converge'))('cannot be made or removed by %s', (role) => {
    const forbidden = actionsOf(policyOf(template, role)).filter((action) => /^sso:(Create|Delete)/.test(action));
    expect(forbidden).toEqual([]);
  });

  it.each([
    ['sso:CreateAccountAssignment', INSTANCE, {}, 'Allowed'],
    ['sso:CreateAccountAssignment', MEMBER, {}, 'Allowed'],
    ['sso:CreateAccountAssignment', PERMISSION_SET, TAGGED, 'Allowed'],
    ['sso:CreateAccountAssignment', PERMISSION_SET, {}, 'ImplicitlyDenied'],
    ['sso:CreateAccountAssignment', PERMISSION_SET, { 'aws:ResourceTag/brevet': 'no' }, 'ImplicitlyDenied'],
    ['sso:CreateAccountAssignment', HOST, {}, 'ExplicitlyDenied'],
    ['sso:CreateAccountAssignment', 'arn:aws:sso:::instance/ssoins-0000000000000000', {}, 'ImplicitlyDenied'],
    ['sso:DeleteAccountAssignment', INSTANCE, {}, 'Allowed'],
    ['sso:DeleteAccountAssignment', MEMBER, {}, 'Allowed'],
    // A tag that was removed meanwhile must not keep access alive.
    ['sso:DeleteAccountAssignment', PERMISSION_SET, {}, 'Allowed'],
    // What was given while the settings let it be a target must end when they do not any more.
    ['sso:DeleteAccountAssignment', HOST, {}, 'Allowed'],
    ['sso:DeletePermissionSet', PERMISSION_SET, TAGGED, 'ImplicitlyDenied'],
    ['sso:ListAccountAssignments', MEMBER, {}, 'Allowed'],
    ['sso:DescribeAccountAssignmentCreationStatus', INSTANCE, {}, 'Allowed'],
    ['sso:DescribeAccountAssignmentDeletionStatus', INSTANCE, {}, 'Allowed'],
  ])('converge: %s on %s with %j is %s', async (action, resource, context, verdict) => {
    expect(await verdictOn(converge, { action, resource, context })).toBe(verdict);
  });

  it('may be made in the account that hosts Brevet when the settings say so', async () => {
    const call = { action: 'sso:CreateAccountAssignment', resource: HOST };
    const { template: allowed } = synthesized({ hosting_account: 'two_approvers' });
    expect(await verdictOn(policyOf(allowed, 'converge'), call)).toBe('Allowed');
  });

  it('need no tag on the permission set when the settings name none', async () => {
    const call = { action: 'sso:CreateAccountAssignment', resource: PERMISSION_SET };
    expect(await verdictOn(policyOf(tagless, 'converge'), call)).toBe('Allowed');
  });
});

describe('the search for drift', () => {
  const drift = policyOf(template, 'drift');

  it.each([
    ['sso:ListAccountAssignments', MEMBER, 'Allowed'],
    ['sso:ListPermissionSetsProvisionedToAccount', MEMBER, 'Allowed'],
    ['sso:DescribeAccountAssignmentCreationStatus', INSTANCE, 'Allowed'],
    ['sso:DescribeAccountAssignmentDeletionStatus', INSTANCE, 'Allowed'],
    // What there is, it has from the catalogue.
    ['sso:ListPermissionSets', INSTANCE, 'ImplicitlyDenied'],
    ['sso:DescribePermissionSet', PERMISSION_SET, 'ImplicitlyDenied'],
    ['sso:ListTagsForResource', PERMISSION_SET, 'ImplicitlyDenied'],
    ['sso:ListAccountAssignmentCreationStatus', INSTANCE, 'ImplicitlyDenied'],
    ['organizations:ListAccounts', '*', 'ImplicitlyDenied'],
    ['organizations:DescribeAccount', ACCOUNT, 'ImplicitlyDenied'],
    ['organizations:ListTagsForResource', ACCOUNT, 'ImplicitlyDenied'],
    ['dynamodb:GetItem', STAND_INS.PolicyTable, 'Allowed'],
    ['sso:TagResource', PERMISSION_SET, 'ImplicitlyDenied'],
    ['sso:CreateAccountAssignment', INSTANCE, 'ImplicitlyDenied'],
    ['sso:CreateAccountAssignment', MEMBER, 'ImplicitlyDenied'],
    ['sso:DeleteAccountAssignment', INSTANCE, 'ImplicitlyDenied'],
    ['sso:DeleteAccountAssignment', PERMISSION_SET, 'ImplicitlyDenied'],
    ['dynamodb:DescribeTable', STAND_INS.RequestTable, 'Allowed'],
  ])('sees and changes nothing: %s on %s is %s', async (action, resource, verdict) => {
    expect(await verdictOn(drift, { action, resource })).toBe(verdict);
  });
});

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

describe('the reader of the organization', () => {
  const policy = policyOf(template, 'catalogue');
  const onItem = (action: string, ...keys: string[]) => ({
    action: `dynamodb:${action}`,
    resource: STAND_INS.RequestTable,
    context: Object.fromEntries(keys.length === 0 ? [] : [['dynamodb:LeadingKeys', keys]]),
  });

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
  const onItem = (action: string, ...keys: string[]) => ({
    action: `dynamodb:${action}`,
    resource: STAND_INS.RequestTable,
    context: Object.fromEntries(keys.length === 0 ? [] : [['dynamodb:LeadingKeys', keys]]),
  });

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
  const onItem = (action: string, ...keys: string[]) => ({
    action: `dynamodb:${action}`,
    resource: STAND_INS.RequestTable,
    context: Object.fromEntries(keys.length === 0 ? [] : [['dynamodb:LeadingKeys', keys]]),
  });

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

describe('the function that tells people', () => {
  const policy = policyOf(template, 'tell');
  const onItems = (action: string, keys: readonly string[], resource: string = STAND_INS.RequestTable) => ({
    action: `dynamodb:${action}`,
    resource,
    context: Object.fromEntries(keys.length === 0 ? [] : [['dynamodb:LeadingKeys', [...keys]]]),
  });

  it.each([
    ['GetItem', ['REQUEST#01'], 'Allowed'],
    ['Query', ['REQUEST#01'], 'ImplicitlyDenied'],
    ['PutItem', ['REQUEST#01'], 'ImplicitlyDenied'],
    ['UpdateItem', ['REQUEST#01'], 'ImplicitlyDenied'],
    ['DeleteItem', ['REQUEST#01'], 'ImplicitlyDenied'],
    ['ConditionCheckItem', ['REQUEST#01'], 'ImplicitlyDenied'],
    ['BatchGetItem', ['REQUEST#01'], 'ImplicitlyDenied'],
    ['GetItem', ['LEASE#01'], 'ImplicitlyDenied'],
    ['PutItem', ['LEASE#01'], 'ImplicitlyDenied'],
    ['GetItem', ['CATALOGUE'], 'ImplicitlyDenied'],
    ['GetItem', ['TELL#01'], 'ImplicitlyDenied'],
    ['Query', ['TELL#01'], 'ImplicitlyDenied'],
    ['PutItem', ['TELL#01'], 'ImplicitlyDenied'],
    ['DeleteItem', ['TELL#01'], 'Allowed'],
    ['UpdateItem', ['TELL#01'], 'ImplicitlyDenied'],
    ['PutItem', ['TELL#01', 'REQUEST#01'], 'ImplicitlyDenied'],
    ['DeleteItem', ['TELL#01', 'LEASE#01'], 'ImplicitlyDenied'],
    ['BatchWriteItem', ['TELL#01'], 'ImplicitlyDenied'],
    ['PutItem', [], 'ImplicitlyDenied'],
    ['GetItem', [], 'ImplicitlyDenied'],
    ['Query', [], 'ImplicitlyDenied'],
    ['Scan', [], 'ImplicitlyDenied'],
    ['DeleteTable', [], 'ImplicitlyDenied'],
  ])(
    'sees a request and changes only what is still to be told: %s of items of %j is %s',
    async (action, keys, verdict) => {
      expect(await verdictOn(policy, onItems(action, keys))).toBe(verdict);
    },
  );

  const WRITTEN = ['pk', 'sk', 'open', 'askedAtId', 'forgetAt', 'version', 'data'];

  it.each([
    ['TELL#01', WRITTEN, 'Allowed'],
    ['REQUEST#01', WRITTEN, 'ImplicitlyDenied'],
    ['TELL#01', [], 'ImplicitlyDenied'],
    ...['dueShard', 'dueAtId', 'work', 'workKey', 'listed', 'requesterId', 'eventDay', 'eventAtId'].map(
      (attribute) => ['TELL#01', [...WRITTEN, attribute], 'ImplicitlyDenied'] as const,
    ),
  ] as const)('writes nothing into other lists: an item of %s with %j is %s', async (key, attributes, verdict) => {
    const { context, ...call } = onItems('PutItem', [key]);
    const named = Object.fromEntries(attributes.length === 0 ? [] : [['dynamodb:Attributes', [...attributes]]]);
    expect(await verdictOn(policy, { ...call, context: { ...context, ...named } })).toBe(verdict);
  });

  it.each([
    ['open', 'Query', ['telling'], 'Allowed'],
    ['open', 'Query', ['requests'], 'ImplicitlyDenied'],
    ['open', 'Query', ['waiting'], 'ImplicitlyDenied'],
    ['open', 'Query', ['telling', 'requests'], 'ImplicitlyDenied'],
    ['open', 'Query', [], 'ImplicitlyDenied'],
    ['open', 'Scan', [], 'ImplicitlyDenied'],
    ...Object.values(TABLE_INDEXES).flatMap(({ name }) =>
      name === 'open' ? [] : [[name, 'Query', ['telling'], 'ImplicitlyDenied'] as const],
    ),
  ] as const)('finds by the index %s (%s of %j) nothing else: %s', async (index, action, keys, verdict) => {
    expect(await verdictOn(policy, onItems(action, keys, `${STAND_INS.RequestTable}/index/${index}`))).toBe(verdict);
  });

  const identity = (name: string) => `arn:aws:ses:us-east-1:300000000001:identity/${name}`;
  const SET = 'arn:aws:ses:us-east-1:300000000001:configuration-set/brevet-mail';
  const sending = (resource: string, from: string | undefined, action = 'ses:SendEmail') => ({
    action,
    resource,
    context: Object.fromEntries(from === undefined ? [] : [['ses:FromAddress', from]]),
  });

  it.each([
    [identity('mail.example.com'), MAIL.from, 'Allowed'],
    [identity('example.com'), MAIL.from, 'Allowed'],
    [identity('brevet@mail.example.com'), MAIL.from, 'Allowed'],
    [SET, MAIL.from, 'Allowed'],
    // How SES folds the case of what it compares is not documented; it is the same mailbox.
    [identity('mail.example.com'), 'Brevet@mail.example.com', 'Allowed'],
    [identity('mail.example.com'), 'ceo@mail.example.com', 'ImplicitlyDenied'],
    [identity('example.com'), 'ceo@example.com', 'ImplicitlyDenied'],
    [SET, 'ceo@mail.example.com', 'ImplicitlyDenied'],
    [identity('mail.example.com'), undefined, 'ImplicitlyDenied'],
    [identity('com'), MAIL.from, 'ImplicitlyDenied'],
    [identity('other.example'), MAIL.from, 'ImplicitlyDenied'],
    ['arn:aws:ses:eu-west-1:300000000001:identity/mail.example.com', MAIL.from, 'ImplicitlyDenied'],
    [SET.replace('brevet-mail', 'marketing'), MAIL.from, 'ImplicitlyDenied'],
  ])('mails from one address: through %s, from %s is %s', async (resource, from, verdict) => {
    expect(await verdictOn(policy, sending(resource, from))).toBe(verdict);
  });

  it.each(['ses:SendRawEmail', 'ses:SendBulkEmail', 'ses:SendTemplatedEmail', 'ses:DeleteEmailIdentity'])(
    'does with mail nothing but send it: not %s',
    async (action) => {
      expect(await verdictOn(policy, sending(identity('mail.example.com'), MAIL.from, action))).toBe(
        'ImplicitlyDenied',
      );
    },
  );

  it.each([
    ['identitystore:DescribeUser', 'arn:aws:identitystore:::user/1', 'Allowed'],
    ['identitystore:ListGroupMemberships', 'arn:aws:identitystore:::group/1', 'Allowed'],
    ['identitystore:ListUsers', 'arn:aws:identitystore:::user/*', 'ImplicitlyDenied'],
    ['identitystore:GetUserId', 'arn:aws:identitystore:::user/1', 'ImplicitlyDenied'],
    ['identitystore:UpdateUser', 'arn:aws:identitystore:::user/1', 'ImplicitlyDenied'],
    ['dynamodb:GetItem', STAND_INS.PolicyTable, 'ImplicitlyDenied'],
    ['dynamodb:Query', STAND_INS.PolicyTable, 'ImplicitlyDenied'],
    ['sso:ListAccountAssignments', MEMBER, 'ImplicitlyDenied'],
    ['organizations:ListAccounts', '*', 'ImplicitlyDenied'],
    ['states:StartExecution', STAND_INS.AccessWorkflowAccessRequest, 'ImplicitlyDenied'],
    ['states:SendTaskSuccess', '*', 'ImplicitlyDenied'],
    ['lambda:InvokeFunction', STAND_INS.ConvergeFunction, 'ImplicitlyDenied'],
    ['dynamodb:GetRecords', `${STAND_INS.RequestTable}/stream/2026-11-26T00:00:00.000`, 'Allowed'],
    ['dynamodb:GetRecords', `${STAND_INS.PolicyTable}/stream/2026-11-26T00:00:00.000`, 'ImplicitlyDenied'],
  ])('%s on %s is %s', async (action, resource, verdict) => {
    expect(await verdictOn(policy, { action, resource })).toBe(verdict);
  });

  it('may read policy items by no key either', async () => {
    for (const key of ['POLICY#CURRENT', 'REQUEST#01', 'TELL#01']) {
      expect(await verdictOn(policy, onItems('GetItem', [key], STAND_INS.PolicyTable))).toBe('ImplicitlyDenied');
    }
  });

  it('alone mails, and alone reads the stream', () => {
    const having = (action: string) => everyRole.filter((role) => actionsOf(policyOf(template, role)).includes(action));
    expect(having('ses:SendEmail')).toEqual(['tell']);
    expect(having('dynamodb:GetRecords')).toEqual(['tell']);
  });

  it('has no right to a configuration set where the settings name none', async () => {
    const { template: plain } = synthesized({ mail: { from: MAIL.from } });
    expect(await verdictOn(policyOf(plain, 'tell'), sending(SET, MAIL.from))).toBe('ImplicitlyDenied');
  });

  it('is told what it needs and no more', () => {
    const [variables] = Object.entries(template.findResources('AWS::Lambda::Function')).flatMap(
      ([id, { Properties }]) => (id.startsWith('TellFunction') ? [Properties.Environment.Variables] : []),
    );
    expect(
      Object.keys(variables)
        .filter((name) => name.startsWith('BREVET_'))
        .sort(),
    ).toEqual(['BREVET_IDENTITY_STORE_ID', 'BREVET_MAIL', 'BREVET_REQUEST_TABLE']);
    expect(JSON.parse(variables.BREVET_MAIL)).toEqual({
      from: 'brevet@mail.example.com',
      configurationSet: 'brevet-mail',
    });
  });
});

describe('the parts of Brevet', () => {
  const MACHINE = STAND_INS.AccessWorkflowAccessRequest;
  it.each([
    ['stateMachine', 'lambda:InvokeFunction', STAND_INS.WorkflowFunction, 'Allowed'],
    ['stateMachine', 'lambda:InvokeFunction', STAND_INS.ConvergeFunction, 'ImplicitlyDenied'],
    ['api', 'lambda:InvokeFunction', STAND_INS.ConvergeFunction, 'Allowed'],
    ['workflow', 'lambda:InvokeFunction', STAND_INS.ConvergeFunction, 'Allowed'],
    ['sweep', 'lambda:InvokeFunction', STAND_INS.ConvergeFunction, 'Allowed'],
    ['drift', 'lambda:InvokeFunction', STAND_INS.ConvergeFunction, 'Allowed'],
    ['converge', 'lambda:InvokeFunction', STAND_INS.ConvergeFunction, 'Allowed'],
    ['converge', 'lambda:InvokeFunction', STAND_INS.WorkflowFunction, 'ImplicitlyDenied'],
    ['api', 'lambda:InvokeFunction', STAND_INS.WorkflowFunction, 'ImplicitlyDenied'],
    ['api', 'states:StartExecution', MACHINE, 'Allowed'],
    ['sweep', 'states:StartExecution', MACHINE, 'Allowed'],
    ['sweep', 'states:ListExecutions', MACHINE, 'Allowed'],
    ['drift', 'states:StartExecution', MACHINE, 'ImplicitlyDenied'],
    ['workflow', 'states:StartExecution', MACHINE, 'ImplicitlyDenied'],
    ['converge', 'states:StartExecution', MACHINE, 'ImplicitlyDenied'],
  ] as const)('%s: %s on %s is %s', async (role, action, resource, verdict) => {
    expect(await verdictOn(policyOf(template, role), { action, resource })).toBe(verdict);
  });
});

describe('the token of on-call', () => {
  const parameter = (name: string) => `arn:aws:ssm:us-east-1:300000000001:parameter${name}`;
  const TOKEN = parameter('/brevet/on-call-token');
  it.each([
    ['api', TOKEN, 'Allowed'],
    ['converge', TOKEN, 'Allowed'],
    ['api', parameter('/brevet/on-call-token/other'), 'ImplicitlyDenied'],
    ['sweep', TOKEN, 'ImplicitlyDenied'],
    ['drift', TOKEN, 'ImplicitlyDenied'],
    ['workflow', TOKEN, 'ImplicitlyDenied'],
    ['catalogue', TOKEN, 'ImplicitlyDenied'],
    ['census', TOKEN, 'ImplicitlyDenied'],
  ] as const)('may be read by %s: %s is %s', async (role, resource, verdict) => {
    const document = policyOf(onCallTemplate, role);
    expect(await verdictOn(document, { action: 'ssm:GetParameter', resource })).toBe(verdict);
  });

  it('is read by nobody where the settings name none', () => {
    const reading = everyRole.filter((role) => actionsOf(policyOf(template, role)).includes('ssm:GetParameter'));
    expect(reading).toEqual([]);
  });

  it('is told by name, and only to those who judge', () => {
    const told = Object.entries(onCallTemplate.findResources('AWS::Lambda::Function')).flatMap(
      ([id, { Properties }]) =>
        Properties.Environment?.Variables?.BREVET_ON_CALL === undefined ? [] : [id.replace(/Function.*$/, '')],
    );
    expect(told.sort()).toEqual(['Api', 'Converge']);
  });
});
