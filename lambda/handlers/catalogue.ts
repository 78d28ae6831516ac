/**
 * Entry of the function that reads the organization. Woken by the clock and by events it reads the catalogue, and reports how old
 * that is; told to, it counts everybody.
 */
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { Context } from 'aws-lambda';
import { composeCatalogue } from '../composition.ts';
import { resourcesIn } from '../contract/catalogue-event.ts';
import { censusIn } from '../contract/census-event.ts';
import { METRICS } from '../contract/metrics.ts';
import { type Instant, instant } from '../domain/time.ts';
import { logger } from '../logger.ts';
import { stillReading } from '../use-cases/catalogue-state.ts';
import { type RefreshReport, refreshCatalogue } from '../use-cases/refresh-catalogue.ts';
import { type CensusReport, takeCensus } from '../use-cases/take-census.ts';
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

/** What both works have in common: who does it, and until when. */
interface Shift {
  readonly runId: string;
  readonly deadline: Instant;
}

const refresh = async (shift: Shift, event: unknown): Promise<RefreshReport> => {
  const resources = resourcesIn(event);
  const input = { ...shift, ...(resources && { wakeUp: { resources } }) };
  const report = await alive(shift.runId, refreshCatalogue(world, input));
  if (report.wasDue) logger.info('read the organization', { ...report });
  publish(report);
  return report;
};

const count = async (shift: Shift, groupIds: readonly string[]): Promise<CensusReport> => {
  const report = await takeCensus(world, { ...shift, groupIds });
  if (report.wasDue) logger.info('counted everybody', { ...report });
  return report;
};

export const handler = withMiddleware((event: unknown, context: Context): Promise<RefreshReport | CensusReport> => {
  const deadline = instant(world.clock.now() + context.getRemainingTimeInMillis() - RESERVE_MS);
  const shift = { runId: world.ids.requestId(), deadline };
  const groupIds = censusIn(event);
  return groupIds ? count(shift, groupIds) : refresh(shift, event);
});
