/** The small policy with stages: leads first, who are reminded and for whom Ada steps in; then Sam's group, or Bob by name. */
import { POLICY_TEXT, policyOf } from './small-policy.ts';

export const STAGES = `
      stages:
        - approvers: { groups: [leads] }
          remind_after: 30m
          escalate_after: 1h
          escalate_to: { users: [Ada] }
        - approvers: { groups: [seconds], users: [bob] }
          remind_after: 10m`;

/** What production asks instead of one approval of the leads. */
export const stagedBy = (approval: string): string =>
  POLICY_TEXT.replace('approval: { groups: [leads] }', () => `approval: ${approval}`);

export const stagedPolicy = policyOf(stagedBy(STAGES));
