/** Raises alarms of which somebody must hear, whatever else fails: it depends on no notifier (law 11). */
import type { AccessRequest } from '../domain/access-request.ts';

/** `unacknowledged`: the glass was broken, and nobody has said that they know. */
export type GlassAlarm = 'unacknowledged' | 'review-overdue';

export interface Bell {
  /** At least once for each time that it is due; ids only, never texts from people. */
  ring(alarm: GlassAlarm, request: AccessRequest): void;
}
