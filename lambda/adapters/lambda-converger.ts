/** Wakes the converge function asynchronously; Lambda queues the call and answers at once. */
import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import type { ConvergeInput } from '../contract/workflow.ts';
import type { Converger } from '../ports/converger.ts';
import { calling } from './service-call.ts';

export interface LambdaConvergerParts {
  readonly client: LambdaClient;
  readonly functionName: string;
}

export const createLambdaConverger = ({ client, functionName }: LambdaConvergerParts): Converger => ({
  wake: async (leaseId) => {
    const input: ConvergeInput = { leaseId };
    const command = new InvokeCommand({
      FunctionName: functionName,
      InvocationType: 'Event',
      Payload: JSON.stringify(input),
    });
    await calling('functions', client.send(command));
  },
});
