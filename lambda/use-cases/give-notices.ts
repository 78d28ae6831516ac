/** Give notice: what falls due while a request, or a wish for more time, waits for approvers; recorded once, however late. */
import type { NoticeKind } from '../domain/notices.ts';
import { isRefusal } from '../domain/refusal.ts';
import { moveRequest } from './move-request.ts';
import type { Needs } from './world.ts';

const KINDS: readonly NoticeKind[] = ['remind', 'escalate'];

/** @returns which were given; none when nothing is due, or a vote was faster. */
export const giveNotices = async (
  world: Needs<'ledger' | 'clock' | 'ids'>,
  requestId: string,
): Promise<readonly NoticeKind[]> => {
  const given: NoticeKind[] = [];
  for (const kind of KINDS) {
    const moved = await moveRequest(world, requestId, () => ({ kind, at: world.clock.now() }));
    if (!isRefusal(moved)) given.push(kind);
  }
  return given;
};
