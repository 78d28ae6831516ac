/** The search for drift in an organization of thousands, on virtual time: the real adapters, at their real pace, call an Identity Center that only answers. */
import {
  ListAccountAssignmentsCommand,
  ListPermissionSetsProvisionedToAccountCommand,
  type SSOAdminClient,
} from '@aws-sdk/client-sso-admin';
import { createIdentityCenterAssignmentLists } from '../../lambda/adapters/identity-center-assignment-lists.ts';
import { createMemoryCatalogueStore } from '../../lambda/adapters/memory/memory-catalogue-store.ts';
import { createMemoryDriftStore } from '../../lambda/adapters/memory/memory-drift-store.ts';
import { createMemoryLedger } from '../../lambda/adapters/memory/memory-ledger.ts';
import { createMemoryPolicySource } from '../../lambda/adapters/memory/memory-policy-source.ts';
import { createSequentialIds } from '../../lambda/adapters/memory/sequential-ids.ts';
import { createRememberedCatalogue } from '../../lambda/adapters/remembered-catalogue.ts';
import { DEFAULT_LIMITS } from '../../lambda/contract/limits.ts';
import { NOTHING_READ, type OrganizationContent } from '../../lambda/domain/catalogue.ts';
import type { Sighting } from '../../lambda/domain/drift.ts';
import { addSeconds, type Instant, instant } from '../../lambda/domain/time.ts';
import type { DriftStore } from '../../lambda/ports/drift-store.ts';
import type { Ledger } from '../../lambda/ports/ledger.ts';
import { type DriftReport, searchForDrift } from '../../lambda/use-cases/drift-round.ts';
import { createTimeline, type Timeline } from '../simulation/timeline.ts';
import { policyOf } from './small-policy.ts';
import { at, LIMITS } from './small-world.ts';

export interface LargeOptions {
  readonly accounts: number;
  readonly permissionSets: number;
  /** Of them, so many are assigned in each account, to one user each. */
  readonly assigned: number;
  /** Levels of units are for the catalogue; here they only say how many accounts' paths there are. */
  readonly units?: number;
}

/** Of one call to AWS, and of one to the table. */
const AWS_MS = 80;
const TABLE_MS = 10;
/** As in `lambda/handlers/drift.ts` and `lib/functions.ts`: a run each minute stops after 50 seconds, and is cut off after 90. */
const RUN_SECONDS = 50;
export const TIMEOUT_SECONDS = 90;

const accountIdOf = (index: number): string => String(100_000_000_000 + index);
const INSTANCE = 'arn:aws:sso:::instance/ssoins-7223c4d1e8b6a509';
const arnOf = (index: number): string =>
  `arn:aws:sso:::permissionSet/ssoins-7223c4d1e8b6a509/ps-${String(index).padStart(16, '0')}`;

const upTo = <Made>(length: number, make: (index: number) => Made): Made[] =>
  Array.from({ length }, (_, index) => make(index));

const organizationOf = ({ accounts, permissionSets, units = 60 }: LargeOptions): OrganizationContent => ({
  accounts: upTo(accounts, (index) => ({
    id: accountIdOf(index),
    name: `account-${index}`,
    ouPath: `Workloads/unit-${index % units}`,
    active: true,
    tags: {},
  })),
  units: ['Workloads', ...upTo(units, (index) => `Workloads/unit-${index}`)],
  permissionSets: upTo(permissionSets, (index) => ({
    arn: arnOf(index),
    name: `Set-${index}`,
    sessionSeconds: 3600,
    tags: { brevet: 'requestable' },
  })),
});

/** Every permission set carries the tag of the settings, so that people can be elevated to each. */
const TAG = { key: 'brevet', value: 'requestable' };
const POLICY = policyOf('version: 1\nentitlements: []\n');

/** By account, so that a look costs no more in a large organization than on DynamoDB. */
const sightingsByAccount = (store: DriftStore): DriftStore => {
  const known = new Map<string, Sighting[]>();
  const isSame = (one: Sighting, other: Sighting): boolean =>
    one.permissionSetArn === other.permissionSetArn && one.principalId === other.principalId && one.kind === other.kind;
  const without = (one: Sighting): Sighting[] =>
    (known.get(one.accountId) ?? []).filter((other) => !isSame(one, other));
  return {
    ...store,
    sightingsIn: async (accountId) => known.get(accountId) ?? [],
    listSightings: async () => ({ items: [] }),
    saveSightings: async ({ put, drop }) => {
      for (const one of drop) known.set(one.accountId, without(one));
      for (const one of put) known.set(one.accountId, [...without(one), one]);
    },
  };
};

