/** The alarms: what they watch, that somebody reports it, when they ring, and whom they reach. */
import { readFileSync } from 'node:fs';
import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { properties, template } from './deployed-stack.ts';
import { synthesized } from './synthesized.ts';

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
