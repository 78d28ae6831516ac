/** The door for people without AWS credentials: bearer tokens, judged by the authorizer; and what one must know to sign in. */
import {
  AuthorizationType,
  type IRestApi,
  type Method,
  MockIntegration,
  PassthroughBehavior,
  ResponseType,
  type RestApi,
  TokenAuthorizer,
} from 'aws-cdk-lib/aws-apigateway';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Duration, Validations } from 'aws-cdk-lib/core';
import { DOOR_PREFIXES } from '../lambda/contract/doors.ts';
import {
  GATEWAY_PROBLEMS,
  type GatewayProblemName,
  gatewayProblem,
  PROBLEM_TYPE,
} from '../lambda/contract/gateway-problems.ts';
import {
  BEARER_PATTERN,
  LOGIN_CONFIGURATION_PATH,
  type LoginConfiguration,
  loginConfigurationFrom,
  type OidcSettings,
} from '../lambda/contract/sign-in.ts';
import { type DoorFunctions, openMethods } from './door-methods.ts';

export interface OidcDoorProps {
  readonly settings: OidcSettings;
  readonly authorizerFunction: IFunction;
  readonly functions: DoorFunctions;
}

/**
 * NB. Not cached, so that no token works after its end: a cached yes outlives `exp`, and a cached no outlives new keys. What
 * it would save is one call of a function that is warm whenever the API is used, and needs some milliseconds.
 */
const NOT_CACHED = Duration.seconds(0);

const authorizerFor = (rest: IRestApi, handler: IFunction): TokenAuthorizer =>
  new TokenAuthorizer(rest, 'TokenAuthorizer', {
    handler,
    resultsCacheTtl: NOT_CACHED,
    // What is no bearer token is answered without calling anything.
    validationRegex: BEARER_PATTERN,
  });

/** A text in quotes is taken as it is; templates read `$` and `#`, which JSON can write otherwise. */
const literal = (text: string): string => `'${text}'`;
const templateOf = (document: object): string =>
  JSON.stringify(document).replaceAll('$', '\\u0024').replaceAll('#', '\\u0023');

/** Answered by API Gateway itself, so that asking for it, again and again, costs nobody anything. */
const answering = (configuration: LoginConfiguration): MockIntegration =>
  new MockIntegration({
    passthroughBehavior: PassthroughBehavior.NEVER,
    requestTemplates: { 'application/json': '{"statusCode": 200}' },
    integrationResponses: [
      {
        statusCode: '200',
        responseTemplates: { 'application/json': templateOf(configuration) },
        responseParameters: { 'method.response.header.cache-control': literal('max-age=300') },
      },
    ],
  });

/** The status and the form are our own, so that programs need to know one kind of answer only. */
const answerWithProblems = (rest: RestApi): void => {
  for (const name of Object.keys(GATEWAY_PROBLEMS) as GatewayProblemName[]) {
    const problem = gatewayProblem(name, '$context.requestId');
    const headers = { 'content-type': PROBLEM_TYPE, ...GATEWAY_PROBLEMS[name].headers };
    rest.addGatewayResponse(name, {
      type: ResponseType.of(name),
      statusCode: String(problem.status),
      responseHeaders: Object.fromEntries(Object.entries(headers).map(([header, text]) => [header, literal(text)])),
      templates: { 'application/json': JSON.stringify(problem) },
    });
  }
};

const acknowledgeOpenness = (method: Method): void => {
  Validations.of(method).acknowledge({
    id: 'AwsSolutions-APIG4',
    reason:
      'Whoever wants to sign in has to learn where, before they are signed in; the answer is fixed, holds nothing secret, and calls nothing',
  });
};

export const openOidcDoor = (rest: RestApi, { settings, authorizerFunction, functions }: OidcDoorProps): void => {
  openMethods(rest, DOOR_PREFIXES.oidc, functions, {
    authorizationType: AuthorizationType.CUSTOM,
    authorizer: authorizerFor(rest, authorizerFunction),
  });
  const configuration = answering(loginConfigurationFrom(settings));
  const open = rest.root.resourceForPath(LOGIN_CONFIGURATION_PATH).addMethod('GET', configuration, {
    authorizationType: AuthorizationType.NONE,
    methodResponses: [{ statusCode: '200', responseParameters: { 'method.response.header.cache-control': true } }],
  });
  acknowledgeOpenness(open);
  answerWithProblems(rest);
};
