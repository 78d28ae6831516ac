/** A secret of ours, read from the Parameter Store, decrypted there: no function has it in its environment. */
import type { Clock } from '../ports/clock.ts';
import { cached } from './cached.ts';
import { createJsonCalls, type JsonCallsParts } from './json-calls.ts';
import { required } from './service-call.ts';

export type ParameterReaderParts = Pick<JsonCallsParts, 'aws' | 'endpoint' | 'source' | 'tries'> & {
  readonly clock: Pick<Clock, 'now' | 'sleep'>;
};

type ParameterOperations = {
  readonly GetParameter: {
    readonly input: { readonly Name: string; readonly WithDecryption: boolean };
    readonly output: { readonly Parameter?: { readonly Value?: string } };
  };
};

/** What is changed there is known here so many seconds later. */
const REMEMBERED_SECONDS = 60;

/** @returns reads it, a minute ago at most. @throws ServiceFault of that source */
export const createParameterReader = (parts: ParameterReaderParts, name: string): (() => Promise<string>) => {
  const service = { signingName: 'ssm', target: 'AmazonSSM', version: '1.1' } as const;
  const calls = createJsonCalls<ParameterOperations>({ ...parts, ...service });
  const read = async (): Promise<string> => {
    const { Parameter } = await calls('GetParameter', { Name: name, WithDecryption: true });
    return required(parts.source, 'Parameter', Parameter?.Value);
  };
  return cached(read, REMEMBERED_SECONDS, parts.clock).get;
};
