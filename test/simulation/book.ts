/** What is stored, as whoever watches every commit knows it: kept apart from the ledger itself, so that the two can be compared. */
import type { AccessRequest } from '../../lambda/domain/access-request.ts';
import type { AuditEvent } from '../../lambda/domain/audit-event.ts';
import type { DriftState } from '../../lambda/domain/drift-state.ts';
import type { Lease } from '../../lambda/domain/lease.ts';
import type { Commit, Ledger } from '../../lambda/ports/ledger.ts';

export interface Stored {
  readonly before: AccessRequest | undefined;
  readonly after: AccessRequest;
  readonly events: readonly AuditEvent[];
}

export interface BookWatch {
  requestStored(stored: Stored): void;
  leaseStored(before: Lease | undefined, after: Lease): void;
  driftStored(before: DriftState | undefined, after: DriftState): void;
}

export interface Book {
  readonly requests: ReadonlyMap<string, AccessRequest>;
  readonly leases: ReadonlyMap<string, Lease>;
  /** The ledger, watched. */
  readonly ledger: Ledger;
}

export const openBook = (ledger: Ledger, watch: BookWatch): Book => {
  const requests = new Map<string, AccessRequest>();
  const leases = new Map<string, Lease>();
  let drift: DriftState | undefined;

  const write = (commit: Commit): void => {
    const stored = (commit.requests ?? []).map(({ before, after, events }) => ({
      before: requests.get(after.id),
      after: { ...after, version: (before?.version ?? 0) + 1 },
      events,
    }));
    const held = (commit.leases ?? []).map((lease) => ({
      before: leases.get(lease.id),
      after: { ...lease, version: lease.version + 1 },
    }));
    for (const { after } of stored) requests.set(after.id, after);
    for (const { after } of held) leases.set(after.id, after);
    for (const one of stored) watch.requestStored(one);
    for (const { before, after } of held) watch.leaseStored(before, after);
    if (!commit.drift) return;
    const before = drift;
    drift = commit.drift.state;
    watch.driftStored(before, drift);
  };

  return {
    requests,
    leases,
    ledger: {
      ...ledger,
      commit: async (commit) => {
        const result = await ledger.commit(commit);
        if (result === 'committed') write(commit);
        return result;
      },
    },
  };
};
