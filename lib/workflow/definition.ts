/** The state machine's definition as plain ASL, made in this process: for the golden test and for the local service. */
import { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { type CfnStateMachine, DefinitionBody, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { App, Stack } from 'aws-cdk-lib/core';
import { STATES } from '../../lambda/contract/workflow.ts';
import { accessWorkflow, WORKFLOW_COMMENT } from './workflow.ts';
import type { WorkflowParts } from './workflow-task.ts';

export interface DefinitionOptions {
  readonly limits: WorkflowParts['limits'];
  /** Absent: the ARN of a function that does not exist. */
  readonly workflowFunctionArn?: string;
}

const STAND_IN_ARN = 'arn:aws:lambda:us-east-1:000000000000:function:brevet-workflow';

/** Makes plain text of what CloudFormation would put together; `attributeOf` gives what `Fn::GetAtt` stands for. */
export const plainText = (value: unknown, attributeOf: (logicalId: string) => string): string => {
  if (typeof value === 'string') return value;
  if (typeof value === 'object' && value !== null) {
    if ('Fn::Join' in value) return joined(value['Fn::Join'], attributeOf);
    if ('Fn::GetAtt' in value && Array.isArray(value['Fn::GetAtt'])) return attributeOf(String(value['Fn::GetAtt'][0]));
    if ('Ref' in value && value.Ref === 'AWS::Partition') return 'aws';
  }
  throw new Error(`no plain text for ${JSON.stringify(value)}`);
};

const joined = (argument: unknown, attributeOf: (logicalId: string) => string): string => {
  const [separator, parts] = argument as [string, unknown[]];
  return parts.map((part) => plainText(part, attributeOf)).join(separator);
};

interface Definition {
  readonly States: Readonly<Record<string, unknown>>;
}

/** CDK emits states as it happens to find them; in the order of the story the golden file can be read. */
const inOrderOfTheStory = (definition: Definition): Definition => {
  const order: readonly string[] = Object.values(STATES);
  const states = Object.entries(definition.States).sort(([one], [other]) => order.indexOf(one) - order.indexOf(other));
  return { ...definition, States: Object.fromEntries(states) };
};

/** @returns ASL as JSON, indented. */
export const synthesizeWorkflow = ({ limits, workflowFunctionArn = STAND_IN_ARN }: DefinitionOptions): string => {
  const stack = new Stack(new App({ analyticsReporting: false }), 'Definition');
  const workflowFunction = LambdaFunction.fromFunctionArn(stack, 'WorkflowFunction', workflowFunctionArn);
  const machine = new StateMachine(stack, 'AccessRequest', {
    comment: WORKFLOW_COMMENT,
    definitionBody: DefinitionBody.fromChainable(accessWorkflow(stack, { workflowFunction, limits })),
  });
  const { definitionString } = machine.node.defaultChild as CfnStateMachine;
  const text = plainText(stack.resolve(definitionString), (id) => {
    throw new Error(`the definition refers to ${id}, which this stack does not have`);
  });
  return `${JSON.stringify(inOrderOfTheStory(JSON.parse(text)), null, 2)}\n`;
};
