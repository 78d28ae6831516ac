/** The lists of IAM Identity Center in this world, as the search for drift reads them: at its pace, groups among them. */
import { createPacer } from '../../lambda/adapters/pacer.ts';
import { DEFAULT_LIMITS } from '../../lambda/contract/limits.ts';
import type { Assigned, Place } from '../../lambda/domain/drift.ts';
import { instant } from '../../lambda/domain/time.ts';
import type { AssignmentLists } from '../../lambda/ports/assignment-lists.ts';
import type { Clock } from '../../lambda/ports/clock.ts';
import type { IdentityCenter } from './identity-center.ts';

/** A group that stands somewhere: access for everybody in it. */
export interface GroupAssignment extends Place {
  readonly groupId: string;
}

const isAt =
  (place: Place) =>
  (one: Place): boolean =>
    one.accountId === place.accountId && one.permissionSetArn === place.permissionSetArn;

/** @param clock of the one process that keeps the pace */
export const createAssignmentLists = (
  identityCenter: IdentityCenter,
  groups: readonly GroupAssignment[],
  clock: Clock,
): AssignmentLists => {
  const { present, operations, refuseWhenThrottled, isForgotten } = identityCenter;
  const turn = createPacer(clock, DEFAULT_LIMITS.driftCallsPerSecond);
  const asked = async <Answer>(answer: () => Answer): Promise<Answer> => {
    await turn();
    refuseWhenThrottled();
    return answer();
  };
  const users = (isThere: (place: Place) => boolean) => [...present.values()].filter(({ target }) => isThere(target));

  return {
    provisionedTo: (accountId) =>
      asked(() => {
        const isIn = (place: Place): boolean => place.accountId === accountId;
        const there = [...users(isIn).map(({ target }) => target), ...groups.filter(isIn)];
        return [...new Set(there.map(({ permissionSetArn }) => permissionSetArn))];
      }),
    assignedAt: (place) =>
      asked((): readonly Assigned[] => [
        ...users(isAt(place)).map(({ principalId }) => ({ principalType: 'USER' as const, principalId })),
        ...groups.filter(isAt(place)).map(({ groupId }) => ({ principalType: 'GROUP' as const, principalId: groupId })),
      ]),
    findWrite: (kind, operationId) =>
      asked(() => {
        const found = operations.get(operationId);
        if (!found || isForgotten(found) || found.write !== (kind === 'creation' ? 'create' : 'delete'))
          return undefined;
        const { principalId, target, askedAt, status } = found;
        const { accountId, permissionSetArn } = target;
        const whose = { principalType: 'USER' as const, principalId };
        return { accountId, permissionSetArn, ...whose, askedAt: instant(askedAt), status };
      }),
  };
};
