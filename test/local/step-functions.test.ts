/** The Step Functions stand-in, driven with the unmodified SDK over HTTP: executions, their tasks, and the tokens that these wait for. */
import {
  ExecutionAlreadyExists,
  GetExecutionHistoryCommand,
  InvalidExecutionInput,
  InvalidName,
  InvalidOutput,
  InvalidToken,
  SendTaskHeartbeatCommand,
  SendTaskSuccessCommand,
  StartExecutionCommand,
  StateMachineDoesNotExist,
  StopExecutionCommand,
  TaskDoesNotExist,
  TaskTimedOut,
} from '@aws-sdk/client-sfn';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ask, type MachineUnderTest, serveMachine } from './asking-machine.ts';
import { eventually, STATE_MACHINE_ARN } from './fake-functions.ts';

let on: MachineUnderTest;
beforeEach(async () => {
  on = await serveMachine();
});
afterEach(() => on.close());

describe('an execution', () => {
  test('waits for its task token, goes on with the answer, and shows output and history', async () => {
    const arn = await on.start('one');
    expect(await on.describeIt(arn)).toMatchObject({ status: 'RUNNING', name: 'one', input: '{"id":"one"}' });
    await on.succeed(await on.tokenOf(), 'yes');
    const execution = await on.ended(arn);
    expect(execution.status).toBe('SUCCEEDED');
    expect(JSON.parse(execution.output ?? '')).toEqual({ id: 'one', answer: 'yes', count: 3 });
    expect(execution.stopDate).toBeInstanceOf(Date);
    expect(await on.statesEntered(arn)).toEqual(['Ask', 'Count', 'Done']);
  });

  test('told of a failure that Catch names takes the other way', async () => {
    const arn = await on.start('caught');
    await on.fail(await on.tokenOf(), 'Refused');
    const execution = await on.ended(arn);
    expect(JSON.parse(execution.output ?? '')).toMatchObject({ fault: { Error: 'Refused' }, regret: 'sorry' });
    expect(await on.statesEntered(arn)).toEqual(['Ask', 'Regret', 'Done']);
  });

  test('told of a failure that Retry names asks again with another token', async () => {
    const arn = await on.start('again');
    const first = await on.tokenOf();
    await on.fail(first, 'Again');
    const second = await on.tokenOf(1);
    expect(second).not.toBe(first);
    await expect(on.succeed(first, 'late')).rejects.toBeInstanceOf(TaskTimedOut);
    await on.succeed(second, 'ok');
    expect((await on.ended(arn)).status).toBe('SUCCEEDED');
  });

  test('told of a failure that nothing names fails with its error and cause', async () => {
    const arn = await on.start('failed');
    await on.fail(await on.tokenOf(), 'Unforeseen');
    expect(await on.ended(arn)).toMatchObject({ status: 'FAILED', error: 'Unforeseen', cause: 'x' });
  });

  test('that is stopped is aborted, and nobody waits for its token any more', async () => {
    const arn = await on.start('stopped');
    const token = await on.tokenOf();
    await on.client.send(new StopExecutionCommand({ executionArn: arn, error: 'Why', cause: 'tried' }));
    expect(await on.describeIt(arn)).toMatchObject({ status: 'ABORTED', error: 'Why', cause: 'tried' });
    await expect(on.succeed(token, 'yes')).rejects.toBeInstanceOf(TaskTimedOut);
  });
});

