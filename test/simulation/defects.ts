/** Deliberate defects, one and more for each law: each is what somebody might have written, and the simulation must find it. */
import { type AccessRequest, baseOf } from '../../lambda/domain/access-request.ts';
import { sealEvent, trailAfter } from '../../lambda/domain/audit-event.ts';
import { emptyLease, type Lease, leaseIdOf, withHoldOf } from '../../lambda/domain/lease.ts';
import { person } from '../../lambda/domain/move.ts';
import type { Account } from '../../lambda/domain/policy/facts.ts';
import type { Policy } from '../../lambda/domain/policy/policy.ts';
import { isRefusal, refuse } from '../../lambda/domain/refusal.ts';
import { addSeconds } from '../../lambda/domain/time.ts';
import type { Commit, Ledger } from '../../lambda/ports/ledger.ts';
import { judgeAsk, windowAhead } from '../../lambda/use-cases/judge-ask.ts';
import type { World } from '../../lambda/use-cases/world.ts';
import { FUNCTIONS, type FunctionName } from './functions.ts';
import type { Law } from './laws/violation.ts';
import type { Sabotage } from './simulate.ts';
import type { Weather } from './weather.ts';

export interface Defect {
  readonly what: string;
  /** Any of these is what the simulation may find broken first. */
  readonly laws: readonly Law[];
  readonly sabotage: Sabotage;
}

// ---------- how parts are replaced ----------

const tampering = (change: (world: World) => Partial<World>, ...names: readonly FunctionName[]): Sabotage => ({
  tamper: (world, name) => (names.length === 0 || names.includes(name) ? change(world) : {}),
});
const ledgerOf =
  (change: (ledger: Ledger, now: () => number) => Partial<Ledger>) =>
  ({ ledger, clock }: World): Partial<World> => ({ ledger: { ...ledger, ...change(ledger, clock.now) } });
const committing = (change: (commit: Commit) => Commit) =>
  ledgerOf((ledger) => ({ commit: (commit) => ledger.commit(change(commit)) }));

/** Writes what it likes, whatever the request is now. */
const force = async (world: World, request: AccessRequest, next: AccessRequest, leases: readonly Lease[] = []) => {
  const by = person(request.requester);
  const fact = { kind: 'cancelled', at: world.clock.now(), actor: by, from: request.status, to: next.status } as const;
  const event = sealEvent(request.id, request.trail, request.salt, { ...fact, data: {}, texts: {} }, world.ids.sha256);
  const after = { ...next, trail: trailAfter(event) };
  await world.ledger.commit({ requests: [{ before: request, after, events: [event] }], leases });
  return after;
};

const STORMY: Weather['calls'] = { errorBefore: 0.02, errorAfter: 0.02, late: 0.05, slow: 0.02, asleep: 0, killed: 0 };
const stormy = (weather: Weather): Weather => ({ ...weather, calls: STORMY, calm: false });

// ---------- defects ----------

const askingNobody = (policy: Policy): Policy => ({
  ...policy,
  entitlements: policy.entitlements.map((rule) => ({ ...rule, approval: { required: 0, groups: [] } })),
});

const withoutUnsettled = (commit: Commit): Commit => ({
  ...commit,
  leases: (commit.leases ?? []).map((lease) => {
    if (!('unsettledUntil' in lease.state)) return lease;
    const { unsettledUntil: _, ...state } = lease.state;
    return { ...lease, state };
  }),
});

const isIntent = ({ leases = [] }: Commit): boolean =>
  leases.some(({ state }) => state.kind === 'creating' && state.operation.id === undefined);

const cancelAnything: Sabotage = {
  functions: {
    api: async (world, action) => {
      const request = action.do === 'cancel' ? await world.ledger.readRequest(action.requestId) : undefined;
      if (!request) return FUNCTIONS.api(world, action);
      return force(world, request, { ...baseOf(request), status: 'cancelled', cancelledAt: world.clock.now() });
    },
  },
};

const believeTheExecution: Sabotage = {
  functions: {
    workflow: async (world, step) => {
      const request = await world.ledger.readRequest(step.requestId);
      if (step.step === 'grant' && request?.status === 'pending') {
        const at = world.clock.now();
        const grantBy = addSeconds(at, world.limits.timeToGrantSeconds);
        const latestEnd = addSeconds(request.start ?? grantBy, request.durationSeconds);
        const next = { ...baseOf(request), status: 'granting', begunAt: at, grantBy, latestEnd } as const;
        const leaseId = leaseIdOf(request.requester.id, request.target);
        const lease = (await world.ledger.readLease(leaseId)) ?? emptyLease(request.requester.id, request.target);
        await force(world, request, next, [withHoldOf(lease, next)]);
      }
      return FUNCTIONS.workflow(world, step);
    },
  },
};

const endOnlyWhatIsStillAllowed: Sabotage = {
  functions: {
    api: async (world, action) => {
      if (action.do !== 'end') return FUNCTIONS.api(world, action);
      const request = await world.ledger.readRequest(action.requestId);
      const requester = request && (await world.directory.findById(request.requester.id));
      if (!request || !requester) return refuse('not_permitted', 'nobody is there');
      const asked = { accountId: request.target.accountId, permissionSet: request.target.permissionSetArn };
      const window = windowAhead(world.clock.now(), request);
      const judged = await judgeAsk(world, requester, asked, { ...request, window });
      return isRefusal(judged) ? refuse('not_permitted', judged.detail) : FUNCTIONS.api(world, action);
    },
  },
};

