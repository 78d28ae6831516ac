/** Entry of the only function that changes assignments in IAM Identity Center. */
import type { Context } from 'aws-lambda';
import { composeConverge } from '../composition.ts';
import { convergeInput } from '../contract/workflow.ts';
import { instant } from '../domain/time.ts';
import { type Convergence, convergeLease } from '../use-cases/converge-lease.ts';
import { withMiddleware } from './middleware.ts';

const world = composeConverge();

/** Stops in time to store what it learned; the sweep sends somebody to go on. */
const RESERVE_MS = 30_000;

export const handler = withMiddleware(async (event: unknown, context: Context): Promise<Convergence> => {
  const { leaseId } = convergeInput.parse(event);
  const deadline = instant(world.clock.now() + context.getRemainingTimeInMillis() - RESERVE_MS);
  return convergeLease(world, leaseId, deadline);
});
