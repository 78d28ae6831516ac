/** Entry of the function that reads the organization, woken by the clock and by events: reports how old the catalogue is. */
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { Context } from 'aws-lambda';
import { composeCatalogue } from '../composition.ts';
import { resourcesIn } from '../contract/catalogue-event.ts';
import { METRICS } from '../contract/metrics.ts';
import { instant } from '../domain/time.ts';
import { logger } from '../logger.ts';
import { stillReading } from '../use-cases/catalogue-state.ts';
import { type RefreshReport, refreshCatalogue } from '../use-cases/refresh-catalogue.ts';
import { withMiddleware } from './middleware.ts';

const world = composeCatalogue();
const metrics = new Metrics({ namespace: METRICS.namespace, serviceName: METRICS.service });

/** Stops reading in time to store what it has. */
const RESERVE_MS = 60_000;

const publish = ({ ageSeconds }: RefreshReport): void => {
  if (ageSeconds === undefined) return;
  metrics.addMetric(METRICS.catalogueAge, MetricUnit.Seconds, ageSeconds);
  metrics.publishStoredMetrics();
};

/** How often a run says that it is alive. */
const HEARTBEAT_MS = 30_000;

const alive = async <Answer>(runId: string, work: Promise<Answer>): Promise<Answer> => {
  const beat = (): void => {
    stillReading(world, runId).catch((fault: unknown) => world.reporter.warn('a heartbeat failed', { runId, fault }));
  };
  const timer = setInterval(beat, HEARTBEAT_MS);
  return work.finally(() => clearInterval(timer));
};

export const handler = withMiddleware(async (event: unknown, context: Context): Promise<RefreshReport> => {
  const deadline = instant(world.clock.now() + context.getRemainingTimeInMillis() - RESERVE_MS);
  const resources = resourcesIn(event);
  const runId = world.ids.requestId();
  const input = { runId, deadline, ...(resources && { wakeUp: { resources } }) };
  const report = await alive(runId, refreshCatalogue(world, input));
  if (report.wasDue) logger.info('read the organization', { ...report });
  publish(report);
  return report;
});
