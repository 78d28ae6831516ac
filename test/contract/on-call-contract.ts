/** What every adapter of OnCall keeps. */
import { expect, it } from 'vitest';
import { ServiceFault } from '../../lambda/ports/faults.ts';
import type { OnCall, OnCallPerson } from '../../lambda/ports/on-call.ts';

export interface OnCallUnderTest {
  readonly onCall: OnCall;
  /** From now on these are on call for the schedule. */
  put(schedule: string, people: readonly OnCallPerson[]): Promise<void> | void;
}

const BOTH = ['whoIsOnCall', 'whoIsOnCallNow'] as const;

export const onCallContract = (make: () => OnCallUnderTest | Promise<OnCallUnderTest>): void => {
  it.each(BOTH)('%s tells everybody who is on call for the schedule, as they are named there', async (ask) => {
    const { onCall, put } = await make();
    await put('primary', [{ email: 'ann@example.com' }, { userName: 'bob' }]);
    await put('secondary', []);
    expect(await onCall[ask]('primary')).toEqual([{ email: 'ann@example.com' }, { userName: 'bob' }]);
    expect(await onCall[ask]('secondary')).toEqual([]);
  });

  it.each(BOTH)('%s of a schedule that there is not is a fault, and not nobody', async (ask) => {
    const { onCall } = await make();
    const asked = onCall[ask]('none-of-that-name');
    await expect(asked).rejects.toBeInstanceOf(ServiceFault);
    await expect(asked).rejects.toMatchObject({ source: 'on-call', code: 'Status404' });
  });

  it('tells at once who is on call now', async () => {
    const { onCall, put } = await make();
    await put('primary', [{ userName: 'ann' }]);
    await onCall.whoIsOnCall('primary');
    await put('primary', [{ userName: 'bob' }]);
    expect(await onCall.whoIsOnCallNow('primary')).toEqual([{ userName: 'bob' }]);
  });
};
