/** Counts what was met, so that a world in which nothing happens cannot pass for one in which everything holds. */
import type { Lease } from '../../lambda/domain/lease.ts';
import type { Stored } from './book.ts';

export interface Tally {
  note(what: string): void;
  readonly counts: ReadonlyMap<string, number>;
}

export const createTally = (): Tally => {
  const counts = new Map<string, number>();
  return { note: (what) => void counts.set(what, (counts.get(what) ?? 0) + 1), counts };
};

const NOTED = /^(extended|extension-.*|reminded|escalated|glass-broken|acknowledged|reviewed)$/;

export const noteStored = ({ note }: Tally, { before, after, events }: Stored): void => {
  if (after.status !== before?.status) note(`became ${after.status}`);
  if (after.status === 'active' && before?.status === 'granting' && after.entitled.name === 'duty')
    note('given on call');
  for (const { kind } of events) if (NOTED.test(kind)) note(kind);
  const isByAttribute = after.approval.some(({ everybodyWith }) => everybodyWith);
  if (after.status === 'scheduled' && before?.status === 'pending' && isByAttribute) note('approved by attribute');
  const stages = new Set(after.votes.filter(({ choice }) => choice === 'approve').map(({ stage }) => stage)).size;
  if (after.status === 'scheduled' && before?.status === 'pending' && stages > 1) note('approved in stages');
  if (after.status === 'active' && before?.status === 'active' && after.endsAt > before.endsAt) note('longer');
};

export const noteLease = ({ note }: Tally, before: Lease | undefined, { state, holds }: Lease): void => {
  if (state.kind !== before?.state.kind) note(`lease ${state.kind}`);
  if (holds.length > 1) note('held by several');
  if (state.kind === 'deleting' && before?.state.kind === 'creating') note('given up while creating');
  if (!('operation' in state) || !before || !('operation' in before.state)) return;
  const [now, then] = [state.operation, before.state.operation];
  if (now.claim !== then.claim) note('taken over');
  if (then.id === undefined && now.id === undefined && now.attempts > then.attempts) note('called again');
};
