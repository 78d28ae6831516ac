/** Entry of the function that the state machine calls: a step that waits for the ledger, or the conditional expire. */
import { composeWorkflow } from '../composition.ts';
import { type StepAnswer, workflowStep } from '../contract/workflow.ts';
import { awaitStep, expireStep } from '../use-cases/await-step.ts';
import { withMiddleware } from './middleware.ts';

const world = composeWorkflow();

export const handler = withMiddleware(async (event: unknown): Promise<StepAnswer | undefined> => {
  const input = workflowStep.parse(event);
  if (input.step === 'expire') return world.answerOf(await expireStep(world, input.requestId));
  await awaitStep(world, input);
  return undefined;
});
