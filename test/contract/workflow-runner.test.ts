/** What the workflow runners make of starts and answers; Step Functions itself is a stub here. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFixedClock } from '../../lambda/adapters/memory/fixed-clock.ts';
import { createMemoryWorkflowRunner } from '../../lambda/adapters/memory/memory-workflow-runner.ts';
import { createStepFunctionsCalls, createStepFunctionsRunner } from '../../lambda/adapters/step-functions-runner.ts';
import { instant } from '../../lambda/domain/time.ts';
import type { WorkflowRunner } from '../../lambda/ports/workflow-runner.ts';
import { at, idOf } from './samples.ts';
import { exception, type StubAws, startStubAws } from './stub-aws.ts';

const STATE_MACHINE = 'arn:aws:states:us-east-1:300000000001:stateMachine:brevet';
const STARTED = { body: { executionArn: 'arn', startDate: 0 } };

describe('the Step Functions runner', () => {
  let aws: StubAws;
  let runner: WorkflowRunner;
  beforeEach(async () => {
    aws = await startStubAws();
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    const { config } = new DynamoDBClient({ region: 'us-east-1', credentials });
    const clock = createFixedClock(instant(0));
    const calls = createStepFunctionsCalls({ aws: config, endpoint: aws.url, clock, tries: 2 });
    runner = createStepFunctionsRunner({ calls, stateMachineArn: STATE_MACHINE });
  });
  afterEach(() => aws.stop());

  it('calls as Step Functions wants to be called', async () => {
    aws.answer(STARTED);
    await runner.start(idOf(1));
    const headers = aws.calls[0]?.headers ?? {};
    expect(headers['x-amz-target']).toBe('AWSStepFunctions.StartExecution');
    expect(headers['content-type']).toBe('application/x-amz-json-1.0');
    expect(headers.authorization).toMatch(/Credential=test\/\d{8}\/us-east-1\/states\/aws4_request, /);
  });

  it.each([
    ['throttled', exception('ThrottlingException')],
    ['failing', exception('InternalFailure', {}, 500)],
    ['out of reach', { hangUp: true }],
  ])('tries again when the service is %s', async (_, first) => {
    aws.answer(first, STARTED);
    await runner.start(idOf(1));
    expect(aws.calls).toHaveLength(2);
  });

  it('does not try again what was refused', async () => {
    aws.answer(exception('AccessDeniedException'), STARTED);
    await expect(runner.start(idOf(1))).rejects.toMatchObject({ code: 'AccessDeniedException' });
    expect(aws.calls).toHaveLength(1);
  });

  it('takes an answer that is no JSON for a fault', async () => {
    aws.answer({ status: 200, text: '<html>' });
    await expect(runner.running()).rejects.toMatchObject({ name: 'ServiceFault', code: 'UnknownShape' });
  });

  const lastInput = (): Readonly<Record<string, unknown>> => aws.calls.at(-1)?.input ?? {};

  it('starts an execution that has the name of the request, so that starting twice is one', async () => {
    aws.answer(STARTED);
    await runner.start(idOf(1));
    expect(lastInput()).toEqual({
      stateMachineArn: STATE_MACHINE,
      name: '01KAQ000000000000000000001',
      input: '{"requestId":"01KAQ000000000000000000001"}',
    });
  });

  it('restarts under a name of its own for each generation', async () => {
    aws.answer(STARTED);
    await runner.restart(idOf(1), 3);
    expect(lastInput()).toMatchObject({
      name: '01KAQ000000000000000000001-3',
      input: '{"requestId":"01KAQ000000000000000000001"}',
    });
  });

  it('takes an execution that exists for started', async () => {
    aws.answer(exception('ExecutionAlreadyExists'));
    await expect(runner.start(idOf(1))).resolves.toBeUndefined();
    await expect(runner.restart(idOf(1), 1)).resolves.toBeUndefined();
  });

  it.each([
    [
      'approved, from the next whole second on',
      { kind: 'decided', approved: true, startsAt: at('2026-11-23T08:00:00.001Z') } as const,
      { approved: true, startsAt: '2026-11-23T08:00:01Z' },
    ],
    ['not approved', { kind: 'decided', approved: false } as const, { approved: false }],
    [
      'to be held until a whole second',
      { kind: 'hold', until: at('2026-11-23T09:00:00.000Z') } as const,
      { over: false, holdUntil: '2026-11-23T09:00:00Z' },
    ],
    ['over', { kind: 'over' } as const, { over: true }],
  ])('answers in the words of the state machine: %s', async (_, outcome, output) => {
    expect(await runner.answer('token', outcome)).toBe('answered');
    expect(lastInput().taskToken).toBe('token');
    expect(JSON.parse(String(lastInput().output))).toEqual(output);
  });

  it.each(['TaskTimedOut', 'TaskDoesNotExist', 'InvalidToken'])('knows that nobody waits from %s', async (name) => {
    aws.answer(exception(name));
    expect(await runner.answer('token', { kind: 'over' })).toBe('nobody-waits');
  });

  it('lists the requests whose workflow runs, restarted or not, over all pages', async () => {
    const execution = (name: string) => ({
      executionArn: 'arn',
      stateMachineArn: STATE_MACHINE,
      name,
      status: 'RUNNING',
      startDate: 0,
    });
    aws.answer(
      { body: { executions: [execution(idOf(1)), execution(`${idOf(2)}-12`)], nextToken: 'next' } },
      { body: { executions: [], nextToken: 'last' } },
      { body: { executions: [execution(idOf(3)), execution(`${idOf(3)}-1`)] } },
    );
    expect([...(await runner.running())]).toEqual([idOf(1), idOf(2), idOf(3)]);
    expect(aws.calls.map(({ input }) => [input.statusFilter, input.nextToken])).toEqual([
      ['RUNNING', undefined],
      ['RUNNING', 'next'],
      ['RUNNING', 'last'],
    ]);
  });

  it.each([
    ['start', (it: WorkflowRunner) => it.start(idOf(1))],
    ['restart', (it: WorkflowRunner) => it.restart(idOf(1), 1)],
    ['answer', (it: WorkflowRunner) => it.answer('token', { kind: 'over' })],
    ['running', (it: WorkflowRunner) => it.running()],
  ])('throws a fault when the service fails: %s', async (_, call) => {
    aws.answer(exception('ThrottlingException'));
    await expect(call(runner)).rejects.toMatchObject({
      name: 'ServiceFault',
      source: 'workflow',
      code: 'ThrottlingException',
    });
  });
});

describe('the memory runner', () => {
  it('runs one workflow however often it is started, and again after a restart', async () => {
    const runner = createMemoryWorkflowRunner();
    await runner.start('one');
    await runner.start('one');
    expect([...(await runner.running())]).toEqual(['one']);
    runner.stop('one');
    await runner.start('one');
    expect([...(await runner.running())]).toEqual([]);
    await runner.restart('one', 1);
    await runner.restart('one', 1);
    expect([...(await runner.running())]).toEqual(['one']);
    expect(runner.started).toEqual(['one', 'one-1']);
  });

  it('lets each token be answered once, and only while somebody waits', async () => {
    const runner = createMemoryWorkflowRunner();
    expect(await runner.answer('token', { kind: 'over' })).toBe('nobody-waits');
    runner.openToken('token');
    expect(await runner.answer('token', { kind: 'over' })).toBe('answered');
    expect(await runner.answer('token', { kind: 'over' })).toBe('nobody-waits');
    runner.openToken('late');
    runner.closeToken('late');
    expect(await runner.answer('late', { kind: 'over' })).toBe('nobody-waits');
    expect(runner.answers).toEqual(new Map([['token', { kind: 'over' }]]));
  });
});
