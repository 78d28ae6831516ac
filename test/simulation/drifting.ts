/** The function that searches for drift, as it is deployed: what wakes it, what it sees, and what is watched of it. */

import { createMemoryDriftStore } from '../../lambda/adapters/memory/memory-drift-store.ts';
import type { MemoryLedger } from '../../lambda/adapters/memory/memory-ledger.ts';
import type { AccessRequest } from '../../lambda/domain/access-request.ts';
import type { Catalogue } from '../../lambda/domain/catalogue.ts';
import { type DriftState, FIRST_DRIFT_STATE } from '../../lambda/domain/drift-state.ts';
import type { Lease } from '../../lambda/domain/lease.ts';
import { isRefusal } from '../../lambda/domain/refusal.ts';
import { instant } from '../../lambda/domain/time.ts';
import type { Clock } from '../../lambda/ports/clock.ts';
import type { DriftStore } from '../../lambda/ports/drift-store.ts';
import type { Ledger } from '../../lambda/ports/ledger.ts';
import type { DriftWakeUp } from '../../lambda/use-cases/attend-drift-event.ts';
import { identifyCaller } from '../../lambda/use-cases/identify-caller.ts';
import { takeBaseline } from '../../lambda/use-cases/take-baseline.ts';
import type { DriftParts } from '../../lambda/use-cases/world.ts';
import { createAssignmentLists, type GroupAssignment } from './assignment-lists.ts';
import type { Stored } from './book.ts';
import { createCloudTrail } from './cloud-trail.ts';
import type { DriftWeather } from './drift-weather.ts';
import { timesWoken } from './fault-plan.ts';
import type { Functions, WholeWorld } from './functions.ts';
import { createHands } from './hands.ts';
import type { Assignment, IdentityCenter, Operation } from './identity-center.ts';
import type { Invocation, Surroundings } from './invocation.ts';
import { createLambdaService, type LambdaService } from './lambda-service.ts';
import { driftLaw } from './laws/drift-law.ts';
import { markLaw } from './laws/mark-law.ts';
import { recognitionLaw } from './laws/recognition-law.ts';
import { createSearched } from './laws/searched.ts';
import type { Accuse } from './laws/violation.ts';
import { ADMINISTRATORS, type Population } from './population.ts';
import type { Weather } from './weather.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
/** How often is looked whether what should be known by now is known. */
const CHECK_EVERY_MS = 20 * SECOND;
const INSTANCE_ARN = 'arn:aws:sso:::instance/ssoins-7223c4d1e8b6a509';

export interface Drifting {
  readonly parts: DriftParts;
  made(assignment: Assignment): void;
  removed(assignment: Assignment, by: Operation['by']): void;
  /** Somebody has asked for a write. */
  asked(operation: Operation): void;
  requestStored(stored: Stored): void;
  leaseStored(before: Lease | undefined, after: Lease): void;
  stateStored(before: DriftState | undefined, after: DriftState): void;
  /** From now on the rule wakes it each minute, and others act by hand for so many milliseconds. */
  begin(span: number): void;
  /** Everything was looked at since then, and what had to go is gone. */
  isQuiet(since: number): boolean;
  readonly runs: () => number;
}

interface Parts extends Surroundings {
  readonly day: Weather;
  readonly memory: MemoryLedger;
  readonly ledger: () => Ledger;
  readonly population: Population;
  readonly identityCenter: () => IdentityCenter;
  readonly accuse: Accuse;
  readonly requests: () => ReadonlyMap<string, AccessRequest>;
  readonly leases: () => ReadonlyMap<string, Lease>;
  readonly world: (run: Invocation) => WholeWorld;
  readonly tamper: (world: WholeWorld) => WholeWorld;
  readonly search: Functions['drift'];
  /** Of the functions that people call. */
  readonly lambda: () => LambdaService;
}

const rulesOf = ({ mode, roundSeconds, removalsAnHour }: DriftWeather): DriftParts['driftRules'] => ({
  ...{ mode, roundSeconds, removalsAnHour },
  instanceArn: INSTANCE_ARN,
});

