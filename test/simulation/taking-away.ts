/** Somebody takes away by hand what a request holds, where its person has asked once more for the same, or does so now. */
import type { AccessRequest } from '../../lambda/domain/access-request.ts';
import { leaseIdOf } from '../../lambda/domain/lease.ts';
import type { Chance } from './chance.ts';
import { assignmentKey } from './identity-center.ts';
import type { Planet } from './planet.ts';
import type { Trace } from './trace.ts';

const MINUTE = 60_000;
/** There is time to have another one approved before it ends. */
const LEFT_MS = 5 * MINUTE;

interface Parts {
  readonly planet: Pick<Planet, 'timeline' | 'identityCenter' | 'book' | 'behaviour' | 'tally'>;
  /** Of its own, so that worlds in which nobody does it are what they were. */
  readonly chance: Chance;
  readonly trace: Trace;
  /** When the day is over, on which people do things. */
  readonly until: number;
}

const leaseOf = ({ requester, target }: AccessRequest): string => leaseIdOf(requester.id, target);
const isOnTheWay = ({ status }: AccessRequest): boolean =>
  status === 'pending' || status === 'scheduled' || status === 'granting';

/** In half of the worlds nobody does it. */
export const planTakingAway = ({ planet, chance, trace, until }: Parts): void => {
  const { timeline, identityCenter, book, behaviour, tally } = planet;
  const isDone = chance.happens(0.5);
  const everyMs = chance.between(3, 20) * MINUTE;

  const askAgain = (request: AccessRequest): void => {
    if (timeline.now() < until) behaviour.askAgain(request);
  };
  const takeAway = (): void => {
    const all = [...book.requests.values()];
    const isThere = ({ requester, target }: AccessRequest): boolean => {
      const key = assignmentKey(requester.id, target);
      return identityCenter.present.get(key)?.maker === 'brevet' && !identityCenter.isBusy(key);
    };
    const used = all.filter((one) => one.status === 'active' && one.endsAt - timeline.now() > LEFT_MS && isThere(one));
    const asked = new Set(all.filter(isOnTheWay).map(leaseOf));
    const request = chance.pickAny(used.filter((one) => asked.has(leaseOf(one)))) ?? chance.pickAny(used);
    if (!request) return;
    identityCenter.unassign(assignmentKey(request.requester.id, request.target));
    tally.note('taken away by hand');
    trace(() => `outside: what ${request.id} holds is removed by hand`);
    if (!asked.has(leaseOf(request))) timeline.after(chance.around(MINUTE), () => askAgain(request));
  };
  if (!isDone) return;
  for (let moment = chance.around(everyMs); timeline.now() + moment < until; moment += chance.around(everyMs)) {
    timeline.after(moment, takeAway);
  }
};
