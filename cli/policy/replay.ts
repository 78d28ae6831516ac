/** Past requests against a proposed policy, over an organization as it was exported. */
import { toIsoDuration } from '../../lambda/contract/duration.ts';
import type { PastOutcomes } from '../../lambda/contract/policy-past.ts';
import type { PastRequest, PastRequests } from '../../lambda/domain/policy/past-requests.ts';
import type { Policy } from '../../lambda/domain/policy/policy.ts';
import { type PastFacts, type Replayed, replayerOn } from '../../lambda/domain/policy/replay.ts';
import { changedAsks, countsOf } from '../../lambda/domain/policy/replay-summary.ts';
import { type OfflineOrganization, requesterIn } from './offline.ts';

const pastFactsIn = (organization: OfflineOrganization, policy: Policy): PastFacts => {
  const { accounts, permissionSets, content } = organization;
  const people = new Map(organization.people.map((person) => [person.id, person]));
  const groupIds = new Map(content.groups.map(({ id, name }) => [name, id]));
  const seen = requesterIn(organization, policy);
  return {
    accounts,
    permissionSets,
    requesterOf: (personId) => {
      const person = people.get(personId);
      return person && seen(person);
    },
    groupIdOf: (name) => groupIds.get(name),
    userNamed: (userName) => {
      const person = organization.personNamed(userName);
      return person ? { id: person.id } : {};
    },
  };
};

export const replayOn = (
  policy: Policy,
  organization: OfflineOrganization,
  requests: readonly PastRequest[],
): readonly Replayed[] => {
  const outcomeOf = replayerOn(policy, pastFactsIn(organization, policy), requests);
  return requests.flatMap((request) => request.asks.map((ask) => ({ request, ask, outcome: outcomeOf(request, ask) })));
};

export const pastOutcomesOn = (
  policy: Policy,
  organization: OfflineOrganization,
  { requests, begunBefore }: PastRequests,
): PastOutcomes => {
  const replayed = replayOn(policy, organization, requests);
  const changes = changedAsks(organization, replayed).map(({ durationSeconds, ...change }) => ({
    ...change,
    duration: toIsoDuration(durationSeconds),
  }));
  return { requests: requests.length, begunBefore, counts: countsOf(replayed), changes };
};
