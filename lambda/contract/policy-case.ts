/** A case of a policy as people write it: a person, a target, a length and a moment, and what is to come of it. */
import * as z from 'zod';
import { durationText, momentText } from './policy-schedule.ts';
import { PROBLEMS, type ProblemCode } from './problem.ts';

const target = z
  .string()
  .max(400)
  .regex(/^.+\/[^/]+$/, 'a target such as payments-prod/AdministratorAccess');

export const policyCase = z.strictObject({
  name: z.string().min(1),
  person: z.string().min(1).max(128),
  target,
  for: durationText,
  at: momentText,
  reason: z.string().default('A reason that is long enough for any rule of this policy, as it should be.'),
  ticket: z.string().max(1000).optional(),
  break_glass: z.boolean().optional(),
  incident: z.string().max(1000).optional().describe('With break_glass: for which the glass is broken.'),
  on_call: z
    .array(z.string().max(100))
    .max(50)
    .default([])
    .describe('Schedules by which the person is on call; by others they are not.'),
  open: z.array(target).max(50).default([]).describe('What else the person has open.'),
  expect: z.union([z.literal('allowed'), z.enum(Object.keys(PROBLEMS) as [ProblemCode, ...ProblemCode[]])]),
  rule: z.string().optional().describe('The entitlement that lets it through.'),
  approvals: z.int().min(0).optional().describe('In all stages together.'),
  stages: z.array(z.int()).optional().describe('Approvals of each stage, in order.'),
  approvers: z
    .array(z.string())
    .optional()
    .describe(
      'The groups and users that approve, or in words `everybody with department security`, in the order of the stages.',
    ),
  at_most: durationText.optional().describe('How long it may last in all.'),
});
export type PolicyCase = z.output<typeof policyCase>;

export const caseFile = z.strictObject({ version: z.literal(1), cases: z.array(policyCase) });
