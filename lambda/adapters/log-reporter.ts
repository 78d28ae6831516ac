/** Reports through the structured log; whoever runs Brevet reads and alarms on it. */
import type { Logger } from '@aws-lambda-powertools/logger';
import type { Reporter } from '../ports/reporter.ts';

/** NB. Faults are logged by name, message and cause's name: a whole SDK error carries its request, and with it tokens. */
const described = (value: unknown): unknown => {
  if (!(value instanceof Error)) return value;
  const cause = value.cause instanceof Error ? { cause: `${value.cause.name}: ${value.cause.message}` } : {};
  return { name: value.name, message: value.message, stack: value.stack, ...cause };
};

export const createLogReporter = (logger: Logger): Reporter => ({
  warn: (message, fields) => {
    const safe = Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, described(value)]));
    logger.warn(message, { brevet: safe });
  },
});
