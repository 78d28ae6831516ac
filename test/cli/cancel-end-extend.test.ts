/** `brevet cancel`, `end` and `extend`: which request is meant, what is sent, and what is said of the answer. */
import { describe, expect, it } from 'vitest';
import { signedInCommand } from './support/command-and-service.ts';
import {
  activeRequest,
  approvalOf,
  ID,
  LEA,
  ONE,
  OTHER_ID,
  overRequest,
  page,
  pendingRequest,
  problem,
  REQUESTS,
  stageOf,
} from './support/documents.ts';

const { run, service } = signedInCommand();

describe('cancel, end and extend', () => {
  it('cancel by id', async () => {
    service.answerWith({ [`POST ${ONE}/cancel`]: { body: overRequest('cancelled', 'cancelled by the requester') } });
    const { code, stdout } = await run(['cancel', ID]);
    expect([code, stdout.split('\n')[0]]).toEqual([0, 'cancelled by the requester']);
    expect(service.received[0]?.body).toEqual({});
  });

  it('end the only access that one holds, and say which', async () => {
    service.answerWith({
      [`GET ${REQUESTS}`]: { body: page(pendingRequest({ id: OTHER_ID }), activeRequest()) },
      [`POST ${ONE}/end`]: { body: overRequest('ended', 'ended early by maria') },
    });
    const { code, stderr } = await run(['end']);
    expect(code).toBe(0);
    expect(stderr).toContain(`the only one to end is ${ID} (maria, payments-prod/AdministratorAccess, active)`);
  });

  it('refuse to choose among several', async () => {
    service.answerWith({ [`GET ${REQUESTS}`]: { body: page(activeRequest(), activeRequest({ id: OTHER_ID })) } });
    const { code, stderr } = await run(['end']);
    expect(code).toBe(2);
    expect(stderr).toContain(OTHER_ID);
    expect(service.received.filter(({ method }) => method === 'POST')).toEqual([]);
  });

  it.each([
    ['at once exits 0', activeRequest({ endsAt: '2026-11-23T15:35:00.000Z' }), 0],
    [
      'by an approver exits 10',
      activeRequest({
        approvers: [LEA],
        extension: {
          duration: 'PT30M',
          extendTo: 'PT1H30M',
          askedAt: '2026-11-23T14:30:00.000Z',
          approval: approvalOf(stageOf({ groups: ['payments-leads'] })),
        },
      }),
      10,
    ],
  ])('extend, granted %s', async (_what, body, expected) => {
    service.answerWith({ [`POST ${ONE}/extend`]: { body } });
    const { code } = await run(['extend', ID, '--for', '30m']);
    expect(code).toBe(expected);
    expect(service.received[0]?.body).toEqual({ duration: 'PT30M' });
  });

  it('say how much can still be added', async () => {
    const refusal = problem('extension_too_long', 'Too long in all.', { maximumSeconds: 14400, leftSeconds: 5400 });
    service.answerWith({ [`POST ${ONE}/extend`]: { status: 422, body: refusal } });
    const { code, stderr } = await run(['extend', ID, '--for', '3h']);
    expect(code).toBe(2);
    expect(stderr).toContain('At most 1h 30m can be added: --for 1h30m');
  });
});
