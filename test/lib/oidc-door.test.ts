/** The door for tokens, as it is deployed: what it lets past API Gateway, what its authorizer may do, what it answers by itself. */
import { Validations } from 'aws-cdk-lib/core';
import { AwsSolutionsChecks } from 'cdk-nag';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { problemSchema } from '../../lambda/contract/problem.ts';
import { loginConfiguration } from '../../lambda/contract/sign-in.ts';
import { actionsOf, policyOf } from './policies.ts';
import { OIDC, synthesized } from './synthesized.ts';

const { template } = synthesized({ oidc: OIDC });
const without = synthesized().template;

const resources = (type: string) => Object.values(template.findResources(type)).map(({ Properties }) => Properties);

const JWT = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJtYXJpYSJ9.c2lnbmF0dXJl';

describe('the door', () => {
  it('is not there unless the settings name an issuer', () => {
    without.resourceCountIs('AWS::ApiGateway::Authorizer', 0);
    without.resourceCountIs('AWS::ApiGateway::GatewayResponse', 0);
    expect(Object.keys(without.findResources('AWS::Lambda::Function')).join()).not.toContain('Authorizer');
    const paths = Object.values(without.findResources('AWS::ApiGateway::Resource'));
    expect(paths.map(({ Properties }) => Properties.PathPart)).toEqual([
      ...['iam', 'v1', '{proxy+}', 'policy', '{proxy+}', 'openapi.json'],
    ]);
  });

  it('asks the authorizer about every method and path, and leaves the other door as it is', () => {
    const methods = resources('AWS::ApiGateway::Method').map(({ HttpMethod, AuthorizationType, AuthorizerId }) => [
      HttpMethod,
      AuthorizationType,
      AuthorizerId !== undefined,
    ]);
    expect(methods.sort()).toEqual([
      ...Array(4).fill(['ANY', 'AWS_IAM', false]),
      ...Array(4).fill(['ANY', 'CUSTOM', true]),
      ['GET', 'NONE', false],
    ]);
  });

  it('asks it about every call anew', () => {
    const [authorizer] = resources('AWS::ApiGateway::Authorizer');
    expect(authorizer).toMatchObject({
      Type: 'TOKEN',
      AuthorizerResultTtlInSeconds: 0,
      IdentitySource: 'method.request.header.Authorization',
    });
  });

  it.each([
    ['Bearer', `Bearer ${JWT}`, true],
    ['a scheme in lower case', `bearer ${JWT}`, true],
    ['no scheme', JWT, false],
    ['another scheme', `Basic ${JWT}`, false],
    ['a signature of AWS', 'AWS4-HMAC-SHA256 Credential=AKIA/20261123/us-east-1/execute-api/aws4_request', false],
    ['no token', 'Bearer ', false],
    ['a token that is no JWT', 'Bearer 0123456789abcdef', false],
    ['a JWT without a signature', 'Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJtYXJpYSJ9.', false],
    ['an encrypted JWT', `Bearer ${JWT}.x.y`, false],
    ['two tokens', `Bearer ${JWT}, Bearer ${JWT}`, false],
    ['two tokens, run together', `Bearer ${JWT},Bearer ${JWT}`, false],
    ['a line break', `Bearer ${JWT}\nX-User: omar`, false],
    ['something before it', ` X Bearer ${JWT}`, false],
  ])('lets API Gateway itself judge the header: %s', (_, header, passes) => {
    const [authorizer] = resources('AWS::ApiGateway::Authorizer');
    expect(new RegExp(authorizer?.IdentityValidationExpression).test(header)).toBe(passes);
  });
});

