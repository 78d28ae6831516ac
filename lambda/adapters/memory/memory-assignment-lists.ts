/** Who is assigned where, in memory: what the assignments in memory hold, and the groups that somebody assigned. */
import type { Place } from '../../domain/drift.ts';
import type { PermissionSet } from '../../domain/policy/facts.ts';
import { instant } from '../../domain/time.ts';
import type { AskedWrite, AssignmentLists } from '../../ports/assignment-lists.ts';
import type { MemoryAssignments } from './memory-assignments.ts';

export interface MemoryAssignmentListsParts {
  readonly assignments: Pick<MemoryAssignments, 'list' | 'writes'>;
  readonly permissionSets: readonly PermissionSet[];
}

export interface MemoryAssignmentLists extends AssignmentLists {
  assignGroup(groupId: string, place: Place): void;
}

export const createMemoryAssignmentLists = ({
  assignments,
  permissionSets,
}: MemoryAssignmentListsParts): MemoryAssignmentLists => {
  const groups: (Place & { readonly groupId: string })[] = [];

  const users = (): readonly (Place & { readonly userId: string })[] =>
    assignments.list().map((line) => {
      const [userId = '', accountId = '', name] = line.split(' ');
      return { userId, accountId, permissionSetArn: permissionSets.find((one) => one.name === name)?.arn ?? '' };
    });
  const isAt =
    (place: Place) =>
    (one: Place): boolean =>
      one.accountId === place.accountId && one.permissionSetArn === place.permissionSetArn;

  return {
    provisionedTo: async (accountId) => {
      const there = [...users(), ...groups].filter((one) => one.accountId === accountId);
      return [...new Set(there.map(({ permissionSetArn }) => permissionSetArn))];
    },
    assignedAt: async (place) => [
      ...users()
        .filter(isAt(place))
        .map(({ userId }) => ({ principalType: 'USER' as const, principalId: userId })),
      ...groups.filter(isAt(place)).map(({ groupId }) => ({ principalType: 'GROUP' as const, principalId: groupId })),
    ],
    /** In place of a time, writes have the order in which they were asked for. */
    findWrite: async (kind, operationId): Promise<AskedWrite | undefined> => {
      const writes = assignments.writes();
      const index = writes.findIndex((one) => one.operationId === operationId);
      const found = writes[index];
      if (!found || found.write !== (kind === 'creation' ? 'create' : 'delete')) return undefined;
      const { accountId, permissionSetArn } = found.target;
      const { principalId, status } = found;
      return { accountId, permissionSetArn, principalType: 'USER', principalId, askedAt: instant(index), status };
    },
    assignGroup: (groupId, place) => void groups.push({ groupId, ...place }),
  };
};
