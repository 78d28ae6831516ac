/** What the roles may do: each of the function's permissions that an attacker would want, and who alone has it. */
import { describe, expect, it } from 'vitest';
import { TABLE_INDEXES } from '../../lambda/contract/table.ts';
import { actionsOf, listOf, policyOf, ROLES, type RoleName, RUNTIME_ROLES, STAND_INS, verdictOn } from './policies.ts';
import { OIDC, ON_CALL, synthesized } from './synthesized.ts';

const CI = 'arn:aws:iam::500000000001:role/ci/publish-policy';
const { template } = synthesized({ oidc: OIDC, policy_publishers: [CI] });
const onCallTemplate = synthesized({ on_call: ON_CALL }).template;
const tagless = synthesized({ elevatable_tag: undefined }).template;

const everyRole = Object.keys(ROLES) as RoleName[];
const converge = policyOf(template, 'converge');

const INSTANCE = 'arn:aws:sso:::instance/ssoins-7223c4d1e8b6a509';
const PERMISSION_SET = 'arn:aws:sso:::permissionSet/ssoins-7223c4d1e8b6a509/ps-0123456789abcdef';
const MEMBER = 'arn:aws:sso:::account/400000000001';
const HOST = 'arn:aws:sso:::account/300000000001';
const ACCOUNT = 'arn:aws:organizations::100000000001:account/o-b7e4v3t1k9/400000000001';
const TAGGED = { 'aws:ResourceTag/brevet': 'requestable' };

describe('roles', () => {
  it.each(everyRole)('%s names every action in full', (role) => {
    expect(actionsOf(policyOf(template, role)).filter((action) => action.includes('*'))).toEqual([]);
  });

  it.each(everyRole)('%s may call on every resource only what knows no resources', (role) => {
    const knowsNoResources = [
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
      ['api', 'workflow', 'converge', 'sweep', 'drift', 'catalogue', 'policyCheck', 'publisher'] as const
    ).map((role) =>
      policyOf(template, role)
        .Statement.filter(({ Action }) => listOf(Action).includes('logs:PutLogEvents'))
        .flatMap(({ Resource }) => listOf(Resource)),
    );
    expect(groups.map((names) => names.length)).toEqual(Array(8).fill(1));
    expect(new Set(groups.flat()).size).toBe(8);
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
    ['sso:ListTagsForResource', PERMISSION_SET, 'Allowed'],
    ['organizations:ListTagsForResource', ACCOUNT, 'ImplicitlyDenied'],
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
    ['identitystore:ListGroupMemberships', 'arn:aws:identitystore:::group/1', 'ImplicitlyDenied'],
    ['identitystore:DescribeUser', 'arn:aws:identitystore:::user/1', 'ImplicitlyDenied'],
    ['dynamodb:GetItem', STAND_INS.PolicyTable, 'ImplicitlyDenied'],
    ['states:StartExecution', STAND_INS.AccessWorkflowAccessRequest, 'ImplicitlyDenied'],
    ['lambda:InvokeFunction', STAND_INS.ConvergeFunction, 'ImplicitlyDenied'],
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
    expect(writes.filter((action) => !/:(Get|List|Query|Describe|IsMember)/.test(action))).toEqual([]);
  });

  it.each([
    ['identitystore:DescribeUser', 'arn:aws:identitystore:::user/1', 'Allowed'],
    ['identitystore:IsMemberInGroups', 'arn:aws:identitystore:::group/1', 'Allowed'],
    ['identitystore:ListGroupMemberships', 'arn:aws:identitystore:::group/1', 'ImplicitlyDenied'],
    ['organizations:ListAccounts', '*', 'ImplicitlyDenied'],
    ['sso:ListPermissionSets', INSTANCE, 'ImplicitlyDenied'],
    ['lambda:InvokeFunction', STAND_INS.ConvergeFunction, 'ImplicitlyDenied'],
    ['states:StartExecution', STAND_INS.AccessWorkflowAccessRequest, 'ImplicitlyDenied'],
  ])('changes nothing: %s on %s is %s', async (action, resource, verdict) => {
    expect(await verdictOn(policy, { action, resource })).toBe(verdict);
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
