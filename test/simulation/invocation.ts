/** One run of a function: a process with a clock of its own that can be killed at any call to a port. */
import { instant } from '../../lambda/domain/time.ts';
import type { Clock } from '../../lambda/ports/clock.ts';
import { ServiceFault } from '../../lambda/ports/faults.ts';
import type { Chance } from './chance.ts';
import type { WholeWorld } from './functions.ts';
import type { Timeline } from './timeline.ts';
import type { Trace } from './trace.ts';
import { afflictionAt, type CallFaults, LATEST_EFFECT_MS, type Service, type Weather } from './weather.ts';

type Effect<Answer> = () => Promise<Answer>;

export interface Invocation {
  readonly name: string;
  readonly clock: Clock;
  readonly startedAt: number;
  /** From now on nothing that it waits for ever comes, and nothing that it meant to do happens. */
  kill(): void;
  isDead(): boolean;
  /** Whether it was killed, or anything that it called did not go as it should, but for what merely took long. */
  isTroubled(): boolean;
  call<Answer>(service: Service, method: string, effect: Effect<Answer>, given?: readonly unknown[]): Promise<Answer>;
}

export interface Surroundings {
  readonly timeline: Timeline;
  readonly chance: Chance;
  readonly weather: () => Weather;
  readonly trace: Trace;
  readonly note: (what: string) => void;
  /** Told of each call as it is begun. */
  readonly onCall: (service: Service, method: string, given: readonly unknown[]) => void;
}

/** When a call takes effect and when its answer comes, milliseconds from now; absent: never. */
interface Fate {
  readonly kind: keyof CallFaults | 'well' | 'down';
  readonly effect?: number;
  readonly answer?: number;
  readonly fails: boolean;
  readonly kills: boolean;
}

const CLIENT_PATIENCE_MS = 20_000;
/** What the SDK does before it gives up on a service that fails. */
const GIVING_UP_MS = 3_000;

/** Calls whose answers are lists, which may lag. */
const LISTS = new Set([
  'listDue',
  'listAllWaiting',
  'listOpen',
  'listAll',
  'listByRequester',
  'listWork',
  'running',
  'list',
]);

const faultOf = (chance: Chance, faults: CallFaults): keyof CallFaults | undefined => {
  let left = chance.fraction();
  for (const kind of Object.keys(faults) as (keyof CallFaults)[]) {
    left -= faults[kind];
    if (left < 0) return kind;
  }
  return undefined;
};

const fateOf = (
  { timeline, chance, weather }: Surroundings,
  service: Service,
  method: string,
  frailty: number,
): Fate => {
  const soon = chance.between(3, 40);
  const alive = { fails: false, kills: false };
  if (afflictionAt(weather(), service, timeline.now()) === 'failing') {
    return { kind: 'down', answer: GIVING_UP_MS * chance.fraction(), fails: true, kills: false };
  }
  const { killed, ...faults } = weather().calls;
  switch (faultOf(chance, { ...faults, killed: killed * frailty })) {
    case 'errorBefore':
      return { kind: 'errorBefore', answer: soon, fails: true, kills: false };
    case 'errorAfter':
      return { kind: 'errorAfter', effect: soon, answer: soon + 50, fails: true, kills: false };
    case 'late': {
      const answer = chance.between(1_000, CLIENT_PATIENCE_MS);
      return { kind: 'late', effect: chance.between(answer, LATEST_EFFECT_MS), answer, fails: true, kills: false };
    }
    case 'slow': {
      const answer = chance.between(1_000, CLIENT_PATIENCE_MS);
      return { kind: 'slow', ...alive, effect: answer * chance.fraction(), answer };
    }
    case 'asleep':
      return { kind: 'asleep', ...alive, effect: soon, answer: chance.between(5_000, 100_000) };
    case 'killed':
      return { kind: 'killed', fails: false, kills: true, ...(chance.happens(0.5) ? { effect: soon } : {}) };
    default: {
      const lag = LISTS.has(method) ? weather().listLagMs * chance.fraction() : 0;
      return { kind: 'well', ...alive, effect: soon, answer: soon + lag };
    }
  }
};

