/** What a workflow that waits at a step is told, for every situation of its request. */
import { describe, expect, it } from 'vitest';
import type { AccessRequest } from '../../lambda/domain/access-request.ts';
import { instant, toIso } from '../../lambda/domain/time.ts';
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

  it.each([
    ['await-decision', 'granting', '10:00:00.000'],
    ['grant', 'failed', '10:00:00.000'],
  ] as const)(
    '%s × %s is told a moment that has come as its whole second, so that no timer waits',
    (step, situation, expected) => {
      const request = SITUATIONS[situation];
      const outcome = request && stepOutcome(step, request, instant(at('10:00') + 123));
      const moment =
        outcome?.kind === 'hold' ? outcome.until : outcome?.kind === 'decided' && outcome.approved && outcome.startsAt;
      expect(moment && toIso(moment).slice(11, 23)).toBe(expected);
    },
  );

  it('tells a start that is ahead as it is', () => {
    const request = { ...SITUATIONS.scheduled, startsAt: instant(at('10:00') + 123) } as AccessRequest;
    expect(stepOutcome('await-decision', request, at('10:00'))).toMatchObject({ startsAt: at('10:00') + 123 });
  });

  it('comes back at once to the end of active access whose time has come just now: nobody else would end it', () => {
    const { active } = SITUATIONS;
    expect(told(active && stepOutcome('end', active, at('10:31')))).toBe('hold until 10:31');
  });
});
