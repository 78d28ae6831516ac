/** The functions as they are deployed: how they run, what they are told, and by which clocks and events they are woken. */
import { Match, type Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { properties, template } from './deployed-stack.ts';
import { synthesized } from './synthesized.ts';

describe('the functions', () => {
  const own = Object.entries(properties('AWS::Lambda::Function')).filter(([id]) => id.endsWith('Function'));

  it('are eight', () => {
    expect(own.map(([id]) => id).sort()).toEqual([
      'ApiFunction',
      'CatalogueFunction',
      'CensusFunction',
      'ConvergeFunction',
      'DriftFunction',
      'PolicyCheckFunction',
      'SweepFunction',
      'WorkflowFunction',
    ]);
  });

  it.each(own)('%s: arm64, Node 24, traced, logging to its own group', (id, found) => {
    expect(found).toMatchObject({
      Architectures: ['arm64'],
      Runtime: 'nodejs24.x',
      TracingConfig: { Mode: 'Active' },
      LoggingConfig: { LogFormat: 'JSON' },
    });
    const { LoggingConfig } = found as { LoggingConfig: { LogGroup: { Ref: string } } };
    expect(LoggingConfig.LogGroup.Ref).toMatch(new RegExp(`^${id.replace('Function', '')}Logs`));
  });

  it('that run the whole minute are no longer than it, and the API answers before the gateway gives up', () => {
    const timeouts = Object.fromEntries(own.map(([id, { Timeout }]) => [id, Timeout]));
    expect(timeouts).toMatchObject({ SweepFunction: 60, ApiFunction: 28 });
  });

  it('are told the limits that differ from the defaults, and no others', () => {
    const { template: changed } = synthesized({ limits: { pending_expiry: 3600, open_requests_per_person: 10 } });
    changed.hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: Match.objectLike({ BREVET_LIMITS: '{"pendingExpirySeconds":3600}' }) },
    });
  });
});

it('every log group is encrypted and kept for a year', () => {
  const groups = Object.values(properties('AWS::Logs::LogGroup'));
  expect(groups.length).toBeGreaterThanOrEqual(8);
  for (const group of groups) expect(group).toMatchObject({ RetentionInDays: 365, KmsKeyId: expect.anything() });
});

it('the sweep runs every minute', () => {
  template.hasResourceProperties('AWS::Events::Rule', {
    ScheduleExpression: 'rate(1 minute)',
    State: 'ENABLED',
    Targets: [Match.objectLike({ Arn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^SweepFunction'), 'Arn'] } })],
  });
});

describe('the search for drift', () => {
  const target = [Match.objectLike({ Arn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^DriftFunction'), 'Arn'] } })];

  it('goes on every minute', () => {
    template.hasResourceProperties('AWS::Events::Rule', {
      ScheduleExpression: 'rate(1 minute)',
      State: 'ENABLED',
      Targets: target,
    });
  });

  it('is woken by changes of assignments that went through, but for those of the converging role', () => {
    const issuer = (arn: object) => ({ userIdentity: { sessionContext: { sessionIssuer: { arn: [arn] } } } });
    const role = { 'Fn::GetAtt': [Match.stringLikeRegexp('^ConvergeRole'), 'Arn'] };
    template.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: {
        source: ['aws.sso'],
        detail: {
          eventSource: ['sso.amazonaws.com'],
          eventName: ['CreateAccountAssignment', 'AssociateProfile', 'DeleteAccountAssignment', 'DisassociateProfile'],
          errorCode: [{ exists: false }],
          $or: [issuer({ exists: false }), issuer({ 'anything-but': [role] })],
        },
      },
      Targets: target,
    });
  });

  it('is told what becomes of drift: report, unless the settings say otherwise', () => {
    const told = (mode: string) => ({ Environment: { Variables: Match.objectLike({ BREVET_DRIFT: mode }) } });
    template.hasResourceProperties('AWS::Lambda::Function', told('report'));
    synthesized({ drift: 'remove' }).template.hasResourceProperties('AWS::Lambda::Function', told('remove'));
  });
});

describe('the account that hosts Brevet', () => {
  it('is no target, unless the settings say otherwise, and every function that looks at accounts is told', () => {
    const told = (template: Template) =>
      Object.values(template.findResources('AWS::Lambda::Function')).flatMap(
        ({ Properties }) => Properties.Environment?.Variables?.BREVET_HOSTING_ACCOUNT_TARGET ?? [],
      );
    expect(new Set(told(template))).toEqual(new Set(['never']));
    const allowed = told(synthesized({ hosting_account: 'two_approvers' }).template);
    expect(new Set(allowed)).toEqual(new Set(['two_approvers']));
    expect(allowed.length).toBeGreaterThan(4);
  });
});

describe('the organization is read', () => {
  const rules = Object.entries(properties('AWS::Events::Rule')).filter(([, { Targets }]) =>
    JSON.stringify(Targets).includes('CatalogueFunction'),
  );

  it('when the clock says so, whatever events come or do not come', () => {
    expect(Object.fromEntries(rules).CatalogueSchedule).toMatchObject({
      ScheduleExpression: 'rate(1 minute)',
      State: 'ENABLED',
    });
  });

  it.each([
    ['OrganizationsChanged', 'organizations', 'MoveAccount'],
    ['OrganizationsChanged', 'organizations', 'TagResource'],
    ['PermissionSetsChanged', 'sso', 'UpdatePermissionSet'],
    ['GroupsChanged', 'identitystore', 'DeleteGroup'],
    ['DirectoryGroupsChanged', 'sso-directory', 'CreateGroup'],
  ])('after an event of %s: %s %s', (rule, service, call) => {
    const { EventPattern } = Object.fromEntries(rules)[rule] as { EventPattern: { detail: { eventName: string[] } } };
    expect(EventPattern).toMatchObject({
      source: [`aws.${service}`],
      'detail-type': expect.arrayContaining(['AWS API Call via CloudTrail']),
      detail: { eventSource: [`${service}.amazonaws.com`] },
    });
    expect(EventPattern.detail.eventName).toContain(call);
  });
});
