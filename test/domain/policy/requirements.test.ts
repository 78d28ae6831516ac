/** What a refusal says of a condition that is not met: what is asked, what was given, and what a program may read of it. */
import { describe, expect, it } from 'vitest';
import type { JudgedAsk } from '../../../lambda/domain/policy/ask.ts';
import type { Requirements } from '../../../lambda/domain/policy/policy.ts';
import { refuseRequirements } from '../../../lambda/domain/policy/requirements.ts';
import { instant } from '../../../lambda/domain/time.ts';
import { ANN, ASK } from './sample-policy.ts';

const NOON = instant(Date.parse('2026-11-22T12:00:00Z'));
const NINE_TO_FIVE = { fromMinute: 540, untilMinute: 1020, days: [1, 2, 3, 4, 5], timeZone: 'UTC' } as const;
const refusal = (require: Partial<Requirements>, ask: Partial<JudgedAsk>) =>
  refuseRequirements({ justificationLength: 1, ...require }, { ...ASK, justification: 'because', ...ask });

describe('a refusal', () => {
  it.each([
    [
      'counts what is written, and not what surrounds it',
      { justificationLength: 8 },
      { justification: '  because   ' },
      'This target needs a justification of at least 8 characters; yours has 7.',
      { minimum: 8 },
    ],
    [
      'says which ticket is asked for',
      { ticketPattern: 'CHG-\\d+' },
      {},
      'This target needs a ticket of the form CHG-\\d+.',
      { pattern: 'CHG-\\d+' },
    ],
    [
      'repeats the ticket that is none',
      { ticketPattern: 'CHG-\\d+' },
      { ticket: 'CHG-1 or so' },
      'The ticket "CHG-1 or so" is not of the form CHG-\\d+.',
      { pattern: 'CHG-\\d+' },
    ],
    [
      'repeats the incident that is none',
      { incidentPattern: 'INC-\\d+' },
      { incident: 'INC-' },
      'The incident "INC-" is not of the form INC-\\d+.',
      { pattern: 'INC-\\d+' },
    ],
    [
      'names the schedule by which one is not on call',
      { onCall: 'primary' },
      { requester: { ...ANN, onCall: new Map([['primary', false]]) } },
      'This is for whoever is on call by "primary", and you are not now.',
      { schedule: 'primary' },
    ],
    [
      'and by which nobody can tell',
      { onCall: 'primary' },
      {},
      'This is for whoever is on call by "primary", and it cannot be told now who that is. Try again in a minute, or ask for what needs no on-call.',
      { schedule: 'primary' },
    ],
  ])('%s', (_what, require, ask, detail, facts) => {
    expect(refusal(require, ask)).toMatchObject({ detail, facts });
  });

  it('says when access may begin, and when it would have', () => {
    const found = refusal({ hours: NINE_TO_FIVE }, { window: { from: NOON, until: NOON } });
    expect(found).toMatchObject({
      refused: 'outside_hours',
      detail: expect.stringContaining('2026-11-22T12:00:00.000Z'),
      facts: { hours: 'Mon, Tue, Wed, Thu, Fri 09:00-17:00 UTC' },
    });
  });

  it('asks for the form of an incident only where there is one', () => {
    expect(refusal({ incidentPattern: 'INC-\\d+' }, {})).toBeUndefined();
    expect(refusal({ incidentPattern: 'INC-\\d+' }, { incident: 'INC-1' })).toBeUndefined();
  });

  it('reads letters of any script in a pattern as one character each', () => {
    expect(refusal({ ticketPattern: '.' }, { ticket: '🧯' })).toBeUndefined();
  });
});
