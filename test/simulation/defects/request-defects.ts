/** Defects of the laws of requests: who decides, once; by which policy; what is written down; what leaves. */
import { type AccessRequest, baseOf } from '../../../lambda/domain/access-request.ts';
import { hashOfEvent, type Sha256, trailAfter } from '../../../lambda/domain/audit-event.ts';
import { totalSeconds } from '../../../lambda/domain/extension.ts';
import { emptyLease, type Lease, leaseIdOf, withHoldOf } from '../../../lambda/domain/lease.ts';
import type { PermissionSet } from '../../../lambda/domain/policy/facts.ts';
import { isRefusal, refuse } from '../../../lambda/domain/refusal.ts';
import { addSeconds, type DurationSeconds } from '../../../lambda/domain/time.ts';
import type { Commit, Ledger, RequestChange } from '../../../lambda/ports/ledger.ts';
import { judgeAsk, windowAhead } from '../../../lambda/use-cases/judge-ask.ts';
import type { World } from '../../../lambda/use-cases/world.ts';
import { type Action, FUNCTIONS } from '../functions.ts';
import type { Sabotage } from '../simulate.ts';
import { committing, type Defect, force, ledgerOf, stormy, tampering } from './defect.ts';

/** The API does something of its own with one kind of action. */
const acting = <Kind extends Action['do']>(
  kind: Kind,
  act: (
    world: World,
    request: AccessRequest,
    action: Action & { readonly do: Kind },
  ) => ReturnType<typeof FUNCTIONS.api>,
): Sabotage => ({
  functions: {
    api: async (world, action) => {
      if (action.do !== kind || !('requestId' in action)) return FUNCTIONS.api(world, action);
      const request = await world.ledger.readRequest(action.requestId);
      return request ? act(world, request, action as Action & { readonly do: Kind }) : FUNCTIONS.api(world, action);
    },
  },
});

const leaseOf = async (world: World, { requester, target }: AccessRequest): Promise<Lease> =>
  (await world.ledger.readLease(leaseIdOf(requester.id, target))) ?? emptyLease(requester.id, target);

const cancelAnything = acting('cancel', (world, request) =>
  force(world, request, { ...baseOf(request), status: 'cancelled', cancelledAt: world.clock.now() }),
);

/** Puts a change on top of whatever is there by now, with its event as the next link. */
const onTop = async (ledger: Ledger, change: RequestChange, sha256: Sha256): Promise<RequestChange> => {
  const now = change.before && (await ledger.readRequest(change.before.id));
  const [event] = change.events;
  if (!now || !event) return change;
  const { hash: _, ...link } = { ...event, sequence: now.trail.count + 1, previousHash: now.trail.hash };
  const sealed = { ...link, hash: hashOfEvent(link, sha256) };
  return { before: now, after: { ...change.after, trail: trailAfter(sealed) }, events: [sealed] };
};
const insistently = ({ ledger, ids }: World): Partial<World> => ({
  ledger: {
    ...ledger,
    commit: async (commit) => {
      const requests = await Promise.all((commit.requests ?? []).map((one) => onTop(ledger, one, ids.sha256)));
      return ledger.commit({ ...commit, requests });
    },
  },
});

const countTheRequester = acting('vote', async (world, request, action) => {
  const self = request.requester;
  if (request.status !== 'pending' || self.userName !== action.userName) return FUNCTIONS.api(world, action);
  const at = world.clock.now();
  const votes = [...request.votes, { stage: 0, approver: self, choice: 'approve' as const, at }];
  return force(world, request, { ...baseOf(request), votes, status: 'scheduled', startsAt: request.start ?? at });
});

/** The vote goes to the last stage at once. */
const skipStages = acting('vote', async (world, request, action) => {
  const [, second] = request.approval;
  const voter = await world.directory.findByUserName(action.userName);
  if (request.status !== 'pending' || !second || request.votes.length > 0 || !voter || voter === 'several')
    return FUNCTIONS.api(world, action);
  const vote = { stage: 1, approver: voter, choice: 'approve' as const, at: world.clock.now() };
  return force(world, request, { ...request, votes: [vote] });
});

