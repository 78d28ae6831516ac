/** The Step Functions stand-in, driven with the unmodified SDK over HTTP. */
import * as sfnSdk from '@aws-sdk/client-sfn';
import {
  DescribeExecutionCommand,
  DescribeStateMachineCommand,
  ExecutionAlreadyExists,
  ExecutionDoesNotExist,
  GetExecutionHistoryCommand,
  InvalidExecutionInput,
  InvalidName,
  InvalidOutput,
  InvalidToken,
  ListExecutionsCommand,
  ListStateMachinesCommand,
  SendTaskFailureCommand,
  SendTaskHeartbeatCommand,
  SendTaskSuccessCommand,
  SFNClient,
  StartExecutionCommand,
  StateMachineDoesNotExist,
  StopExecutionCommand,
  TaskDoesNotExist,
  TaskTimedOut,
} from '@aws-sdk/client-sfn';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type AwsUnderTest, CLIENT, eventually, fakeLambda, STATE_MACHINE_ARN, serveAws } from './fake-functions.ts';
import { readAlong } from './sdk-shapes.ts';

const ask = {
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
  Parameters: {
    FunctionName: 'arn:aws:lambda:us-east-1:300000000001:function:asked',
    Payload: { 'id.$': '$.id', 'taskToken.$': '$$.Task.Token' },
  },
  TimeoutSeconds: 60,
  ResultPath: '$.answer',
};
const DEFINITION = {
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

let aws: AwsUnderTest;
let client: SFNClient;
let asked: Asked[];
let misshapen: string[];

const serve = async (definition: object = DEFINITION): Promise<void> => {
  asked = [];
  misshapen = [];
  const { functions } = fakeLambda({
    asked: (event) => void asked.push(event as Asked),
    count: (event) => (event as { text: string }).text.length,
  });
  aws = await serveAws(functions, definition);
  client = new SFNClient({ ...CLIENT, endpoint: aws.url });
  readAlong(sfnSdk, client, misshapen);
};

beforeEach(() => serve());
afterEach(async () => {
  client.destroy();
  await aws.close();
  expect(misshapen, "by the SDK's own schemas").toEqual([]);
});

const start = async (name: string, input: object = { id: name }): Promise<string> => {
  const command = new StartExecutionCommand({ stateMachineArn: STATE_MACHINE_ARN, name, input: JSON.stringify(input) });
  return String((await client.send(command)).executionArn);
};
const tokenOf = (index = 0): Promise<string> => eventually(() => asked[index]?.taskToken);
const succeed = (taskToken: string, output: unknown) =>
  client.send(new SendTaskSuccessCommand({ taskToken, output: JSON.stringify(output) }));
const fail = (taskToken: string, error: string) =>
  client.send(new SendTaskFailureCommand({ taskToken, error, cause: 'x' }));
const describeIt = (executionArn: string) => client.send(new DescribeExecutionCommand({ executionArn }));
const ended = (arn: string) =>
  eventually(async () => {
    const execution = await describeIt(arn);
    return execution.status === 'RUNNING' ? undefined : execution;
  });
const statesEntered = async (executionArn: string): Promise<(string | undefined)[]> => {
  const { events = [] } = await client.send(new GetExecutionHistoryCommand({ executionArn }));
  return events.flatMap(({ stateEnteredEventDetails: entered }) => (entered ? [entered.name] : []));
};

describe('an execution', () => {
  test('waits for its task token, goes on with the answer, and shows output and history', async () => {
    const arn = await start('one');
    expect(await describeIt(arn)).toMatchObject({ status: 'RUNNING', name: 'one', input: '{"id":"one"}' });
    await succeed(await tokenOf(), 'yes');
    const execution = await ended(arn);
    expect(execution.status).toBe('SUCCEEDED');
    expect(JSON.parse(execution.output ?? '')).toEqual({ id: 'one', answer: 'yes', count: 3 });
    expect(execution.stopDate).toBeInstanceOf(Date);
    expect(await statesEntered(arn)).toEqual(['Ask', 'Count', 'Done']);
  });

  test('told of a failure that Catch names takes the other way', async () => {
    const arn = await start('caught');
    await fail(await tokenOf(), 'Refused');
    const execution = await ended(arn);
    expect(JSON.parse(execution.output ?? '')).toMatchObject({ fault: { Error: 'Refused' }, regret: 'sorry' });
    expect(await statesEntered(arn)).toEqual(['Ask', 'Regret', 'Done']);
  });

  test('told of a failure that Retry names asks again with another token', async () => {
    const arn = await start('again');
    const first = await tokenOf();
    await fail(first, 'Again');
    const second = await tokenOf(1);
    expect(second).not.toBe(first);
    await expect(succeed(first, 'late')).rejects.toBeInstanceOf(TaskTimedOut);
    await succeed(second, 'ok');
    expect((await ended(arn)).status).toBe('SUCCEEDED');
  });

  test('told of a failure that nothing names fails with its error and cause', async () => {
    const arn = await start('failed');
    await fail(await tokenOf(), 'Unforeseen');
    expect(await ended(arn)).toMatchObject({ status: 'FAILED', error: 'Unforeseen', cause: 'x' });
  });

  test('that is stopped is aborted, and nobody waits for its token any more', async () => {
    const arn = await start('stopped');
    const token = await tokenOf();
    await client.send(new StopExecutionCommand({ executionArn: arn, error: 'Why', cause: 'tried' }));
    expect(await describeIt(arn)).toMatchObject({ status: 'ABORTED', error: 'Why', cause: 'tried' });
    await expect(succeed(token, 'yes')).rejects.toBeInstanceOf(TaskTimedOut);
  });
});

describe('a task', () => {
  test('that takes longer than its limit times out, is caught as States.Timeout, and its token is worth nothing', async () => {
    await aws.close();
    const Catch = [{ ErrorEquals: ['States.Timeout'], ResultPath: '$.fault', Next: 'Rest' }];
    const Rest = { Type: 'Wait', Seconds: 60, End: true };
    await serve({ StartAt: 'Ask', States: { Ask: { ...ask, TimeoutSeconds: 1, Catch, Next: 'Rest' }, Rest } });
    const arn = await start('timed');
    const token = await tokenOf();
    await eventually(async () => ((await statesEntered(arn)).includes('Rest') ? true : undefined));
    await expect(succeed(token, 'late')).rejects.toBeInstanceOf(TaskTimedOut);
    const { events = [] } = await client.send(
      new GetExecutionHistoryCommand({ executionArn: arn, reverseOrder: true }),
    );
    expect(events.map(({ type }) => type).slice(0, 3)).toEqual(['WaitStateEntered', 'TaskStateExited', 'TaskTimedOut']);
    expect(JSON.parse(events[0]?.stateEnteredEventDetails?.input ?? '')).toMatchObject({
      fault: { Error: 'States.Timeout' },
    });
  });

  test('whose function throws fails by the name of the error, with the error as its cause', async () => {
    await aws.close();
    const definition = {
      StartAt: 'Call',
      States: {
        Call: { Type: 'Task', Resource: 'arn:aws:lambda:us-east-1:300000000001:function:broken', End: true },
      },
    };
    const { functions } = fakeLambda({
      broken: () => {
        throw Object.assign(new Error('no luck'), { name: 'ServiceFault' });
      },
    });
    aws = await serveAws(functions, definition);
    client = new SFNClient({ ...CLIENT, endpoint: aws.url });
    const execution = await ended(await start('broken'));
    expect(execution).toMatchObject({ status: 'FAILED', error: 'ServiceFault' });
    expect(JSON.parse(execution.cause ?? '')).toEqual({ errorType: 'ServiceFault', errorMessage: 'no luck' });
  });
});

describe('starting', () => {
  test('twice under one name with one input is one execution while it runs', async () => {
    const first = await start('same');
    expect(await start('same')).toBe(first);
    await tokenOf();
    expect(asked).toHaveLength(1);
  });

  test('under a name that runs with another input is refused', async () => {
    await start('same');
    await expect(start('same', { id: 'other' })).rejects.toBeInstanceOf(ExecutionAlreadyExists);
  });

  test('under the name of an execution that has ended is refused', async () => {
    const arn = await start('once');
    await client.send(new StopExecutionCommand({ executionArn: arn }));
    await expect(start('once')).rejects.toBeInstanceOf(ExecutionAlreadyExists);
  });

  test.each([
    ['an unknown state machine', { stateMachineArn: `${STATE_MACHINE_ARN}x` }, StateMachineDoesNotExist],
    ['a name with a slash', { name: 'a/b' }, InvalidName],
    ['an input that is not JSON', { input: '{' }, InvalidExecutionInput],
  ])('with %s is refused', async (_what, wrong, error) => {
    const command = new StartExecutionCommand({ stateMachineArn: STATE_MACHINE_ARN, input: '{}', ...wrong });
    await expect(client.send(command)).rejects.toBeInstanceOf(error);
  });
});

describe('a task token', () => {
  const UNKNOWN = Buffer.alloc(48, 7).toString('base64');

  test.each([
    ['no token at all', 'made up', InvalidToken],
    ['of an earlier life', UNKNOWN, TaskDoesNotExist],
  ])('that is %s is refused', async (_what, token, error) => {
    await expect(succeed(token, 'yes')).rejects.toBeInstanceOf(error);
    await expect(fail(token, 'no')).rejects.toBeInstanceOf(error);
    await expect(client.send(new SendTaskHeartbeatCommand({ taskToken: token }))).rejects.toBeInstanceOf(error);
  });

  test('is good for one answer', async () => {
    await start('one');
    const token = await tokenOf();
    await client.send(new SendTaskHeartbeatCommand({ taskToken: token }));
    await succeed(token, 'yes');
    await expect(succeed(token, 'again')).rejects.toBeInstanceOf(TaskTimedOut);
  });

  test('takes no output that is not JSON, and is still good afterwards', async () => {
    const arn = await start('one');
    const token = await tokenOf();
    const wrong = new SendTaskSuccessCommand({ taskToken: token, output: 'yes' });
    await expect(client.send(wrong)).rejects.toBeInstanceOf(InvalidOutput);
    await succeed(token, 'yes');
    expect((await ended(arn)).status).toBe('SUCCEEDED');
  });
});

describe('looking', () => {
  test('lists executions newest first, by status and by page', async () => {
    for (const name of ['a', 'b', 'c']) await start(name);
    const arn = await start('d');
    await client.send(new StopExecutionCommand({ executionArn: arn }));
    const running = { stateMachineArn: STATE_MACHINE_ARN, statusFilter: 'RUNNING', maxResults: 2 } as const;
    const first = await client.send(new ListExecutionsCommand(running));
    expect(first.executions?.map(({ name }) => name)).toEqual(['c', 'b']);
    await start('e');
    const second = await client.send(new ListExecutionsCommand({ ...running, nextToken: first.nextToken }));
    expect(second.executions?.map(({ name, status }) => [name, status])).toEqual([['a', 'RUNNING']]);
    expect(second.nextToken).toBeUndefined();
  });

  test('takes no page token of another list, nor one that somebody wrote', async () => {
    for (const name of ['a', 'b']) await start(name);
    const list = { stateMachineArn: STATE_MACHINE_ARN, maxResults: 1 };
    const { nextToken } = await client.send(new ListExecutionsCommand({ ...list, statusFilter: 'RUNNING' }));
    const written = Buffer.from('b').toString('base64url');
    for (const token of [nextToken, written, `${nextToken}x`]) {
      await expect(client.send(new ListExecutionsCommand({ ...list, nextToken: token }))).rejects.toMatchObject({
        name: 'InvalidToken',
      });
    }
  });

  test('describes and lists the one state machine with its definition', async () => {
    const { stateMachines } = await client.send(new ListStateMachinesCommand({}));
    expect(stateMachines).toMatchObject([{ stateMachineArn: STATE_MACHINE_ARN, name: 'story', type: 'STANDARD' }]);
    const machine = await client.send(new DescribeStateMachineCommand({ stateMachineArn: STATE_MACHINE_ARN }));
    expect(JSON.parse(machine.definition ?? '')).toEqual(DEFINITION);
  });

  test('at an execution that never was says so', async () => {
    const arn = `${STATE_MACHINE_ARN.replace('stateMachine', 'execution')}:nobody`;
    await expect(describeIt(arn)).rejects.toBeInstanceOf(ExecutionDoesNotExist);
    await expect(client.send(new StopExecutionCommand({ executionArn: arn }))).rejects.toBeInstanceOf(
      ExecutionDoesNotExist,
    );
  });

  test('with something missing is a validation error', async () => {
    const command = new DescribeExecutionCommand({} as never);
    await expect(client.send(command)).rejects.toMatchObject({ name: 'ValidationException' });
  });
});

describe('a fault', () => {
  test('strikes before the effect, and the log has the call with its outcome', async () => {
    aws.faults.replace([{ kind: 'outage', operation: 'states:StartExecution', when: 'before', times: 1 }]);
    await expect(start('one')).rejects.toMatchObject({ name: 'ServiceUnavailableException' });
    const arn = `${STATE_MACHINE_ARN.replace('stateMachine', 'execution')}:one`;
    await expect(describeIt(arn)).rejects.toBeInstanceOf(ExecutionDoesNotExist);
    expect(aws.calls.list()).toMatchObject([
      {
        service: 'states',
        operation: 'StartExecution',
        outcome: 'ServiceUnavailableException',
        fields: { name: 'one' },
      },
      { service: 'states', operation: 'DescribeExecution', outcome: 'ExecutionDoesNotExist' },
    ]);
  });

  test('or a call without one is noted, but for the task token', async () => {
    await start('one');
    const token = await tokenOf();
    await succeed(token, 'yes');
    expect(aws.calls.list().at(-1)).toMatchObject({ operation: 'SendTaskSuccess', fields: { output: '"yes"' } });
    expect(JSON.stringify(aws.calls.list())).not.toContain(token);
  });

  test('strikes after the effect: the execution runs, and only the answer is lost', async () => {
    aws.faults.replace([{ kind: 'throttle', operation: 'StartExecution', when: 'after', times: 1 }]);
    await expect(start('one')).rejects.toMatchObject({ name: 'ThrottlingException' });
    await tokenOf();
    expect(await start('one')).toContain(':one');
    expect(asked).toHaveLength(1);
  });
});
