/** Break-glass in a policy: who is told and who reviews, and what guardrails say about it. */
import * as z from 'zod';
import { durationText } from './policy-schedule.ts';

const names = z.array(z.string().min(1).max(256)).default([]);

const people = z
  .strictObject({
    groups: names,
    users: names,
  })
  .refine(({ groups, users }) => groups.length + users.length > 0, 'name at least one group or user');

const LONGEST_REVIEW = 7 * 86_400;

const reviewWithin = durationText
  .refine((seconds) => seconds <= LONGEST_REVIEW, 'at most 7 days (168h)')
  .prefault('24h')
  .describe('After it, whoever broke the glass breaks no other.');

/** @param pattern what a regular expression is checked by */
export const breakGlassWith = (pattern: z.ZodType<string, string>) =>
  z
    .strictObject({
      tell: people.describe('Who is told, and acknowledges.'),
      incident_pattern: pattern.optional().describe('A regular expression for the whole incident.'),
      max_duration: durationText.optional().describe('That of the rule, when left out.'),
      review: z
        .strictObject({ within: reviewWithin, by: people.optional().describe('Those who are told, when left out.') })
        .prefault({}),
      max_uses: z.int().min(1).max(20).default(3).describe('Uses of one person in 24 hours, by whatever rule.'),
    })
    .describe('At once, without approval: loudly, for an incident, and reviewed by somebody else.');

/** What holds for break-glass where the guardrail does not say: a freeze does not, everything else does. */
export const guardrailBreakGlass = z
  .enum(['forbid', 'allow'])
  .optional()
  .describe('forbid: it holds for break-glass; allow: it does not. A freeze allows, all else forbids.');

export type BreakGlassInFile = z.output<ReturnType<typeof breakGlassWith>>;
