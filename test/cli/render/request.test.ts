/** A request in full, and problems, as people see them. */
import { describe, expect, it } from 'vitest';
import { Failure, failure } from '../../../cli/failure.ts';
import type { Page } from '../../../cli/output.ts';
import { requestListLines } from '../../../cli/render/lists.ts';
import { complaintLines, complaintOf } from '../../../cli/render/problem.ts';
import { releasedText } from '../../../cli/render/released.ts';
import { requestLines, requestWithHistoryLines } from '../../../cli/render/request.ts';
import { styleFor } from '../../../cli/render/style.ts';
import { columnsOf } from '../../../cli/render/text.ts';
import type { RequestDetail } from '../../../lambda/contract/api.ts';
import {
  activeRequest,
  approvalOf,
  ID,
  LEA,
  overRequest,
  pendingRequest,
  problem,
  stageOf,
} from '../support/documents.ts';

const page = (columns = Number.POSITIVE_INFINITY): Page => ({
  columns,
  style: styleFor({ hasColours: false }),
  now: Date.parse('2026-11-23T14:10:00Z'),
  timeZone: 'Europe/Berlin',
});

describe('a request', () => {
  it('that waits says what was asked, who can decide, and when it would end', () => {
    expect(requestLines(pendingRequest(), page())).toEqual([
      'pending: 0 of 1 approvals from payments-leads; can decide: Omar Haddad (omar), Lea Brandt (lea)',
      `  id           ${ID}`,
      '  for          Maria Ortega (maria)',
      '  target       payments-prod (400000000001) / AdministratorAccess',
      '  length       1h; at most 4h by rule payments-admin',
      '  reason       Restore the ledger after the failed migration',
      '  ticket       INC-42',
      '  asked        2026-11-23 15:00:00 +01:00 (14:00:00 UTC), 10m ago',
      '  approval     0 of 1 approvals from payments-leads',
      '  can decide   Omar Haddad (omar), Lea Brandt (lea)',
      '  waits until  2026-11-23 23:00:00 +01:00 (22:00:00 UTC), in 7h 50m',
      '  would end    1h after it becomes usable; if that were now: 2026-11-23 16:10:00 +01:00 (15:10:00 UTC)',
      '  credentials  those issued before the end may work up to 4h longer; they cannot be recalled',
      '',
      'They decide with',
      `  brevet approve ${ID}`,
      '',
      'You may',
      `  brevet cancel ${ID}`,
    ]);
  });

  it('for a window in the future says when that ends', () => {
    const lines = requestLines(pendingRequest({ start: '2026-11-23T20:00:00.000Z' }), page());
    expect(lines).toContain('  would end    2026-11-23 22:00:00 +01:00 (21:00:00 UTC)');
  });

  it('that is active says when it ends and how long credentials live on', () => {
    const lines = requestLines(activeRequest(), page()).join('\n');
    expect(lines).toContain(
      'active: usable until 2026-11-23 16:05:00 +01:00 (15:05:00 UTC), in 55m; credentials may work up to 4h longer',
    );
    expect(lines).toContain(
      'those issued before the end may still work until 2026-11-23 20:05:00 +01:00 (19:05:00 UTC)',
    );
    expect(lines).toContain('they cannot be recalled');
    expect(lines).toContain('approved by Omar Haddad (omar) at 2026-11-23 15:04:00 +01:00 (14:04:00 UTC): Go ahead');
  });

  it.each([
    ['removed', 'somebody removed the assignment in Identity Center; Brevet does not make it again'],
    ['assigned', 'somebody else assigned the same in Identity Center, so that it stays when this request ends'],
  ] as const)('whose assignment was %s outside says so', (change, words) => {
    const externallyModified = { change, at: '2026-11-23T14:06:00.000Z' };
    const lines = requestLines(activeRequest({ externallyModified, standing: change === 'assigned' }), page()).join(
      '\n',
    );
    expect(lines).toContain(`changed outside  ${words} (noticed 2026-11-23 15:06:00 +01:00`);
    expect(lines).not.toContain('stood before');
  });

  it('whose assignment stood before says that it stays', () => {
    expect(requestLines(activeRequest({ standing: true }), page()).join('\n')).toContain(
      'the assignment stood before this request, and stays when it ends',
    );
  });

  it('that is ending says how long credentials live on, unless nobody could have got any', () => {
    const ending = requestLines(activeRequest({ status: 'ending', reason: 'the window closed' }), page());
    expect(ending[0]).toBe(
      'ending: the access is being taken away: the window closed; credentials may work up to 4h longer',
    );
    const { credentialsMayWorkUntil: _none, ...never } = activeRequest({ status: 'ending', reason: 'quota' });
    expect(requestLines(never, page())[0]).toBe('ending: the access is being taken away: quota');
  });

  it('with an extension that waits says who can decide that', () => {
    const extension = {
      duration: 'PT30M',
      extendTo: 'PT1H30M',
      askedAt: '2026-11-23T14:09:00.000Z',
      approval: approvalOf(stageOf({ groups: ['payments-leads'] })),
    };
    const lines = requestLines(activeRequest({ extension, approvers: [LEA] }), page()).join('\n');
    expect(lines).toMatch(/extension +30m more, 1h 30m in all, asked .*: 0 of 1 approvals from payments-leads/);
    expect(lines).toMatch(/can decide +Lea Brandt \(lea\)/);
    expect(lines).toContain(`They decide with\n  brevet approve ${ID} --extend-to 1h30m`);
    const hers = requestLines(activeRequest({ extension, approvers: [LEA], youMay: ['approve', 'reject'] }), page());
    expect(hers.slice(-2)).toEqual([`  brevet approve ${ID} --extend-to 1h30m`, `  brevet reject ${ID}`]);
  });

  it.each([
    [overRequest('cancelled', 'cancelled by the requester'), 'cancelled by the requester'],
    [overRequest('expired', 'nobody decided in time'), 'expired: nobody decided in time'],
    [overRequest('failed', 'ServiceQuotaExceededException'), 'failed: ServiceQuotaExceededException'],
    [overRequest('rejected', 'rejected by omar'), 'rejected by omar'],
  ])('that is over says why', (request, expected) => {
    expect(requestLines(request, page())[0]).toBe(expected);
  });

  it('shows its history and the policy that let it through', () => {
    const lines = requestWithHistoryLines(activeRequest(), page());
    expect(lines).toContain('2026-11-23 15:04:00 +01:00 (14:04:00 UTC)  vote cast      omar    pending -> scheduled');
    expect(lines.at(-1)).toBe(`  policy  ${'ab'.repeat(32)}`);
  });

  it.each([40, 60, 80])('fits a screen of %i columns', (columns) => {
    for (const request of [pendingRequest(), activeRequest()])
      for (const line of requestWithHistoryLines(request, page(columns)))
        expect(columnsOf(line)).toBeLessThanOrEqual(columns);
  });

  it('is named short in commands where they would not fit on a line', () => {
    expect(requestLines(activeRequest(), page(40)).at(-1)).toBe('  brevet extend VWXYZ123 --for 30m');
  });
});

