/** Drift as auditors and administrators see it: the findings, how far the round is, and whether anything may be removed. */
import { isFinding, leaseIdAt, type Sighting } from '../domain/drift.ts';
import {
  type DriftState,
  FIRST_DRIFT_STATE,
  recentRemovals,
  type WhyNoRemoval,
  whyNoRemoval,
} from '../domain/drift-state.ts';
import { isIdle } from '../domain/lease.ts';
import type { Person } from '../domain/policy/facts.ts';
import { type Refusal, refuse } from '../domain/refusal.ts';
import { rolesOf } from './people.ts';
import type { Needs } from './world.ts';

export interface ShownFinding extends Sighting {
  /** Of the person, where they are known. */
  readonly userName?: string;
}

export interface ShownDrift {
  readonly state: DriftState;
  /** Why nothing is removed; undefined where something may be. */
  readonly whyNoRemoval?: WhyNoRemoval;
  readonly removalsInTheLastHour: number;
  readonly findings: readonly ShownFinding[];
  readonly cursor?: string;
}

type Showers = Needs<'ledger' | 'driftStore' | 'driftRules' | 'directory' | 'roleGroups' | 'limits' | 'clock'>;

export const showDrift = async (
  world: Showers,
  { caller, cursor }: { readonly caller: Person; readonly cursor?: string },
): Promise<ShownDrift | 'invalid-cursor' | Refusal> => {
  const { administrator, auditor } = await rolesOf(world, caller.id);
  if (!administrator && !auditor) return refuse('not_permitted', 'Only auditors and administrators see drift.');
  const [state = FIRST_DRIFT_STATE, tableId] = await Promise.all([
    world.driftStore.readState(),
    world.driftStore.tableId(),
  ]);
  const page = await findingsFrom(world, state, cursor);
  if (page === 'invalid-cursor') return page;
  const { mode, instanceArn } = world.driftRules;
  const why = whyNoRemoval(state, { mode, instanceArn, tableId });
  return {
    state,
    ...(why === undefined ? {} : { whyNoRemoval: why }),
    removalsInTheLastHour: recentRemovals(state, world.clock.now()).length,
    ...page,
  };
};

/** Times that sightings are looked through for one page of findings: most of them may be in the baseline. */
const MOST_LOOKS = 40;

const findingsFrom = async (
  world: Showers,
  { baseline }: DriftState,
  from: string | undefined,
): Promise<Pick<ShownDrift, 'findings' | 'cursor'> | 'invalid-cursor'> => {
  const found: Sighting[] = [];
  let cursor = from;
  for (let page = 0; page < MOST_LOOKS && found.length < world.limits.pageSize; page += 1) {
    const limit = world.limits.pageSize - found.length;
    const listed = await world.driftStore.listSightings({ limit, ...(cursor === undefined ? {} : { cursor }) });
    if (listed === 'invalid-cursor') return listed;
    found.push(...listed.items.filter((one) => isFinding(one, baseline)));
    cursor = listed.cursor;
    if (cursor === undefined) break;
  }
  const there = await Promise.all(found.map(async (one) => ((await isRemoved(world, one)) ? [] : [one])));
  const findings = await Promise.all(there.flat().map((one) => withUserName(world, one)));
  return { findings, ...(cursor === undefined ? {} : { cursor }) };
};

/** Its removal is confirmed; the next look at its place forgets it. */
const isRemoved = async ({ ledger }: Showers, sighting: Sighting): Promise<boolean> => {
  if (sighting.removingSince === undefined) return false;
  const lease = await ledger.readLease(leaseIdAt(sighting, sighting.principalId));
  return !lease || isIdle(lease);
};

const withUserName = async (world: Showers, sighting: Sighting): Promise<ShownFinding> => {
  const person = sighting.principalType === 'USER' ? await world.directory.recall(sighting.principalId) : undefined;
  return person ? { ...sighting, userName: person.userName } : sighting;
};
