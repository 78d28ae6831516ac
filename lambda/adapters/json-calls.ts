/** Calls of a service that speaks AWS's JSON protocol: the operation in a header, its input and output as JSON. */
import { ServiceFault } from '../ports/faults.ts';
import { type Answer, createSignedCalls, type SignedCallsParts } from './signed-calls.ts';

/** Input and output of each operation. Moments in outputs are numbers, unlike in the SDK's own types. */
export type Operations = Readonly<Record<string, { readonly input: object; readonly output: object }>>;

/** @throws ServiceFault named as the service names its errors */
export type JsonCalls<Known extends Operations> = <Name extends keyof Known & string>(
  operation: Name,
  input: Known[Name]['input'],
) => Promise<Known[Name]['output']>;

export interface JsonCallsParts extends Omit<SignedCallsParts, 'errorIn'> {
  /** As the header names the service: `AWSStepFunctions`. */
  readonly target: string;
  readonly version: '1.0' | '1.1';
}

/** As many as of the SDK's clients here. */
const USUAL_TRIES = 4;

const textIn = (body: string, key: string): string | undefined => {
  try {
    const value: unknown = (JSON.parse(body) as Readonly<Record<string, unknown>> | null)?.[key];
    return typeof value === 'string' ? value : undefined;
  } catch {
    return undefined;
  }
};

/** `com.amazonaws.states#TaskTimedOut:http://…` is `TaskTimedOut`. */
const errorIn = ({ headers, body }: Answer): string | undefined =>
  (headers['x-amzn-errortype'] ?? textIn(body, '__type'))?.replace(/^.*#/, '').replace(/:.*$/, '');

export const createJsonCalls = <Known extends Operations>(parts: JsonCallsParts): JsonCalls<Known> => {
  const send = createSignedCalls({ tries: USUAL_TRIES, ...parts, errorIn });

  return async (operation, input) => {
    const headers = {
      'content-type': `application/x-amz-json-${parts.version}`,
      'x-amz-target': `${parts.target}.${operation}`,
    };
    const answer = await send({ path: '/', headers, body: JSON.stringify(input) });
    try {
      return JSON.parse(answer) as Known[typeof operation]['output'];
    } catch (thrown) {
      throw new ServiceFault(parts.source, 'UnknownShape', thrown);
    }
  };
};
