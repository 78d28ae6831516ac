/** Turns the texts of a body into the checked types of the domain, once. */
import type { SubmitBody } from '../../contract/api.ts';
import { parseDuration } from '../../contract/duration.ts';
import type { Wish } from '../../domain/asking.ts';
import { isRefusal, type Refusal, refuse } from '../../domain/refusal.ts';
import { type DurationSeconds, durationSeconds, type Instant, parseInstant } from '../../domain/time.ts';

export const durationFrom = (text: string): DurationSeconds | Refusal =>
  durationSeconds(parseDuration(text) ?? 0) ??
  refuse(
    'duration_invalid',
    `"${text.slice(0, 50)}" is no duration of whole seconds above zero. Write PT1H, PT90M or PT1H30M.`,
  );

const startFrom = (text: string | undefined): Instant | Refusal | undefined => {
  if (text === undefined) return undefined;
  return (
    parseInstant(text) ??
    refuse('start_invalid', `"${text.slice(0, 50)}" is no moment. Write it with its zone, as 2026-11-23T03:00:00Z.`)
  );
};

export const wishFrom = (body: Omit<SubmitBody, 'target'>): Wish | Refusal => {
  const duration = durationFrom(body.duration);
  if (isRefusal(duration)) return duration;
  const start = startFrom(body.start);
  if (isRefusal(start)) return start;
  return {
    durationSeconds: duration,
    ...(start === undefined ? {} : { start }),
    justification: body.justification,
    ...(body.ticket === undefined ? {} : { ticket: body.ticket }),
    ...(body.breakGlass && { incident: body.breakGlass.incident }),
  };
};
