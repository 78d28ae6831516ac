/** The comparison of the crash test notices what it is there for, and does not take the order of two looks for a fault. */
import { describe, expect, it } from 'vitest';
import type { AccessRequest } from '../../lambda/domain/access-request.ts';
import { ACTIVE, ANN, at, ENDING, GRANTING, PENDING, SITUATIONS, TARGET } from '../domain/samples.ts';
import { holdingIn, keyOf, type Look, wrongIn } from './sides.ts';

const OURS = keyOf(ANN.id, TARGET.accountId, TARGET.permissionSetArn);
const STOOD = keyOf('id-ben', TARGET.accountId, TARGET.permissionSetArn);
const { ended } = SITUATIONS as Record<'ended', AccessRequest>;

const look = (moment: string, there: readonly string[], ...requests: readonly AccessRequest[]): Look => ({
  from: at(moment),
  until: at(moment) + 50,
  there: new Set(there),
  standing: new Set([STOOD]),
  requests,
  ends: new Map([[ACTIVE.id, at('10:31')]]),
});

describe('wrong at once is', () => {
  it.each<[string, Look, string]>([
    ['nothing, while it is held', look('10:00', [STOOD, OURS], ACTIVE), 'nothing'],
    ['nothing, while it is being granted', look('09:35', [STOOD], GRANTING), 'nothing'],
    ['nothing, while it is ending', look('10:40', [STOOD, OURS], ENDING), 'nothing'],
    ['nothing, when all is over', look('10:40', [STOOD], ended), 'nothing'],
    ['what is said to be usable and is not there', look('10:00', [STOOD], ACTIVE), 'nothing is there'],
    ['not what became usable after the look began', look('09:30:59', [STOOD], ACTIVE), 'nothing'],
    ['not what may have ended during the look', look('10:30:59.980', [STOOD], ACTIVE), 'nothing'],
    ['what is said to be gone and is there', look('10:32:01', [STOOD, OURS], ended), 'nobody holds it'],
    ['not what went after the look began', look('10:31:59', [STOOD, OURS], ended), 'nothing'],
    ['what is there before anybody decided', look('10:00', [STOOD, OURS], PENDING), 'nobody holds it'],
    ['what is there and was never asked for', look('10:00', [STOOD, OURS]), 'nobody holds it'],
    ['what stood before and is gone', look('10:00', []), 'stood before'],
  ])('%s', (_what, given, expected) => {
    expect(wrongIn(given).join() || 'nothing').toContain(expected);
  });
});

describe('an assignment of ours is', () => {
  it.each<[string, Look, object]>([
    ['held until the end', look('10:30:59.999', [OURS], ACTIVE), { held: 1, unheld: [] }],
    [
      'unheld from its end on',
      look('10:31', [OURS], ACTIVE),
      { held: 0, unheld: [{ key: OURS, endedAt: at('10:31') }] },
    ],
    [
      'unheld as soon as it is ending',
      look('10:20', [OURS], ENDING),
      { held: 0, unheld: [{ key: OURS, endedAt: at('10:31') }] },
    ],
    [
      'held by whoever came second',
      look('10:40', [OURS], ENDING, { ...GRANTING, id: 'b', latestEnd: at('12:00') }),
      { held: 1, unheld: [] },
    ],
    [
      'late since the end that it had, not since it was noticed',
      look('10:31:30', [OURS], ended),
      { held: 0, unheld: [{ key: OURS, endedAt: at('10:31') }] },
    ],
    ['not what stood before', look('10:40', [STOOD]), { held: 0, unheld: [] }],
  ])('%s', (_what, given, expected) => {
    expect(holdingIn(given)).toEqual(expected);
  });
});
