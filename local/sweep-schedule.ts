/** A stand-in for the EventBridge rule that calls the sweep: at once, so that a restart catches up, and then again and again. */
import { randomUUID } from 'node:crypto';
import type { LambdaFunctions } from './functions/lambda-functions.ts';

export interface SweepScheduleOptions {
  readonly functions: Pick<LambdaFunctions, 'invokeLater'>;
  readonly functionName: string;
  readonly seconds: number;
  readonly region: string;
  readonly accountId: string;
}

/** @returns what ends it. */
export const startSweepSchedule = (options: SweepScheduleOptions): (() => void) => {
  const { functions, functionName, seconds, region, accountId } = options;
  const sweep = (): void => {
    const event = {
      version: '0',
      id: randomUUID(),
      'detail-type': 'Scheduled Event',
      source: 'aws.events',
      account: accountId,
      time: new Date().toISOString().replace(/\.\d+Z$/, 'Z'),
      region,
      resources: [`arn:aws:events:${region}:${accountId}:rule/brevet-sweep`],
      detail: {},
    };
    functions.invokeLater(functionName, JSON.stringify(event));
  };
  sweep();
  const timer = setInterval(sweep, seconds * 1000).unref();
  return () => clearInterval(timer);
};
