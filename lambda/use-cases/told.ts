/** What whoever changed a request is told of it, without looking up again what the change has just seen. */
import type { AccessRequest } from '../domain/access-request.ts';
import type { AuditEvent } from '../domain/audit-event.ts';

/** A request as it was stored just now. */
export interface Told {
  readonly request: AccessRequest;
  /** Everything that has happened to it, oldest first, where that was at hand. */
  readonly history?: readonly AuditEvent[];
}
