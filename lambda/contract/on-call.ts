/** On-call: how rules name a schedule, how it is asked who is on call by it, and what is answered. */
import * as z from 'zod';

/** What a schedule may be called: it becomes a part of an address. */
export const scheduleName = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/, 'letters, digits, dots, dashes and underscores, at most 100');

/** Where the name of the schedule comes in an address. */
export const SCHEDULE_PLACE = '{schedule}';

/** The address at which a schedule is asked. */
export const addressOf = (url: string, schedule: string): string =>
  url.replace(SCHEDULE_PLACE, encodeURIComponent(schedule));

/** What the functions are told, as JSON in their environment. There is nothing secret in it. */
export interface OnCallRules {
  readonly url: string;
  readonly tokenParameter?: string;
}

export const MOST_ON_CALL = 50;

const name = z.string().min(1).max(256);

/** The answer: everybody who is on call for the schedule now. */
export const onCallAnswer = z.object({
  onCall: z.array(z.union([z.object({ email: name }), z.object({ userName: name })])).max(MOST_ON_CALL),
});