const ordinary = (account: Account | undefined): Account | undefined => account && { ...account, forbidden: undefined };

export const DEFECTS: readonly Defect[] = [
  {
    what: 'the policy that the functions read asks nobody',
    laws: [1],
    sabotage: tampering(({ policies }) => ({
      policies: {
        current: async () => askingNobody(await policies.current()),
        byVersion: async (version) => askingNobody(await policies.byVersion(version)),
      },
    })),
  },
  {
    what: 'a removal that is under way counts as done',
    laws: [1],
    sabotage: tampering(({ assignments }) => ({
      assignments: { ...assignments, deletionStatus: async () => ({ kind: 'succeeded' }) },
    })),
  },
  {
    what: 'an assignment is made before the intent is stored',
    laws: [2],
    sabotage: tampering(
      ledgerOf((ledger) => ({
        commit: async (commit) => (isIntent(commit) ? 'committed' : ledger.commit(commit)),
      })),
      'converge',
    ),
  },
  {
    what: 'a call of unknown outcome is forgotten at once',
    laws: [1, 2, 4, 10],
    sabotage: { ...tampering(committing(withoutUnsettled), 'converge'), weather: stormy },
  },
  {
    what: 'nothing sweeps, and all executions are deleted',
    laws: [3],
    sabotage: {
      functions: { sweep: async () => undefined },
      weather: (weather) => ({ ...weather, executionDeletedEveryMs: 60_000 }),
    },
  },
  {
    what: 'whatever is there is taken for our own',
    laws: [4],
    sabotage: tampering(
      ({ assignments, ledger }) => ({
        assignments: {
          ...assignments,
          isAssigned: async (principalId, target) => {
            const lease = await ledger.readLease(leaseIdOf(principalId, target));
            return lease?.state.kind !== 'vacant' && assignments.isAssigned(principalId, target);
          },
        },
      }),
      'converge',
    ),
  },
  {
    what: 'the end of the first of two requests ends both',
    laws: [1, 4],
    sabotage: tampering(
      ledgerOf((ledger, now) => ({
        readLease: async (leaseId) => {
          const lease = await ledger.readLease(leaseId);
          const over = (lease?.holds ?? []).filter(({ endsAt }) => endsAt <= now());
          return lease && over.length > 0 ? { ...lease, holds: over } : lease;
        },
      })),
      'converge',
    ),
  },
  { what: 'a request can be cancelled at any time', laws: [5], sabotage: cancelAnything },
  {
    what: 'everybody is in every group',
    laws: [6],
    sabotage: tampering(
      ({ directory }) => ({ directory: { ...directory, groupsOf: async (_, groups) => groups } }),
      'api',
    ),
  },
  {
    what: 'the policy is not checked when assigning',
    laws: [7],
    sabotage: tampering(({ directory, organization }) => {
      const someone = { userName: 'someone', displayName: 'Someone', enabled: true };
      return {
        directory: {
          ...directory,
          findById: async (id) => (await directory.findById(id)) ?? { id, ...someone },
          groupsOf: async (_, groups) => groups,
        },
        organization: {
          ...organization,
          findAccount: async (id) => {
            const account = await organization.findAccount(id);
            return account && { ...account, active: true };
          },
        },
      };
    }, 'converge'),
  },
  { what: 'only what is still allowed can be ended', laws: [7], sabotage: endOnlyWhatIsStillAllowed },
  {
    what: 'a change is stored without its event',
    laws: [8],
    sabotage: tampering(
      committing((commit) => ({ ...commit, requests: (commit.requests ?? []).map((one) => ({ ...one, events: [] })) })),
      'sweep',
    ),
  },
  {
    what: 'events do not name the one before',
    laws: [8],
    sabotage: tampering(
      committing((commit) => ({
        ...commit,
        requests: (commit.requests ?? []).map((one) => ({
          ...one,
          events: one.events.map((event) => ({ ...event, previousHash: '' })),
        })),
      })),
    ),
  },
  {
    what: 'an error counts as an empty list',
    laws: [1, 4, 9, 10],
    sabotage: {
      ...tampering(({ assignments }) => ({
        assignments: {
          ...assignments,
          isAssigned: (principalId, target) => assignments.isAssigned(principalId, target).catch(() => false),
        },
      })),
      weather: stormy,
    },
  },
  {
    what: 'a creation that is under way counts as done',
    laws: [10],
    sabotage: tampering(({ assignments }) => ({
      assignments: { ...assignments, creationStatus: async () => ({ kind: 'succeeded' }) },
    })),
  },
  { what: 'an execution is believed', laws: [1, 5], sabotage: believeTheExecution },
  {
    what: 'the limit of open requests is not told to the table',
    laws: [13],
    sabotage: tampering(committing(({ openLimit: _, ...commit }) => commit)),
  },
  {
    what: 'the management account is an account like any other',
    laws: [7, 15],
    sabotage: tampering(({ organization }) => ({
      organization: { ...organization, findAccount: async (id) => ordinary(await organization.findAccount(id)) },
    })),
  },
];
