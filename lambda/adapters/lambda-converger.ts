/** Wakes the converge function, and does not wait for it. */
import type { ConvergeInput } from '../contract/workflow.ts';
import type { Converger } from '../ports/converger.ts';
import { createLambdaInvocation, type LambdaInvocationParts } from './lambda-invocation.ts';

export const createLambdaConverger = (parts: LambdaInvocationParts): Converger => {
  const invokeLater = createLambdaInvocation(parts);
  return {
    wake: async (leaseIds, standBy) => {
      const input: ConvergeInput = { leaseIds: [...leaseIds], ...(standBy ? { standBy } : {}) };
      await invokeLater(input);
    },
  };
};
