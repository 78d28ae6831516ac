/** Explaining a would-be request: what is asked, and the verdict of every rule that is near. */
import * as z from 'zod';
import { sessionDuration } from './api.ts';
import { stageAsks } from './approval-view.ts';
import { askedBreakGlass, breakGlassVerdict } from './break-glass.ts';
import { personView } from './view-parts.ts';

const text = z.string().max(20_000);

export const explainBody = z.strictObject({
  target: z.strictObject({
    kind: z.literal('account'),
    account: z.string().max(100).describe('Id or name of the account.'),
    permissionSet: z.string().max(200).describe('Name of the permission set.'),
  }),
  duration: z.string().max(100).default('PT1H'),
  start: z.string().max(100).optional().describe('Start of the window, with its zone; at once when left out.'),
  justification: text.optional().describe('Taken for long enough when left out.'),
  ticket: text.optional(),
  breakGlass: askedBreakGlass.optional().describe('Explains breaking the glass, and the rules for that.'),
  person: z.string().max(128).optional().describe('User name of somebody else: for auditors and administrators.'),
});
export type ExplainBody = z.input<typeof explainBody>;

/** How many rules are told of at most, the nearest ones: more than a policy has that people can keep. */
export const MOST_RULES_TOLD = 1000;

const MET = z.enum(['met', 'unmet', 'failed']).describe('`failed`: it could not be told, which denies.');

export const explanationView = z.object({
  person: personView,
  target: z.object({
    kind: z.literal('account'),
    accountId: z.string(),
    accountName: z.string(),
    permissionSet: z.string(),
    sessionDuration,
  }),
  duration: z.string(),
  allowed: z.boolean().describe('Whether such a request would be taken now.'),
  entitlement: z.string().optional().describe('The rule that lets it through.'),
  approval: z
    .object({
      required: z.int().describe('In all stages together.'),
      stages: z
        .array(
          z.object({
            ...stageAsks,
            silentTag: z
              .string()
              .optional()
              .describe('Key of a tag of the account that was to name approvers, and names nobody.'),
            remindAfter: z.string().optional(),
            escalateAfter: z.string().optional(),
            escalateTo: z.object({ groups: z.array(z.string()), users: z.array(z.string()) }).optional(),
            approvers: z.array(personView).describe('Who could approve in it now, at most 25.'),
          }),
        )
        .describe('In order.'),
    })
    .optional(),
  maxDuration: z.string().optional().describe('How long it may last in all.'),
  approvers: z.array(personView).describe('Who could approve it first, at most 25.'),
  refusal: z.object({ code: z.string(), detail: z.string() }).optional().describe('Why it would be refused.'),
  breakGlass: breakGlassVerdict.optional(),
  rules: z
    .array(
      z.object({
        name: z.string(),
        verdict: z.enum(['allows', 'unsatisfied', 'failed']),
        conditions: z.array(
          z.object({
            kind: z.string(),
            met: MET,
            asks: z.string(),
            remedy: z.string().optional().describe('What would make it met.'),
          }),
        ),
      }),
    )
    .describe(`The entitlements, the nearest first; at most ${MOST_RULES_TOLD}.`),
  rulesLeftOut: z.int(),
  guardrails: z
    .array(
      z.object({
        name: z.string(),
        effect: z.enum(['forbid', 'freeze', 'floor', 'not-together', 'open-limit']),
        holds: z
          .enum(['yes', 'failed', 'no'])
          .describe(
            '`failed`: whether it speaks of this could not be told, so it holds. `no`: it speaks of something else.',
          ),
        refusal: z.object({ code: z.string(), detail: z.string() }).optional(),
      }),
    )
    .describe('Every guardrail, those that hold here first.'),
});
export type ExplanationView = z.infer<typeof explanationView>;
