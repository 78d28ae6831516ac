/** Entry of the function that tells people: woken by the table's stream and by the clock, it looks for itself what there is to tell. */
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { Context } from 'aws-lambda';
import { METRICS } from '../contract/metrics.ts';
import { instant } from '../domain/time.ts';
import { logger } from '../logger.ts';
import { composeTell } from '../tell-composition.ts';
import { type TellReport, tellPeople } from '../use-cases/tell-people.ts';
import { withMiddleware } from './middleware.ts';

const world = composeTell();
const metrics = new Metrics({ namespace: METRICS.namespace, serviceName: METRICS.service });

/** For one person who is being told when the time is over. */
const RESERVE_MS = 30_000;

const publish = ({ told, notTold, oldestSeconds }: TellReport): void => {
  metrics.addMetric(METRICS.peopleTold, MetricUnit.Count, told);
  metrics.addMetric(METRICS.peopleNotTold, MetricUnit.Count, notTold);
  metrics.addMetric(METRICS.tellingAge, MetricUnit.Seconds, oldestSeconds);
  metrics.publishStoredMetrics();
};

export const handler = withMiddleware(async (_event: unknown, context: Context): Promise<TellReport> => {
  const deadline = instant(world.clock.now() + context.getRemainingTimeInMillis() - RESERVE_MS);
  const report = await tellPeople(world, deadline);
  if (report.told + report.notTold + report.failures > 0) logger.info('told people', { ...report });
  publish(report);
  return report;
});
