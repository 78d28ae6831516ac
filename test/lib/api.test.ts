/** The API as it is deployed: its door, which function answers what, and what is logged of a call. */
import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { properties, template } from './deployed-stack.ts';

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
