/** What others do behind Brevet's back: assign and unassign, also where a lease is at work; change what can be elevated to. */
import type { AccessRequest, AccountTarget } from '../../lambda/domain/access-request.ts';
import type { Policy } from '../../lambda/domain/policy/policy.ts';
import type { Chance } from './chance.ts';
import { assignmentKey, type IdentityCenter, type Operation } from './identity-center.ts';
import type { Population } from './population.ts';
import type { Timeline } from './timeline.ts';
import type { Trace } from './trace.ts';
import type { Weather } from './weather.ts';

const MINUTE = 60_000;

interface Parts {
  readonly timeline: Timeline;
  readonly chance: Chance;
  readonly day: Weather;
  readonly trace: Trace;
  readonly note: (what: string) => void;
  readonly population: Population;
  readonly identityCenter: () => IdentityCenter;
  readonly requests: () => ReadonlyMap<string, AccessRequest>;
}

export interface Hands {
  /** Plans what they do for so many milliseconds. */
  plan(span: number): void;
  /** Whether the account is missing from lists now. */
  isMissing(accountId: string): boolean;
}

const AT_WORK: readonly AccessRequest['status'][] = ['granting', 'active', 'active', 'ending'];

export const createHands = (parts: Parts): Hands => {
  const { timeline, chance, day, trace, note, population, identityCenter } = parts;
  const { accounts, permissionSets, people } = population;
  const missingUntil = new Map<string, number>();
  let versions = 0;

  const done = (what: string, operation: Operation | undefined): void => {
    if (!operation) return;
    note(`by hand: ${what}`);
    trace(() => `by hand: ${operation.id} of ${operation.key}, ${what}`);
  };
  const requestAtWork = (): AccessRequest | undefined => {
    const status = chance.pickAny(AT_WORK);
    const found = [...parts.requests().values()].filter((one) => one.status === status);
    return chance.pickAny(found);
  };
  const assignUnderLease = (): void => {
    const request = requestAtWork();
    if (!request) return;
    done(`assigned while ${request.status}`, identityCenter().assign(request.requester.id, request.target));
  };
  const unassignUnderLease = (): void => {
    const request = requestAtWork();
    if (!request) return;
    const key = assignmentKey(request.requester.id, request.target);
    done(`removed while ${request.status}`, identityCenter().unassign(key));
    if (chance.happens(0.3))
      timeline.after(chance.around(2 * MINUTE), () => assignAgain(request.requester.id, request.target));
  };
  const assignAgain = (principalId: string, target: AccountTarget): void =>
    done('assigned again', identityCenter().assign(principalId, target));

  const anyTarget = (): AccountTarget | undefined => {
    const account = chance.pickAny([...accounts.values()].filter(({ forbidden }) => !forbidden));
    const set = chance.pickAny([...permissionSets.values()]);
    if (!account || !set) return undefined;
    const where = { kind: 'account', accountId: account.id, accountName: account.name } as const;
    return { ...where, permissionSetArn: set.arn, permissionSetName: set.name, sessionSeconds: set.sessionSeconds };
  };
  const assignSomewhere = (): void => {
    const [person, target] = [chance.pickAny([...people.values()]), anyTarget()];
    if (person && target) done('assigned', identityCenter().assign(person.id, target));
  };
  /** As a tool does that brings many accounts to what its files say. */
  const assignMany = (): void => {
    for (let count = chance.whole(6, 14); count > 0; count -= 1) assignSomewhere();
  };
  /** What stands goes, and comes again. */
  const renew = (): void => {
    const one = chance.pickAny([...identityCenter().present.values()].filter(({ maker }) => maker === 'outside'));
    if (!one) return;
    done('removed to come again', identityCenter().unassign(assignmentKey(one.principalId, one.target)));
    timeline.after(chance.around(20 * MINUTE), () => assignAgain(one.principalId, one.target));
  };

  const publish = (policy: Policy): void => {
    versions += 1;
    population.publish({ ...policy, version: `version-by-hand-${versions}` });
    population.changedAt.set('policy', timeline.now());
  };
  /** For a while nobody can be elevated to a permission set. */
  const withoutSet = (): void => {
    const before = population.policyNow();
    const name = chance.pickAny([...permissionSets.values()])?.name ?? '';
    const entitlements = before.entitlements.filter(({ what }) => !what.permissionSets.names.includes(name));
    publish({ ...before, entitlements });
    note('permission set not elevatable');
    trace(() => `by hand: nobody can be elevated to ${name}`);
    timeline.after(chance.around(30 * MINUTE), () => publish(before));
  };
  const hideAccount = (): void => {
    const account = chance.pickAny([...accounts.values()]);
    if (!account) return;
    note('account missing from lists');
    trace(() => `by hand: ${account.id} is missing from lists`);
    missingUntil.set(account.id, timeline.now() + chance.around(10 * MINUTE));
  };

  const ACTS: readonly (() => void)[] = [
    ...[assignUnderLease, assignUnderLease, unassignUnderLease, unassignUnderLease],
    ...[assignSomewhere, assignSomewhere, renew],
  ];
  const act = (): void => (chance.happens(0.02) ? assignMany : (chance.pickAny(ACTS) ?? assignSomewhere))();

  const planOne = (everyMs: number, span: number, doing: () => void): void => {
    if (everyMs === Number.POSITIVE_INFINITY) return;
    for (let moment = chance.around(everyMs); moment < span; moment += chance.around(everyMs)) {
      timeline.after(moment, doing);
    }
  };
  return {
    plan: (span) => {
      planOne(day.drift.handsEveryMs, span, act);
      planOne(day.drift.setsChangeEveryMs, span, withoutSet);
      planOne(day.drift.accountMissingEveryMs, span, hideAccount);
    },
    isMissing: (accountId) => (missingUntil.get(accountId) ?? 0) > timeline.now(),
  };
};
