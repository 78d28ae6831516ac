/** Judges once more, at the moment of assigning, so that a forged wake-up or a changed policy gains nothing (law 7). */
import type { AccessRequest } from '../domain/access-request.ts';
import { approvalsIn } from '../domain/ballot.ts';
import type { ApprovalDemand } from '../domain/policy/approval-demand.ts';
import type { Person } from '../domain/policy/facts.ts';
import { judge } from '../domain/policy/judge.ts';
import type { Policy } from '../domain/policy/policy.ts';
import { isRefusal, type Refusal } from '../domain/refusal.ts';
import { ServiceFault } from '../ports/faults.ts';
import { type Judged, judgeAsk, windowAhead } from './judge-ask.ts';
import { asOfNow, withOnCall } from './on-call.ts';
import { requesterOf } from './people.ts';
import type { Needs } from './world.ts';

type Judges = Needs<
  'policies' | 'directory' | 'organization' | 'catalogue' | 'ledger' | 'onCall' | 'reporter' | 'clock'
>;

/** @returns why the request must not be granted; undefined when it may be. Faults are thrown: unknown means deny. */
export const whyNotGrant = (world: Judges, request: AccessRequest): Promise<string | undefined> =>
  whyNotNow(asOfNow(world), request);

const whyNotNow = async (world: Judges, request: AccessRequest): Promise<string | undefined> => {
  const requester = await world.directory.findById(request.requester.id);
  if (!requester?.enabled) return 'the requester is no longer an enabled user of IAM Identity Center';
  const asked = { accountId: request.target.accountId, permissionSet: request.target.permissionSetArn };
  const judged = await judgeAsk(world, requester, asked, {
    ...request,
    window: windowAhead(world.clock.now(), request),
  });
  if (isRefusal(judged)) return saidOf(judged, judged.detail);
  return whyNotApproved(world, request, requester, judged);
};

/** NB. Who is on call may be told in a moment: that is tried again, until the time to grant is over. */
const saidOf = ({ refused, detail }: Refusal, reason: string): string => {
  if (refused === 'on_call_unknown') throw new ServiceFault('on-call', 'Unknown', detail);
  return reason;
};

// NB. The votes are compared with the immutable policy version that the request names, not with the rule that the
// request itself carries: whoever could only write the request table could otherwise write "nobody needs to approve",
// or name a rule of that version that asks nobody, but for other people, other targets or less time.
const whyNotApproved = async (
  world: Judges,
  request: AccessRequest,
  person: Person,
  now: Judged,
): Promise<string | undefined> => {
  const { account, permissionSet, others } = now;
  const policy = await world.policies.byVersion(request.entitled.policyVersion);
  const entitlement = policy.entitlements.find(({ name }) => name === request.entitled.name);
  if (!entitlement) return `the policy has no rule "${request.entitled.name}"`;
  const alone = { ...policy, entitlements: [entitlement] };
  const requester =
    policy.version === now.policy.version ? now.requester : await requesterThen(world, person, policy, now);
  const window = windowAhead(world.clock.now(), request);
  const judged = judge(alone, { ...request, requester, account, permissionSet, others, window });
  if (isRefusal(judged)) return saidOf(judged, `by the rule "${entitlement.name}" alone: ${judged.detail}`);
  // With the floors of that version: what was asked of the approvers then is what they must have given.
  return whyNotComplete(request, judged.approval);
};

/** As the policy of that time sees them. */
const requesterThen = async (world: Judges, person: Person, policy: Policy, { account, permissionSet }: Judged) =>
  withOnCall(world, policy, await requesterOf(world, person, policy), account, permissionSet);

// NB. Stage by stage, each by votes of its own: nobody counts in two of them, and the requester in none. A rejection
// among the votes is final, whatever else is there.
const whyNotComplete = ({ votes, requester, entitled }: AccessRequest, stages: ApprovalDemand): string | undefined => {
  if (votes.some(({ choice }) => choice === 'reject')) return 'it was rejected';
  const counted = new Set([requester.id]);
  for (const [index, { required }] of stages.entries()) {
    const ids = approvalsIn(index, votes).map(({ approver }) => approver.id);
    const fresh = new Set(ids.filter((id) => !counted.has(id)));
    for (const id of fresh) counted.add(id);
    if (fresh.size >= required) continue;
    const where = stages.length === 1 ? '' : `stage ${index + 1} of `;
    return `${where}the rule "${entitled.name}" needs ${required} approval(s) and has ${fresh.size}`;
  }
  return undefined;
};
