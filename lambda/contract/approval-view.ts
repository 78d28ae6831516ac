/** Approval on the wire: its stages in order, which of them is open, and who has voted in which. */
import * as z from 'zod';
import { moment, personView } from './view-parts.ts';

export const voteView = z.object({
  approver: personView,
  choice: z.enum(['approve', 'reject']),
  stage: z.int().describe('In which stage, from 1.'),
  at: moment,
  comment: z.string().optional(),
  duration: z.string().optional(),
});

const attributesAsked = z.record(z.string(), z.array(z.string()));

/** Whom a stage asks, by the names that the policy and the account's tag gave them. */
export const stageAsks = {
  required: z.int(),
  groups: z.array(z.string()),
  users: z.array(z.string()).describe('User names.'),
  attributes: attributesAsked.describe('The people of groups and users must have one of the values of each.'),
  everybodyWith: attributesAsked
    .optional()
    .describe(
      'Everybody who has one of the values of each is asked, whoever they are. They are listed only where there is `among`.',
    ),
  among: z.array(z.array(z.string())).describe('Approvers must belong to one group of each list too.'),
};

const stageView = z.object({
  ...stageAsks,
  approvals: z.int().describe('How many it has.'),
  state: z
    .enum(['waiting', 'open', 'complete', 'closed'])
    .describe('`waiting`: stages before it are not complete; `closed`: nothing more is decided in it.'),
  openedAt: moment.optional(),
  remindsAt: moment.optional().describe('While it is open: when its approvers will be reminded.'),
  remindedAt: moment.optional(),
  escalatesAt: moment.optional().describe('While it is open: when others may decide it, too.'),
  escalatedAt: moment.optional(),
  escalatesTo: z
    .object({ groups: z.array(z.string()), users: z.array(z.string()) })
    .optional()
    .describe('Who may decide it, too, from then on.'),
});
export type StageView = z.infer<typeof stageView>;

export const approvalView = z.object({
  required: z.int().describe('People who must say yes, in all stages together; zero when the policy asks nobody.'),
  groups: z.array(z.string()).describe('The groups that approve, in whichever stage.'),
  votes: z.array(voteView),
  stages: z.array(stageView).describe('In order. A stage opens when the one before is complete.'),
});
