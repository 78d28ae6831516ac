/** Lambda's Invoke operation over HTTP, as the SDK speaks it. */
import type { LambdaFunctions } from './lambda-functions.ts';

export interface LambdaAnswer {
  readonly status: number;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A name is a name, an ARN or a part of one; its colons may be percent-encoded. */
const INVOCATION_PATH = /^\/2015-03-31\/functions\/(?<name>(?:[\w:$.-]|%3A|%24)+)\/invocations$/i;
/** Lambda's limits for a payload: 6 MB when the caller waits, 1 MB when it does not. */
const MOST_BYTES = { RequestResponse: 6 * 1024 * 1024, Event: 1024 * 1024 };

const refuse = (status: number, type: string, message: string): LambdaAnswer => ({
  status,
  body: JSON.stringify({ Type: 'User', Message: message }),
  headers: { 'x-amzn-errortype': type },
});

/** Function name out of a name, a partial or a full ARN, each with or without a qualifier. */
const bareName = (nameOrArn: string): string => {
  const parts = nameOrArn.split(':');
  const marker = parts.indexOf('function');
  return (marker === -1 ? parts[0] : parts[marker + 1]) ?? '';
};

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

/** Answers an invocation, or undefined when the path is none. */
export const invokeOverHttp = async (
  functions: LambdaFunctions,
  method: string,
  path: string,
  invocationType: string,
  body: string,
): Promise<LambdaAnswer | undefined> => {
  const name = INVOCATION_PATH.exec(path)?.groups?.name;
  if (name === undefined || method !== 'POST') return undefined;
  const functionName = bareName(decodeURIComponent(name));
  const payload = body === '' ? 'null' : body;
  if (!functions.has(functionName)) {
    return refuse(404, 'ResourceNotFoundException', `Function not found: ${functionName}`);
  }
  if (!isJson(payload)) {
    return refuse(400, 'InvalidRequestContentException', 'Could not parse request body into json.');
  }
  switch (invocationType) {
    case 'DryRun':
      return { status: 204, body: '' };
    case 'Event':
      return invokeEvent(functions, functionName, payload);
    case 'RequestResponse':
      return invokeAndWait(functions, functionName, payload);
    default:
      return refuse(400, 'InvalidParameterValueException', `There is no invocation type ${invocationType}`);
  }
};

const tooLarge = (limit: number): LambdaAnswer =>
  refuse(
    413,
    'RequestTooLargeException',
    `Request must be smaller than ${limit} bytes for the InvokeFunction operation`,
  );

const invokeEvent = (functions: LambdaFunctions, functionName: string, payload: string): LambdaAnswer => {
  if (Buffer.byteLength(payload) > MOST_BYTES.Event) return tooLarge(MOST_BYTES.Event);
  functions.invokeLater(functionName, payload);
  return { status: 202, body: '' };
};

const invokeAndWait = async (
  functions: LambdaFunctions,
  functionName: string,
  payload: string,
): Promise<LambdaAnswer> => {
  if (Buffer.byteLength(payload) > MOST_BYTES.RequestResponse) return tooLarge(MOST_BYTES.RequestResponse);
  const headers = { 'x-amz-executed-version': '$LATEST' };
  const outcome = await functions.invoke(functionName, payload);
  if (outcome.ok) return { status: 200, body: outcome.payload, headers };
  return {
    status: 200,
    body: JSON.stringify(outcome.error),
    headers: { ...headers, 'x-amz-function-error': 'Unhandled' },
  };
};