describe('the authorizer', () => {
  it('may do nothing but write its own log and send traces', () => {
    expect([...actionsOf(policyOf(template, 'authorizer'))].sort()).toEqual([
      'logs:CreateLogStream',
      'logs:PutLogEvents',
      'xray:PutTelemetryRecords',
      'xray:PutTraceSegments',
    ]);
  });

  it('is told how tokens are judged, and of no table and no other part', () => {
    const [properties] = Object.entries(template.findResources('AWS::Lambda::Function')).flatMap(([id, found]) =>
      id.startsWith('AuthorizerFunction') ? [found.Properties] : [],
    );
    const { NODE_OPTIONS: _, BREVET_TOKEN_RULES, ...others } = properties?.Environment.Variables ?? {};
    expect(others).toEqual({});
    expect(JSON.parse(BREVET_TOKEN_RULES)).toEqual({
      issuer: 'https://login.example.com/oauth2/default',
      audience: ['https://brevet.example.com'],
      claim: 'preferred_username',
      mapsTo: 'user-name',
    });
    expect(properties?.Timeout).toBe(10);
  });

  it('is called by this API’s authorizer alone', () => {
    const allowed = resources('AWS::Lambda::Permission').filter(({ FunctionName }) =>
      JSON.stringify(FunctionName).includes('AuthorizerFunction'),
    );
    expect(allowed).toHaveLength(1);
    expect(allowed[0]).toMatchObject({ Action: 'lambda:InvokeFunction', Principal: 'apigateway.amazonaws.com' });
    expect(JSON.stringify(allowed[0]?.SourceArn)).toMatch(/\/authorizers\//);
  });

  it('rings no alarm when it fails, since a bad token makes it fail; what API Gateway cannot decide is a 5xx, which rings', () => {
    const watched = JSON.stringify(template.findResources('AWS::CloudWatch::Alarm'));
    expect(watched).not.toContain('AuthorizerFunction');
    expect(watched).toContain('5XXError');
  });
});

describe('API Gateway itself answers', () => {
  const response = (type: string) =>
    resources('AWS::ApiGateway::GatewayResponse').find(({ ResponseType }) => ResponseType === type);
  const problemIn = (type: string) =>
    problemSchema.parse(JSON.parse(response(type)?.ResponseTemplates['application/json']));

  it('whoever is not signed in, with a problem document and the scheme to use', () => {
    expect(response('UNAUTHORIZED')).toMatchObject({
      StatusCode: '401',
      ResponseParameters: {
        'gatewayresponse.header.content-type': "'application/problem+json'",
        'gatewayresponse.header.www-authenticate': "'Bearer'",
      },
    });
    expect(problemIn('UNAUTHORIZED')).toMatchObject({
      code: 'not_signed_in',
      status: 401,
      traceId: '$context.requestId',
    });
  });

  it('whoever cannot be judged now, so that they try again', () => {
    expect(response('AUTHORIZER_FAILURE')).toMatchObject({
      StatusCode: '503',
      ResponseParameters: { 'gatewayresponse.header.retry-after': "'5'" },
    });
    expect(problemIn('AUTHORIZER_FAILURE')).toMatchObject({ code: 'unavailable', status: 503 });
  });

  it('whoever asks how to sign in, without calling anything', () => {
    const open = resources('AWS::ApiGateway::Method').find(({ HttpMethod }) => HttpMethod === 'GET');
    expect(open?.Integration).toMatchObject({ Type: 'MOCK', PassthroughBehavior: 'NEVER' });
    const [{ ResponseTemplates }] = open?.Integration.IntegrationResponses ?? [];
    expect(loginConfiguration.parse(JSON.parse(ResponseTemplates['application/json']))).toEqual({
      issuer: 'https://login.example.com/oauth2/default',
      audience: ['https://brevet.example.com'],
      scopes: ['openid', 'offline_access'],
      clientId: 'brevet-cli',
    });
  });

  it('with texts in which nothing reads as a template', () => {
    const odd = synthesized({
      oidc: { ...OIDC, client_id: '#set($x = $context)', scopes: ['openid', '$a#b'] },
    }).template;
    const open = Object.values(odd.findResources('AWS::ApiGateway::Method')).find(
      ({ Properties }) => Properties.HttpMethod === 'GET',
    );
    const text = open?.Properties.Integration.IntegrationResponses[0].ResponseTemplates['application/json'];
    expect(text).not.toMatch(/[$#]/);
    expect(JSON.parse(text)).toMatchObject({ clientId: '#set($x = $context)', scopes: ['openid', '$a#b'] });
  });
});

describe('cdk-nag', () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it('finds nothing in it that is not explained', () => {
    const { app } = synthesized({ oidc: OIDC });
    expect(new AwsSolutionsChecks(app).validateScope(app).violations).toEqual([]);
  });

  it('is told why one address is open, and that is a finding', () => {
    vi.spyOn(Object.getPrototypeOf(Validations.of(synthesized().stack)), 'acknowledge').mockImplementation(() => {});
    const { app } = synthesized({ oidc: OIDC });
    const found = new AwsSolutionsChecks(app)
      .validateScope(app)
      .violations.find(({ ruleName }) => ruleName === 'AwsSolutions-APIG4');
    expect(found?.violatingResources.map(({ constructPath }) => constructPath)).toEqual([
      expect.stringContaining('login-configuration'),
    ]);
  });
});
