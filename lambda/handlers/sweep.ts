/** Entry of the sweep, called every minute: reports what it found, so that its silence and its lateness can ring alarms. */
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { composeSweep } from '../composition.ts';
import { METRICS } from '../contract/metrics.ts';
import { logger } from '../logger.ts';
import { type DueReport, type SweepReport, sweep } from '../use-cases/sweep.ts';
import { withMiddleware } from './middleware.ts';

const metrics = new Metrics({ namespace: METRICS.namespace, serviceName: METRICS.service });
const world = composeSweep((metric) => metrics.singleMetric().addMetric(metric, MetricUnit.Count, 1));

/** At once: a run that is cut off while it looks after workflows has told it. */
const publishDue = (report: DueReport): void => {
  metrics.addMetric(METRICS.sweepHeartbeat, MetricUnit.Count, 1);
  metrics.addMetric(METRICS.latestEnding, MetricUnit.Seconds, report.latestEndingSeconds);
  metrics.addMetric(METRICS.sweepFailures, MetricUnit.Count, report.failures);
  metrics.addMetric('AlarmsRung', MetricUnit.Count, report.alarmsRung);
  metrics.addMetric('StagesReminded', MetricUnit.Count, report.reminded);
  metrics.addMetric('StagesEscalated', MetricUnit.Count, report.escalated);
  metrics.publishStoredMetrics();
};

const publishWorkflows = (report: SweepReport): void => {
  metrics.addMetric('AnswersRepeated', MetricUnit.Count, report.answersRepeated);
  metrics.addMetric('WorkflowsRestarted', MetricUnit.Count, report.workflowsRestarted);
  metrics.publishStoredMetrics();
};

export const handler = withMiddleware(async (_event: unknown): Promise<SweepReport> => {
  const report = await sweep(world, publishDue);
  logger.info('swept', { ...report });
  publishWorkflows(report);
  return report;
});
