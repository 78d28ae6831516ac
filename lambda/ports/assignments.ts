/** Account assignments in IAM Identity Center: asynchronous, without reference counts, duplicates accepted. */
import type { Target } from '../domain/access-request.ts';

/** How an asynchronous write stands. `unknown`: the service has no such id (any more), so look at the assignment. */
export type OperationStatus =
  | { readonly kind: 'in-progress' }
  | { readonly kind: 'succeeded' }
  | { readonly kind: 'failed'; readonly reason: string }
  | { readonly kind: 'unknown' };

/** What a call to start a write came to. */
export type WriteStarted =
  | { readonly kind: 'started'; readonly operationId: string; readonly status: OperationStatus }
  /** An earlier write has not propagated, or too many are under way: the same call may go through later. */
  | { readonly kind: 'busy'; readonly code: string }
  /** Deleting only: Identity Center says that there is nothing to delete. */
  | { readonly kind: 'not-there' }
  /** It will not go through as it is: access denied, unknown account, quota, validation. */
  | { readonly kind: 'refused'; readonly code: string; readonly reason: string };

/** Every method @throws ServiceFault when the outcome is unknown. */
export interface Assignments {
  /** Whether the user is assigned directly, now. */
  isAssigned(principalId: string, target: Target): Promise<boolean>;
  create(principalId: string, target: Target): Promise<WriteStarted>;
  delete(principalId: string, target: Target): Promise<WriteStarted>;
  creationStatus(operationId: string): Promise<OperationStatus>;
  deletionStatus(operationId: string): Promise<OperationStatus>;
  /** Ids of all creations under way, whoever began them. What has just begun may not be listed yet. */
  creationsInProgress(): Promise<ReadonlySet<string>>;
  deletionsInProgress(): Promise<ReadonlySet<string>>;
}
