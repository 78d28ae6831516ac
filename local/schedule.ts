/** A stand-in for the EventBridge rules that call a function: at once, so that a restart catches up, and then again and again. */
import { randomUUID } from 'node:crypto';
import type { LambdaFunctions } from './functions/lambda-functions.ts';

export interface ScheduleOptions {
  readonly functions: Pick<LambdaFunctions, 'invokeLater'>;
  readonly functionName: string;
  readonly seconds: number;
  readonly region: string;
  readonly accountId: string;
}

/** @returns what ends it. */
export const startSchedule = (options: ScheduleOptions): (() => void) => {
  const { functions, functionName, seconds, region, accountId } = options;
  const call = (): void => {
    const event = {
      version: '0',
      id: randomUUID(),
      'detail-type': 'Scheduled Event',
      source: 'aws.events',
      account: accountId,
      time: new Date().toISOString().replace(/\.\d+Z$/, 'Z'),
      region,
      resources: [`arn:aws:events:${region}:${accountId}:rule/${functionName}`],
      detail: {},
    };
    functions.invokeLater(functionName, JSON.stringify(event));
  };
  call();
  const timer = setInterval(call, seconds * 1000).unref();
  return () => clearInterval(timer);
};
