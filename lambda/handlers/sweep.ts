/** Entry of the sweep, called every minute: reports what it found, so that its silence and its lateness can ring alarms. */
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { composeSweep } from '../composition.ts';
import { logger } from '../logger.ts';
import { type SweepReport, sweep } from '../use-cases/sweep.ts';
import { withMiddleware } from './middleware.ts';

const metrics = new Metrics({ namespace: 'Brevet', serviceName: 'brevet' });
const world = composeSweep((metric) => metrics.singleMetric().addMetric(metric, MetricUnit.Count, 1));

const publish = (report: SweepReport): void => {
  metrics.addMetric('SweepHeartbeat', MetricUnit.Count, 1);
  metrics.addMetric('LatestEnding', MetricUnit.Seconds, report.latestEndingSeconds);
  metrics.addMetric('SweepFailures', MetricUnit.Count, report.failures);
  metrics.addMetric('AlarmsRung', MetricUnit.Count, report.alarmsRung);
  metrics.addMetric('StagesReminded', MetricUnit.Count, report.reminded);
  metrics.addMetric('StagesEscalated', MetricUnit.Count, report.escalated);
  metrics.addMetric('AnswersRepeated', MetricUnit.Count, report.answersRepeated);
  metrics.addMetric('WorkflowsRestarted', MetricUnit.Count, report.workflowsRestarted);
  metrics.publishStoredMetrics();
};

export const handler = withMiddleware(async (_event: unknown): Promise<SweepReport> => {
  const report = await sweep(world);
  logger.info('swept', { ...report });
  publish(report);
  return report;
});
