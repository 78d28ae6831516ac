/** A state machine that asks a function and counts what it says, on the Step Functions stand-in, and the unmodified SDK to drive it. */
import * as sfnSdk from '@aws-sdk/client-sfn';
import {
  DescribeExecutionCommand,
  GetExecutionHistoryCommand,
  SendTaskFailureCommand,
  SendTaskSuccessCommand,
  SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { expect } from 'vitest';
import { CLIENT, eventually, type FakeFunction, fakeLambda, STATE_MACHINE_ARN, serveAws } from './fake-functions.ts';
import { readAlong } from './sdk-shapes.ts';

export const ask = {
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
  Parameters: {
    FunctionName: 'arn:aws:lambda:us-east-1:300000000001:function:asked',
    Payload: { 'id.$': '$.id', 'taskToken.$': '$$.Task.Token' },
  },
  TimeoutSeconds: 60,
  ResultPath: '$.answer',
};
export const DEFINITION = {
  StartAt: 'Ask',
  States: {
    Ask: {
      ...ask,
      Retry: [{ ErrorEquals: ['Again'], IntervalSeconds: 0, MaxAttempts: 1 }],
      Catch: [{ ErrorEquals: ['Refused'], ResultPath: '$.fault', Next: 'Regret' }],
      Next: 'Count',
    },
    Count: {
      Type: 'Task',
      Resource: 'arn:aws:lambda:us-east-1:300000000001:function:count',
      Parameters: { 'text.$': '$.answer' },
      ResultPath: '$.count',
      Next: 'Done',
    },
    Regret: { Type: 'Pass', Result: 'sorry', ResultPath: '$.regret', Next: 'Done' },
    Done: { Type: 'Succeed' },
  },
};

interface Asked {
  readonly id: string;
  readonly taskToken: string;
}

export type MachineUnderTest = Awaited<ReturnType<typeof serveMachine>>;

/** @param more functions beside those of `DEFINITION` */
export const serveMachine = async (
  definition: object = DEFINITION,
  more: Readonly<Record<string, FakeFunction>> = {},
) => {
  const asked: Asked[] = [];
  const misshapen: string[] = [];
  const { functions } = fakeLambda({
    asked: (event) => void asked.push(event as Asked),
    count: (event) => (event as { text: string }).text.length,
    ...more,
  });
  const aws = await serveAws(functions, definition);
  const client = new SFNClient({ ...CLIENT, endpoint: aws.url });
  readAlong(sfnSdk, client, misshapen);

  const start = async (name: string, input: object = { id: name }): Promise<string> => {
    const command = new StartExecutionCommand({
      stateMachineArn: STATE_MACHINE_ARN,
      name,
      input: JSON.stringify(input),
    });
    return String((await client.send(command)).executionArn);
  };
  const describeIt = (executionArn: string) => client.send(new DescribeExecutionCommand({ executionArn }));
  return {
    aws,
    client,
    asked,
    start,
    describeIt,
    tokenOf: (index = 0): Promise<string> => eventually(() => asked[index]?.taskToken),
    succeed: (taskToken: string, output: unknown) =>
      client.send(new SendTaskSuccessCommand({ taskToken, output: JSON.stringify(output) })),
    fail: (taskToken: string, error: string) =>
      client.send(new SendTaskFailureCommand({ taskToken, error, cause: 'x' })),
    ended: (arn: string) =>
      eventually(async () => {
        const execution = await describeIt(arn);
        return execution.status === 'RUNNING' ? undefined : execution;
      }),
    statesEntered: async (executionArn: string): Promise<(string | undefined)[]> => {
      const { events = [] } = await client.send(new GetExecutionHistoryCommand({ executionArn }));
      return events.flatMap(({ stateEnteredEventDetails: entered }) => (entered ? [entered.name] : []));
    },
    /** Fails where the SDK was answered in another form than its own schemas have. */
    close: async (): Promise<void> => {
      client.destroy();
      await aws.close();
      expect(misshapen, "by the SDK's own schemas").toEqual([]);
    },
  };
};
