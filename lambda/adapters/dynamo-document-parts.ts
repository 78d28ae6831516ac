/** What many documents in the request table are made of. */
import * as z from 'zod';
import { type DurationSeconds, type Instant, instant } from '../domain/time.ts';

const LATEST_MOMENT = 8.64e15;
export const moment: z.ZodType<Instant> = z.int().min(-LATEST_MOMENT).max(LATEST_MOMENT).transform(instant);
export const seconds: z.ZodType<DurationSeconds> = z
  .int()
  .positive()
  .transform((held) => held as DurationSeconds);
export const text = z.string();
export const count = z.int().min(0);

export const person = z.strictObject({ id: text, userName: text, displayName: text });
export const group = z.strictObject({ id: text, name: text });
