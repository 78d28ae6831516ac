/** The Lambda stand-in, driven with the unmodified SDK over HTTP. */
import {
  InvalidRequestContentException,
  InvokeCommand,
  type InvokeCommandInput,
  LambdaClient,
  ResourceNotFoundException,
} from '@aws-sdk/client-lambda';
import { afterEach, describe, expect, test } from 'vitest';
import { type AwsUnderTest, CLIENT, eventually, type FakeFunction, fakeLambda, serveAws } from './fake-functions.ts';

let aws: AwsUnderTest;
afterEach(() => aws.close());

const serve = async (one: FakeFunction, settings?: Parameters<typeof fakeLambda>[1]) => {
  const lambda = fakeLambda({ one }, settings);
  aws = await serveAws(lambda.functions);
  const client = new LambdaClient({ ...CLIENT, endpoint: aws.url });
  const invoke = (more: Partial<InvokeCommandInput> = {}) =>
    client.send(new InvokeCommand({ FunctionName: 'one', Payload: '{"n":20}', ...more }));
  return { ...lambda, invoke };
};

const failing = (): never => {
  throw Object.assign(new Error('no luck'), { name: 'ServiceFault' });
};

describe('a call that waits', () => {
  test.each(['one', 'arn:aws:lambda:us-east-1:300000000001:function:one', 'one:$LATEST'])(
    'for %s gets what the function returns',
    async (FunctionName) => {
      const { invoke } = await serve((event) => (event as { n: number }).n + 1);
      const answered = await invoke({ FunctionName });
      expect([answered.StatusCode, answered.Payload?.transformToString()]).toEqual([200, '21']);
      expect(answered.FunctionError).toBeUndefined();
    },
  );

  test('gets the error of a function that throws, once', async () => {
    const { invoke, failures } = await serve(failing);
    const answered = await invoke();
    expect([answered.StatusCode, answered.FunctionError]).toEqual([200, 'Unhandled']);
    expect(JSON.parse(answered.Payload?.transformToString() ?? '')).toEqual({
      errorType: 'ServiceFault',
      errorMessage: 'no luck',
    });
    expect(failures.map(({ next }) => next)).toEqual(['answered to the caller']);
  });

  test('is told when the function is out of time', async () => {
    const { invoke } = await serve(() => new Promise(() => undefined), { timeoutSeconds: 0.05 });
    expect((await invoke()).Payload?.transformToString()).toContain('Sandbox.Timedout');
    aws = { ...aws, close: async () => undefined };
  });

  test('of a function that is not there is refused', async () => {
    const { invoke } = await serve(() => 1);
    await expect(invoke({ FunctionName: 'two' })).rejects.toBeInstanceOf(ResourceNotFoundException);
  });

  test('with a payload that is not JSON is refused', async () => {
    const { invoke } = await serve(() => 1);
    await expect(invoke({ Payload: '{' })).rejects.toBeInstanceOf(InvalidRequestContentException);
  });
});

describe('a call that does not wait', () => {
  test('is accepted at once and runs', async () => {
    const seen: unknown[] = [];
    const { invoke } = await serve((event) => seen.push(event));
    expect((await invoke({ InvocationType: 'Event' })).StatusCode).toBe(202);
    expect(await eventually(() => seen[0])).toEqual({ n: 20 });
  });

  test('is tried twice more when it fails, and then given up', async () => {
    const { invoke, failures } = await serve(failing);
    await invoke({ InvocationType: 'Event' });
    await eventually(() => failures[2]);
    expect(failures.map(({ next }) => next)).toEqual(['tried again later', 'tried again later', 'given up']);
  });

  test('that goes through the second time is done', async () => {
    let tries = 0;
    const { invoke, failures } = await serve(() => {
      tries += 1;
      if (tries === 1) failing();
    });
    await invoke({ InvocationType: 'Event' });
    await eventually(() => (tries === 2 ? true : undefined));
    expect(failures.map(({ next }) => next)).toEqual(['tried again later']);
  });

  test('takes a smaller payload than one that waits', async () => {
    const { invoke } = await serve(() => 1);
    const Payload = JSON.stringify('x'.repeat(2 * 1024 * 1024));
    expect((await invoke({ Payload })).StatusCode).toBe(200);
    await expect(invoke({ Payload, InvocationType: 'Event' })).rejects.toMatchObject({
      name: 'RequestTooLargeException',
    });
  });
});

test('a call that nobody here answers is told who does', async () => {
  await serve(() => 1);
  const answered = await fetch(aws.url, { method: 'POST', headers: { 'x-amz-target': 'Kinesis_20131202.PutRecord' } });
  expect(answered.status).toBe(404);
  expect(await answered.text()).toContain('sso-admin, sso, identitystore, organizations, states, lambda and dynamodb');
});
