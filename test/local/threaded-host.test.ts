/** The thread that runs the functions: an environment, an output and a death of its own. */
import { afterEach, expect, test } from 'vitest';
import type { FunctionHost, FunctionOutcome } from '../../local/functions/function-host.ts';
import { startThreadedHost } from '../../local/functions/threaded-host.ts';
import { eventually } from './fake-functions.ts';

let host: FunctionHost | undefined;
let output = '';
let crashes: string[] = [];

afterEach(async () => {
  await host?.close();
  host = undefined;
});

const start = async (handler = 'sample'): Promise<FunctionHost> => {
  output = '';
  crashes = [];
  host = await startThreadedHost({
    handlers: { one: new URL(`handlers/${handler}.ts`, import.meta.url).href },
    region: 'us-east-1',
    accountId: '300000000001',
    environment: { ONLY: 'this' },
    onOutput: (text) => {
      output += text;
    },
    onCrash: (reason) => crashes.push(reason),
  });
  return host;
};

const run = async (act: string, functionName = 'one'): Promise<FunctionOutcome> => {
  const started = host ?? (await start());
  return started.run(functionName, JSON.stringify({ act }), { requestId: 'r1', deadline: Date.now() + 10_000 });
};
const answered = async (act: string): Promise<unknown> => {
  const outcome = await run(act);
  return outcome.ok ? JSON.parse(outcome.payload) : outcome.error;
};

test('a function sees the environment that it was given and nothing of ours', async () => {
  expect(await answered('environment')).toEqual({ ONLY: 'this' });
});

test('a function is told its name, its ARN, its call and its time', async () => {
  expect(await answered('context')).toMatchObject({
    functionName: 'one',
    invokedFunctionArn: 'arn:aws:lambda:us-east-1:300000000001:function:one',
    awsRequestId: 'r1',
  });
  const left = Number(await answered('time'));
  expect(left).toBeGreaterThan(0);
  expect(left).toBeLessThanOrEqual(10_000);
});

test('what a function prints goes to the log', async () => {
  await run('print');
  await eventually(() => (output.includes('printed by the function') ? true : undefined));
});

test('a function that throws is a function error by the name of what it threw', async () => {
  expect(await answered('throw')).toMatchObject({ errorType: 'ServiceFault', errorMessage: 'no luck' });
});

test('a function that returns nothing answers null', async () => {
  expect(await run('nothing')).toEqual({ ok: true, payload: 'null' });
});

test('a function that is not there is a function error', async () => {
  expect(await run('context', 'two')).toMatchObject({ ok: false, error: { errorMessage: 'no function named two' } });
});

test('a thread that dies fails what it was doing, is told of, and is replaced', async () => {
  expect(await answered('die')).toMatchObject({ errorType: 'Runtime.ExitError' });
  expect(await answered('environment')).toEqual({ ONLY: 'this' });
  expect(crashes).toEqual([expect.stringContaining('out of the blue')]);
});

test('a module without a handler is refused at the start', async () => {
  await expect(start('no-handler')).rejects.toThrow(/one: the module exports no function named handler/);
});
