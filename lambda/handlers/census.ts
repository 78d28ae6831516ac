/** Entry of the function that counts everybody, told to by the one that looks at proposed policies. */
import type { Context } from 'aws-lambda';
import { composeCensus } from '../composition.ts';
import { groupIdsIn } from '../contract/census-event.ts';
import { instant } from '../domain/time.ts';
import { logger } from '../logger.ts';
import { type CensusReport, takeCensus } from '../use-cases/take-census.ts';
import { withMiddleware } from './middleware.ts';

const world = composeCensus();

/** Stops counting in time to store what it has, or to say that it came to nothing. */
const RESERVE_MS = 60_000;

export const handler = withMiddleware(async (event: unknown, context: Context): Promise<CensusReport> => {
  const groupIds = groupIdsIn(event);
  const deadline = instant(world.clock.now() + context.getRemainingTimeInMillis() - RESERVE_MS);
  const report = await takeCensus(world, { runId: world.ids.requestId(), groupIds, deadline });
  if (report.outcome !== 'not-due') logger.info('counted everybody, or tried to', { ...report });
  return report;
});
