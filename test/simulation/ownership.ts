/** Whose each assignment is, as far as anybody can tell from what others did and what Brevet stored. */
import type { Lease } from '../../lambda/domain/lease.ts';
import { type AssignmentWatch, assignmentKey, type IdentityCenter } from './identity-center.ts';

export interface Ownership extends Pick<AssignmentWatch, 'made' | 'removed'> {
  /** Others' assignments that must still be there. */
  readonly standing: ReadonlySet<string>;
  leaseStored(before: Lease | undefined, after: Lease): void;
}

/** Nothing of ours is or can be there. */
export const isAtRest = (lease: Lease | undefined): boolean =>
  !lease || (lease.state.kind === 'vacant' && lease.holds.length === 0);

/** Whoever assigns there now cannot be told apart from Brevet. */
export const isAtWork = (lease: Lease | undefined): boolean => !isAtRest(lease) && lease?.state.kind !== 'standing';

/** Ours from now on, though nobody holds it: what is to be removed as drift. */
export const isDriftRemoval = (before: Lease | undefined, after: Lease): boolean =>
  isAtRest(before) && after.state.kind === 'held' && after.holds.length === 0;

export const createOwnership = (identityCenter: () => Pick<IdentityCenter, 'present' | 'belong'>): Ownership => {
  const standing = new Set<string>();
  return {
    standing,
    made: ({ principalId, target, maker }) => {
      if (maker === 'outside') standing.add(assignmentKey(principalId, target));
    },
    removed: ({ principalId, target }, by) => {
      if (by === 'outside') standing.delete(assignmentKey(principalId, target));
    },
    leaseStored: (before, after) => {
      const key = assignmentKey(after.principalId, after.target);
      const there = identityCenter().present.get(key);
      if (!there) return;
      const isOthers = there.maker === 'both' && !isAtWork(after);
      const isRecognised = there.maker === 'brevet' && before?.state.kind === 'held' && after.state.kind === 'standing';
      if (isOthers || isRecognised) {
        identityCenter().belong(key, 'outside');
        standing.add(key);
      } else if (there.maker === 'outside' && isDriftRemoval(before, after)) {
        identityCenter().belong(key, 'brevet');
        standing.delete(key);
      }
    },
  };
};
