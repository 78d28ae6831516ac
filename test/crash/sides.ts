/** What is wrong between Identity Center and the ledger at one look: pure, so that it can be shown to notice. */
import type { AccessRequest } from '../../lambda/domain/access-request.ts';

/** An assignment that nobody holds any more, and the moment at which the last who held it should have lost it. */
export interface Unheld {
  readonly key: string;
  readonly endedAt: number;
}

/** One look. What is said was read after Identity Center was looked at, so it must have been so for the whole of the look. */
export interface Look {
  /** Identity Center was looked at from then until then. */
  readonly from: number;
  readonly until: number;
  /** Keys of the assignments that are there. */
  readonly there: ReadonlySet<string>;
  /** Keys of those that stood before anything was asked for. */
  readonly standing: ReadonlySet<string>;
  readonly requests: readonly AccessRequest[];
  /** The end that each request was last seen to have. */
  readonly ends: ReadonlyMap<string, number>;
}

export const keyOf = (userId: string | undefined, accountId: string, permissionSetArn: string): string =>
  `${userId} ${accountId} ${permissionSetArn}`;
const keyFor = ({ requester, target }: AccessRequest): string =>
  keyOf(requester.id, target.accountId, target.permissionSetArn);

/** When a request stops holding, by what it says now; undefined when it does not hold, or does not say any more. */
export const endOf = (request: AccessRequest): number | undefined => {
  if (request.status === 'granting') return request.latestEnd;
  return request.status === 'active' || request.status === 'ending' ? request.endsAt : undefined;
};
const isHeldBy = (request: AccessRequest, now: number): boolean =>
  request.status !== 'ending' && (endOf(request) ?? 0) > now;
/** When it was confirmed that nothing is left. */
const goneAt = (request: AccessRequest): number | undefined => {
  if (request.status === 'ended') return request.endedAt;
  return request.status === 'failed' ? request.failedAt : undefined;
};

const oursIn = ({ there, standing }: Look): readonly string[] => [...there].filter((key) => !standing.has(key));

/** Assignments of ours that nobody holds, and how many somebody holds. */
export const holdingIn = (look: Look): { readonly held: number; readonly unheld: readonly Unheld[] } => {
  const byKey = Map.groupBy(look.requests, keyFor);
  const ours = oursIn(look);
  const unheld = ours.filter((key) => !byKey.get(key)?.some((request) => isHeldBy(request, look.from)));
  const endedAt = (key: string): number =>
    Math.max(0, ...(byKey.get(key) ?? []).map((one) => look.ends.get(one.id) ?? goneAt(one) ?? 0));
  return { held: ours.length - unheld.length, unheld: unheld.map((key) => ({ key, endedAt: endedAt(key) })) };
};

/** What must not be, however short: said to be usable and not there, said to be gone and there, stood before and gone. */
export const wrongIn = (look: Look): readonly string[] => {
  const { from, until, there, standing, requests } = look;
  const byKey = Map.groupBy(requests, keyFor);
  const missing = requests.filter(
    (one) => one.status === 'active' && one.activeSince < from && one.endsAt > until && !there.has(keyFor(one)),
  );
  /** Nobody says that it is held, or being ended, and whoever said that it is gone had said so before the look. */
  const isLeft = (all: readonly AccessRequest[]): boolean =>
    !all.some((one) => endOf(one) !== undefined) && all.every((one) => from > (goneAt(one) ?? 0));
  const left = oursIn(look).filter((key) => isLeft(byKey.get(key) ?? []));
  return [
    ...missing.map(({ id }) => `${id} is said to be usable, and nothing is there`),
    ...left.map((key) => `${key} is there, and nobody holds it or is ending it`),
    ...[...standing].filter((key) => !there.has(key)).map((key) => `${key} stood before, and is gone`),
  ];
};
