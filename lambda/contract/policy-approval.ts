/** Who approves what a rule of the policy lets people ask for: nobody, one stage, or several in order. */
import * as z from 'zod';
import { attributes, groups, users } from './policy-people.ts';
import { durationText } from './policy-schedule.ts';

export const MOST_STAGES = 5;
/** In all stages together: more people than are named as possible approvers could not be told from too few. */
export const MOST_APPROVALS = 20;

const approverFields = {
  groups,
  users,
  attributes: attributes.describe(
    'Narrows groups, users and whom the account_tag names; alone, it stands for everybody who has them.',
  ),
  account_tag: z
    .string()
    .min(1)
    .max(128)
    .optional()
    .describe(
      'Key of a tag of the target account that names approvers: group:NAME, user:NAME, or the NAME of a group.',
    ),
};

interface Approvers {
  readonly groups: readonly string[];
  readonly users: readonly string[];
  readonly attributes?: object;
  readonly account_tag?: string | undefined;
}
const namesSome = (one: Approvers): boolean =>
  one.groups.length + one.users.length > 0 || one.account_tag !== undefined;

/**
 * Written with attributes alone: everybody who has them approves. NB. What is written tells it, and never what has come of
 * it: groups that are not there, or a tag that names nobody, leave nobody.
 */
export const isForEverybody = (one: Approvers): boolean =>
  !namesSome(one) && Object.keys(one.attributes ?? {}).length > 0;

const namesApprovers = (one: Approvers): boolean => namesSome(one) || isForEverybody(one);
const NAMES_NOBODY = 'name at least one group, user, attribute or account_tag';

const required = z.int().min(1).max(10).default(1).describe('So many people must say yes.');

const escalateTo = z
  .strictObject({ groups, users })
  .refine(namesSome, 'name at least one group or user')
  .describe('Who may decide the stage, too, once it was open for so long.');

const stage = z
  .strictObject({
    approvers: z.strictObject(approverFields).refine(namesApprovers, NAMES_NOBODY),
    required,
    remind_after: durationText.optional().describe('Its approvers are reminded when it was open for so long; once.'),
    escalate_after: durationText.optional(),
    escalate_to: escalateTo.optional(),
  })
  .refine(
    (one) => (one.escalate_after === undefined) === (one.escalate_to === undefined),
    'escalate_after and escalate_to go together',
  );

const oneStage = z.strictObject({ ...approverFields, required }).refine(namesApprovers, NAMES_NOBODY);

const severalStages = z.strictObject({
  stages: z
    .array(stage)
    .min(1)
    .max(MOST_STAGES)
    .refine(
      (stages) => stages.reduce((sum, one) => sum + one.required, 0) <= MOST_APPROVALS,
      `at most ${MOST_APPROVALS} approvals in all stages together`,
    )
    .describe('In order: a stage opens when the one before is complete, and nobody counts in two of them.'),
});

export const approval = z.union([z.literal('none'), oneStage, severalStages]);

type Approval = z.output<typeof approval>;
export type StageInFile = z.output<typeof stage>;

/** In order; nobody needs to approve where there are none. */
export const stagesIn = (one: Approval | undefined): readonly StageInFile[] => {
  if (one === undefined || one === 'none') return [];
  return 'stages' in one ? one.stages : [{ approvers: one, required: one.required }];
};
