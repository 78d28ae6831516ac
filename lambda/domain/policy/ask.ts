/** What the policy is asked: may this person have this, for so long, then, on these words. */
import type { Account, PermissionSet, Requester } from './facts.ts';
import type { Window } from './policy.ts';

/** A target for which the person has another open request. */
export interface OpenTarget {
  readonly account: Account;
  readonly permissionSet: PermissionSet;
}

export interface JudgedAsk {
  readonly requester: Requester;
  readonly account: Account;
  readonly permissionSet: PermissionSet;
  /** In all, from the first use on. */
  readonly durationSeconds: number;
  /** What of it lies ahead. */
  readonly window: Window;
  readonly justification: string;
  readonly ticket?: string;
  /** The incident for which the glass is broken; absent: it is an ordinary ask. */
  readonly incident?: string;
  /** Needed only where `needsOf` says so. */
  readonly others: readonly OpenTarget[];
}
