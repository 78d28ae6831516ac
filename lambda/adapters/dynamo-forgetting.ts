/** When DynamoDB is to forget an item: it does so late, by days at times, and never early. */
import type { Instant } from '../domain/time.ts';

/** As the attribute `FORGET_AT` has it: epoch seconds, whole ones. */
export const forgetAt = (moment: Instant): number => Math.ceil(moment / 1000);
