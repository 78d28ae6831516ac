/** Calls that decide, one for every code with which the vote itself is refused. */
import { asked, changedMeanwhile, decided, ruleChanged, type Scenario, type Stage } from './scenario-stage.ts';

const votedAlready = async (stage: Stage): Promise<string> => {
  ruleChanged(stage, 'groups: [leads] }\n    require', 'groups: [leads], required: 2 }\n    require');
  return decided(stage, 'approve');
};

const inStages = async (stage: Stage): Promise<string> => {
  const stages = '[{ approvers: { groups: [leads] } }, { approvers: { users: [chloe] } }]';
  ruleChanged(stage, 'groups: [leads] }\n    require', `stages: ${stages} }\n    require`);
  return asked(stage);
};

export const decidingScenarios = {
  self_approval: async (stage) => ({ as: 'maria', id: await asked(stage) }),
  not_an_approver: async (stage) => ({ as: 'chloe', id: await asked(stage) }),
  request_not_pending: async (stage) => ({ as: 'lena', id: await decided(stage, 'reject') }),
  stage_not_open: async (stage) => ({ as: 'chloe', id: await inStages(stage) }),
  already_voted: async (stage) => ({ as: 'omar', id: await votedAlready(stage) }),
  comment_too_long: async (stage) => ({ as: 'omar', id: await asked(stage), body: { comment: 'x'.repeat(1001) } }),
  comment_unprintable: async (stage) => ({ as: 'omar', id: await asked(stage), body: { comment: '\u0007' } }),
  changed_meanwhile: changedMeanwhile(asked, { as: 'omar' }),
} satisfies Readonly<Record<string, Scenario>>;
