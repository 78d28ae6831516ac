/** What is deployed: tables that cannot be lost, functions as they should be, the schedule, the alarms, the API. */

import { readFileSync } from 'node:fs';
import { Annotations, Match, type Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { CLAIM_SECONDS } from '../../lambda/use-cases/tell-people.ts';
import { MAIL, synthesized } from './synthesized.ts';

const { stack, template } = synthesized();

const properties = (type: string): Record<string, Record<string, unknown>> =>
  Object.fromEntries(
    Object.entries(template.findResources(type)).map(([id, resource]) => [
      id.replace(/[0-9A-F]{8}$/, ''),
      resource.Properties,
    ]),
  );

describe('the stack', () => {
  it('is protected, since without it nothing ends what is held', () => {
    expect(stack.terminationProtection).toBe(true);
  });

  it('goes to the account and Region of the settings', () => {
    expect([stack.account, stack.region]).toEqual(['300000000001', 'us-east-1']);
  });

  it('keeps its construct ids, by which tables and keys are known: renaming one would replace it', () => {
    const kept = [
      'AWS::DynamoDB::Table',
      'AWS::KMS::Key',
      'AWS::ApiGateway::RestApi',
      'AWS::StepFunctions::StateMachine',
    ];
    expect(kept.flatMap((type) => Object.keys(template.findResources(type)))).toEqual([
      'PolicyTable448FE191',
      'RequestTableC81DB378',
      'OperationsKey2329F47A',
      'RestApiRestBCD455AD',
      'AccessWorkflowAccessRequest20B97E88',
    ]);
  });
});

describe('both tables', () => {
  it.each(['RequestTable', 'PolicyTable'])('%s: encrypted, restorable, and not to be deleted by a slip', (id) => {
    const [resource] = Object.entries(template.findResources('AWS::DynamoDB::Table')).flatMap(([logicalId, found]) =>
      logicalId.startsWith(id) ? [found] : [],
    );
    expect(resource).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
    expect(resource?.Properties).toMatchObject({
      BillingMode: 'PAY_PER_REQUEST',
      DeletionProtectionEnabled: true,
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      SSESpecification: { SSEEnabled: true },
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
    });
    // No key of one's own, which somebody could disable: access could then not be ended.
    expect(resource?.Properties.SSESpecification).not.toHaveProperty('KMSMasterKeyId');
  });

  it('the request table streams the keys of what changed and nothing of what is in it, forgets by itself, and has the six indexes', () => {
    const { RequestTable } = properties('AWS::DynamoDB::Table');
    expect(RequestTable).toMatchObject({
      StreamSpecification: { StreamViewType: 'KEYS_ONLY' },
      TimeToLiveSpecification: { AttributeName: 'forgetAt', Enabled: true },
    });
    const indexes = RequestTable?.GlobalSecondaryIndexes as {
      IndexName: string;
      KeySchema: { AttributeName: string }[];
    }[];
    expect(
      indexes.map(({ IndexName, KeySchema }) => [IndexName, ...KeySchema.map((key) => key.AttributeName)]),
    ).toEqual([
      ['by-requester', 'requesterId', 'askedAtId'],
      ['by-age', 'listed', 'askedAtId'],
      ['open', 'open', 'askedAtId'],
      ['due', 'dueShard', 'dueAtId'],
      ['work', 'work', 'workKey'],
      ['events', 'eventDay', 'eventAtId'],
    ]);
    expect(JSON.stringify(indexes)).not.toMatch(/KEYS_ONLY|INCLUDE/);
  });
});

const publicationsOf = (made: typeof template) =>
  Object.entries(made.findResources('Custom::AWS')).map(([id, { Properties, DependsOn }]) => {
    const [, parts] = Properties.Create['Fn::Join'] as [string, unknown[]];
    const text = parts.map((part) => (typeof part === 'string' ? part : 'the-table')).join('');
    return {
      id,
      dependsOn: DependsOn as string[] | undefined,
      call: JSON.parse(text),
      update: Properties.Update,
      remove: Properties.Delete,
    };
  });

describe('the policy', () => {
  const publications = publicationsOf(template);
  const version = publications.find(({ id }) => id.startsWith('PolicyVersion'));
  const pointer = publications.find(({ id }) => id.startsWith('PolicyCurrent'));

  it('is published as a version that is put once and never removed', () => {
    const { Item, ConditionExpression } = version?.call.parameters ?? {};
    expect(Item.pk.S).toMatch(/^POLICY#VERSION#[0-9a-f]{64}$/);
    expect(Item.sk.S).toBe('POLICY');
    expect(Item.document.S).toContain('payments-production');
    expect(ConditionExpression).toBe('attribute_not_exists(pk)');
    expect(version?.remove).toBeUndefined();
  });

  it('is pointed to only once the version is there', () => {
    const { Item } = pointer?.call.parameters ?? {};
    expect(Item.pk.S).toBe('POLICY#CURRENT');
    expect(`POLICY#VERSION#${Item.version.S}`).toBe(version?.call.parameters.Item.pk.S);
    expect(pointer?.dependsOn).toContain(version?.id);
    expect(pointer?.update).toBeDefined();
    expect(pointer?.call.parameters.ConditionExpression).toBeUndefined();
  });

  it('is put in force by a deploy only where there is none yet, once others publish', () => {
    const made = synthesized({ policy_publishers: ['arn:aws:iam::300000000001:role/ci'] });
    const current = publicationsOf(made.template).find(({ id }) => id.startsWith('PolicyCurrent'));
    expect(current?.call.parameters).toMatchObject({
      Item: { pk: { S: 'POLICY#CURRENT' } },
      ConditionExpression: 'attribute_not_exists(pk)',
    });
    expect(current?.call.ignoreErrorCodesMatching).toBe('ConditionalCheckFailedException');
    const language = publicationsOf(made.template).find(({ id }) => id.startsWith('PolicyLanguage'));
    expect(language?.call.parameters.Item).toMatchObject({
      pk: { S: 'POLICY#LANGUAGE' },
      version: { S: expect.stringMatching(/^[0-9a-f]{64}$/) },
    });
    const told = Annotations.fromStack(made.stack).findInfo('*', Match.stringLikeRegexp('brevet policy publish'));
    expect(told).toHaveLength(1);
    expect(Object.keys(made.template.findOutputs('*'))).toEqual(
      expect.arrayContaining(['PolicyTableName', 'PolicyPublisherRoleArn']),
    );
  });
});

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

describe('the telling of people', () => {
  const mailed = synthesized({ mail: MAIL });
  const tell = { 'Fn::GetAtt': [Match.stringLikeRegexp('^TellFunction'), 'Arn'] };
  const ofTelling = (logicalId: string): boolean => /^(Tell|AlarmsTell|AlarmsPeople)/.test(logicalId);

  it('is deployed where the settings have an address to mail from, and nowhere else', () => {
    expect(Object.keys(template.toJSON().Resources).filter(ofTelling)).toEqual([]);
    template.resourceCountIs('AWS::Lambda::EventSourceMapping', 0);
    mailed.template.hasResourceProperties('AWS::Lambda::Function', {
      Handler: 'index.handler',
      Timeout: 300,
      MemorySize: 512,
      Environment: { Variables: Match.objectLike({ BREVET_MAIL: Match.stringLikeRegexp('brevet@mail.example.com') }) },
    });
  });

  it('ends before anybody else may take what it has taken', () => {
    const timeouts = Object.entries(mailed.template.findResources('AWS::Lambda::Function')).flatMap(
      ([id, { Properties }]) => (id.startsWith('TellFunction') ? [Properties.Timeout] : []),
    );
    expect(timeouts).toHaveLength(1);
    expect(timeouts[0]).toBeLessThan(CLAIM_SECONDS);
  });

  it('is woken by news in the stream alone, which it has the right to read by then', () => {
    const [mapping] = Object.values(mailed.template.findResources('AWS::Lambda::EventSourceMapping'));
    expect(mapping?.Properties).toMatchObject({
      EventSourceArn: { 'Fn::GetAtt': [expect.stringMatching(/^RequestTable/), 'StreamArn'] },
      FunctionName: { Ref: expect.stringMatching(/^TellFunction/) },
      StartingPosition: 'LATEST',
      BatchSize: 100,
      MaximumRetryAttempts: 2,
      MaximumRecordAgeInSeconds: 300,
    });
    expect(JSON.parse(mapping?.Properties.FilterCriteria.Filters[0].Pattern)).toEqual({
      eventName: ['INSERT'],
      dynamodb: { Keys: { pk: { S: [{ prefix: 'TELL#' }] } } },
    });
    const [made] = Object.entries(mailed.template.findResources('AWS::Lambda::Function')).flatMap(([id, found]) =>
      id.startsWith('TellFunction') ? [found] : [],
    );
    expect(made?.DependsOn).toEqual(expect.arrayContaining([expect.stringMatching(/^TellRoleDefaultPolicy/)]));
  });

  it('is looked after every minute, whatever becomes of the stream', () => {
    mailed.template.hasResourceProperties('AWS::Events::Rule', {
      ScheduleExpression: 'rate(1 minute)',
      State: 'ENABLED',
      Targets: [Match.objectLike({ Arn: tell })],
    });
  });

  it('rings when news waits for a quarter of an hour, or somebody is not told for good, and as others when it fails', () => {
    const made = mailed.template.findResources('AWS::CloudWatch::Alarm');
    const alarms = Object.entries(made).flatMap(([id, { Properties }]) => (ofTelling(id) ? [Properties] : []));
    expect(
      alarms.map(({ MetricName, Threshold, Statistic, TreatMissingData }) => ({
        ...{ MetricName, Threshold, Statistic, TreatMissingData },
      })),
    ).toEqual(
      expect.arrayContaining([
        { MetricName: 'TellingAge', Threshold: 900, Statistic: 'Maximum', TreatMissingData: 'breaching' },
        { MetricName: 'PeopleNotTold', Threshold: 1, Statistic: 'Sum', TreatMissingData: 'notBreaching' },
        { MetricName: 'Errors', Threshold: 1, Statistic: 'Sum', TreatMissingData: 'notBreaching' },
        { MetricName: 'Throttles', Threshold: 1, Statistic: 'Sum', TreatMissingData: 'notBreaching' },
      ]),
    );
    expect(alarms).toHaveLength(4);
    for (const { AlarmActions } of alarms) expect(AlarmActions).toHaveLength(1);
  });

  it('is missed, and said so, where people may break the glass and the settings have no address', () => {
    const warnings = (made: typeof stack) =>
      Annotations.fromStack(made).findWarning('*', Match.stringLikeRegexp('are not written to'));
    expect(warnings(synthesized({ mail: undefined }).stack)).toHaveLength(1);
    expect(warnings(mailed.stack)).toHaveLength(0);
  });
});

describe('the alarms', () => {
  const alarms = properties('AWS::CloudWatch::Alarm');

  it('are as many as docs/deploy.md says', () => {
    const page = readFileSync('docs/deploy.md', 'utf8');
    expect(page).toContain(`| ${Object.keys(alarms).length} alarms and a topic |`);
  });

  it('watch what must not go unheard', () => {
    expect(Object.keys(alarms).sort()).toEqual(
      [
        'CatalogueOld',
        'CatalogueErrors',
        'CatalogueThrottles',
        'CensusErrors',
        'CensusThrottles',
        'PolicyCheckErrors',
        'PolicyCheckThrottles',
        'SweepNotRunning',
        'EndingLate',
        'SweepFailures',
        'BreakGlassUnacknowledged',
        'BreakGlassReviewOverdue',
        'WorkflowsFailed',
        'WorkflowsThrottled',
        'ApiErrors',
        'ApiThrottles',
        'WorkflowErrors',
        'WorkflowThrottles',
        'ConvergeErrors',
        'ConvergeThrottles',
        'SweepErrors',
        'SweepThrottles',
        'ApiServerErrors',
        'DriftErrors',
        'DriftThrottles',
        'DriftFound',
        'DriftRemoved',
        'DriftRemovalOverdue',
        'DriftLimitReached',
        'DriftSkipped',
        'DriftRoundOld',
      ]
        .map((name) => `Alarms${name}`)
        .sort(),
    );
  });

  it.each(['SweepHeartbeat', 'LatestEnding', 'SweepFailures'])('watch %s, which the sweep does report', (name) => {
    const watched = Object.values(alarms).find(({ MetricName }) => MetricName === name);
    expect(watched).toMatchObject({ Namespace: 'Brevet', Dimensions: [{ Name: 'service', Value: 'brevet' }] });
    // A metric that nobody reports would never ring.
    const reported = readFileSync(new URL('../../lambda/handlers/sweep.ts', import.meta.url), 'utf8');
    expect(reported).toMatch(new RegExp(`'${name}'|METRICS\\.${name.charAt(0).toLowerCase()}${name.slice(1)}\\b`));
  });

  it.each(['BreakGlassUnacknowledged', 'BreakGlassReviewOverdue'])('ring as soon as %s is one, and again', (name) => {
    // A metric that the bell reports for a minute at a time (test/contract/small-adapters.test.ts).
    const watched = Object.values(alarms).find(({ MetricName }) => MetricName === name);
    expect(watched).toMatchObject({
      ...{ Namespace: 'Brevet', Dimensions: [{ Name: 'service', Value: 'brevet' }], Statistic: 'Sum', Threshold: 1 },
      ...{ Period: 60, EvaluationPeriods: 1, TreatMissingData: 'notBreaching' },
    });
  });

  it.each([
    'DriftFindings',
    'DriftRemovals',
    'DriftRemovalsOverdue',
    'DriftLimitReached',
    'DriftSkipped',
    'DriftRoundAge',
  ])('watch %s, which the search for drift does report', (name) => {
    const watched = Object.values(alarms).find(({ MetricName }) => MetricName === name);
    expect(watched).toMatchObject({ Namespace: 'Brevet', Dimensions: [{ Name: 'service', Value: 'brevet' }] });
    const reported = readFileSync(new URL('../../lambda/handlers/drift.ts', import.meta.url), 'utf8');
    expect(reported).toMatch(new RegExp(`METRICS\\.${name.charAt(0).toLowerCase()}${name.slice(1)}\\b`));
  });

  it('ring when no account has been searched for drift for hours, or nothing searches', () => {
    expect(alarms.AlarmsDriftRoundOld).toMatchObject({ Threshold: 21_600, TreatMissingData: 'breaching' });
  });

  it('ring when the sweep is silent', () => {
    expect(alarms.AlarmsSweepNotRunning).toMatchObject({
      MetricName: 'SweepHeartbeat',
      ComparisonOperator: 'LessThanThreshold',
      Threshold: 1,
      Period: 60,
      EvaluationPeriods: 5,
      TreatMissingData: 'breaching',
    });
  });

  it('ring when the organization could not be read for an hour, or was never read', () => {
    expect(alarms.AlarmsCatalogueOld).toMatchObject({
      MetricName: 'CatalogueAge',
      Namespace: 'Brevet',
      Dimensions: [{ Name: 'service', Value: 'brevet' }],
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      Threshold: 3600,
      Period: 300,
      EvaluationPeriods: 3,
      TreatMissingData: 'breaching',
    });
    const reported = readFileSync(new URL('../../lambda/handlers/catalogue.ts', import.meta.url), 'utf8');
    expect(reported).toContain('METRICS.catalogueAge, MetricUnit.Seconds, ageSeconds');
  });

  it('count failed, timed out and aborted workflows', () => {
    expect(JSON.stringify(alarms.AlarmsWorkflowsFailed)).toMatch(/ExecutionsAborted/);
    expect(JSON.stringify(alarms.AlarmsWorkflowsFailed)).toMatch(/ExecutionsFailed/);
    expect(JSON.stringify(alarms.AlarmsWorkflowsFailed)).toMatch(/ExecutionsTimedOut/);
  });

  it('all go to the topic, which is encrypted', () => {
    for (const { AlarmActions } of Object.values(alarms)) {
      expect(AlarmActions).toEqual([{ Ref: expect.stringMatching(/^AlarmsTopic/) }]);
    }
    template.hasResourceProperties('AWS::SNS::Topic', { KmsMasterKeyId: Match.anyValue() });
  });

  it('can use the key of that topic', () => {
    template.hasResourceProperties('AWS::KMS::Key', {
      EnableKeyRotation: true,
      KeyPolicy: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Principal: { Service: 'cloudwatch.amazonaws.com' },
            Action: ['kms:Decrypt', 'kms:GenerateDataKey*'],
          }),
        ]),
      },
    });
  });

  /** A policy of a topic takes the place of the one that SNS gives to topics without any, which lets alarms publish. */
  it('may publish to that topic, whose policy refuses what is not encrypted on its way', () => {
    const topic = { Ref: expect.stringMatching(/^AlarmsTopic/) };
    const refused = { Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } };
    const allowed = {
      Sid: 'AlarmsMayPublish',
      Effect: 'Allow',
      Principal: { Service: 'cloudwatch.amazonaws.com' },
      Action: 'sns:Publish',
      Resource: topic,
      Condition: {
        StringEquals: { 'aws:SourceAccount': '300000000001' },
        ArnLike: { 'aws:SourceArn': 'arn:aws:cloudwatch:us-east-1:300000000001:alarm:*' },
      },
    };
    expect(Object.values(properties('AWS::SNS::TopicPolicy'))).toMatchObject([
      { Topics: [topic], PolicyDocument: { Statement: [expect.objectContaining(refused), allowed] } },
    ]);
  });

  it('mail somebody only if the settings say whom', () => {
    template.resourceCountIs('AWS::SNS::Subscription', 0);
    synthesized({ alarm_email: 'ops@example.com' }).template.hasResourceProperties('AWS::SNS::Subscription', {
      Protocol: 'email',
      Endpoint: 'ops@example.com',
    });
  });
});

