/** Waiting for a request: every change told once, and an end in every case. */
import { describe, expect, it } from 'vitest';
import { failure } from '../../cli/failure.ts';
import { progressOn } from '../../cli/progress.ts';
import { waitFor } from '../../cli/wait.ts';
import type { RequestDetail } from '../../lambda/contract/api.ts';
import { clientOf, type StagedTerminal, screenOf, terminalAt } from './support/client.ts';
import { activeRequest, approvalOf, OMAR, overRequest, pendingRequest, stageOf } from './support/documents.ts';

const scheduled = pendingRequest({
  status: 'scheduled',
  startsAt: '2026-11-23T14:00:10.000Z',
  approval: {
    ...approvalOf(stageOf({ groups: ['payments-leads'], approvals: 1, state: 'complete' })),
    votes: [{ stage: 1, approver: OMAR, choice: 'approve', at: '2026-11-23T14:00:02.000Z' }],
  },
});
const granting: RequestDetail = { ...scheduled, status: 'granting', endsAt: '2026-11-23T15:15:00.000Z' };
const active = activeRequest({ approval: scheduled.approval });

const waitThrough = async (
  shown: readonly (RequestDetail | Error)[],
  {
    terminal = terminalAt('2026-11-23T14:00:00Z'),
    timeoutSeconds = Number.POSITIVE_INFINITY,
  }: { terminal?: StagedTerminal; timeoutSeconds?: number } = {},
) => {
  const progress = progressOn(terminal.err);
  const deadline = terminal.now() + timeoutSeconds * 1000;
  const waited = await waitFor(pendingRequest(), { client: clientOf({ shown }), terminal, progress, deadline });
  return { ...waited, lines: terminal.err.text().split('\n').slice(0, -1) };
};

describe('waiting', () => {
  it('tells every change in one line and ends when the access is usable', async () => {
    const { why, request, lines } = await waitThrough([
      pendingRequest(),
      pendingRequest(),
      scheduled,
      granting,
      granting,
      active,
    ]);
    expect([why, request.status]).toEqual(['settled', 'active']);
    expect(lines).toEqual([
      'pending: 0 of 1 approvals from payments-leads; can decide: Omar Haddad (omar), Lea Brandt (lea)',
      'approved by Omar Haddad (omar) at 2026-11-23 15:00:02 +01:00 (14:00:02 UTC)',
      expect.stringMatching(/^scheduled: starts 2026-11-23 15:00:10 \+01:00/),
      'granting: the access is being made',
      expect.stringMatching(/^active: usable until 2026-11-23 16:05:00 \+01:00 \(15:05:00 UTC\)/),
    ]);
  });

  it.each(['rejected', 'cancelled', 'expired', 'failed', 'ended'] as const)(
    'ends when the request is %s',
    async (status) => {
      const { why, request } = await waitThrough([overRequest(status, 'because')]);
      expect([why, request.status]).toEqual(['settled', status]);
    },
  );

  it('goes on while a grant that failed is being cleaned away', async () => {
    const ending: RequestDetail = { ...granting, status: 'ending', reason: 'quota' };
    const { request, lines } = await waitThrough([granting, ending, ending, overRequest('failed', 'quota')]);
    expect(request.status).toBe('failed');
    expect(lines.slice(-2)).toEqual(['ending: the access is being taken away: quota', 'failed: quota']);
  });

  it('ends at its time limit, while the request stays as it is', async () => {
    const { why, request } = await waitThrough([pendingRequest()], { timeoutSeconds: 60 });
    expect([why, request.status]).toEqual(['timeout', 'pending']);
  });

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('ends on %s with what was known last', async (signal) => {
    const terminal: StagedTerminal = terminalAt('2026-11-23T14:00:00Z', { onSleep: () => terminal.interrupt(signal) });
    const waited = await waitThrough([active], { terminal });
    expect(waited).toMatchObject({ why: 'interrupted', signal, request: { status: 'pending' } });
  });

  it('says again, every ten minutes, who was asked and since when', async () => {
    const terminal = terminalAt('2026-11-23T14:20:00Z');
    const { lines } = await waitThrough([pendingRequest()], { terminal, timeoutSeconds: 25 * 60 });
    expect(lines.slice(1)).toEqual([
      expect.stringMatching(/^still pending; asked at 15:00:00, 30m ago: Omar Haddad \(omar\), Lea Brandt \(lea\)$/),
      expect.stringMatching(/^still pending; asked at 15:00:00, 40m ago: Omar Haddad/),
    ]);
  });

  it('shows on a terminal who was asked and since when', async () => {
    const terminal = terminalAt('2026-11-23T14:12:00Z');
    const said: string[] = [];
    const progress = { now: (text: string) => said.push(text), happened: () => undefined, stop: () => undefined };
    const client = clientOf({ shown: [pendingRequest({ approvers: [] }), active] });
    await waitFor(pendingRequest(), { client, terminal, progress, deadline: Number.POSITIVE_INFINITY });
    expect(said.slice(0, 2)).toEqual([
      'asked at 15:00:00, 12m ago: Omar Haddad (omar), Lea Brandt (lea)',
      'asked at 15:00:00, 12m ago: nobody who could decide it now',
    ]);
  });

  const outage = failure('unreachable', 'brevet.example.com: ECONNRESET.');

  it('outlives an outage of the service, and tells it once', async () => {
    const { why, lines } = await waitThrough([outage, outage, outage, active]);
    expect(why).toBe('settled');
    expect(lines[1]).toBe('The service does not answer: brevet.example.com: ECONNRESET. Still trying.');
    expect(lines.filter((line) => line.includes('ECONNRESET'))).toHaveLength(1);
  });

  it('fails when the service stays out of reach', async () => {
    const terminal = terminalAt('2026-11-23T14:00:00Z');
    await expect(waitThrough([outage], { terminal })).rejects.toBe(outage);
    expect(new Date(terminal.now()).toISOString()).toMatch(/^2026-11-23T14:10/);
  });

  it('fails as asking fails', async () => {
    await expect(waitThrough([new Error('gone')])).rejects.toThrow('gone');
  });

  it('tells a vote that does not decide yet', async () => {
    const stage = stageOf({ required: 2, groups: ['payments-leads'], approvals: 1 });
    const half = { ...approvalOf(stage), votes: scheduled.approval.votes };
    const { lines } = await waitThrough([pendingRequest({ approval: half, approvers: [] }), active]);
    expect(lines.slice(1, 3)).toEqual([
      expect.stringMatching(/^approved by Omar Haddad/),
      'pending: 1 of 2 approvals from payments-leads; nobody can decide it at the moment',
    ]);
  });
});

describe('progress', () => {
  it('redraws one line on a terminal, cut to its width, and leaves it empty', async () => {
    const screen = screenOf(20, true);
    const progress = progressOn(screen);
    progress.now('waiting for somebody with a long name');
    await new Promise((resolve) => setTimeout(resolve, 400));
    progress.stop();
    const drawn = screen.text().split('\r\u001b[K');
    expect(drawn.length).toBeGreaterThan(1);
    expect(drawn[1]).toMatch(/^[|/\\-] waiting for some…$/);
    expect(drawn.at(-1)).toBe('');
  });

  it('is one line for each change where nothing can be redrawn, and hostile text is harmless in it', () => {
    const screen = screenOf();
    const progress = progressOn(screen);
    progress.now('not shown');
    progress.happened('rejected: \u001b[2Jno\nway');
    progress.stop();
    expect(screen.text()).toBe('rejected: \\u{1b}[2Jno way\n');
  });
});
