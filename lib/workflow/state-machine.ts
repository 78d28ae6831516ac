/** The state machine as it is deployed: the workflow, traced, its transitions logged, with a role that may call one function. */
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { DefinitionBody, LogLevel, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Aws, Fn, Validations } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { logGroup } from '../log-group.ts';
import { accessWorkflow, WORKFLOW_COMMENT } from './workflow.ts';
import type { WorkflowParts } from './workflow-task.ts';

const DELIVER_LOGS = [
  'logs:CreateLogDelivery',
  'logs:GetLogDelivery',
  'logs:UpdateLogDelivery',
  'logs:DeleteLogDelivery',
  'logs:ListLogDeliveries',
  'logs:PutResourcePolicy',
  'logs:DescribeResourcePolicies',
  'logs:DescribeLogGroups',
];
const SEND_TRACES = [
  'xray:PutTraceSegments',
  'xray:PutTelemetryRecords',
  'xray:GetSamplingRules',
  'xray:GetSamplingTargets',
];

/** Step Functions keeps log groups of this prefix out of the account's log resource policy, which has little room. */
const logGroupName = (): string => `/aws/vendedlogs/states/brevet-${Fn.select(2, Fn.split('/', Aws.STACK_ID))}`;

export interface AccessStateMachineProps extends WorkflowParts {
  readonly logKey: IKey;
}

export class AccessStateMachine extends Construct {
  readonly stateMachine: StateMachine;

  constructor(scope: Construct, id: string, props: AccessStateMachineProps) {
    super(scope, id);
    const logs = logGroup(this, 'Logs', props.logKey, logGroupName());
    this.stateMachine = new StateMachine(this, 'AccessRequest', {
      comment: WORKFLOW_COMMENT,
      definitionBody: DefinitionBody.fromChainable(accessWorkflow(this, props)),
      // Left to itself, the construct would add every version and alias of the function to what the role may call.
      role: this.role(props).withoutPolicyUpdates(),
      tracingEnabled: true,
      // NB. Every transition, but not what passes through: a task's parameters carry its token (law 12).
      logs: { destination: logs, level: LogLevel.ALL, includeExecutionData: false },
    });
  }

  private role({ workflowFunction: { functionArn } }: AccessStateMachineProps): Role {
    const role = new Role(this, 'Role', {
      description: 'Runs access requests: calls the workflow function',
      assumedBy: new ServicePrincipal('states.amazonaws.com'),
    });
    role.addToPolicy(new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [functionArn] }));
    role.addToPolicy(new PolicyStatement({ actions: [...DELIVER_LOGS, ...SEND_TRACES], resources: ['*'] }));
    Validations.of(role).acknowledge({
      id: 'AwsSolutions-IAM5[Resource::*]',
      reason:
        'The log delivery and X-Ray calls know no resources ("Logging using CloudWatch Logs" in the Step Functions guide)',
    });
    return role;
  }
}
