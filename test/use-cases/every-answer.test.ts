/** Every answer that Identity Center has, through the real adapters: what comes of a grant, and of an end. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AccessRequest } from '../../lambda/domain/access-request.ts';
import { type StandInWorld, standInWorld } from './stand-in-world.ts';

let on: StandInWorld;
beforeEach(async () => {
  on = await standInWorld();
});
afterEach(() => on.stop());

const active = async (): Promise<AccessRequest> => {
  const request = await on.begin(await on.submit());
  expect(request.status).toBe('active');
  return request;
};
const CREATE = 'CreateAccountAssignment';
const DELETE = 'DeleteAccountAssignment';
const error = (operation: string, name: string, more: object = {}) => ({
  kind: 'error',
  operation,
  error: name,
  ...more,
});
const deletes = () => on.standIn.callsOf(DELETE);

describe('granting, when Identity Center', () => {
  it.each([
    ['says that an earlier write has not propagated', [error(CREATE, 'ConflictException', { times: 3 })]],
    ['throttles', [{ kind: 'throttle', operation: CREATE, times: 3 }]],
    ['throttles everything for a while', [{ kind: 'throttle', operation: 'sso-admin:*', times: 5 }]],
    ['is down for a moment', [{ kind: 'outage', operation: 'sso-admin:*', times: 4 }]],
    ['fails before it does anything', [error(CREATE, 'InternalServerException', { times: 2 })]],
    ['loses the answer', [error(CREATE, 'InternalServerException', { when: 'after', times: 1 })]],
    [
      'does not know the call',
      [error('DescribeAccountAssignmentCreationStatus', 'ResourceNotFoundException', { times: 2 })],
    ],
    [
      'cannot tell how it stands',
      [error('DescribeAccountAssignmentCreationStatus', 'InternalServerException', { times: 3 })],
    ],
  ])('%s: it becomes usable all the same, and is gone when it ends', async (_what, faults) => {
    const asked = await on.submit();
    await on.standIn.fail(...faults);
    const request = await on.begin(asked);
    await on.minutes(3);
    expect((await on.read(request)).status).toBe('active');
    expect(await on.isAssigned(request)).toBe(true);
    await on.standIn.fail();
    await on.end(request);
    await on.minutes(4);
    expect((await on.read(request)).status).toBe('ended');
    expect(await on.isAssigned(request)).toBe(false);
  });

  it.each([
    ['AccessDeniedException'],
    ['ServiceQuotaExceededException'],
    ['ValidationException'],
    ['ResourceNotFoundException'],
  ])('answers %s: it fails with that, is never shown active, and nothing is left', async (name) => {
    await on.standIn.fail(error(CREATE, name, { reason: 'it is so' }));
    const request = await on.begin(await on.submit());
    await on.minutes(2);
    expect(await on.read(request)).toMatchObject({ status: 'failed', reason: `${name}: it is so` });
    const history = await on.world.ledger.readEvents(request.id);
    expect(history.map(({ to }) => to)).not.toContain('active');
    expect(await on.isAssigned(request)).toBe(false);
    expect(await on.lease(request)).toMatchObject({ state: { kind: 'vacant' }, holds: [] });
  });

  it('accepts it and fails in the end: it fails with the reason, and is never shown active', async () => {
    await on.standIn.fail({ kind: 'failed', operation: CREATE, reason: 'the account is closing', times: 1 });
    const request = await on.begin(await on.submit());
    await on.minutes(1);
    expect(await on.read(request)).toMatchObject({ status: 'failed', reason: 'the account is closing' });
    const history = await on.world.ledger.readEvents(request.id);
    expect(history.map(({ kind }) => kind)).not.toContain('became-usable');
    expect(await on.isAssigned(request)).toBe(false);
  });

  it('stays in progress for longer than the time to grant: given up then, and what comes later is taken away', async () => {
    await on.standIn.pace({ latencyMs: { min: 20 * 60_000, max: 20 * 60_000 } });
    const request = await on.begin(await on.submit());
    expect(request.status).toBe('granting');
    await on.minutes(17);
    expect(await on.read(request)).toMatchObject({ status: 'ending', cause: { kind: 'grant-failed' } });
    await on.standIn.pace({ latencyMs: { min: 1000, max: 1000 } });
    await on.minutes(15);
    expect(await on.read(request)).toMatchObject({
      status: 'failed',
      reason: expect.stringMatching(/^not usable before/),
    });
    expect(await on.isAssigned(request)).toBe(false);
  });

  it('is down for longer than the time to grant: given up, and nothing is left when it is back', async () => {
    const asked = await on.submit();
    await on.standIn.fail({ kind: 'outage', operation: 'sso-admin:*' });
    const request = await on.begin(asked);
    await on.minutes(17);
    expect((await on.read(request)).status).not.toBe('active');
    await on.standIn.fail();
    await on.minutes(4);
    expect(await on.read(request)).toMatchObject({ status: 'failed' });
    expect(await on.isAssigned(request)).toBe(false);
  });

  it('never knows the calls that it accepted: it does not call without a pause', async () => {
    await on.standIn.pace({ latencyMs: { min: 60_000, max: 60_000 } });
    await on.standIn.fail(error('DescribeAccountAssignmentCreationStatus', 'ResourceNotFoundException'));
    const before = on.calls();
    const request = await on.begin(await on.submit());
    expect(on.calls() - before).toBeLessThan(250);
    await on.minutes(3);
    expect((await on.read(request)).status).toBe('active');
  });
});

describe('ending, when Identity Center', () => {
  it.each([
    ['says that an earlier write has not propagated', [error(DELETE, 'ConflictException', { times: 3 })]],
    ['throttles', [{ kind: 'throttle', operation: DELETE, times: 3 }]],
    ['is down for a moment', [{ kind: 'outage', operation: 'sso-admin:*', times: 4 }]],
    ['fails before it does anything', [error(DELETE, 'InternalServerException', { times: 2 })]],
    ['loses the answer', [error(DELETE, 'InternalServerException', { when: 'after', times: 1 })]],
    [
      'does not know the call',
      [error('DescribeAccountAssignmentDeletionStatus', 'ResourceNotFoundException', { times: 2 })],
    ],
    ['accepts it and fails in the end', [{ kind: 'failed', operation: DELETE, reason: 'not now', times: 2 }]],
    ['refuses for a while', [error(DELETE, 'AccessDeniedException', { times: 4 })]],
    ['finds it invalid for a while', [error(DELETE, 'ValidationException', { times: 3 })]],
    ['does not find what it lists', [error(DELETE, 'ResourceNotFoundException', { times: 2 })]],
  ])('%s: it is not over before the assignment is gone, and then it is', async (_what, faults) => {
    const request = await active();
    await on.standIn.fail(...faults);
    await on.end(request);
    for (let minute = 0; minute < 20 && (await on.read(request)).status !== 'ended'; minute += 1) {
      expect((await on.read(request)).status).toBe('ending');
      await on.minutes(1);
    }
    expect((await on.read(request)).status).toBe('ended');
    expect(await on.isAssigned(request)).toBe(false);
  });

  it('refuses for hours: it is asked for less and less often, loudly, and goes when it may', async () => {
    const request = await active();
    await on.standIn.fail(error(DELETE, 'AccessDeniedException'));
    await on.end(request);
    await on.minutes(60);
    expect((await on.read(request)).status).toBe('ending');
    expect(deletes()).toBeLessThanOrEqual(18);
    expect(deletes()).toBeGreaterThanOrEqual(10);
    expect(on.warnings.length).toBeGreaterThanOrEqual(10);
    await on.standIn.fail();
    await on.minutes(6);
    expect((await on.read(request)).status).toBe('ended');
    expect(await on.isAssigned(request)).toBe(false);
  });

  it('fails every removal for an hour: it does not spin, and goes on to try', async () => {
    const request = await active();
    await on.standIn.fail({ kind: 'failed', operation: DELETE, reason: 'not now' });
    await on.end(request);
    await on.minutes(60);
    expect((await on.read(request)).status).toBe('ending');
    expect(deletes()).toBeLessThanOrEqual(20);
    await on.standIn.fail();
    await on.minutes(6);
    expect(await on.isAssigned(request)).toBe(false);
  });
});
