/** The policy on the wire: the one in force, and what a proposed one would change. */
import * as z from 'zod';
import { policyCase } from './policy-case.ts';
import { pastChecked, pastWish } from './policy-past.ts';
import { moment } from './view-parts.ts';

export const policyView = z.object({
  version: z.string().describe('SHA-256 of its content as JSON, hexadecimal.'),
  entitlements: z.int().describe('How many.'),
  guardrails: z.int().describe('How many.'),
  content: z.record(z.string(), z.unknown()).describe('As it was published: the content of a policy file.'),
});
export type PolicyView = z.infer<typeof policyView>;

const MOST_CASES = 50;
const MOST_PEOPLE = 10;

export const policyCheckBody = z.strictObject({
  policy: z
    .record(z.string(), z.unknown())
    .describe('The content of a policy file (policy.schema.json); of several files, their rules one after the other.'),
  cases: z.array(policyCase).max(MOST_CASES).default([]).describe('Tried on it.'),
  people: z
    .array(z.string().min(1).max(128))
    .max(MOST_PEOPLE)
    .default([])
    .describe('User names of those for whom it is compared with the policy in force.'),
  everybody: z
    .boolean()
    .default(false)
    .describe(
      'Compared for everybody, and linted by who there is: everybody is counted for it first, which may take minutes.',
    ),
  past: pastWish.optional(),
});
export type PolicyCheckBody = z.input<typeof policyCheckBody>;

const terms = z.object({
  approvals: z.int(),
  approvers: z.string().describe('The groups that approve, in words; empty where nobody needs to.'),
  maxDuration: z.string(),
  ways: z
    .array(z.string())
    .optional()
    .describe('Every way to it in words, that which asks the least first; absent where the rest tells all.'),
  breakGlass: z.object({ maxDuration: z.string(), isOnlyWay: z.boolean() }).optional(),
});

const change = z.object({
  kind: z.enum(['gains', 'loses', 'changes']),
  accountId: z.string(),
  accountName: z.string(),
  permissionSet: z.string(),
  before: terms.optional(),
  after: terms.optional(),
});

const everybody = z.object({
  asOf: moment.describe('When counting them began.'),
  people: z.int().describe('So many there were then, disabled people too.'),
  concerned: z.int().describe('For so many of them anything changes.'),
  differences: z.array(
    z.object({
      people: z.array(z.string()).describe('User names, the first of them where they are many.'),
      count: z.int().describe('For so many people exactly this changes.'),
      changes: z.array(change),
    }),
  ),
  changesLeftOut: z.int().describe('Found, and not told one by one.'),
  isWhole: z.boolean().describe('False where there was no time left to look at every account.'),
});

export const policyCheckView = z.object({
  inForce: z.string().describe('Version of the policy in force.'),
  version: z.string().optional().describe('The version that the proposed one would be; absent where it does not fit.'),
  findings: z
    .array(z.object({ path: z.string().describe('Such as `entitlements.0.who.groups.1`.'), message: z.string() }))
    .describe('What does not fit, and names that nothing bears.'),
  findingsLeftOut: z.int(),
  /** User names in the policy, of which nothing is said. */
  usersNotLookedUp: z.int(),
  cases: z
    .array(
      z.object({
        name: z.string(),
        passed: z.boolean(),
        differences: z.array(z.string()),
        counted: z
          .boolean()
          .describe(
            'False where there was no time left to count who could approve, or be told: none is refused for want of them then.',
          ),
      }),
    )
    .describe('What came of the cases, in order. None where the policy does not fit.'),
  people: z.array(
    z.object({
      userName: z.string(),
      changes: z.array(change),
      isWhole: z.boolean().describe('False where there may be more changes than are told.'),
    }),
  ),
  everybody: everybody.optional(),
  past: pastChecked.optional(),
});
export type PolicyCheckView = z.infer<typeof policyCheckView>;
