/** What is told of past requests that were judged anew: how many of each outcome, and each that is or may be another. */
import type { RefusalCode } from '../refusal.ts';
import { toIso } from '../time.ts';
import { type Outcome, type PastFacts, type Replayed, termsBy, type Unknown } from './replay.ts';

type OutcomeKind = Outcome['kind'];

/** In plain words and numbers, with nothing that people wrote in it. */
export interface ChangedAsk {
  readonly requestId: string;
  readonly what: 'request' | 'extension';
  readonly askedAt: string;
  readonly userName: string;
  /** Its name, or its id where it is not there any more. */
  readonly account: string;
  readonly permissionSet: string;
  readonly durationSeconds: number;
  readonly cameTo: string;
  readonly before: { readonly rule: string; readonly approvals?: number };
  readonly outcome: Exclude<OutcomeKind, 'unchanged'>;
  readonly after?: ReturnType<typeof termsBy>;
  readonly refusal?: { readonly code: RefusalCode; readonly detail: string };
  readonly dependsOn?: Unknown[];
  readonly missing?: Extract<Outcome, { kind: 'unjudged' }>['missing'];
}

const NO_COUNTS: Readonly<Record<OutcomeKind, number>> = {
  unchanged: 0,
  refused: 0,
  'more-approvals': 0,
  'fewer-approvals': 0,
  'other-approvers': 0,
  unknown: 0,
  unjudged: 0,
};

export const countsOf = (replayed: readonly Replayed[]): Record<OutcomeKind, number> => {
  const counts = { ...NO_COUNTS };
  for (const { outcome } of replayed) counts[outcome.kind] += 1;
  return counts;
};

const consequenceOf = (outcome: Outcome): Pick<ChangedAsk, 'after' | 'refusal' | 'dependsOn' | 'missing'> => {
  switch (outcome.kind) {
    case 'refused':
      return { refusal: { code: outcome.refusal.refused, detail: outcome.refusal.detail } };
    case 'unknown':
      return { dependsOn: [...outcome.dependsOn] };
    case 'unjudged':
      return { missing: outcome.missing };
    default:
      return { after: termsBy(outcome.permit) };
  }
};

type Named = Pick<PastFacts, 'accounts' | 'permissionSets'>;

const changeFrom = ({ accounts, permissionSets }: Named, { request, ask, outcome }: Replayed): readonly ChangedAsk[] =>
  outcome.kind === 'unchanged'
    ? []
    : [
        {
          requestId: request.id,
          what: ask.kind,
          askedAt: toIso(ask.at),
          userName: request.userName,
          account: accounts.find(({ id }) => id === request.accountId)?.name ?? request.accountId,
          permissionSet:
            permissionSets.find(({ arn }) => arn === request.permissionSetArn)?.name ?? request.permissionSetArn,
          durationSeconds: ask.durationSeconds,
          cameTo: request.cameTo,
          before: { rule: ask.entitlement, ...(ask.approvals === undefined ? {} : { approvals: ask.approvals }) },
          outcome: outcome.kind,
          ...consequenceOf(outcome),
        },
      ];

export const changedAsks = (named: Named, replayed: readonly Replayed[]): readonly ChangedAsk[] =>
  replayed.flatMap((one) => changeFrom(named, one));
