/** Break-glass on the wire: how it is asked for, and how it stands until it is acknowledged and reviewed. */
import * as z from 'zod';

const moment = z.iso.datetime();
const person = z.object({ id: z.string(), userName: z.string(), displayName: z.string() });

export const askedBreakGlass = z
  .strictObject({
    incident: z.string().max(20_000).describe('The reference of the incident, of the form that the rule wants.'),
  })
  .describe('Breaks the glass: access at once, without approval, of which others are told and which they review.');

export const REVIEW_OUTCOMES = ['justified', 'not_justified'] as const;

export const reviewBody = z.strictObject({
  outcome: z.enum(REVIEW_OUTCOMES),
  comment: z.string().max(20_000).optional().describe('For the record.'),
});
export type ReviewBody = z.infer<typeof reviewBody>;

const audience = z.object({ groups: z.array(z.string()), people: z.array(person) });

export const breakGlassView = z
  .object({
    incident: z.string(),
    told: audience.describe('Who was told, and can acknowledge.'),
    reviewers: audience.describe('Who can review it.'),
    acknowledged: z.object({ by: person, at: moment }).optional().describe('Absent: the alarm goes on.'),
    reviewBy: moment,
    reviewOverdue: z.boolean(),
    review: z
      .object({ by: person, at: moment, outcome: z.enum(REVIEW_OUTCOMES), comment: z.string().optional() })
      .optional(),
  })
  .describe('The glass was broken for it: nobody approved.');
export type BreakGlassView = z.infer<typeof breakGlassView>;

/** In the catalogue. */
export const breakGlassOffer = z
  .object({
    maxDuration: z.string(),
    entitlement: z.string(),
    incidentPattern: z.string().optional(),
    isOnlyWay: z.boolean().describe('True where it cannot be asked for otherwise.'),
  })
  .describe('The glass may be broken for it.');

/** In an explanation. */
export const breakGlassVerdict = z
  .object({
    allowed: z.boolean(),
    entitlement: z.string().optional(),
    maxDuration: z.string().optional(),
    refusal: z.object({ code: z.string(), detail: z.string() }).optional(),
  })
  .describe(
    'Whether the policy lets the glass be broken for it, with an incident that fits; absent where it has no rule for that.',
  );
