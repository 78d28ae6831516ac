/** Which exit code stands for what: written out, since scripts rely on it. */
import { describe, expect, it } from 'vitest';
import { EXIT, EXIT_OF_PROBLEM, EXIT_OF_STATUS, exitOfProblem } from '../../cli/exit-codes.ts';
import { LOCAL_PROBLEMS } from '../../cli/failure.ts';
import { PROBLEMS } from '../../lambda/contract/problem.ts';
import { STATUSES } from '../../lambda/contract/statuses.ts';

describe('exit codes', () => {
  it('are those that the documentation promises', () => {
    expect(EXIT).toEqual({
      usable: 0,
      refused: 1,
      usage: 2,
      pending: 10,
      rejected: 11,
      expired: 12,
      notEligible: 13,
      notSignedIn: 14,
      cancelled: 15,
      failed: 16,
      serviceError: 20,
      commandMissing: 127,
      hungUp: 129,
      interrupted: 130,
      terminated: 143,
    });
  });

  it('exist for every problem of the API and of the command, and for nothing else', () => {
    expect(Object.keys(EXIT_OF_PROBLEM).sort()).toEqual(
      [...Object.keys(PROBLEMS), ...Object.keys(LOCAL_PROBLEMS)].sort(),
    );
  });

  it.each([
    ['duration_too_long', 2],
    ['justification_empty', 2],
    ['start_in_past', 2],
    ['ticket_required', 2],
    ['request_unknown', 2],
    ['usage', 2],
    ['endpoint_missing', 2],
    ['not_eligible', 13],
    ['target_forbidden', 13],
    ['no_approver', 13],
    ['account_unknown', 13],
    ['self_approval', 13],
    ['not_an_approver', 13],
    ['not_signed_in', 14],
    ['caller_unknown', 14],
    ['caller_disabled', 14],
    ['request_already_over', 1],
    ['already_voted', 1],
    ['too_many_open', 1],
    ['changed_meanwhile', 1],
    ['unavailable', 20],
    ['unexpected', 20],
    ['unreachable', 20],
    ['answer_unreadable', 20],
  ])('%s ends in %i', (code, expected) => {
    expect(exitOfProblem({ code, status: 599 })).toBe(expected);
  });

  it.each([
    [401, 14],
    [403, 13],
    [409, 1],
    [422, 1],
    [500, 20],
    [503, 20],
  ])('a code of a newer service with HTTP status %i ends in %i', (status, expected) => {
    expect(exitOfProblem({ code: 'not_known_yet', status })).toBe(expected);
  });

  it.each([
    ['pending', 10],
    ['scheduled', 10],
    ['granting', 10],
    ['active', 0],
    ['ending', 15],
    ['ended', 15],
    ['rejected', 11],
    ['cancelled', 15],
    ['expired', 12],
    ['failed', 16],
  ] as const)('a request that is %s ends in %i', (status, expected) => {
    expect(EXIT_OF_STATUS[status]).toBe(expected);
  });

  it('exist for every status', () => {
    expect(Object.keys(EXIT_OF_STATUS).sort()).toEqual([...STATUSES].sort());
  });
});
