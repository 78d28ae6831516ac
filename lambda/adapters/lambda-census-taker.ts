/** Has everybody counted by the function that does nothing else, and does not wait for it. */
import type { CensusEvent } from '../contract/census-event.ts';
import type { CensusTaker } from '../ports/census-taker.ts';
import { createLambdaInvocation, type LambdaInvocationParts } from './lambda-invocation.ts';

export const createLambdaCensusTaker = (parts: LambdaInvocationParts): CensusTaker => {
  const invokeLater = createLambdaInvocation(parts);
  return {
    begin: async (groupIds) => {
      const event: CensusEvent = { census: { groupIds: [...groupIds] } };
      await invokeLater(event);
    },
  };
};
