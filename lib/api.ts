/** The REST API: its doors, what is logged of each call, and how much it bears. */
import {
  AccessLogField,
  AccessLogFormat,
  AuthorizationType,
  EndpointType,
  LogGroupLogDestination,
  MethodLoggingLevel,
  RestApi,
  type StageOptions,
} from 'aws-cdk-lib/aws-apigateway';
import { PolicyDocument } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnOutput, Validations } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { DOOR_PREFIXES } from '../lambda/contract/doors.ts';
import type { OidcSettings } from '../lambda/contract/sign-in.ts';
import { apiResourcePolicy } from './api-resource-policy.ts';
import { type DoorFunctions, openMethods } from './door-methods.ts';
import { logGroup } from './log-group.ts';
import { openOidcDoor } from './oidc-door.ts';

const STAGE = 'live';

/** Ten times what a thousand engineers in an incident would need; it bounds what a runaway script can cost. */
const THROTTLE = { throttlingRateLimit: 50, throttlingBurstLimit: 100 };

/** Who called what, with what outcome. No query and no body: they may carry what people wrote. */
const ACCESS_LOG = AccessLogFormat.custom(
  JSON.stringify({
    requestId: AccessLogField.contextRequestId(),
    traceId: AccessLogField.contextXrayTraceId(),
    at: AccessLogField.contextRequestTime(),
    sourceIp: AccessLogField.contextIdentitySourceIp(),
    caller: AccessLogField.contextIdentityUserArn(),
    callerByToken: AccessLogField.contextAuthorizerPrincipalId(),
    method: AccessLogField.contextHttpMethod(),
    path: AccessLogField.contextPath(),
    status: AccessLogField.contextStatus(),
    latencyMilliseconds: AccessLogField.contextResponseLatency(),
    refusedAtTheDoor: AccessLogField.contextErrorResponseType(),
  }),
);

export interface ApiProps {
  readonly functions: DoorFunctions;
  /** Absent: there is no door for tokens. */
  readonly oidc?: { readonly settings: OidcSettings; readonly authorizerFunction: IFunction } | undefined;
  readonly organizationId: string;
  readonly logKey: IKey;
}

export class Api extends Construct {
  readonly rest: RestApi;

  constructor(scope: Construct, id: string, props: ApiProps) {
    super(scope, id);
    this.rest = new RestApi(this, 'Rest', {
      restApiName: 'brevet',
      description: 'Brevet: temporary elevated access',
      endpointConfiguration: { types: [EndpointType.REGIONAL] },
      policy: PolicyDocument.fromJson(apiResourcePolicy(props)),
      deployOptions: this.stage(props.logKey),
      cloudWatchRole: true,
    });
    this.keepExecutionLogs(props.logKey);
    openMethods(this.rest, DOOR_PREFIXES.sigv4, props.functions, { authorizationType: AuthorizationType.IAM });
    if (props.oidc) openOidcDoor(this.rest, { ...props.oidc, functions: props.functions });
    this.acknowledge();
    this.nameOutputs();
  }

  private stage(logKey: IKey): StageOptions {
    return {
      stageName: STAGE,
      tracingEnabled: true,
      accessLogDestination: new LogGroupLogDestination(logGroup(this, 'AccessLogs', logKey)),
      accessLogFormat: ACCESS_LOG,
      loggingLevel: MethodLoggingLevel.ERROR,
      dataTraceEnabled: false,
      ...THROTTLE,
    };
  }

  /** API Gateway would make this log group itself, for ever and under its own key. */
  private keepExecutionLogs(logKey: IKey): void {
    const name = `API-Gateway-Execution-Logs_${this.rest.restApiId}/${STAGE}`;
    this.rest.deploymentStage.node.addDependency(logGroup(this, 'ExecutionLogs', logKey, name));
  }

  /** Names that people read: the address comes from the construct itself, under a name that nobody could guess. */
  private nameOutputs(): void {
    const address = this.rest.node.findChild('Endpoint') as CfnOutput;
    address.overrideLogicalId('ApiUrl');
    address.description = 'Where the API is';
    new CfnOutput(this, 'IamDoorArn', {
      value: this.rest.arnForExecuteApi('*', '/iam/*', STAGE),
      description: 'What callers must be allowed to execute-api:Invoke',
    }).overrideLogicalId('IamDoorArn');
  }

  private acknowledge(): void {
    const findings: Record<string, string> = {
      'AwsSolutions-APIG2':
        'Every body and query is validated by the function, with the schemas that the documentation is made from; API Gateway would answer in another form than problem+json',
      'AwsSolutions-APIG3':
        'A web ACL belongs to whoever deploys, and costs by the month; only callers with roles of this organization, or with a token that the authorizer believes, get further than API Gateway, and the stage is throttled',
      'AwsSolutions-COG4':
        'Callers sign with SigV4 as their IAM Identity Center role, or bring a token of the issuer in the settings; there are no Cognito users',
      'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs]':
        'API Gateway keeps one such role for the whole account and Region, and checks that it has the rights of this policy',
    };
    for (const [id, reason] of Object.entries(findings)) Validations.of(this.rest).acknowledge({ id, reason });
  }
}