describe('a task', () => {
  test('that takes longer than its limit times out, is caught as States.Timeout, and its token is worth nothing', async () => {
    await on.close();
    const Catch = [{ ErrorEquals: ['States.Timeout'], ResultPath: '$.fault', Next: 'Rest' }];
    const Rest = { Type: 'Wait', Seconds: 60, End: true };
    on = await serveMachine({
      StartAt: 'Ask',
      States: { Ask: { ...ask, TimeoutSeconds: 1, Catch, Next: 'Rest' }, Rest },
    });
    const arn = await on.start('timed');
    const token = await on.tokenOf();
    await eventually(async () => ((await on.statesEntered(arn)).includes('Rest') ? true : undefined));
    await expect(on.succeed(token, 'late')).rejects.toBeInstanceOf(TaskTimedOut);
    const { events = [] } = await on.client.send(
      new GetExecutionHistoryCommand({ executionArn: arn, reverseOrder: true }),
    );
    expect(events.map(({ type }) => type).slice(0, 3)).toEqual(['WaitStateEntered', 'TaskStateExited', 'TaskTimedOut']);
    expect(JSON.parse(events[0]?.stateEnteredEventDetails?.input ?? '')).toMatchObject({
      fault: { Error: 'States.Timeout' },
    });
  });

  test('whose function throws fails by the name of the error, with the error as its cause', async () => {
    await on.close();
    const definition = {
      StartAt: 'Call',
      States: {
        Call: { Type: 'Task', Resource: 'arn:aws:lambda:us-east-1:300000000001:function:broken', End: true },
      },
    };
    on = await serveMachine(definition, {
      broken: () => {
        throw Object.assign(new Error('no luck'), { name: 'ServiceFault' });
      },
    });
    const execution = await on.ended(await on.start('broken'));
    expect(execution).toMatchObject({ status: 'FAILED', error: 'ServiceFault' });
    expect(JSON.parse(execution.cause ?? '')).toEqual({ errorType: 'ServiceFault', errorMessage: 'no luck' });
  });
});

describe('starting', () => {
  test('twice under one name with one input is one execution while it runs', async () => {
    const first = await on.start('same');
    expect(await on.start('same')).toBe(first);
    await on.tokenOf();
    expect(on.asked).toHaveLength(1);
  });

  test('under a name that runs with another input is refused', async () => {
    await on.start('same');
    await expect(on.start('same', { id: 'other' })).rejects.toBeInstanceOf(ExecutionAlreadyExists);
  });

  test('under the name of an execution that has ended is refused', async () => {
    const arn = await on.start('once');
    await on.client.send(new StopExecutionCommand({ executionArn: arn }));
    await expect(on.start('once')).rejects.toBeInstanceOf(ExecutionAlreadyExists);
  });

  test.each([
    ['an unknown state machine', { stateMachineArn: `${STATE_MACHINE_ARN}x` }, StateMachineDoesNotExist],
    ['a name with a slash', { name: 'a/b' }, InvalidName],
    ['an input that is not JSON', { input: '{' }, InvalidExecutionInput],
  ])('with %s is refused', async (_what, wrong, error) => {
    const command = new StartExecutionCommand({ stateMachineArn: STATE_MACHINE_ARN, input: '{}', ...wrong });
    await expect(on.client.send(command)).rejects.toBeInstanceOf(error);
  });
});

describe('a task token', () => {
  const UNKNOWN = Buffer.alloc(48, 7).toString('base64');

  test.each([
    ['no token at all', 'made up', InvalidToken],
    ['of an earlier life', UNKNOWN, TaskDoesNotExist],
  ])('that is %s is refused', async (_what, token, error) => {
    await expect(on.succeed(token, 'yes')).rejects.toBeInstanceOf(error);
    await expect(on.fail(token, 'no')).rejects.toBeInstanceOf(error);
    await expect(on.client.send(new SendTaskHeartbeatCommand({ taskToken: token }))).rejects.toBeInstanceOf(error);
  });

  test('is good for one answer', async () => {
    await on.start('one');
    const token = await on.tokenOf();
    await on.client.send(new SendTaskHeartbeatCommand({ taskToken: token }));
    await on.succeed(token, 'yes');
    await expect(on.succeed(token, 'again')).rejects.toBeInstanceOf(TaskTimedOut);
  });

  test('takes no output that is not JSON, and is still good afterwards', async () => {
    const arn = await on.start('one');
    const token = await on.tokenOf();
    const wrong = new SendTaskSuccessCommand({ taskToken: token, output: 'yes' });
    await expect(on.client.send(wrong)).rejects.toBeInstanceOf(InvalidOutput);
    await on.succeed(token, 'yes');
    expect((await on.ended(arn)).status).toBe('SUCCEEDED');
  });
});
