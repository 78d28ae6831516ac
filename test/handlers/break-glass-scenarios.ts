/** Calls about broken glasses: those that are granted, and one for every code with which they are refused. */
import { GOOD_ASK, POLICY, policyOf } from './api-world.ts';
import type { Scenario, Stage } from './scenario-stage.ts';

const GLASS_ASK = { ...GOOD_ASK, breakGlass: { incident: 'INC-9' } };

const breakGlass = async ({ call }: Stage): Promise<string> =>
  (await call('maria', 'POST', '/requests', { body: GLASS_ASK })).body.id;

const ordinary = async ({ call }: Stage): Promise<string> =>
  (await call('maria', 'POST', '/requests', { body: GOOD_ASK })).body.id;

const JUSTIFIED = { outcome: 'justified', comment: 'The queue was stuck' } as const;

export const acknowledged: Scenario = async (stage) => ({ as: 'omar', id: await breakGlass(stage) });
export const reviewed: Scenario = async (stage) => ({ as: 'lena', id: await breakGlass(stage), body: JUSTIFIED });

export const breakingScenarios: Readonly<Record<string, Scenario>> = {
  break_glass_not_allowed: async () => ({ as: 'chloe', body: GLASS_ASK }),
  incident_invalid: async () => ({ as: 'maria', body: { ...GOOD_ASK, breakGlass: { incident: 'CHG-1' } } }),
  break_glass_limit: async (stage) => {
    await breakGlass(stage);
    await breakGlass(stage);
    return { as: 'maria', body: GLASS_ASK };
  },
  review_overdue: async (stage) => {
    await breakGlass(stage);
    stage.clock.advance(86_400);
    return { as: 'maria', body: GLASS_ASK };
  },
  nobody_to_tell: async (stage) => {
    stage.world.policies.publish(policyOf(POLICY.replace('tell: { groups: [leads] }', 'tell: { groups: [gone] }')));
    return { as: 'maria', body: GLASS_ASK };
  },
};

const asConflict = async (stage: Stage): Promise<string> => {
  const id = await breakGlass(stage);
  stage.world.ledger.commit = async () => 'conflict';
  return id;
};

export const acknowledgingScenarios: Readonly<Record<string, Scenario>> = {
  not_permitted: async (stage) => ({ as: 'chloe', id: await breakGlass(stage) }),
  self_approval: async (stage) => ({ as: 'maria', id: await breakGlass(stage) }),
  not_break_glass: async (stage) => ({ as: 'omar', id: await ordinary(stage) }),
  already_acknowledged: async (stage) => {
    const id = await breakGlass(stage);
    await stage.call('omar', 'POST', `/requests/${id}/acknowledge`);
    return { as: 'lena', id };
  },
  changed_meanwhile: async (stage) => ({ as: 'omar', id: await asConflict(stage) }),
};

export const reviewingScenarios: Readonly<Record<string, Scenario>> = {
  not_permitted: async (stage) => ({ as: 'omar', id: await breakGlass(stage), body: JUSTIFIED }),
  self_approval: async (stage) => ({ as: 'maria', id: await breakGlass(stage), body: JUSTIFIED }),
  not_break_glass: async (stage) => ({ as: 'lena', id: await ordinary(stage), body: JUSTIFIED }),
  already_reviewed: async (stage) => {
    const id = await breakGlass(stage);
    await stage.call('lena', 'POST', `/requests/${id}/review`, { body: JUSTIFIED });
    return { as: 'ines', id, body: { outcome: 'not_justified' } };
  },
  comment_too_long: async (stage) => ({
    as: 'lena',
    id: await breakGlass(stage),
    body: { ...JUSTIFIED, comment: 'x'.repeat(1001) },
  }),
  comment_unprintable: async (stage) => ({
    as: 'lena',
    id: await breakGlass(stage),
    body: { ...JUSTIFIED, comment: '\u0007' },
  }),
  changed_meanwhile: async (stage) => ({ as: 'lena', id: await asConflict(stage), body: JUSTIFIED }),
};
