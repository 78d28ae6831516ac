/** Functions written in the test, behind the same Lambda stand-in that the service has, with an endpoint for the SDK. */
import { createAwsEndpoint } from '../../local/aws-endpoint.ts';
import type { FunctionHost, FunctionOutcome } from '../../local/functions/function-host.ts';
import { createLambdaFunctions, type Failure, type LambdaFunctions } from '../../local/functions/lambda-functions.ts';
import { listen } from '../../local/loopback-server.ts';
import { createCallGate } from '../../local/stand-in/call-gate.ts';
import { type CallLog, createCallLog } from '../../local/stand-in/call-log.ts';
import { createFaults, type Faults } from '../../local/stand-in/faults.ts';
import { createPace } from '../../local/stand-in/pace.ts';
import { createStepFunctions } from '../../local/step-functions/step-functions.ts';

export type FakeFunction = (event: unknown) => unknown;

const hostOf = (functions: Readonly<Record<string, FakeFunction>>): FunctionHost => ({
  run: async (name, payload): Promise<FunctionOutcome> => {
    try {
      const answer = await functions[name]?.(JSON.parse(payload));
      return { ok: true, payload: JSON.stringify(answer ?? null) };
    } catch (thrown) {
      const { name: errorType, message: errorMessage } = thrown as Error;
      return { ok: false, error: { errorType, errorMessage } };
    }
  },
  close: async () => undefined,
});

export interface FakeLambda {
  readonly functions: LambdaFunctions;
  readonly failures: readonly Failure[];
}

export const fakeLambda = (
  fakes: Readonly<Record<string, FakeFunction>>,
  settings: { timeoutSeconds?: number; retryDelaysMs?: readonly number[] } = {},
): FakeLambda => {
  const failures: Failure[] = [];
  const { timeoutSeconds = 5, retryDelaysMs = [0, 0] } = settings;
  const functions = createLambdaFunctions({
    host: hostOf(fakes),
    functions: Object.fromEntries(Object.keys(fakes).map((name) => [name, { timeoutSeconds, retryAttempts: 2 }])),
    retryDelaysMs,
    onFailure: (failure) => failures.push(failure),
  });
  return { functions, failures };
};

export const STATE_MACHINE_ARN = 'arn:aws:states:us-east-1:300000000001:stateMachine:story';

/** What an SDK client needs besides the endpoint. */
export const CLIENT = {
  region: 'us-east-1',
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  maxAttempts: 1,
};

const TRIVIAL = { StartAt: 'Done', States: { Done: { Type: 'Succeed' } } };

export interface AwsUnderTest {
  readonly url: string;
  readonly faults: Faults;
  readonly calls: CallLog;
  close(): Promise<void>;
}

const gateUnderTest = () => {
  const faults = createFaults();
  const calls = createCallLog(Date.now);
  const closing = new AbortController();
  const pace = createPace({ mode: 'realistic', nowMs: Date.now, random: Math.random });
  return { gate: createCallGate({ pace, faults, calls, closing: closing.signal }), faults, calls, closing };
};

/** The endpoint with these functions and this state machine; no Identity Center, and no database unless its endpoint is given. */
export const serveAws = async (
  functions: LambdaFunctions,
  definition: object = TRIVIAL,
  databaseEndpoint = 'http://127.0.0.1:9',
): Promise<AwsUnderTest> => {
  const stepFunctions = createStepFunctions({
    stateMachineArn: STATE_MACHINE_ARN,
    definitionText: JSON.stringify(definition),
    functions,
  });
  const { gate, faults, calls, closing } = gateUnderTest();
  const standIn = { handle: async () => undefined, control: async () => undefined, portal: () => undefined, gate };
  const signIn = { listener: async () => undefined };
  const cloudTrail = { record: () => undefined };
  const onCall = () => undefined;
  const listener = createAwsEndpoint({
    standIn,
    stepFunctions,
    functions,
    databaseEndpoint,
    signIn,
    onCall,
    cloudTrail,
  });
  const server = await listen(0, 'NONE', listener);
  return {
    url: server.url,
    faults,
    calls,
    close: async () => {
      closing.abort();
      stepFunctions.close();
      await functions.close();
      await server.close();
    },
  };
};

/** Polls until the check gives something other than undefined. */
export const eventually = async <Found>(
  check: () => Promise<Found | undefined> | Found | undefined,
): Promise<Found> => {
  for (let tries = 0; tries < 2000; tries += 1) {
    const found = await check();
    if (found !== undefined) return found;
    await new Promise((done) => setTimeout(done, 10));
  }
  throw new Error('it never came true');
};