/** NB. Chance is its own, so that the rest of the world is what it would be, but for what drift does to it. */
export const createDrifting = (parts: Parts): Drifting => {
  const { timeline, chance, weather, trace, note, day, memory, population, accuse, requests, leases } = parts;
  const { now } = timeline;
  const store = createMemoryDriftStore(memory);
  const present = () => parts.identityCenter().present;
  const operations = () => parts.identityCenter().operations;

  const hands = createHands({
    ...{ timeline, chance: chance.stream('hands'), day, trace, note, population, requests },
    identityCenter: parts.identityCenter,
  });
  const searched = createSearched({ now, population, isMissing: hands.isMissing });
  const around = { now, accuse, day, leases, requests, present, operations, searched, note };
  const law = driftLaw({ ...around, isBusy: (key) => parts.identityCenter().isBusy(key) });
  const marks = markLaw(around);
  const recognition = recognitionLaw(around);

  // ---------- what it sees ----------

  const watched: DriftStore = {
    ...store,
    saveSightings: async (changes) => {
      await store.saveSightings(changes);
      law.sightingsSaved(changes.put, changes.drop);
    },
  };
  const groups: readonly GroupAssignment[] = chance
    .some([...population.accounts.values()], 0.3)
    .flatMap(({ id: accountId }) =>
      chance
        .some([...population.permissionSets.values()], 0.3)
        .map(({ arn }) => ({ accountId, permissionSetArn: arn, groupId: 'group-platform' })),
    );
  const listsBy = (clock: Clock) => createAssignmentLists(parts.identityCenter(), groups, clock);
  const driftParts = (clock: Clock): DriftParts => ({
    assignmentLists: listsBy(clock),
    driftStore: watched,
    driftRules: rulesOf(day.drift),
    driftNews: { found: () => note('drift found'), removing: () => note('drift told of a removal') },
  });
  /** The catalogue as it is published: a minute old, and without the accounts that are missing from lists. */
  let published: Catalogue | undefined;
  const catalogueNow = async (): Promise<Catalogue> => {
    if (published && now() - published.asOf < MINUTE) return published;
    const { organization } = population;
    const [accounts, permissionSets] = [await organization.accounts(), await organization.permissionSets()];
    const listed = accounts.filter(({ id }) => !hands.isMissing(id));
    published = { asOf: instant(now()), accounts: listed, units: [], permissionSets };
    return published;
  };

  // ---------- what wakes it ----------

  const lambda = createLambdaService({
    ...parts,
    chance: chance.stream('calls'),
    onFailed: () => {},
    world: (run) => {
      const world = parts.world(run);
      return { ...world, catalogue: { ...world.catalogue, current: catalogueNow }, ...driftParts(run.clock) };
    },
    tamper: parts.tamper,
  });
  /** NB. Only the rule and the function's entry keep out what names a creation of Brevet's that the lease does not know. */
  const isKnown = ({ id }: Operation, leaseId: string): boolean => {
    const state = leases().get(leaseId)?.state;
    return state?.kind !== 'held' || state.creationId === id;
  };
  const attend = (wakeUp: DriftWakeUp, operation: Operation, leaseId: string): void => {
    if (operation.by === 'brevet' && !isKnown(operation, leaseId)) return;
    lambda.enqueue('drift', `${wakeUp.change} ${operation.id}`, (seen) => parts.search(seen, wakeUp));
    if (!wakeUp.place || operation.by === 'brevet') return;
    law.heard(operation.key);
    recognition.heard(operation, leaseId);
  };
  const trail = createCloudTrail({ timeline, chance: chance.stream('trail'), day, note, attend });
  const times = timesWoken(chance.stream('wakes'), weather, note);

  const each = (everyMs: number, act: () => void): void => {
    const next = (): void => {
      act();
      timeline.after(everyMs, next);
    };
    timeline.after(chance.between(0, everyMs), next);
  };
  const wakeEachMinute = (): void => {
    for (let count = times(); count > 0; count -= 1) lambda.enqueue('drift', 'rule', (seen) => parts.search(seen));
  };
  const check = (): void => {
    searched.look();
    law.check();
    marks.check();
    recognition.check();
  };

  // ---------- the baseline, and the table ----------

  const administrator = (): string =>
    (chance.pickAny(population.groups.get(`group-${ADMINISTRATORS}`)?.memberIds ?? []) ?? 'person-0').replace(
      'person-',
      'user',
    );
  const takeOne = async (seen: WholeWorld, userName: string): Promise<boolean> => {
    const caller = await identifyCaller(seen, { kind: 'user-name', value: userName });
    return !isRefusal(caller) && !isRefusal(await takeBaseline(seen, { caller }));
  };
  /** Tries again later where no round is finished yet, or the service does not answer. */
  const baseline = (tries = 60): void => {
    const userName = administrator();
    const taking = parts.lambda().invoke('api', `baseline by ${userName}`, (seen) => takeOne(seen, userName));
    const again = (isTaken: boolean): void => {
      if (!isTaken && tries > 0) timeline.after(2 * MINUTE, () => baseline(tries - 1));
    };
    taking.then(again, () => again(false));
  };
  let tables = 1;
  const changeTable = async (how: DriftWeather['tableChangesAt'][number]['how']): Promise<void> => {
    note(`drift table ${how}`);
    trace(() => `the table of drift is ${how}`);
    tables += 1;
    store.becomeTable(`table-${tables}`);
    law.tableChanged(how);
    if (how === 'restored') return;
    const all = await store.listSightings({ limit: Number.POSITIVE_INFINITY });
    if (all !== 'invalid-cursor') await watched.saveSightings({ put: [], drop: all.items });
    const { version, trail: links } = memory.driftState() ?? FIRST_DRIFT_STATE;
    const state = { ...FIRST_DRIFT_STATE, version, trail: links };
    await parts.ledger().commit({ drift: { state, events: [] } });
  };

  return {
    parts: driftParts({ now: () => instant(now()), sleep: timeline.sleep }),
    made: (assignment) => {
      law.made(assignment);
      marks.made(assignment);
    },
    removed: (assignment, by) => {
      marks.removed(assignment, by);
      recognition.removed(assignment, by);
    },
    asked: trail.asked,
    requestStored: marks.requestStored,
    leaseStored: (before, after) => {
      law.leaseStored(before, after);
      recognition.leaseStored(before, after);
    },
    stateStored: (before, after) => {
      searched.look();
      law.stateStored(before, after);
      marks.stateStored(before, after);
    },
    begin: (span) => {
      each(MINUTE, wakeEachMinute);
      each(CHECK_EVERY_MS, check);
      hands.plan(span);
      for (const at of day.drift.baselinesAt) timeline.after(at, baseline);
      for (const { at, how } of day.drift.tableChangesAt) timeline.after(at, () => void changeTable(how));
    },
    isQuiet: (since) => law.roundBeganAt() > since && law.isQuiet(),
    runs: lambda.runs,
  };
};
