/** Faults that the Step Functions stand-in is told of, and its log, as the unmodified SDK meets them over HTTP. */
import { ExecutionDoesNotExist } from '@aws-sdk/client-sfn';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type MachineUnderTest, serveMachine } from './asking-machine.ts';
import { STATE_MACHINE_ARN } from './fake-functions.ts';

let on: MachineUnderTest;
beforeEach(async () => {
  on = await serveMachine();
});
afterEach(() => on.close());

describe('a fault', () => {
  test('strikes before the effect, and the log has the call with its outcome', async () => {
    on.aws.faults.replace([{ kind: 'outage', operation: 'states:StartExecution', when: 'before', times: 1 }]);
    await expect(on.start('one')).rejects.toMatchObject({ name: 'ServiceUnavailableException' });
    const arn = `${STATE_MACHINE_ARN.replace('stateMachine', 'execution')}:one`;
    await expect(on.describeIt(arn)).rejects.toBeInstanceOf(ExecutionDoesNotExist);
    expect(on.aws.calls.list()).toMatchObject([
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
    await on.start('one');
    const token = await on.tokenOf();
    await on.succeed(token, 'yes');
    expect(on.aws.calls.list().at(-1)).toMatchObject({ operation: 'SendTaskSuccess', fields: { output: '"yes"' } });
    expect(JSON.stringify(on.aws.calls.list())).not.toContain(token);
  });

  test('strikes after the effect: the execution runs, and only the answer is lost', async () => {
    on.aws.faults.replace([{ kind: 'throttle', operation: 'StartExecution', when: 'after', times: 1 }]);
    await expect(on.start('one')).rejects.toMatchObject({ name: 'ThrottlingException' });
    await on.tokenOf();
    expect(await on.start('one')).toContain(':one');
    expect(on.asked).toHaveLength(1);
  });
});
