// The state of the stand-in: tables that start from the seed, every change of which is on disk before it is seen.
import { createHash } from 'node:crypto';
import type { Seed } from '../seed/seed.ts';
import { openJournal, type RowChange } from './journal.ts';
import { type AssignmentOperation, type Change, seedTables, type TableName, type Tables } from './tables.ts';

export interface World {
  readonly seed: Seed;
  readonly tables: Tables;
  /** Operations that have not settled, by request id. */
  readonly inFlight: ReadonlyMap<string, AssignmentOperation>;
  readonly nowMs: () => number;
  /** 0 inclusive to 1 exclusive. */
  readonly random: () => number;
  /** All or nothing, also across a crash. */
  commit(changes: readonly Change[]): void;
  close(): void;
}

export interface WorldOptions {
  readonly seed: Seed;
  readonly stateFile: string;
  readonly nowMs: () => number;
  readonly random: () => number;
}

/** How long AWS keeps the status of an operation is not documented; here, so long, so that the file does not grow for ever. */
const STATUS_KEPT_MS = 7 * 24 * 60 * 60 * 1000;

/** @throws JournalError when the state on disk belongs to another seed; `callerIs` may change, the rest may not. */
export const openWorld = ({ seed, stateFile, nowMs, random }: WorldOptions): World => {
  const tables = seedTables(seed);
  const inFlight = new Map<string, AssignmentOperation>();
  const journal = openJournal(stateFile, fingerprint(seed), (changes) => compact(changes, tables, nowMs()));
  const see = (change: Change): void => {
    apply(tables, change);
    if (change.table === 'operations') track(inFlight, change.key, change.value);
  };
  // The journal holds only what commit below was given.
  for (const change of journal.changes) see(change as Change);
  return {
    seed,
    tables,
    inFlight,
    nowMs,
    random,
    commit: (changes) => {
      journal.append(changes);
      for (const change of changes) see(change);
    },
    close: journal.close,
  };
};

const apply = (tables: ReturnType<typeof seedTables>, { table, key, value }: Change): void => {
  const rows = tables[table] as Map<string, typeof value>;
  if (value === null) rows.delete(key);
  else rows.set(key, value);
};

const track = (
  inFlight: Map<string, AssignmentOperation>,
  requestId: string,
  operation: AssignmentOperation | null,
): void => {
  if (operation?.status === 'IN_PROGRESS') inFlight.set(requestId, operation);
  else inFlight.delete(requestId);
};

/** The last change of each row, without those that only lead back to the seed and without statuses past their time. */
const compact = (changes: readonly RowChange[], seeded: Tables, nowMs: number): readonly RowChange[] => {
  const last = new Map(changes.map((change) => [`${change.table} ${change.key}`, change]));
  return [...last.values()].filter((change) => !isAsSeeded(change, seeded) && !isForgotten(change, nowMs));
};

const isAsSeeded = ({ table, key, value }: RowChange, seeded: Tables): boolean =>
  JSON.stringify(value) === JSON.stringify(seeded[table as TableName].get(key) ?? null);

const isForgotten = ({ table, value }: RowChange, nowMs: number): boolean => {
  if (table !== 'operations' || value === null) return false;
  const { status, settlesAtMs } = value as AssignmentOperation;
  return status !== 'IN_PROGRESS' && settlesAtMs < nowMs - STATUS_KEPT_MS;
};

const fingerprint = ({ callerIs: _, ...rest }: Seed): string =>
  createHash('sha256').update(JSON.stringify(rest)).digest('hex').slice(0, 16);
