/** Puts one world together: the real domain, use cases and state machine among simulated services, people and faults. */
import { createMemoryLedger } from '../../lambda/adapters/memory/memory-ledger.ts';
import { createMemoryPlaces } from '../../lambda/adapters/memory/memory-places.ts';
import { createMemoryPumpLock } from '../../lambda/adapters/memory/memory-pump-lock.ts';
import { createSequentialIds } from '../../lambda/adapters/memory/sequential-ids.ts';
import { DEFAULT_LIMITS } from '../../lambda/contract/limits.ts';
import { ENDING_LATE_SECONDS } from '../../lambda/contract/metrics.ts';
import type { WorkflowStep } from '../../lambda/contract/workflow.ts';
import { instant } from '../../lambda/domain/time.ts';
import type { DriftParts, World } from '../../lambda/use-cases/world.ts';
import { synthesizeWorkflow } from '../../lib/workflow/definition.ts';
import { type Behaviour, createBehaviour } from './behaviour.ts';
import { type Book, openBook, type Stored } from './book.ts';
import type { Chance } from './chance.ts';
import { createDrifting, type Drifting } from './drifting.ts';
import { forging, noteOutages, planFaults, timesWoken, wakingBy } from './fault-plan.ts';
import { FUNCTIONS, type FunctionName, type WholeWorld } from './functions.ts';
import { createIdentityCenter, type IdentityCenter } from './identity-center.ts';
import { createLambdaService, type LambdaService } from './lambda-service.ts';
import { type AccessLaws, accessLaws } from './laws/access-laws.ts';
import { chainLaw } from './laws/chain-law.ts';
import { credentialsLaw } from './laws/credentials-law.ts';
import { factsOf } from './laws/facts.ts';
import { glassLaw } from './laws/glass-law.ts';
import { latenessAllowed } from './laws/lateness.ts';
import { leavingLaw } from './laws/leaving-law.ts';
import { loudLaw } from './laws/loud-law.ts';
import { pumpLaw } from './laws/pump-law.ts';
import { requestLaws } from './laws/request-laws.ts';
import { unknownLaw } from './laws/unknown-law.ts';
import type { Accuse, Violation } from './laws/violation.ts';
import { readMachine } from './machine.ts';
import { createOperators } from './operators.ts';
import { createOutside, type Outside } from './outside.ts';
import { createOwnership, isAtWork } from './ownership.ts';
import { ADMINISTRATORS, populate } from './population.ts';
import type { Sabotage } from './simulate.ts';
import { createStepFunctions } from './step-functions.ts';
import { createTally, noteLease, noteStored, type Tally } from './tally.ts';
import { createTellers, type Tellers } from './tellers.ts';
import { TellingFailed } from './telling.ts';
import { createTimeline, type Timeline } from './timeline.ts';
import type { Trace } from './trace.ts';
import { quietAfter, type Weather, weatherOf } from './weather.ts';

export interface Planet {
  readonly timeline: Timeline;
  readonly weather: Weather;
  readonly book: Book;
  readonly identityCenter: IdentityCenter;
  readonly lambda: LambdaService;
  readonly tellers: Tellers;
  readonly drifting: Drifting;
  readonly behaviour: Behaviour;
  readonly outside: Outside;
  /** Others' assignments that must still be there. */
  readonly standing: ReadonlySet<string>;
  readonly laws: AccessLaws;
  readonly tally: Tally;
  readonly accuse: Accuse;
  readonly broken: () => Violation | undefined;
  sweep(): void;
  /** Executions deleted, wake-ups forged. */
  planFaults(span: number): void;
}

interface Parts {
  readonly chance: Chance;
  readonly start: number;
  readonly span: number;
  readonly sabotage: Sabotage;
  readonly trace: (now: () => number) => Trace;
}

const LIMITS = { ...DEFAULT_LIMITS, pendingExpirySeconds: 2 * 3600, startAheadSeconds: 3 * 3600 };
const MACHINE = readMachine(synthesizeWorkflow({ limits: LIMITS }));

