/** Defects of the laws between the ledger and Identity Center: what is given, whose it is, and when it goes. */
import type { AccessRequest } from '../../../lambda/domain/access-request.ts';
import { type Hold, type Lease, leaseIdOf, withHoldOf } from '../../../lambda/domain/lease.ts';
import type { Account } from '../../../lambda/domain/policy/facts.ts';
import type { Policy } from '../../../lambda/domain/policy/policy.ts';
import { addSeconds, type Instant, instant } from '../../../lambda/domain/time.ts';
import type { Commit, RequestChange } from '../../../lambda/ports/ledger.ts';
import type { World } from '../../../lambda/use-cases/world.ts';
import { FUNCTIONS } from '../functions.ts';
import { TellingFailed } from '../telling.ts';
import type { Outage } from '../weather.ts';
import { committing, type Defect, force, ledgerOf, stormy, tampering, withoutExecutions } from './defect.ts';

const askingNobody = (policy: Policy): Policy => ({
  ...policy,
  entitlements: policy.entitlements.map((rule) => ({ ...rule, approval: [] })),
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

/** An immediate request ends so long after its grant was begun, and not after it became usable. */
const fromTheBegin = ({ before, after, ...change }: RequestChange): RequestChange =>
  before?.status === 'granting' && after.status === 'active' && after.start === undefined
    ? { ...change, before, after: { ...after, endsAt: addSeconds(before.begunAt, after.durationSeconds) } }
    : { ...change, ...(before ? { before } : {}), after };
const clockFromTheBegin = (commit: Commit): Commit => {
  const requests = (commit.requests ?? []).map(fromTheBegin);
  const leases = (commit.leases ?? []).map((lease) =>
    requests
      .filter(({ after }) => leaseIdOf(after.requester.id, after.target) === lease.id)
      .reduce((held, { after }) => withHoldOf(held, after), lease),
  );
  return { ...commit, requests, leases };
};

/** Whoever had access, and lost it by the hand of others, waits for it like anybody else. */
const asWaiting = (hold: Hold, since: Instant): Hold => (hold.ending ? hold : { unconfirmedSince: since, ...hold });
const isUnmade = ({ state }: Lease): boolean =>
  state.kind === 'vacant' || (state.kind === 'creating' && state.operation.id === undefined);

/** Whoever waits for it to go is told so as soon as Identity Center was asked. */
const overOnceAsked = (world: World): Partial<World> => {
  const { ledger, clock } = world;
  const isAsked = ({ state }: Lease): boolean => state.kind === 'deleting' && state.operation.id !== undefined;
  const tell = async (requestId: string): Promise<void> => {
    const request = await ledger.readRequest(requestId);
    if (request?.status !== 'ending') return;
    await force(world, request, { ...request, status: 'ended', endedAt: clock.now() } as AccessRequest);
  };
  return {
    ledger: {
      ...ledger,
      commit: async (commit) => {
        const result = await ledger.commit(commit);
        const asked = result === 'committed' ? (commit.leases ?? []).filter(isAsked) : [];
        for (const { requestId } of asked.flatMap(({ holds }) => holds)) await tell(requestId);
        return result;
      },
    },
  };
};

const TWO_HOURS: Outage = {
  service: 'identity-center',
  affliction: 'failing',
  from: Date.parse('2026-11-23T10:00:00Z'),
  until: Date.parse('2026-11-23T12:00:00Z'),
};

/** The account without what keeps it from being given, or given lightly. */
const unprotected =
  (protection: 'forbidden' | 'guarded') =>
  (account: Account | undefined): Account | undefined => {
    if (!account) return undefined;
    const { [protection]: _protection, ...others } = account;
    return others;
  };
const ordinary = unprotected('forbidden');
const unguarded = unprotected('guarded');

export const ACCESS_DEFECTS: readonly Defect[] = [
  {
    law: 1,
    what: 'the policy that the functions read asks nobody',
    sabotage: tampering(({ policies }) => ({
      policies: {
        current: async () => askingNobody(await policies.current()),
        byVersion: async (version) => askingNobody(await policies.byVersion(version)),
        content: policies.content,
      },
    })),
  },
  {
    law: 1,
    what: 'a removal that is under way counts as done',
    sabotage: tampering(({ assignments }) => ({
      assignments: { ...assignments, deletionStatus: async () => ({ kind: 'succeeded' }) },
    })),
  },
  {
    law: 1,
    what: 'a request is over once Identity Center was asked to take away what it held',
    sabotage: tampering(overOnceAsked, 'converge'),
  },
  {
    law: 2,
    what: 'an assignment is made before the intent is stored',
    sabotage: tampering(
      ledgerOf((ledger) => ({
        commit: async (commit) => (isIntent(commit) ? 'committed' : ledger.commit(commit)),
      })),
      'converge',
    ),
  },
  {
    law: 2,
    what: 'the latest end is counted from an hour to grant, whatever the limit',
    sabotage: tampering(({ limits }) => ({ limits: { ...limits, timeToGrantSeconds: 3600 } })),
  },
  {
    law: 2,
    what: 'a call of unknown outcome is forgotten at once',
    foundAs: [1, 2, 4, 10],
    from: 12,
    sabotage: { ...tampering(committing(withoutUnsettled), 'converge'), weather: stormy },
  },
  {
    law: 3,
    what: 'nothing sweeps, and executions are deleted',
    sabotage: { functions: { sweep: async () => undefined }, weather: withoutExecutions },
  },
  {
    law: 3,
    what: 'the sweep comes three times an hour, and executions are deleted',
    sabotage: {
      functions: {
        sweep: async (world) =>
          new Date(world.clock.now()).getMinutes() % 20 === 0 ? FUNCTIONS.sweep(world) : undefined,
      },
      weather: withoutExecutions,
    },
  },
  {
    law: 4,
    what: 'whatever is there is taken for our own',
    sabotage: tampering(
      ({ assignments, ledger }) => ({
        assignments: {
          ...assignments,
          isAssigned: async (principalId, target) => {
            const there = await assignments.isAssigned(principalId, target);
            const lease = await ledger.readLease(leaseIdOf(principalId, target));
            return lease?.state.kind !== 'vacant' && there;
          },
        },
      }),
      'converge',
    ),
  },
  {
    law: 4,
    what: 'the end of the first of two requests ends both',
    foundAs: [1, 4],
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
  {
    law: 7,
    what: 'what others took away is made again for whoever had it, and nobody is judged',
    sabotage: tampering(
      ledgerOf((ledger, now) => ({
        readLease: async (leaseId) => {
          const lease = await ledger.readLease(leaseId);
          if (!lease || !isUnmade(lease)) return lease;
          return { ...lease, holds: lease.holds.map((hold) => asWaiting(hold, instant(now()))) };
        },
      })),
      'converge',
    ),
  },
  {
    law: 9,
    what: 'an error counts as an empty list',
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
    law: 9,
    what: 'while the directory does not answer, everybody is in every group',
    sabotage: {
      ...tampering(({ directory }) => ({
        directory: {
          ...directory,
          groupsOf: (id, groups) => directory.groupsOf(id, groups).catch(() => groups),
        },
      })),
      weather: stormy,
    },
  },
  {
    law: 9,
    what: 'nobody is told of access that cannot be ended',
    sabotage: {
      ...tampering(() => ({ reporter: { warn: () => {} } })),
      functions: { sweep: async (world) => ({ ...(await FUNCTIONS.sweep(world)), latestEndingSeconds: 0 }) },
      weather: (weather) => ({ ...weather, calm: false, outages: [TWO_HOURS] }),
    },
  },
  {
    law: 11,
    what: 'what is being done stops when nobody can be told of it',
    sabotage: {
      ...tampering(({ reporter }) => ({
        reporter: {
          warn: (message, fields) => {
            reporter.warn(message, fields);
            throw new TellingFailed();
          },
        },
      })),
      weather: stormy,
    },
  },
  {
    law: 10,
    what: 'a creation that is under way counts as done',
    sabotage: tampering(({ assignments }) => ({
      assignments: { ...assignments, creationStatus: async () => ({ kind: 'succeeded' }) },
    })),
  },
  {
    law: 10,
    what: 'the clock starts when the grant is begun',
    sabotage: tampering(committing(clockFromTheBegin), 'converge'),
  },
  {
    law: 15,
    what: 'the management account is an account like any other',
    sabotage: tampering(({ organization }) => ({
      organization: { ...organization, findAccount: async (id) => ordinary(await organization.findAccount(id)) },
    })),
  },
  {
    law: 15,
    what: 'where Brevet itself is, one approver will do',
    foundAs: [1, 15],
    sabotage: tampering(({ organization }) => ({
      organization: { ...organization, findAccount: async (id) => unguarded(await organization.findAccount(id)) },
    })),
  },
];
