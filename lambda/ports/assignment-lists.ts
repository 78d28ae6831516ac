/** Who is assigned where in IAM Identity Center: what drift compares with the leases. It changes nothing. */
import type { Assigned, Place } from '../domain/drift.ts';
import type { Instant } from '../domain/time.ts';
import type { OperationStatus } from './assignments.ts';

/** A write that somebody asked Identity Center for. */
export interface AskedWrite extends Place, Assigned {
  readonly askedAt: Instant;
  readonly status: OperationStatus;
}

/** Every method @throws ServiceFault: what cannot be seen is never taken for empty (law 9). */
export interface AssignmentLists {
  /** ARNs of the permission sets that have, or had lately, an assignment in the account; none for an account that is gone. */
  provisionedTo(accountId: string): Promise<readonly string[]>;
  /** Everybody assigned at the place; nobody where account or permission set is gone. */
  assignedAt(place: Place): Promise<readonly Assigned[]>;
  /** The creation or deletion of that id, whoever asked for it; undefined when it is not known (any more). */
  findWrite(kind: 'creation' | 'deletion', operationId: string): Promise<AskedWrite | undefined>;
}