describe('a list of requests', () => {
  it('says of one that asks for more time to how much, which is what is decided on', () => {
    const approval = approvalOf(stageOf({ groups: ['payments-leads'] }));
    const extension = { duration: 'PT3H', extendTo: 'PT4H', askedAt: '2026-11-23T14:09:00.000Z', approval };
    const [, line] = requestListLines([activeRequest({ extension })], 'to-review', page());
    expect(line).toMatch(/maria +1h, to 4h +ends in/);
  });

  it('says until when credentials may outlive the ends that it speaks of', () => {
    const lines = requestListLines([pendingRequest(), activeRequest()], 'mine', page());
    expect(lines.at(-1)).toBe(
      'Credentials issued before an end may work on after it, of these until 2026-11-23 20:05:00 +01:00 (19:05:00 UTC), in 4h 55m at the latest.',
    );
  });

  it('does not speak of it where none can', () => {
    const past = activeRequest({ status: 'ended', credentialsMayWorkUntil: '2026-11-23T14:09:59.000Z' });
    expect(requestListLines([pendingRequest(), past], 'mine', page()).join()).not.toContain('Credentials');
  });
});

describe('access that was over before it could be given back', () => {
  const releasedOf = (status: 'ended' | 'failed' | 'rejected', changes: Partial<RequestDetail> = {}) =>
    releasedText({ request: { ...overRequest(status, 'why'), ...changes } }, page());
  const until = { credentialsMayWorkUntil: '2026-11-23T19:05:00.000Z' };

  it('says until when credentials may work, also where it failed before anybody was told that it is usable', () => {
    const told = 'credentials: those issued before the end may still work until 2026-11-23 20:05:00 +01:00';
    expect(releasedOf('ended', until)).toContain(told);
    expect(releasedOf('failed', until)).toContain(told);
  });

  it('is nothing to speak of where there was none', () => {
    expect(releasedOf('failed')).toBeUndefined();
    expect(releasedOf('rejected')).toBeUndefined();
  });
});

describe('a problem', () => {
  const linesOf = (found: Failure) => complaintLines(complaintOf(found), page());

  it('says what happened, its code, and what to do next', () => {
    const found = problem('duration_too_long', '6h is too long for this target.', { maximumSeconds: 14400 });
    expect(linesOf(new Failure(found))).toEqual([
      'brevet: The duration is too long: 6h is too long for this target.',
      '  code  duration_too_long',
      '  next  Ask for at most 4h with --for.',
    ]);
  });

  it('names the trace by which the logs know it', () => {
    const lines = linesOf(new Failure({ ...problem('unexpected', 'Sorry.'), traceId: 'abc-123' }));
    expect(lines).toContain('  trace  abc-123');
  });

  it('lists what does not fit', () => {
    const found = { ...problem('body_invalid', 'No.'), issues: [{ path: 'ticket', message: 'too long' }] };
    expect(linesOf(new Failure(found))).toContain('  ticket  too long');
  });

  it('says what is known better on the spot', () => {
    expect(linesOf(failure('not_eligible', 'No.', { next: 'Nearest: a, b.' }))).toContain('  next  Nearest: a, b.');
  });

  it('of a kind that is not known yet goes without advice', () => {
    const found = { ...problem('unexpected', 'New.'), code: 'constructor' };
    expect(linesOf(new Failure(found))).toEqual(['brevet: Something went wrong here: New.', '  code  constructor']);
  });
});
