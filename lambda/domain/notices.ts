/** What falls due while a stage waits: its approvers are reminded, and others may decide it, too. Each comes once a stage. */
import type { AccessRequest, Extension } from './access-request.ts';
import { type ApprovalStage, approverAttributesIn, approverGroupsIn, approversNamedIn } from './approval.ts';
import { approvalsIn, type Ballot, type OpenStage, openStage } from './ballot.ts';
import { withAsked } from './extension-approvers.ts';
import { CLOCK, moved, type Transition } from './move.ts';
import { notPending } from './outcome.ts';
import { type Refusal, refuse } from './refusal.ts';
import { addSeconds, type Instant, toIso } from './time.ts';

export type NoticeKind = 'remind' | 'escalate';

interface Notice {
  readonly kind: NoticeKind;
  readonly dueAt: Instant;
}

type Waiting = Ballot & { readonly askedAt: Instant };

/** What waits for votes: the request itself, or the wish for more time. */
export const waitingIn = (request: AccessRequest): Waiting | undefined => {
  if (request.status === 'pending') return request;
  return request.status === 'active' ? request.extension : undefined;
};

/** A stage opens when it was asked, or with the vote that completed the one before. */
export const openedAt = ({ votes, askedAt }: Waiting, stage: number): Instant =>
  stage === 0 ? askedAt : (approvalsIn(stage - 1, votes).at(-1)?.at ?? askedAt);

const noticesOf = ({ reminder, escalation }: ApprovalStage, opened: Instant): readonly Notice[] => [
  ...(reminder && reminder.remindedAt === undefined
    ? [{ kind: 'remind', dueAt: addSeconds(opened, reminder.afterSeconds) } as const]
    : []),
  ...(escalation && escalation.escalatedAt === undefined
    ? [{ kind: 'escalate', dueAt: addSeconds(opened, escalation.afterSeconds) } as const]
    : []),
];

/** What has not come yet in the open stage, the earliest first. */
const noticesAhead = (waiting: Waiting): readonly Notice[] => {
  const open = openStage(waiting);
  if (!open) return [];
  return [...noticesOf(open.stage, openedAt(waiting, open.number))].sort((left, right) => left.dueAt - right.dueAt);
};

/** The next of them, for a request that waits for votes. */
export const nextNotice = (request: AccessRequest): Notice | undefined => {
  const waiting = waitingIn(request);
  return waiting && noticesAhead(waiting)[0];
};

const told = (stage: ApprovalStage, kind: NoticeKind, at: Instant): ApprovalStage => {
  const { reminder, escalation } = stage;
  if (kind === 'remind') return reminder ? { ...stage, reminder: { ...reminder, remindedAt: at } } : stage;
  return escalation ? { ...stage, escalation: { ...escalation, escalatedAt: at } } : stage;
};

const idsOf = (all: readonly { readonly id: string }[] = []): readonly string[] => all.map(({ id }) => id);

/** Who is concerned, by id, or by what they have: those who are asked, or those who are asked from now on. */
const toWhom = (stage: ApprovalStage, kind: NoticeKind) => {
  const attributes = kind === 'remind' ? approverAttributesIn([stage]) : [];
  const [groups, users] =
    kind === 'remind'
      ? [approverGroupsIn([stage]), approversNamedIn([stage])]
      : [stage.escalation?.groups, stage.escalation?.users];
  return {
    approverGroupIds: idsOf(groups),
    approverIds: idsOf(users),
    ...(attributes.length === 0 ? {} : { approverAttributes: attributes }),
  };
};

const after = (request: AccessRequest, { number, stage }: OpenStage, kind: NoticeKind, at: Instant): AccessRequest => {
  const next = told(stage, kind, at);
  const put = (waiting: Ballot) => waiting.approval.map((one, index) => (index === number ? next : one));
  if (request.status !== 'active' || !request.extension) return { ...request, approval: put(request) };
  const extension: Extension = { ...request.extension, approval: put(request.extension) };
  return withAsked({ ...request, extension }, [next]);
};

/** When waiting is over. */
export const waitsUntil = (request: AccessRequest): Instant => {
  if (request.status === 'pending') return request.expiresAt;
  return request.status === 'active' ? request.endsAt : request.askedAt;
};

/** Refused with `request_not_due` before its time, and where it has come already. */
export const giveNotice = (request: AccessRequest, kind: NoticeKind, at: Instant): Transition | Refusal => {
  const waiting = waitingIn(request);
  const open = waiting && openStage(waiting);
  if (!waiting || !open) return notPending(request);
  if (at >= waitsUntil(request)) return refuse('request_not_due', 'It waits for nobody any more.');
  const due = noticesAhead(waiting).find((one) => one.kind === kind && one.dueAt <= at);
  if (!due) return refuse('request_not_due', 'Nobody is to be reminded or asked besides now.');
  const data = {
    stage: open.number + 1,
    dueAt: toIso(due.dueAt),
    ...toWhom(open.stage, kind),
    ...(request.status === 'active' ? { ofExtension: true } : {}),
  };
  const fact = { kind: kind === 'remind' ? 'reminded' : 'escalated', at, actor: CLOCK, data } as const;
  return moved(request, after(request, open, kind, at), fact);
};
