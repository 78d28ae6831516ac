/** What must not go unheard: failed workflows, failing functions, and above all a sweep that does not run. */
import type { RestApi } from 'aws-cdk-lib/aws-apigateway';
import {
  Alarm,
  type AlarmProps,
  ComparisonOperator,
  type IMetric,
  MathExpression,
  Metric,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { ArnFormat, CfnOutput, Duration, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { ENDING_LATE_SECONDS, METRICS, TELLING_LATE_SECONDS } from '../lambda/contract/metrics.ts';

export interface AlarmsProps {
  readonly key: IKey;
  readonly email: string | undefined;
  readonly stateMachine: StateMachine;
  readonly functions: Readonly<
    Record<'Api' | 'Workflow' | 'Converge' | 'Sweep' | 'Drift' | 'Catalogue' | 'Census' | 'PolicyCheck', IFunction>
  > & {
    /** Where people are told anything. */
    readonly Tell?: IFunction;
  };
  readonly api: RestApi;
  readonly catalogueStaleSeconds: number;
}

const SUM = { period: Duration.minutes(1), statistic: 'Sum' };

/** Five minutes: two or three sweeps may be late or lost; five mean that nothing ends what the workflows do not. */
const SWEEPS_MISSED = 5;

/** Six rounds of an hour missed, or one of the longest five times over. */
const ROUND_OLD_SECONDS = 6 * 3600;

/** A quarter of an hour: a run each minute reports, though it have nothing to do. */
const DRIFT_RUNS_MISSED = 15;
const TELLING_RUNS_MISSED = 5;

/** A quarter of an hour, so that the first reading after a deploy has its time. */
const CATALOGUE_PERIODS = 3;

/** What the functions report themselves. */
const ownMetric = (metricName: string, statistic: 'Sum' | 'Maximum'): Metric =>
  new Metric({
    namespace: METRICS.namespace,
    metricName,
    dimensionsMap: { service: METRICS.service },
    period: Duration.minutes(1),
    statistic,
  });

export class Alarms extends Construct {
  readonly topic: Topic;
  private readonly action: SnsAction;

  constructor(scope: Construct, id: string, props: AlarmsProps) {
    super(scope, id);
    this.topic = new Topic(this, 'Topic', { displayName: 'Brevet', masterKey: props.key, enforceSSL: true });
    this.topic.addToResourcePolicy(this.alarmsMayPublish());
    if (props.email) this.topic.addSubscription(new EmailSubscription(props.email));
    this.action = new SnsAction(this.topic);

    this.watchSweep();
    this.watchBreakGlass();
    this.watchDrift();
    this.watchCatalogue(props.catalogueStaleSeconds);
    if (props.functions.Tell) this.watchTelling();
    this.watchWorkflows(props.stateMachine);
    for (const [name, watched] of Object.entries(props.functions)) this.watchFunction(name, watched);
    this.onAny('ApiServerErrors', 'Brevet: the API answers 5xx', props.api.metricServerError(SUM));
    const output = new CfnOutput(this, 'TopicArn', { value: this.topic.topicArn, description: 'Where alarms go' });
    output.overrideLogicalId('AlarmTopicArn');
  }

  /**
   * NB. A topic without a policy takes what its account's alarms publish; one that has a policy, and be it to refuse what is
   * not encrypted on its way, takes only what that allows. Without this no alarm of Brevet's would reach anybody.
   */
  private alarmsMayPublish(): PolicyStatement {
    const stack = Stack.of(this);
    const anyAlarm = stack.formatArn({
      service: 'cloudwatch',
      resource: 'alarm',
      resourceName: '*',
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    return new PolicyStatement({
      sid: 'AlarmsMayPublish',
      principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
      actions: ['sns:Publish'],
      resources: [this.topic.topicArn],
      conditions: {
        StringEquals: { 'aws:SourceAccount': stack.account },
        ArnLike: { 'aws:SourceArn': anyAlarm },
      },
    });
  }

  private watchSweep(): void {
    this.alarm('SweepNotRunning', {
      alarmDescription: 'Brevet: no sweep comes to its end; access that a workflow leaves behind is not ended',
      metric: ownMetric(METRICS.sweepHeartbeat, 'Sum'),
      threshold: 1,
      comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
      evaluationPeriods: SWEEPS_MISSED,
      // NB. A sweep that never ends reports nothing, and silence is what this alarm is about.
      treatMissingData: TreatMissingData.BREACHING,
    });
    this.alarm('EndingLate', {
      alarmDescription: 'Brevet: access that should have ended minutes ago is not gone yet',
      metric: ownMetric(METRICS.latestEnding, 'Maximum'),
      threshold: ENDING_LATE_SECONDS,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      evaluationPeriods: 1,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    this.onAny(
      'SweepFailures',
      'Brevet: the sweep cannot attend to something',
      ownMetric(METRICS.sweepFailures, 'Sum'),
    );
  }

  /** NB. Both are reported for a minute at a time, with pauses: so these ring again, and again, until somebody answers. */
  private watchBreakGlass(): void {
    this.onAny(
      'BreakGlassUnacknowledged',
      'Brevet: the glass was broken, and nobody has acknowledged it; brevet ls --view break-glass tells',
      ownMetric(METRICS.glassUnacknowledged, 'Sum'),
    );
    this.onAny(
      'BreakGlassReviewOverdue',
      'Brevet: nobody has reviewed in time that the glass was broken; brevet ls --view break-glass tells',
      ownMetric(METRICS.reviewOverdue, 'Sum'),
    );
  }

  private watchDrift(): void {
    const sumOf = (name: string): Metric => ownMetric(name, 'Sum');
    this.onAny(
      'DriftFound',
      'Brevet: an assignment was made or removed outside; brevet drift tells',
      sumOf(METRICS.driftFindings),
    );
    this.onAny('DriftRemoved', 'Brevet: an assignment made outside is being removed', sumOf(METRICS.driftRemovals));
    this.onAny(
      'DriftRemovalOverdue',
      'Brevet: an assignment made outside is still there, though it is being removed; brevet drift tells',
      sumOf(METRICS.driftRemovalsOverdue),
    );
    this.onAny(
      'DriftLimitReached',
      'Brevet: more assignments made outside than are removed in an hour; removing waits',
      sumOf(METRICS.driftLimitReached),
    );
    this.onAny('DriftSkipped', 'Brevet: an account cannot be searched for drift', sumOf(METRICS.driftSkipped));
    this.alarm('DriftRoundOld', {
      alarmDescription: 'Brevet: not every account has been searched for drift for hours',
      metric: ownMetric(METRICS.driftRoundAge, 'Maximum'),
      threshold: ROUND_OLD_SECONDS,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      evaluationPeriods: DRIFT_RUNS_MISSED,
      // NB. As with the sweep, silence is what this alarm is about too.
      treatMissingData: TreatMissingData.BREACHING,
    });
  }

  private watchCatalogue(staleSeconds: number): void {
    this.alarm('CatalogueOld', {
      alarmDescription: 'Brevet: the organization could not be read lately; after a day nothing can be asked for',
      metric: ownMetric(METRICS.catalogueAge, 'Maximum').with({ period: Duration.minutes(5) }),
      threshold: staleSeconds,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      evaluationPeriods: CATALOGUE_PERIODS,
      // NB. As with the sweep: while nothing was ever read, or nothing runs, nothing is reported.
      treatMissingData: TreatMissingData.BREACHING,
    });
  }

  /** NB. Not what a broken glass depends on, whose own alarms come from the sweep (law 11). */
  private watchTelling(): void {
    this.alarm('TellingLate', {
      alarmDescription: 'Brevet: people have not been told for a quarter of an hour what concerns them',
      metric: ownMetric(METRICS.tellingAge, 'Maximum'),
      threshold: TELLING_LATE_SECONDS,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      evaluationPeriods: TELLING_RUNS_MISSED,
      // NB. As with the sweep: whoever never runs tells nobody that nobody is told.
      treatMissingData: TreatMissingData.BREACHING,
    });
    this.onAny(
      'PeopleNotTold',
      'Brevet: somebody named where the glass was broken could not be told of it; the log of the function Tell says who',
      ownMetric(METRICS.peopleNotTold, 'Sum'),
    );
  }

  private watchWorkflows(machine: StateMachine): void {
    const dead = new MathExpression({
      expression: 'failed + timedOut + aborted',
      label: 'executions that ended badly',
      usingMetrics: {
        failed: machine.metricFailed(SUM),
        timedOut: machine.metricTimedOut(SUM),
        aborted: machine.metricAborted(SUM),
      },
      period: SUM.period,
    });
    this.onAny('WorkflowsFailed', 'Brevet: a workflow failed or was stopped; the sweep goes on with its request', dead);
    this.onAny('WorkflowsThrottled', 'Brevet: Step Functions throttles workflows', machine.metricThrottled(SUM));
  }

  private watchFunction(name: string, watched: IFunction): void {
    this.onAny(`${name}Errors`, `Brevet: the function ${name} fails`, watched.metricErrors(SUM));
    this.onAny(`${name}Throttles`, `Brevet: the function ${name} is throttled`, watched.metricThrottles(SUM));
  }

  /** Rings as soon as the metric is not zero; no data means that nothing happened. */
  private onAny(id: string, alarmDescription: string, metric: IMetric): void {
    this.alarm(id, {
      alarmDescription,
      metric,
      threshold: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      evaluationPeriods: 1,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
  }

  private alarm(id: string, props: AlarmProps): void {
    new Alarm(this, id, props).addAlarmAction(this.action);
  }
}