/** As if every stage had been escalated when it was asked. */
const escalateAtOnce = (request: AccessRequest | undefined): AccessRequest | undefined =>
  request && {
    ...request,
    approval: request.approval.map((stage) =>
      stage.escalation ? { ...stage, escalation: { ...stage.escalation, escalatedAt: request.askedAt } } : stage,
    ),
  };

const forgetNotices = ({ requests = [], ...commit }: Commit): Commit => ({
  ...commit,
  requests: requests.map((one) => ({
    ...one,
    after: {
      ...one.after,
      approval: one.after.approval.map(({ reminder, ...stage }) =>
        reminder ? { ...stage, reminder: { afterSeconds: reminder.afterSeconds } } : stage,
      ),
    },
  })),
});

const extendUnasked = acting('extend', async (world, request, action) => {
  if (request.status !== 'active') return FUNCTIONS.api(world, action);
  const next = { ...request, endsAt: addSeconds(request.endsAt, action.durationSeconds) };
  return force(world, request, next, [withHoldOf(await leaseOf(world, next), next)]);
});

const approveWhateverWaits = acting('vote', async (world, request, action) => {
  if (request.status !== 'active' || !request.extension) return FUNCTIONS.api(world, action);
  const extendTo = totalSeconds(request, request.extension.durationSeconds) as DurationSeconds;
  return FUNCTIONS.api(world, { ...action, extendTo });
});

const endOnlyWhatIsStillAllowed = acting('end', async (world, request, action) => {
  const requester = await world.directory.findById(request.requester.id);
  if (!requester) return refuse('not_permitted', 'nobody is there');
  const asked = { accountId: request.target.accountId, permissionSet: request.target.permissionSetArn };
  const window = windowAhead(world.clock.now(), request);
  const judged = await judgeAsk(world, requester, asked, { ...request, window });
  return isRefusal(judged) ? refuse('not_permitted', judged.detail) : FUNCTIONS.api(world, action);
});

const believeTheExecution: Sabotage = {
  functions: {
    workflow: async (world, step) => {
      const request = await world.ledger.readRequest(step.requestId);
      if (step.step === 'grant' && request?.status === 'pending') {
        const at = world.clock.now();
        const grantBy = addSeconds(at, world.limits.timeToGrantSeconds);
        const latestEnd = addSeconds(request.start ?? grantBy, request.durationSeconds);
        const next = { ...baseOf(request), status: 'granting', begunAt: at, grantBy, latestEnd } as const;
        await force(world, request, next, [withHoldOf(await leaseOf(world, next), next)]);
      }
      return FUNCTIONS.workflow(world, step);
    },
  },
};

const tellTheStep: Sabotage = {
  functions: {
    workflow: async (world, step) => {
      try {
        return await FUNCTIONS.workflow(world, step);
      } catch (failure) {
        world.reporter.warn('a step of the workflow failed', { step });
        throw failure;
      }
    },
  },
  weather: stormy,
};

const everybody = { userName: 'someone', displayName: 'Someone', enabled: true };

const withoutEvents = (commit: Commit): Commit => ({
  ...commit,
  requests: (commit.requests ?? []).map((one) => ({ ...one, events: [] })),
});
const withoutTheOneBefore = (commit: Commit): Commit => ({
  ...commit,
  requests: (commit.requests ?? []).map((one) => ({
    ...one,
    events: one.events.map((event) => ({ ...event, previousHash: '' })),
  })),
});

const anHour = <Given extends PermissionSet | undefined>(one: Given): Given => one && { ...one, sessionSeconds: 3600 };

const changing =
  (change: (change: RequestChange) => AccessRequest) =>
  ({ requests = [], ...commit }: Commit): Commit => ({
    ...commit,
    requests: requests.map((one) => ({ ...one, after: change(one) })),
  });
