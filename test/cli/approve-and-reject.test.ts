/** `brevet approve` and `reject`: what a vote sends, and what is said where it is refused or names no request. */
import { describe, expect, it } from 'vitest';
import { signedInCommand } from './support/command-and-service.ts';
import { activeRequest, ID, ONE, overRequest, page, pendingRequest, problem, REQUESTS } from './support/documents.ts';

const { run, service } = signedInCommand();

describe('approve and reject', () => {
  it('send the vote with its comment and the shorter time', async () => {
    service.answerWith({ [`POST ${ONE}/approve`]: { body: activeRequest() } });
    const { code, stdout } = await run(['approve', ID, '--comment', 'Go ahead', '--for', '30m']);
    expect(code).toBe(0);
    expect(stdout).toContain('active: usable until');
    expect(service.received[0]?.body).toEqual({ comment: 'Go ahead', duration: 'PT30M' });
  });

  it('send of an extension what it comes to in all', async () => {
    service.answerWith({ [`POST ${ONE}/approve`]: { body: activeRequest() } });
    expect((await run(['approve', ID, '--extend-to', '4h', '--for', '10m'])).code).toBe(0);
    expect(service.received[0]?.body).toEqual({ duration: 'PT10M', extendTo: 'PT4H' });
  });

  it.each([
    ['an extension waits', { extendTo: '3h50m' }, `brevet approve ${ID} --extend-to 3h50m`],
    ['the request itself waits', undefined, `brevet approve ${ID}`],
  ])('show how to look at what waits, and to approve it, where %s', async (_what, facts, command) => {
    const refusal = problem('not_what_waits', 'Something else.', facts);
    service.answerWith({ [`POST ${ONE}/approve`]: { status: 409, body: refusal } });
    const { code, stderr } = await run(['approve', ID]);
    expect(code).toBe(1);
    expect(stderr.replaceAll(/\s+/g, ' ')).toContain(
      `Look at it: brevet show ${ID}. If that is right: ${command} `.trim(),
    );
    expect(service.received).toHaveLength(1);
  });

  it('send a rejection with its comment', async () => {
    service.answerWith({ [`POST ${ONE}/reject`]: { body: overRequest('rejected', 'rejected by omar') } });
    const { code, stdout } = await run(['reject', ID, '--comment', 'Not now']);
    expect([code, stdout.split('\n')[0]]).toEqual([0, 'rejected by omar']);
    expect(service.received[0]?.body).toEqual({ comment: 'Not now' });
  });

  it.each([
    ['self_approval', 13],
    ['not_an_approver', 13],
    ['already_voted', 1],
    ['request_not_pending', 1],
    ['not_what_waits', 1],
    ['duration_not_shorter', 2],
  ] as const)('refused with %s exit %i', async (code, expected) => {
    const refusal = problem(code, 'Because.');
    service.answerWith({ [`POST ${ONE}/approve`]: { status: refusal.status, body: refusal } });
    expect((await run(['approve', ID])).code).toBe(expected);
  });

  it.each(['approve', 'reject'])('%s wants the id even of the only one, and offers it', async (command) => {
    service.answerWith({ [`GET ${REQUESTS}`]: { body: page(pendingRequest({ youMay: ['approve', 'reject'] })) } });
    const { code, stderr } = await run([command]);
    expect(code).toBe(2);
    expect(stderr).toContain(`Waiting for your vote: ${ID} (maria, payments-prod/AdministratorAccess, pending).`);
    expect(stderr).toContain(`brevet ${command} ${ID}`);
    expect(service.received.map(({ method, query }) => [method, query.view])).toEqual([['GET', 'to-review']]);
  });
});
