/** What the roles may do: nothing broader than it must be, who may take them on, which part may wake which, and who reads the token of on-call. */
import { describe, expect, it } from 'vitest';
import { CI, everyRole, template } from './deployed-roles.ts';
import { actionsOf, listOf, policyOf, ROLES, STAND_INS, verdictOn } from './policies.ts';
import { ON_CALL, synthesized } from './synthesized.ts';

const tagless = synthesized({ elevatable_tag: undefined }).template;
const onCallTemplate = synthesized({ on_call: ON_CALL }).template;

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