const asAsked = changing(({ before, after }) => ({ ...after, target: before?.target ?? after.target }));
const forgetThatItStood = changing(({ after }) => {
  const { mayHaveStood: _forgotten, ...rest } = after;
  return rest as AccessRequest;
});

export const REQUEST_DEFECTS: readonly Defect[] = [
  { law: 5, what: 'a request can be cancelled at any time', sabotage: cancelAnything },
  {
    law: 5,
    what: 'whoever comes last has the last word',
    foundAs: [5, 8],
    sabotage: tampering(insistently, 'api'),
  },
  { law: 5, what: 'a vote counts in whichever stage', foundAs: [5, 6], sabotage: skipStages },
  {
    law: 5,
    what: 'nobody waits for an escalation',
    foundAs: [5, 6],
    sabotage: tampering(
      ledgerOf((ledger) => ({ readRequest: async (id) => escalateAtOnce(await ledger.readRequest(id)) })),
      'api',
    ),
  },
  {
    law: 5,
    what: 'that somebody was reminded is forgotten',
    sabotage: tampering(committing(forgetNotices), 'sweep'),
  },
  {
    law: 6,
    what: 'everybody is in every group',
    sabotage: tampering(
      ({ directory }) => ({ directory: { ...directory, groupsOf: async (_, groups) => groups } }),
      'api',
    ),
  },
  { law: 6, what: 'the requester counts as an approver', foundAs: [1, 6], sabotage: countTheRequester },
  {
    law: 6,
    what: 'whoever was disabled goes on deciding',
    sabotage: tampering(({ directory }) => {
      const enabled = async (userName: string) => {
        const match = await directory.findByUserName(userName);
        return match && match !== 'several' ? { ...match, enabled: true } : match;
      };
      return { directory: { ...directory, findByUserName: enabled } };
    }, 'api'),
  },
  {
    law: 7,
    what: 'the policy is not checked when assigning',
    sabotage: tampering(({ directory, organization }) => {
      const findAccount = async (id: string) => {
        const account = await organization.findAccount(id);
        return account && { ...account, active: true };
      };
      return {
        directory: {
          ...directory,
          findById: async (id) => (await directory.findById(id)) ?? { id, ...everybody },
          groupsOf: async (_, groups) => groups,
        },
        organization: { ...organization, findAccount },
      };
    }, 'converge'),
  },
  { law: 7, what: 'only what is still allowed can be ended', sabotage: endOnlyWhatIsStillAllowed },
  { law: 7, what: 'whoever wants more time has it', sabotage: extendUnasked },
  { law: 7, what: 'an approval is for whatever waits by then', sabotage: approveWhateverWaits },
  {
    law: 8,
    what: 'a change is stored without its event',
    sabotage: tampering(committing(withoutEvents), 'sweep'),
  },
  { law: 8, what: 'events do not name the one before', sabotage: tampering(committing(withoutTheOneBefore)) },
  { law: 12, what: 'an execution is believed', foundAs: [1, 5], sabotage: believeTheExecution },
  { law: 12, what: 'a warning tells all about the step that failed', sabotage: tellTheStep },
  {
    law: 13,
    what: 'the limit of open requests is not told to the table',
    sabotage: tampering(committing(({ openLimit: _, ...commit }) => commit)),
  },
  {
    law: 14,
    what: 'how long sessions last is written down when somebody asks, and for good',
    sabotage: tampering(committing(asAsked)),
  },
  {
    law: 14,
    what: 'what was given up before it was usable says nothing of credentials',
    sabotage: { ...tampering(committing(forgetThatItStood)), weather: stormy },
  },
  {
    law: 14,
    what: 'every session is thought to last an hour',
    sabotage: tampering(({ organization }) => ({
      organization: {
        ...organization,
        findPermissionSet: async (arn) => anHour(await organization.findPermissionSet(arn)),
        permissionSets: async () => (await organization.permissionSets()).map(anHour),
      },
    })),
  },
];
