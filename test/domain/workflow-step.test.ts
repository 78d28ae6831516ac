/** What a workflow that waits at a step is told, for every situation of its request. */
import { describe, expect, it } from 'vitest';
import { toIso } from '../../lambda/domain/time.ts';
import { type StepOutcome, stepOutcome, type WaitingStep } from '../../lambda/domain/workflow-step.ts';
import { at, SITUATIONS } from './samples.ts';

const told = (outcome: StepOutcome | undefined): string => {
  switch (outcome?.kind) {
    case undefined:
      return 'wait';
    case 'decided':
      return outcome.approved ? `approved, starts ${toIso(outcome.startsAt).slice(11, 16)}` : 'not approved';
    case 'hold':
      return `hold until ${toIso(outcome.until).slice(11, 16)}`;
    case 'over':
      return 'over';
  }
};

describe('at ten', () => {
  it.each([
    ['await-decision', 'pending', 'wait'],
    ['await-decision', 'scheduled', 'approved, starts 09:30'],
    ['await-decision', 'granting', 'approved, starts 10:00'],
    ['await-decision', 'active', 'approved, starts 10:00'],
    ['await-decision', 'active+extension', 'approved, starts 10:00'],
    ['await-decision', 'ending', 'approved, starts 10:00'],
    ['await-decision', 'ending-failed', 'approved, starts 10:00'],
    ['await-decision', 'ended', 'not approved'],
    ['await-decision', 'rejected', 'not approved'],
    ['await-decision', 'cancelled', 'not approved'],
    ['await-decision', 'expired', 'not approved'],
    ['await-decision', 'failed', 'not approved'],
    ['grant', 'pending', 'hold until 10:00'],
    ['grant', 'scheduled', 'wait'],
    ['grant', 'granting', 'wait'],
    ['grant', 'active', 'hold until 10:31'],
    ['grant', 'active+extension', 'hold until 10:31'],
    ['grant', 'ending', 'hold until 10:00'],
    ['grant', 'ending-failed', 'hold until 10:00'],
    ['grant', 'ended', 'hold until 10:00'],
    ['grant', 'rejected', 'hold until 10:00'],
    ['grant', 'cancelled', 'hold until 10:00'],
    ['grant', 'expired', 'hold until 10:00'],
    ['grant', 'failed', 'hold until 10:00'],
    ['end', 'pending', 'wait'],
    ['end', 'scheduled', 'wait'],
    ['end', 'granting', 'wait'],
    ['end', 'active', 'hold until 10:31'],
    ['end', 'active+extension', 'hold until 10:31'],
    ['end', 'ending', 'wait'],
    ['end', 'ending-failed', 'wait'],
    ['end', 'ended', 'over'],
    ['end', 'rejected', 'over'],
    ['end', 'cancelled', 'over'],
    ['end', 'expired', 'over'],
    ['end', 'failed', 'over'],
  ] as const)('%s × %s → %s', (step: WaitingStep, situation, expected) => {
    const request = SITUATIONS[situation];
    expect(request && told(stepOutcome(step, request, at('10:00')))).toBe(expected);
  });

  it('waits at the end of access that should have ended and has not', () => {
    const { active } = SITUATIONS;
    expect(active && stepOutcome('end', active, at('10:31'))).toBeUndefined();
  });
});
