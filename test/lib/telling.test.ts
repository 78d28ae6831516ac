/** The telling of people as it is deployed: where there is any, what wakes it, and when it rings. */
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { CLAIM_SECONDS } from '../../lambda/use-cases/tell-people.ts';
import { type stack, template } from './deployed-stack.ts';
import { MAIL, synthesized } from './synthesized.ts';

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
