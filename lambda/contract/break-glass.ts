/** Break-glass on the wire: how it is asked for, and how it stands until it is acknowledged and reviewed. */
import * as z from 'zod';

const moment = z.iso.datetime();
const person = z.object({ id: z.string(), userName: z.string(), displayName: z.string() });

export const askedBreakGlass = z
  .strictObject({ incident: z.string().max(20_000) })
  .describe('Breaks the glass: at once, without approval; others are told, and review it.');

export const REVIEW_OUTCOMES = ['justified', 'not_justified'] as const;

export const reviewBody = z.strictObject({
  outcome: z.enum(REVIEW_OUTCOMES),
  comment: z.string().max(20_000).optional(),
});
export type ReviewBody = z.infer<typeof reviewBody>;

const audience = z.object({ groups: z.array(z.string()), people: z.array(person) });

export const breakGlassView = z.object({
  incident: z.string(),
  told: audience,
  reviewers: audience,
  acknowledged: z.object({ by: person, at: moment }).optional().describe('Absent: the alarm goes on.'),
  reviewBy: moment,
  reviewOverdue: z.boolean(),
  review: z
    .object({ by: person, at: moment, outcome: z.enum(REVIEW_OUTCOMES), comment: z.string().optional() })
    .optional(),
});
export type BreakGlassView = z.infer<typeof breakGlassView>;

/** In the catalogue. */
export const breakGlassOffer = z.object({
  maxDuration: z.string(),
  entitlement: z.string(),
  incidentPattern: z.string().optional(),
  isOnlyWay: z.boolean(),
});

/** In an explanation. */
export const breakGlassVerdict = z
  .object({
    allowed: z.boolean(),
    entitlement: z.string().optional(),
    maxDuration: z.string().optional(),
    refusal: z.object({ code: z.string(), detail: z.string() }).optional(),
  })
  .describe('Whether the glass could be broken for it, with an incident that fits.');
