/** How every task of the workflow calls the workflow function, and which failures it knows by name. */

import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { IntegrationPattern, JsonPath, TaskInput, Timeout } from 'aws-cdk-lib/aws-stepfunctions';
import { LambdaInvoke } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { Duration } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { Limits } from '../../lambda/contract/limits.ts';
import { FAULT_NAMES, type WorkflowStep } from '../../lambda/contract/workflow.ts';

/** What the stages are built from. */
export interface WorkflowParts {
  readonly workflowFunction: IFunction;
  readonly limits: Pick<Limits, 'pendingExpirySeconds' | 'timeToGrantSeconds'>;
}

/**
 * Lambda itself failed, throttled, or stopped a call half-way: the function did nothing wrong, and each step may run twice.
 * Source: "Handle transient Lambda service exceptions" in the Step Functions developer guide; `Sandbox.Timedout` and
 * `Lambda.Unknown` are how a function's time limit is reported.
 */
export const LAMBDA_FAILURES = [
  'Lambda.ClientExecutionTimeoutException',
  'Lambda.ServiceException',
  'Lambda.AWSLambdaException',
  'Lambda.SdkClientException',
  'Lambda.TooManyRequestsException',
  'Lambda.Unknown',
  'Sandbox.Timedout',
];

/** A service behind the function failed, or somebody else changed the same request: the next attempt may go through. */
export const FAULTS = [FAULT_NAMES.service, FAULT_NAMES.conflict];

interface TaskSpec {
  readonly step: WorkflowStep['step'];
  readonly comment: string;
  readonly timeoutSeconds: number;
  readonly resultPath: string;
}

const common = ({ workflowFunction }: WorkflowParts, spec: TaskSpec) => ({
  comment: spec.comment,
  lambdaFunction: workflowFunction,
  taskTimeout: Timeout.duration(Duration.seconds(spec.timeoutSeconds)),
  resultPath: spec.resultPath,
  // Each stage writes its own Retry, with its reasons; the construct's default would stand invisibly before it.
  retryOnServiceExceptions: false,
});

/** A task that waits until somebody answers with its token. The token goes to the table and nowhere else (law 12). */
export const waitingTask = (scope: Construct, name: string, parts: WorkflowParts, spec: TaskSpec): LambdaInvoke =>
  new LambdaInvoke(scope, name, {
    ...common(parts, spec),
    integrationPattern: IntegrationPattern.WAIT_FOR_TASK_TOKEN,
    payload: TaskInput.fromObject({
      step: spec.step,
      requestId: JsonPath.stringAt('$.requestId'),
      taskToken: JsonPath.taskToken,
    }),
  });

/** A task whose answer is what the function returns: nothing but that, so that both kinds of task answer alike. */
export const answeringTask = (scope: Construct, name: string, parts: WorkflowParts, spec: TaskSpec): LambdaInvoke =>
  new LambdaInvoke(scope, name, {
    ...common(parts, spec),
    payloadResponseOnly: true,
    payload: TaskInput.fromObject({ step: spec.step, requestId: JsonPath.stringAt('$.requestId') }),
  });
