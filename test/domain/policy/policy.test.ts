/** Whom and what a policy speaks of, gathered from all its rules: what is left out would never be looked up. */
import { describe, expect, it } from 'vitest';
import { underDelegation } from '../../../lambda/domain/policy/delegation.ts';
import type { Effect } from '../../../lambda/domain/policy/policy.ts';
import {
  approverAttributes,
  approverGroups,
  approverUsers,
  requesterGroups,
} from '../../../lambda/domain/policy/policy.ts';
import { seconds } from '../samples.ts';
import { guarded, guardrail, policy, rule, stage } from './sample-policy.ts';

const FORBID: Effect = { kind: 'forbid', reason: 'never' };
const ESCALATED = stage({
  users: ['ann'],
  escalation: { afterSeconds: seconds(60), groups: ['heads'], users: ['ben'] },
});

describe('the groups of people who ask', () => {
  it('are listed once each', () => {
    expect(requesterGroups(policy(rule({ groups: ['a', 'b'] }), rule({ groups: ['b', 'c'] })))).toEqual([
      'a',
      'b',
      'c',
    ]);
  });

  it('are those of guardrails, too', () => {
    const who = { groups: ['contractors'], users: [], attributes: [] };
    const given = guarded([rule()], guardrail(FORBID), guardrail(FORBID, { who }));
    expect(requesterGroups(given)).toEqual(['engineers', 'contractors']);
  });
});

describe('the approvers', () => {
  it('by group are those of stages and of whom they are escalated to, once each', () => {
    expect(approverGroups(policy(rule(), rule({ approval: [ESCALATED, stage()] })))).toEqual(['leads', 'heads']);
  });

  it('by group are those that delegations and floors ask for, too', () => {
    const floor: Effect = { kind: 'floor', minApprovals: 1, approversFrom: ['risk'] };
    const delegated = underDelegation(rule(), 'payments', {
      name: 'payments',
      writers: ['payments-leads'],
      organizationalUnits: ['Workloads/Payments'],
      permissionSets: { names: ['AdministratorAccess'], tags: [] },
      maxDurationSeconds: seconds(3600),
      minApprovals: 1,
      approversFrom: ['security'],
    });
    const given = guarded([delegated, rule()], guardrail(FORBID), guardrail(floor));
    expect(approverGroups(given)).toEqual(['leads', 'security', 'risk']);
  });

  it('by name are those of stages and of whom they are escalated to', () => {
    expect([...approverUsers(policy(rule(), rule({ approval: [stage(), ESCALATED] })))]).toEqual(['ann', 'ben']);
  });

  it('by attributes alone are those of stages that say so', () => {
    const everybodyWith = [{ attribute: 'title', values: ['Lead'] }] as const;
    const given = policy(rule(), rule({ approval: [stage({ groups: [], everybodyWith }), stage()] }));
    expect(approverAttributes(given)).toEqual([everybodyWith]);
  });
});
