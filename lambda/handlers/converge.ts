/** Entry of the only function that changes assignments in IAM Identity Center. */
import type { Context } from 'aws-lambda';
import { composeConverge } from '../composition.ts';
import { convergeInput } from '../contract/workflow.ts';
import { instant } from '../domain/time.ts';
import { logger } from '../logger.ts';
import { type PumpReport, runPump } from '../use-cases/pump/pump.ts';
import { withMiddleware } from './middleware.ts';

const world = composeConverge();

/** Stops in time to store what it learned, and to wake the next. */
const RESERVE_MS = 30_000;

export const handler = withMiddleware(async (event: unknown, context: Context): Promise<PumpReport> => {
  const orders = convergeInput.parse(event);
  const deadline = instant(world.clock.now() + context.getRemainingTimeInMillis() - RESERVE_MS);
  const converger = world.convergerFor(context.functionName);
  const report = await runPump({ ...world, converger }, { ...orders, deadline });
  if (report.kind === 'pumped') logger.info('pumped', { ...report });
  return report;
});