export const createPlanet = ({ chance, start, span, sabotage, trace: traceBy }: Parts): Planet => {
  const timeline = createTimeline(start);
  const trace = traceBy(timeline.now);
  const forecast = weatherOf(chance.stream('weather'), start, span);
  const day = sabotage.weather?.(forecast) ?? forecast;
  const night = quietAfter(day);
  const isDay = (): boolean => timeline.now() < start + span;
  const weather = (): Weather => (isDay() ? day : night);
  const tally = createTally();
  const population = populate(chance.stream('population'));

  let broken: Violation | undefined;
  const accuse: Accuse = (law, what) => {
    trace(() => `LAW ${law} BROKEN: ${what}`);
    broken ??= { law, what };
  };

  // Everything that is stored, and everything that changes in Identity Center, is watched.
  const facts = factsOf(population);
  const limits = { openLimit: LIMITS.openRequestsPerPerson, timeToGrantSeconds: LIMITS.timeToGrantSeconds };
  const requests = () => book.requests;
  const leases = () => book.leases;
  const moves = requestLaws({ now: timeline.now, facts, accuse, requests, ...limits });
  const latenessAllowedMs = (since: number): number => latenessAllowed(day, since);
  const periodMs = LIMITS.glassAlarmSeconds * 1000;
  const glass = glassLaw({ now: timeline.now, accuse, facts, latenessAllowedMs, periodMs });
  const chain = chainLaw(accuse);
  const credentials = credentialsLaw({ population, now: timeline.now, accuse, requests, leases });
  const leaving = leavingLaw(accuse);
  const loud = loudLaw(timeline.now, accuse);
  const watched = unknownLaw(leases, accuse);
  const laws = accessLaws({
    now: timeline.now,
    facts,
    accuse,
    leases,
    present: () => identityCenter.present,
    isBusy: (key) => identityCenter.isBusy(key),
    skewMs: day.skewMs,
    latenessAllowedMs,
    outstays: loud.outstays,
  });
  const onStored = (stored: Stored): void => {
    trace(() => `stored ${stored.after.id} ${stored.before?.status ?? 'new'} → ${stored.after.status}`);
    noteStored(tally, stored);
    moves.check(stored);
    glass.stored(stored);
    chain(stored);
    credentials.stored(stored);
    laws.requestStored(stored);
    tellers.stored(stored);
    drifting.requestStored(stored);
    behaviour.onStored(stored);
  };
  const lock = createMemoryPumpLock();
  const memory = createMemoryLedger(lock.fenceNow);
  const book = openBook(memory, {
    requestStored: onStored,
    leaseStored: (before, after) => {
      trace(
        () => `stored ${after.id} ${JSON.stringify(after.state)} ${after.holds.map((hold) => hold.requestId).join()}`,
      );
      noteLease(tally, before, after);
      for (const one of [drifting, laws, ownership]) one.leaseStored(before, after);
    },
    driftStored: (before, after) => drifting.stateStored(before, after),
  });
  const ownership = createOwnership(() => identityCenter);
  const identityCenter = createIdentityCenter({
    timeline,
    chance: chance.stream('identity-center'),
    weather,
    watch: {
      ...laws.watch,
      made: (assignment) => {
        trace(() => `made ${assignment.principalId} ${assignment.target.accountName} by ${assignment.maker}`);
        for (const one of [credentials, ownership, drifting]) one.made(assignment);
      },
      removed: (assignment, by) => {
        tally.note(`removed by ${by}`);
        trace(() => `removed ${assignment.principalId} ${assignment.target.accountName} by ${by}`);
        for (const one of [laws.watch, credentials, ownership, drifting]) one.removed(assignment, by);
      },
    },
    onAsked: (operation) => drifting.asked(operation),
    isKnown: (principalId) => population.people.has(principalId),
    note: tally.note,
    isOurs: (leaseId) => isAtWork(book.leases.get(leaseId)),
  });

  const functions = { ...FUNCTIONS, ...sabotage.functions };
  const onCall = pumpLaw({ accuse, leases, holder: lock.owner });
  const around = { timeline, chance: chance.stream('calls'), weather, trace, note: tally.note, onCall };
  const tamper = (seen: WholeWorld, name: FunctionName): WholeWorld => {
    const known = { ...seen, ...watched(seen) };
    return { ...known, ...sabotage.tamper?.(known, name) };
  };
  const lambda = createLambdaService({
    ...around,
    onFailed: (name, title, why) => {
      // The alarm on the errors of that function.
      if (name === 'sweep') loud.alarmed();
      if (why instanceof TellingFailed) accuse(11, `${title} stopped because nobody could be told`);
    },
    world: (run) => ({ ...world, ...tellers.partsFor(run) }),
    tamper,
  });
  const tellers = createTellers({
    ...around,
    chance: chance.stream('telling people'),
    ...{ day, span, memory, population, accuse, facts, requests },
    world: () => world,
    tamper: (seen) => sabotage.tamper?.(seen, 'tell') ?? {},
    tell: (seen) => functions.tell(seen),
  });
  const drifting = createDrifting({
    ...around,
    chance: chance.stream('drift'),
    ...{ day, memory, population, accuse, requests, leases, search: functions.drift },
    ledger: () => book.ledger,
    identityCenter: () => identityCenter,
    lambda: () => lambda,
    world: (run) => ({ ...world, ...tellers.partsFor(run) }),
    tamper: (seen) => tamper(seen, 'drift'),
  });
  const runStep = (step: WorkflowStep) =>
    lambda.invoke('workflow', `${step.step} ${step.requestId}`, (seen) => functions.workflow(seen, step));
  const converge = (leaseIds: readonly string[], standBy = false): void =>
    lambda.enqueue('converge', `${leaseIds[0] ?? 'all'} and ${leaseIds.length - 1} more`, (seen) =>
      functions.converge(seen, { leaseIds, standBy }),
    );
  const stepFunctions = createStepFunctions({
    ...around,
    chance: chance.stream('step-functions'),
    machine: MACHINE,
    invoke: runStep,
  });

  const wakes = chance.stream('wakes');
  const times = timesWoken(wakes, weather, tally.note);
  const world: World & DriftParts = {
    ledger: book.ledger,
    places: createMemoryPlaces(),
    policies: population.policies,
    directory: population.directory,
    organization: population.organization,
    onCall: population.onCall,
    // Never read: everything is asked of the organization itself, which is where faults come from.
    catalogue: { current: async () => undefined, groups: async () => undefined },
    assignments: identityCenter,
    ...wakingBy(times, stepFunctions, converge),
    lock,
    clock: { now: () => instant(timeline.now()), sleep: timeline.sleep },
    ids: createSequentialIds(),
    ...createOperators({
      ...{ chance: chance.stream('telling'), weather, note: tally.note, trace, leaving, loud, glass },
      warned: (message, fields) => tellers.warned(message, fields),
    }),
    limits: LIMITS,
    roleGroups: { administrators: [ADMINISTRATORS], auditors: [] },
    ...drifting.parts,
  };

  const behaviour = createBehaviour({
    timeline,
    chance: chance.stream('behaviour'),
    glassChance: chance.stream('glass'),
    population,
    accuse,
    isDay,
    startAheadSeconds: LIMITS.startAheadSeconds,
    call: async (action) => {
      const about = `${action.do} by ${action.userName}`;
      const answer = await lambda.invoke('api', about, (seen) => functions.api(seen, action));
      leaving.answered(answer);
      return answer;
    },
  });
  const outside = createOutside({
    timeline,
    chance: chance.stream('outside'),
    sessionChance: chance.stream('sessions'),
    ...{ trace, population, identityCenter, leases, requests },
  });

  const forge = forging({ wakes, leases, requests, converge, runStep, note: tally.note });

  const sweep = async (seen: World): Promise<void> => {
    const report = await functions.sweep(seen);
    if (report && report.latestEndingSeconds >= ENDING_LATE_SECONDS) loud.alarmed();
  };

  noteOutages(day, tally.note);

  return {
    timeline,
    weather: day,
    book,
    identityCenter,
    lambda,
    tellers,
    drifting,
    behaviour,
    outside,
    standing: ownership.standing,
    laws: {
      ...laws,
      check: () => {
        laws.check();
        glass.check();
      },
    },
    tally,
    accuse,
    broken: () => broken,
    sweep: () => {
      for (let count = times(); count > 0; count -= 1) lambda.enqueue('sweep', '', sweep);
    },
    planFaults: planFaults({ timeline, chance, start, day, stepFunctions, note: tally.note, forge }),
  };
};
