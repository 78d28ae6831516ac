/** How a commit changes the number of open requests of each person: what the open limit is held against. */
import { isOpen } from '../domain/access-request.ts';
import type { RequestChange } from '../ports/ledger.ts';

const growthOf = ({ before, after }: RequestChange): number =>
  Number(isOpen(after)) - Number(before !== undefined && isOpen(before));

/** By the requester's id; people whose count stays the same are left out. */
export const openGrowth = (changes: readonly RequestChange[]): ReadonlyMap<string, number> => {
  const growth = new Map<string, number>();
  for (const change of changes) {
    const personId = change.after.requester.id;
    growth.set(personId, (growth.get(personId) ?? 0) + growthOf(change));
  }
  return new Map([...growth].filter(([, by]) => by !== 0));
};
