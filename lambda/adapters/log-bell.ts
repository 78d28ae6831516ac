/** Rings by an error in the log and a metric, each written at once, so that nothing that happens later takes it back. */
import type { Logger } from '@aws-lambda-powertools/logger';
import { METRICS } from '../contract/metrics.ts';
import type { AccessRequest } from '../domain/access-request.ts';
import { toIso } from '../domain/time.ts';
import type { Bell, GlassAlarm } from '../ports/bell.ts';

const ids = (things: readonly { readonly id: string }[] = []): readonly string[] => things.map(({ id }) => id);

/** NB. What people wrote, the incident among that, stays where it can be erased (law 8). */
const fieldsOf = ({ id, requester, target, status, askedAt, breakGlass }: AccessRequest) => ({
  requestId: id,
  requesterId: requester.id,
  accountId: target.accountId,
  permissionSetArn: target.permissionSetArn,
  status,
  brokenAt: toIso(askedAt),
  toldGroupIds: ids(breakGlass?.told.groups),
  toldUserIds: ids(breakGlass?.told.people),
  ...(breakGlass && { reviewBy: toIso(breakGlass.reviewBy) }),
});

const MESSAGES: Readonly<Record<GlassAlarm, string>> = {
  unacknowledged: 'the glass was broken, and nobody has acknowledged it',
  'review-overdue': 'nobody has reviewed that the glass was broken',
};

const metricOf = (alarm: GlassAlarm): string =>
  alarm === 'unacknowledged' ? METRICS.glassUnacknowledged : METRICS.reviewOverdue;

/** @param count writes a metric of one, at once */
export const createLogBell = (logger: Logger, count: (metric: string) => void): Bell => ({
  ring: (alarm, request) => {
    logger.error(MESSAGES[alarm], { brevet: fieldsOf(request) });
    count(metricOf(alarm));
  },
});
