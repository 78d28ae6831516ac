/** Break-glass in a policy: who is told and who reviews, and what guardrails say about it. */
import * as z from 'zod';
import { durationText } from './policy-schedule.ts';

const names = z.array(z.string().min(1).max(256)).default([]);

const people = z
  .strictObject({
    groups: names.describe('Groups of IAM Identity Center, by name.'),
    users: names.describe('User names of IAM Identity Center.'),
  })
  .refine(({ groups, users }) => groups.length + users.length > 0, 'name at least one group or user');

const LONGEST_REVIEW = 7 * 86_400;

const reviewWithin = durationText
  .refine((seconds) => seconds <= LONGEST_REVIEW, 'at most 7 days (168h)')
  .prefault('24h')
  .describe('From when the glass is broken; after it, whoever broke it breaks no other.');

/** @param pattern what a regular expression is checked by */
export const breakGlassWith = (pattern: z.ZodType<string, string>) =>
  z
    .strictObject({
      tell: people.describe('Who is told, and acknowledges.'),
      incident_pattern: pattern.optional().describe('A regular expression for the whole reference of the incident.'),
      max_duration: durationText.optional().describe('That of the rule, when left out.'),
      review: z
        .strictObject({ within: reviewWithin, by: people.optional().describe('Those who are told, when left out.') })
        .prefault({}),
      max_uses: z
        .int()
        .min(1)
        .max(20)
        .default(3)
        .describe('How often one person may break the glass in 24 hours, by whatever rule.'),
    })
    .describe('Granted at once, without approval: loudly, for an incident, and reviewed afterwards by somebody else.');

/** What holds for break-glass where the guardrail does not say: a freeze does not, everything else does. */
export const guardrailBreakGlass = z
  .enum(['forbid', 'allow'])
  .optional()
  .describe('Whether it holds for break-glass (forbid), or not (allow). A freeze allows, all else forbids.');

export type BreakGlassInFile = z.output<ReturnType<typeof breakGlassWith>>;
