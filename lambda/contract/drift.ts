/** Drift on the wire: what Brevet saw in IAM Identity Center and did not do, and the baseline that says what of it is in order. */
import * as z from 'zod';
import { cursor } from './api.ts';
import { moment } from './view-parts.ts';

export const driftParameters = z.strictObject({ cursor: cursor.optional() });

export const driftBaseline = z.object({
  takenAt: moment,
  takenBy: z.string().describe('User name of the administrator.'),
  accepted: z.int().describe('So many assignments were found in order.'),
});
export type DriftBaselineView = z.infer<typeof driftBaseline>;

export const driftFinding = z.object({
  kind: z
    .enum(['unexplained', 'missing'])
    .describe(
      '`unexplained`: assigned, and no request is behind it. `missing`: a request holds it, and it is not there.',
    ),
  accountId: z.string(),
  accountName: z.string(),
  permissionSet: z.string(),
  principalType: z.enum(['USER', 'GROUP']),
  principalId: z.string(),
  userName: z.string().optional().describe('Of the user, where they are known.'),
  since: moment.describe('When Brevet first saw it.'),
  removingSince: moment
    .optional()
    .describe('Since when Brevet is removing it. It is shown until Identity Center confirms that it is gone.'),
});
export type DriftFindingView = z.infer<typeof driftFinding>;

export const driftView = z.object({
  mode: z.enum(['report', 'remove']).describe('What the settings say.'),
  isRemoving: z.boolean().describe('Whether findings are removed now.'),
  whyNot: z
    .enum(['report-only', 'no-baseline', 'other-instance', 'other-table', 'no-round-since'])
    .optional()
    .describe(
      'Why nothing is removed: the settings say so; there is no baseline; it was taken of another instance, or in a ' +
        'table that is not this one (a restored or new table needs a new baseline); or no full round has followed it yet.',
    ),
  removalsInTheLastHour: z.int(),
  baseline: driftBaseline.optional(),
  round: z
    .object({
      startedAt: moment,
      accountsDone: z.int(),
      accounts: z.int(),
      skipped: z.int().describe('Accounts that could not be looked at.'),
    })
    .optional()
    .describe('The walk through all accounts that is under way.'),
  lastFullRound: z.object({ startedAt: moment, finishedAt: moment, accounts: z.int() }).optional(),
  findings: z.array(driftFinding),
  cursor: z.string().optional(),
});
export type DriftView = z.infer<typeof driftView>;
