/** A whole world in memory for one test: faults on demand, a clock that stands still, and what happened in it. */
import { createFixedClock } from '../../lambda/adapters/memory/fixed-clock.ts';
import { createMemoryAssignmentLists } from '../../lambda/adapters/memory/memory-assignment-lists.ts';
import { createMemoryCatalogueSource } from '../../lambda/adapters/memory/memory-catalogue-source.ts';
import { createMemoryDirectory } from '../../lambda/adapters/memory/memory-directory.ts';
import { createMemoryDriftStore } from '../../lambda/adapters/memory/memory-drift-store.ts';
import { createMemoryLedger } from '../../lambda/adapters/memory/memory-ledger.ts';
import { createMemoryAddresses, createMemoryNotifier } from '../../lambda/adapters/memory/memory-notifier.ts';
import { createMemoryOnCall } from '../../lambda/adapters/memory/memory-on-call.ts';
import { createMemoryOrganization } from '../../lambda/adapters/memory/memory-organization.ts';
import { createMemoryOutbox } from '../../lambda/adapters/memory/memory-outbox.ts';
import { createMemoryPlaces } from '../../lambda/adapters/memory/memory-places.ts';
import { createMemoryPolicySource } from '../../lambda/adapters/memory/memory-policy-source.ts';
import { createMemoryPumpLock } from '../../lambda/adapters/memory/memory-pump-lock.ts';
import { createMemoryWorkflowRunner } from '../../lambda/adapters/memory/memory-workflow-runner.ts';
import { createSequentialIds } from '../../lambda/adapters/memory/sequential-ids.ts';
import { withFaults } from '../../lambda/adapters/memory/with-faults.ts';
import type { AccessRequest } from '../../lambda/domain/access-request.ts';
import type { AuditEvent } from '../../lambda/domain/audit-event.ts';
import type { Lease } from '../../lambda/domain/lease.ts';
import { addSeconds, type Instant } from '../../lambda/domain/time.ts';
import type { Commit, Ledger } from '../../lambda/ports/ledger.ts';
import type { DriftParts, DriftRules, TellingParts, UseCaseLimits, World } from '../../lambda/use-cases/world.ts';
import { createCounting } from './counting.ts';
import { slowAssignments } from './slow-assignments.ts';
import { ACCOUNTS, GROUPS, PEOPLE, PERMISSION_SETS, POLICY_TEXT, policyOf } from './small-policy.ts';

export const at = (timeOfDay: string): Instant => Date.parse(`2026-11-23T${timeOfDay}Z`) as Instant;

export const LIMITS: UseCaseLimits = {
  longestDurationSeconds: 12 * 3600,
  openRequestsPerPerson: 10,
  pendingExpirySeconds: 8 * 3600,
  timeToGrantSeconds: 15 * 60,
  eventsBeforeExtension: 100,
  startAheadSeconds: 20 * 86_400,
  idempotencySeconds: 86_400,
  textLength: 1000,
  ticketLength: 100,
  pageSize: 50,
  catalogueStaleSeconds: 3600,
  catalogueDeniesSeconds: 86_400,
  glassAlarmSeconds: 900,
};

/** A ledger that remembers every commit it stored, so that a test can say that nothing was. */
const recording = (ledger: Ledger, stored: Commit[]): Ledger => ({
  ...ledger,
  commit: async (commit) => {
    const result = await ledger.commit(commit);
    if (result === 'committed') stored.push(commit);
    return result;
  },
});

export interface WorldOptions {
  readonly limits?: Partial<UseCaseLimits>;
  /** How long Identity Center takes to write; infinity: until it is settled by hand. */
  readonly writeMilliseconds?: number;
  readonly drift?: Partial<DriftRules>;
}

const DRIFT_RULES: DriftRules = {
  mode: 'report',
  instanceArn: 'arn:aws:sso:::instance/ssoins-7223c4d1e8b6a509',
  roundSeconds: 3600,
  removalsAnHour: 10,
};

