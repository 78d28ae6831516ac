/** Law 14: what a request says about credentials is what Identity Center says about its permission set when it is given, and it says it wherever somebody may have got some. */
import type { AccessRequest } from '../../../lambda/domain/access-request.ts';
import { type Lease, leaseIdOf } from '../../../lambda/domain/lease.ts';
import type { Stored } from '../book.ts';
import type { AssignmentWatch } from '../identity-center.ts';
import type { Population } from '../population.ts';
import type { Accuse } from './violation.ts';

interface Parts {
  readonly population: Population;
  readonly now: () => number;
  readonly accuse: Accuse;
  readonly requests: () => ReadonlyMap<string, AccessRequest>;
  readonly leases: () => ReadonlyMap<string, Lease>;
}

export interface CredentialsLaw extends Pick<AssignmentWatch, 'made' | 'removed'> {
  stored(stored: Stored): void;
}

/** Between reading how long sessions last and storing it: a run, and the clocks and calls that are slow. */
const READING_MS = 5 * 60_000;

const toldBy = ({ target }: AccessRequest): number => target.sessionSeconds;

export const credentialsLaw = ({ population, now, accuse, requests, leases }: Parts): CredentialsLaw => {
  /** Permission sets are deleted in some worlds; sessions that they gave live on. */
  const atFirst = new Map(
    [...population.permissionSets.values()].map(({ arn, sessionSeconds }) => [arn, sessionSeconds]),
  );
  /** What was so at some moment since then. */
  const saidSince = (arn: string, since: number): readonly number[] => {
    const changes = population.sessionChanges.filter((change) => change.arn === arn);
    const before = changes.filter(({ at }) => at <= since).at(-1)?.sessionSeconds ?? atFirst.get(arn) ?? 0;
    return [before, ...changes.filter(({ at }) => at > since).map(({ sessionSeconds }) => sessionSeconds)];
  };
  const lately = ({ target }: AccessRequest): readonly number[] =>
    saidSince(target.permissionSetArn, now() - READING_MS);
  const accuseOf = (request: AccessRequest, actual: readonly number[]): void =>
    accuse(14, `${request.id} says that credentials live ${toldBy(request)} s; they live ${actual.join(' or ')} s`);

  /** Whoever shares an assignment is told the longest of its time. */
  const given = (request: AccessRequest): void => {
    const ever = saidSince(request.target.permissionSetArn, 0);
    const [told, actual] = [toldBy(request), lately(request)];
    if (told < Math.min(...actual) || !ever.includes(told)) accuseOf(request, actual);
  };
  const shrunk = (before: AccessRequest, after: AccessRequest): void => {
    if (toldBy(after) < toldBy(before)) {
      accuse(14, `${after.id} said that credentials live ${toldBy(before)} s, and now ${toldBy(after)} s`);
    }
  };

  /** Requests whose assignment was made while they waited for it. */
  const stood = new Set<string>();
  const waiting = (leaseId: string): readonly AccessRequest[] =>
    [...requests().values()].filter(
      (one) =>
        (one.status === 'granting' || (one.status === 'ending' && one.activeSince === undefined)) &&
        leaseIdOf(one.requester.id, one.target) === leaseId,
    );
  const silent = (request: AccessRequest): void => {
    if (request.status !== 'failed' && request.status !== 'ended') return;
    if (stood.has(request.id) && !('activeSince' in request) && !request.mayHaveStood) {
      accuse(14, `${request.id} is over and says nothing of credentials, and its assignment was there`);
    }
  };

  return {
    stored: ({ before, after }) => {
      if (!before && !lately(after).includes(toldBy(after))) accuseOf(after, lately(after));
      if (before?.status === 'granting' && after.status === 'active') given(after);
      else if (before?.status === 'active' || after.mayHaveStood === before?.mayHaveStood)
        shrunk(before ?? after, after);
      silent(after);
    },
    made: ({ leaseId }) => {
      if (leases().get(leaseId)?.state.kind === 'creating') for (const { id } of waiting(leaseId)) stood.add(id);
    },
    removed: ({ leaseId }, by) => {
      if (by === 'outside') for (const { id } of waiting(leaseId)) stood.delete(id);
    },
  };
};