/** Each call takes its time. */
const slowly = <Port extends object>(port: Port, timeline: Timeline): Port =>
  new Proxy(port, {
    get: (target, name, receiver) => {
      const method: unknown = Reflect.get(target, name, receiver);
      if (typeof method !== 'function') return method;
      return async (...input: unknown[]) => {
        await timeline.sleep(TABLE_MS);
        return method.apply(target, input);
      };
    },
  });

const answering = ({ assigned }: LargeOptions, timeline: Timeline, calls: number[]): SSOAdminClient => {
  const send = async (command: unknown): Promise<object> => {
    calls.push(timeline.now());
    await timeline.sleep(AWS_MS);
    if (command instanceof ListPermissionSetsProvisionedToAccountCommand) {
      const { NextToken, MaxResults = 100 } = command.input;
      const from = Number(NextToken ?? 0);
      const to = Math.min(from + MaxResults, assigned);
      const PermissionSets = upTo(to - from, (index) => arnOf(from + index));
      return { PermissionSets, ...(to < assigned ? { NextToken: String(to) } : {}) };
    }
    if (command instanceof ListAccountAssignmentsCommand) {
      return { AccountAssignments: [{ PrincipalType: 'USER', PrincipalId: 'u-omar' }] };
    }
    throw new Error('the search for drift calls for something else');
  };
  return { send } as Partial<SSOAdminClient> as SSOAdminClient;
};

const publishedCatalogue = async (options: LargeOptions, now: Instant) => {
  const store = createMemoryCatalogueStore();
  const organization = await store.put('organization', organizationOf(options), now);
  await store.replaceState({ ...NOTHING_READ, published: { asOf: now, organization } });
  return store;
};

/** Nobody ever read the organization but the catalogue: there is no such adapter here. */
export const largeDrift = async (options: LargeOptions) => {
  const timeline = createTimeline(at('09:00'));
  const calls: number[] = [];
  const clock = { now: () => instant(timeline.now()), sleep: timeline.sleep };
  const ledger = createMemoryLedger();
  const catalogueStore = await publishedCatalogue(options, clock.now());
  const world = {
    ledger: slowly<Ledger>(ledger, timeline),
    driftStore: slowly(sightingsByAccount(createMemoryDriftStore(ledger)), timeline),
    assignmentLists: createIdentityCenterAssignmentLists({
      client: answering(options, timeline, calls),
      instanceArn: INSTANCE,
      clock,
      callsASecond: DEFAULT_LIMITS.driftCallsPerSecond,
    }),
    driftRules: {
      mode: 'report' as const,
      instanceArn: INSTANCE,
      roundSeconds: DEFAULT_LIMITS.driftRoundSeconds,
      removalsAnHour: DEFAULT_LIMITS.driftRemovalsPerHour,
      elevatableTag: TAG,
    },
    driftNews: { found: () => undefined, removing: () => undefined },
    policies: createMemoryPolicySource(POLICY),
    catalogue: createRememberedCatalogue(slowly(catalogueStore, timeline), clock),
    converger: { wake: async () => undefined },
    limits: { ...LIMITS, catalogueDeniesSeconds: Number.POSITIVE_INFINITY },
    clock,
    ids: createSequentialIds(),
    reporter: { warn: () => undefined },
  };

  /** What comes of it, and how long it took, seconds. */
  const timed = async <Found>(
    act: () => Promise<Found>,
  ): Promise<{ readonly found: Found; readonly seconds: number }> => {
    const begun = timeline.now();
    let end: { readonly found: Found } | { readonly fault: unknown } | undefined;
    act().then(
      (found) => {
        end = { found };
      },
      (fault: unknown) => {
        end = { fault };
      },
    );
    while (!end) await timeline.runUntil(timeline.now() + 20, () => undefined);
    if ('fault' in end) throw end.fault;
    return { found: end.found, seconds: (timeline.now() - begun) / 1000 };
  };

  const run = () => timed(() => searchForDrift(world, addSeconds(clock.now(), RUN_SECONDS)));

  /** A round to its end, a run a minute. @returns how long it took, seconds, and its longest run */
  const round = async (): Promise<{
    readonly seconds: number;
    readonly longestRun: number;
    readonly calls: number;
  }> => {
    const [begun, before] = [timeline.now(), calls.length];
    let longestRun = 0;
    for (let minute = 0; ; minute += 1) {
      const { found, seconds }: { found: DriftReport; seconds: number } = await run();
      longestRun = Math.max(longestRun, seconds);
      const taken = (timeline.now() - begun) / 1000;
      if (found.isRoundFinished) return { seconds: taken, longestRun, calls: calls.length - before };
      await timeline.runUntil(Math.max(timeline.now(), begun + (minute + 1) * 60_000), () => undefined);
    }
  };

  const untilNextRound = (): Promise<void> =>
    timeline.runUntil(timeline.now() + DEFAULT_LIMITS.driftRoundSeconds * 1000, () => undefined);

  return { run, round, untilNextRound, calls, timeline };
};
