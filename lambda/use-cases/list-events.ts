/** The audit trail: every event of every request in a window of time, for auditors and administrators. */
import type { AuditEvent, DriftEvent } from '../domain/audit-event.ts';
import type { Person } from '../domain/policy/facts.ts';
import { type Refusal, refuse } from '../domain/refusal.ts';
import type { Instant } from '../domain/time.ts';
import type { Page } from '../ports/ledger.ts';
import { rolesOf } from './people.ts';
import type { Needs } from './world.ts';

export interface ListEventsInput {
  readonly caller: Person;
  readonly from: Instant;
  readonly to: Instant;
  readonly cursor?: string;
}

export const listEvents = async (
  world: Needs<'ledger' | 'directory' | 'roleGroups' | 'limits'>,
  { caller, ...window }: ListEventsInput,
): Promise<Page<AuditEvent | DriftEvent> | 'invalid-cursor' | Refusal> => {
  const { administrator, auditor } = await rolesOf(world, caller.id);
  if (!administrator && !auditor) {
    return refuse('not_permitted', 'Only auditors and administrators read the audit events of all requests.');
  }
  return world.ledger.listEvents({ ...window, limit: world.limits.pageSize });
};
