/** Raises the alarm about one broken glass, and has it raised again unless somebody acknowledges or reviews it. */
import { addSeconds, type Instant } from '../domain/time.ts';
import type { Needs } from './world.ts';

/** First rung, then put off: whatever fails in between, it rings once more rather than not at all. */
export const ringAlarm = async (
  world: Needs<'ledger' | 'bell' | 'limits'>,
  requestId: string,
  now: Instant,
): Promise<'rung' | 'nothing'> => {
  const request = await world.ledger.readRequest(requestId);
  // NB. A request does not lose that; whoever took it away should not have silence for it.
  if (!request?.breakGlass) throw new Error(`an alarm is due, and the glass was not broken for ${requestId}`);
  if (request.breakGlass.review) return 'nothing';
  const { acknowledged, reviewBy } = request.breakGlass;
  if (!acknowledged) world.bell.ring('unacknowledged', request);
  if (reviewBy <= now) world.bell.ring('review-overdue', request);
  await world.ledger.putOffAlarm(request, addSeconds(now, world.limits.glassAlarmSeconds), now);
  return 'rung';
};
