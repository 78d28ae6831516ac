/** Judges once more, at the moment of assigning, so that a forged wake-up or a changed policy gains nothing (law 7). */
import type { AccessRequest } from '../domain/access-request.ts';
import { approvalsIn } from '../domain/ballot.ts';
import type { ApprovalDemand } from '../domain/policy/approval-demand.ts';
import type { Person } from '../domain/policy/facts.ts';
import { isRefusal, type Refusal } from '../domain/refusal.ts';
import type { ToldSession } from '../domain/session.ts';
import { type FaultSource, ServiceFault } from '../ports/faults.ts';
import { type Judged, judgeAsk, sessionNow, windowAhead } from './judge-ask.ts';
import { judgeByRule } from './judge-by-rule.ts';
import { asOfNow } from './on-call.ts';
import { organizationInOutage, recallCatalogue } from './recall-organization.ts';
import type { Needs } from './world.ts';

type Judges = Needs<
  'policies' | 'directory' | 'organization' | 'catalogue' | 'ledger' | 'onCall' | 'reporter' | 'clock' | 'limits'
>;

/** Why the request must not be granted; or how long credentials of its permission set live now (law 14). */
export type Judgement = { readonly whyNot: string } | ToldSession;

/** Faults are thrown: unknown means deny. */
export const rejudge = (world: Judges, request: AccessRequest): Promise<Judgement> => {
  const now = asOfNow(world);
  return request.breakGlass ? judgeBreaking(now, request) : judgeNow(now, request);
};

const judgeNow = async (world: Judges, request: AccessRequest): Promise<Judgement> => {
  const requester = await world.directory.findById(request.requester.id);
  if (!requester?.enabled) return { whyNot: 'the requester is no longer an enabled user of IAM Identity Center' };
  const asked = { accountId: request.target.accountId, permissionSet: request.target.permissionSetArn };
  const judged = await judgeAsk(world, requester, asked, {
    ...request,
    ...incidentOf(request),
    window: windowAhead(world.clock.now(), request),
  });
  if (isRefusal(judged)) return { whyNot: saidOf(judged) };
  const whyNot = await whyNotApproved(world, request, requester, judged);
  return whyNot === undefined ? sessionNow(world, judged) : { whyNot };
};

/** What is stored with a request as broken glass is judged as that, by the rules for it, and by nothing else. */
const incidentOf = ({ breakGlass }: AccessRequest) => (breakGlass ? { incident: breakGlass.incident } : {});

/** NB. Where it was not counted, nobody was told, and no alarm rings: then somebody only wrote that it was broken. */
const judgeBreaking = async (world: Judges, request: AccessRequest): Promise<Judgement> => {
  const { broken } = await world.ledger.readGlass(request.requester.id);
  const isCounted = broken.some(({ requestId }) => requestId === request.id);
  if (!isCounted) return { whyNot: 'nothing is recorded of the glass being broken for it' };
  return inOutage(world, (known) => judgeNow(known, request));
};

const OUTSIDE: ReadonlySet<string> = new Set<FaultSource>(['organizations', 'identity-center']);

/**
 * While the organization cannot be read, what the catalogue remembers will do, until that is too old. Who somebody is, and
 * in which groups, is asked of the directory all the same.
 */
const inOutage = async <Value>(world: Judges, judging: (world: Judges) => Promise<Value>): Promise<Value> => {
  try {
    return await judging(world);
  } catch (fault) {
    if (!(fault instanceof ServiceFault && OUTSIDE.has(fault.source))) throw fault;
    const known = await recallCatalogue(world);
    if (known === undefined || 'refused' in known) throw fault;
    return judging({ ...world, organization: organizationInOutage(known, world.organization) });
  }
};

/** NB. Who is on call may be told in a moment: that is tried again, until the time to grant is over. */
const saidOf = ({ refused, detail }: Refusal): string => {
  if (refused === 'on_call_unknown') throw new ServiceFault('on-call', 'Unknown', detail);
  return detail;
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
  const window = windowAhead(world.clock.now(), request);
  const terms = { ...request, ...incidentOf(request), window };
  const judged = await judgeByRule(world, request.entitled, person, now, terms);
  if (isRefusal(judged)) return saidOf(judged);
  return whyNotComplete(request, judged.approval);
};

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
