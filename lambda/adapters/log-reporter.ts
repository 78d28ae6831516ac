/** Reports through the structured log; whoever runs Brevet reads and alarms on it. */
import type { Logger } from '@aws-lambda-powertools/logger';
import type { Reporter } from '../ports/reporter.ts';

/** NB. Faults are logged by name, message and cause's name: a whole SDK error carries its request, and with it tokens. */
const described = (value: unknown): unknown => {
  if (!(value instanceof Error)) return value;
  const cause = value.cause instanceof Error ? { cause: `${value.cause.name}: ${value.cause.message}` } : {};
  return { name: value.name, message: value.message, stack: value.stack, ...cause };
};

/** Law 11: that nobody could be told stops nothing. Where the log itself fails there is nobody left to tell. */
export const neverInTheWay = ({ warn }: Reporter): Reporter => ({
  warn: (message, fields) => {
    try {
      warn(message, fields);
    } catch {
      // The story goes on.
    }
  },
});

export const createLogReporter = (logger: Logger): Reporter =>
  neverInTheWay({
    warn: (message, fields) => {
      const safe = Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, described(value)]));
      logger.warn(message, { brevet: safe });
    },
  });