const never = (): Promise<never> => new Promise(() => {});

const settle = <Answer>(effect: Effect<Answer>): Promise<() => Answer> =>
  effect().then(
    (answer) => () => answer,
    (fault: unknown) => () => {
      throw fault;
    },
  );

/** @param frailty How likely a call kills it, against the weather's rate. */
export const createInvocation = (around: Surroundings, name: string, onKilled: () => void, frailty = 1): Invocation => {
  const { timeline, chance, weather, trace, note } = around;
  const offset = chance.between(-1, 1) * weather().skewMs;
  let dead = false;
  let troubled = false;
  const whenAlive = (act: () => void) => () => {
    if (!dead) act();
  };

  const call: Invocation['call'] = (service, method, effect, given = []) => {
    if (dead) return never();
    around.onCall(service, method, given);
    const fate = fateOf(around, service, method, frailty);
    if (fate.kind !== 'well' && fate.kind !== 'slow') troubled = true;
    if (fate.kind !== 'well') {
      note(`call ${fate.kind}`);
      trace(() => `${name}: ${service}.${method} meets ${fate.kind}`);
    }
    // What was sent arrives, though its sender be dead by then.
    const took = fate.effect === undefined ? undefined : takeEffect(fate.effect, service, method, effect);
    if (fate.kills) {
      dead = true;
      onKilled();
    }
    return fate.fails || !took ? failed(fate, service) : answered(fate, took);
  };
  const failed = async ({ answer }: Fate, service: Service): Promise<never> => {
    await (answer === undefined ? never() : delay(answer));
    throw new ServiceFault(service, 'Timeout', undefined);
  };
  const answered = async <Answer>({ effect = 0, answer }: Fate, took: Promise<() => Answer>): Promise<Answer> => {
    if (answer === undefined) return never();
    if (answer > effect) await delay(answer);
    const told = await took;
    if (dead) return never();
    return told();
  };
  /** Resolves when the effect has come, with what tells its outcome. */
  const takeEffect = <Answer>(ms: number, service: Service, method: string, effect: Effect<Answer>) =>
    new Promise<() => Answer>((resolve) => {
      timeline.after(ms, () => {
        trace(() => `${name}: ${service}.${method}`);
        void settle(effect).then(resolve);
      });
    });
  const delay = (ms: number): Promise<void> => new Promise((resolve) => timeline.after(ms, whenAlive(resolve)));

  return {
    name,
    startedAt: timeline.now(),
    clock: {
      now: () => instant(timeline.now() + offset),
      sleep: delay,
    },
    kill: () => {
      dead = true;
    },
    isDead: () => dead,
    isTroubled: () => troubled || dead,
    call,
  };
};

const SERVICE_OF = {
  ledger: 'database',
  places: 'database',
  policies: 'database',
  directory: 'identity-store',
  organization: 'organizations',
  catalogue: 'database',
  onCall: 'on-call',
  assignments: 'identity-center',
  workflow: 'workflow',
  converger: 'functions',
  lock: 'database',
  outbox: 'database',
  addresses: 'identity-store',
  notifier: 'mail',
  assignmentLists: 'identity-center',
  driftStore: 'database',
} as const satisfies Partial<Record<keyof WholeWorld, Service>>;

type AnyMethod = (...given: readonly unknown[]) => Promise<unknown>;

/** The ports as this run sees them. */
export const portsOf = (invocation: Invocation, world: WholeWorld): WholeWorld => {
  const seen = (service: Service, port: object): object =>
    Object.fromEntries(
      Object.entries(port).map(([method, member]) => [
        method,
        typeof member === 'function'
          ? (...given: readonly unknown[]) =>
              invocation.call(service, method, () => (member as AnyMethod)(...given), given)
          : member,
      ]),
    );
  const ports = Object.entries(SERVICE_OF).map(([name, service]) => [
    name,
    seen(service, world[name as keyof WholeWorld]),
  ]);
  return { ...world, ...(Object.fromEntries(ports) as Partial<WholeWorld>), clock: invocation.clock };
};