describe('the API', () => {
  it('is regional, and opens one door, to signed callers', () => {
    template.hasResourceProperties('AWS::ApiGateway::RestApi', { EndpointConfiguration: { Types: ['REGIONAL'] } });
    const methods = Object.values(properties('AWS::ApiGateway::Method'));
    expect(methods.map(({ HttpMethod, AuthorizationType }) => [HttpMethod, AuthorizationType])).toEqual([
      ['ANY', 'AWS_IAM'],
      ['ANY', 'AWS_IAM'],
      ['ANY', 'AWS_IAM'],
      ['ANY', 'AWS_IAM'],
    ]);
    const paths = Object.values(properties('AWS::ApiGateway::Resource')).map(({ PathPart }) => PathPart);
    expect(paths).toEqual(['iam', 'v1', '{proxy+}', 'policy', '{proxy+}', 'openapi.json']);
  });

  it('hands the policy, and the description of the API, to a function of their own, and everything else to the API', () => {
    const methods = Object.entries(properties('AWS::ApiGateway::Method')).map(([id, { Integration }]) => {
      const uri = JSON.stringify((Integration as { Uri: unknown }).Uri);
      return [id, /"(ApiFunction|PolicyCheckFunction)/.exec(uri)?.[1]];
    });
    expect(Object.fromEntries(methods)).toEqual({
      RestApiRestiamv1proxyANY: 'ApiFunction',
      RestApiRestiamv1policyANY: 'PolicyCheckFunction',
      RestApiRestiamv1policyproxyANY: 'PolicyCheckFunction',
      RestApiRestiamv1openapijsonANY: 'PolicyCheckFunction',
    });
  });

  it('logs who called what, but neither queries nor bodies', () => {
    const [stage] = Object.values(properties('AWS::ApiGateway::Stage'));
    const { AccessLogSetting, MethodSettings } = stage as {
      AccessLogSetting: { Format: string };
      MethodSettings: object[];
    };
    expect(JSON.parse(AccessLogSetting.Format)).toMatchObject({ caller: '$context.identity.userArn' });
    expect(AccessLogSetting.Format).not.toMatch(/body|query/i);
    expect(MethodSettings).toEqual([
      expect.objectContaining({ DataTraceEnabled: false, LoggingLevel: 'ERROR', ThrottlingRateLimit: 50 }),
    ]);
  });

  it('is throttled', () => {
    template.hasResourceProperties('AWS::ApiGateway::Stage', {
      MethodSettings: [Match.objectLike({ ThrottlingRateLimit: 50, ThrottlingBurstLimit: 100 })],
    });
  });
});