/** Nine o'clock; everybody of the small policy is there, and nothing has happened. `truth` is the ledger without its faults. */
export const smallWorld = ({ limits = {}, writeMilliseconds = 1000, drift = {} }: WorldOptions = {}) => {
  const clock = createFixedClock(at('09:00'));
  const stored: Commit[] = [];
  const woken: string[] = [];
  const warnings: string[] = [];
  const rung: string[] = [];
  const driftTold: string[] = [];
  const withoutAddress = new Set<string>();
  const refusing = new Set<string>();
  const identityCenter = slowAssignments(clock, writeMilliseconds);
  const people = createMemoryDirectory({ people: Object.values(PEOPLE), groups: Object.values(GROUPS) });
  const accounts = createMemoryOrganization({
    accounts: Object.values(ACCOUNTS),
    permissionSets: Object.values(PERMISSION_SETS),
  });
  const catalogue = createMemoryCatalogueSource();
  const counting = createCounting({ people: Object.values(PEOPLE), groups: Object.values(GROUPS), clock });
  const rota = createMemoryOnCall();
  const published = createMemoryPolicySource(policyOf(POLICY_TEXT));
  const executions = createMemoryWorkflowRunner();
  const lock = createMemoryPumpLock();
  const memory = createMemoryLedger(lock.fenceNow);
  const truth = recording(memory, stored);
  const outbox = createMemoryOutbox(memory);
  const mail = createMemoryNotifier(refusing);
  const driftStore = createMemoryDriftStore(memory);
  const lists = createMemoryAssignmentLists({
    assignments: identityCenter,
    permissionSets: Object.values(PERMISSION_SETS),
  });
  const converger = { wake: async (leaseIds: readonly string[]) => void woken.push(...leaseIds) };
  const world = {
    ledger: withFaults('database', truth),
    places: withFaults('database', createMemoryPlaces()),
    policies: withFaults('policy', published),
    directory: withFaults('identity-store', people),
    organization: withFaults('organizations', accounts),
    catalogue,
    onCall: withFaults('on-call', rota),
    assignments: withFaults('identity-center', identityCenter),
    assignmentLists: withFaults('identity-center', lists),
    driftStore: withFaults('database', driftStore),
    driftRules: { ...DRIFT_RULES, ...drift },
    driftNews: {
      found: (findings: number) => void driftTold.push(`found ${findings}`),
      removing: () => void driftTold.push('removing'),
    },
    workflow: withFaults('workflow', executions),
    converger: withFaults('functions', converger),
    lock: withFaults('database', lock),
    outbox: withFaults('database', outbox),
    addresses: withFaults('identity-store', createMemoryAddresses(withoutAddress)),
    notifier: withFaults('mail', mail),
    clock,
    ids: createSequentialIds(),
    reporter: { warn: (message: string) => void warnings.push(message) },
    bell: { ring: (alarm: string, { id }: AccessRequest) => void rung.push(`${alarm} ${id}`) },
    limits: { ...LIMITS, ...limits },
    roleGroups: { administrators: ['administrators'], auditors: ['auditors'] },
  } satisfies World & DriftParts & TellingParts;
  return {
    world,
    truth,
    clock,
    catalogue,
    counting,
    rota,
    identityCenter,
    people,
    accounts,
    published,
    executions,
    stored,
    woken,
    warnings,
    rung,
    driftTold,
    lists,
    driftStore,
    outbox,
    mail,
    withoutAddress,
    refusing,
  };
};

export type SmallWorld = ReturnType<typeof smallWorld>;

/** Everything that is stored about requests and leases, for comparing before with after. */
export const contentOf = async ({ truth: ledger, stored }: SmallWorld) => {
  const listed = await ledger.listAll({ limit: 1000 });
  const requests: readonly AccessRequest[] = listed === 'invalid-cursor' ? [] : listed.items;
  const events: readonly (readonly AuditEvent[])[] = await Promise.all(requests.map(({ id }) => ledger.readEvents(id)));
  const leaseIds = new Set(stored.flatMap(({ leases = [] }) => leases.map(({ id }) => id)));
  const leases: readonly (Lease | undefined)[] = await Promise.all([...leaseIds].map((id) => ledger.readLease(id)));
  return { requests, events: events.flat(), leases: leases.filter((lease) => lease !== undefined) };
};

export const later = (given: SmallWorld, seconds: number): Instant => addSeconds(given.clock.now(), seconds);
