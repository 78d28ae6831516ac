/** Looking at executions and at the state machine on the Step Functions stand-in, with the unmodified SDK over HTTP. */
import {
  DescribeExecutionCommand,
  DescribeStateMachineCommand,
  ExecutionDoesNotExist,
  ListExecutionsCommand,
  ListStateMachinesCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DEFINITION, type MachineUnderTest, serveMachine } from './asking-machine.ts';
import { STATE_MACHINE_ARN } from './fake-functions.ts';

let on: MachineUnderTest;
beforeEach(async () => {
  on = await serveMachine();
});
afterEach(() => on.close());

describe('looking', () => {
  test('lists executions newest first, by status and by page', async () => {
    for (const name of ['a', 'b', 'c']) await on.start(name);
    const arn = await on.start('d');
    await on.client.send(new StopExecutionCommand({ executionArn: arn }));
    const running = { stateMachineArn: STATE_MACHINE_ARN, statusFilter: 'RUNNING', maxResults: 2 } as const;
    const first = await on.client.send(new ListExecutionsCommand(running));
    expect(first.executions?.map(({ name }) => name)).toEqual(['c', 'b']);
    await on.start('e');
    const second = await on.client.send(new ListExecutionsCommand({ ...running, nextToken: first.nextToken }));
    expect(second.executions?.map(({ name, status }) => [name, status])).toEqual([['a', 'RUNNING']]);
    expect(second.nextToken).toBeUndefined();
  });

  test('takes no page token of another list, nor one that somebody wrote', async () => {
    for (const name of ['a', 'b']) await on.start(name);
    const list = { stateMachineArn: STATE_MACHINE_ARN, maxResults: 1 };
    const { nextToken } = await on.client.send(new ListExecutionsCommand({ ...list, statusFilter: 'RUNNING' }));
    const written = Buffer.from('b').toString('base64url');
    for (const token of [nextToken, written, `${nextToken}x`]) {
      await expect(on.client.send(new ListExecutionsCommand({ ...list, nextToken: token }))).rejects.toMatchObject({
        name: 'InvalidToken',
      });
    }
  });

  test('describes and lists the one state machine with its definition', async () => {
    const { stateMachines } = await on.client.send(new ListStateMachinesCommand({}));
    expect(stateMachines).toMatchObject([{ stateMachineArn: STATE_MACHINE_ARN, name: 'story', type: 'STANDARD' }]);
    const machine = await on.client.send(new DescribeStateMachineCommand({ stateMachineArn: STATE_MACHINE_ARN }));
    expect(JSON.parse(machine.definition ?? '')).toEqual(DEFINITION);
  });

  test('at an execution that never was says so', async () => {
    const arn = `${STATE_MACHINE_ARN.replace('stateMachine', 'execution')}:nobody`;
    await expect(on.describeIt(arn)).rejects.toBeInstanceOf(ExecutionDoesNotExist);
    await expect(on.client.send(new StopExecutionCommand({ executionArn: arn }))).rejects.toBeInstanceOf(
      ExecutionDoesNotExist,
    );
  });

  test('with something missing is a validation error', async () => {
    const command = new DescribeExecutionCommand({} as never);
    await expect(on.client.send(command)).rejects.toMatchObject({ name: 'ValidationException' });
  });
});
