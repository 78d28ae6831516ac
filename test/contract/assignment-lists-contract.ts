/** What everything that lists assignments must do. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { AccountTarget } from '../../lambda/domain/access-request.ts';
import type { AssignmentLists } from '../../lambda/ports/assignment-lists.ts';
import type { Assignments } from '../../lambda/ports/assignments.ts';

/** Assignments without any of Maria's or Diego's at the target, in an account where nobody has `other`. */
export interface AssignmentListsWorld {
  readonly lists: AssignmentLists;
  readonly assignments: Assignments;
  readonly maria: string;
  readonly diego: string;
  readonly target: AccountTarget;
  readonly other: AccountTarget;
  /** Where that group is assigned. */
  readonly group: { readonly groupId: string; readonly place: AccountTarget };
  settle(): Promise<void>;
}

export const describeAssignmentLists = (name: string, make: () => Promise<AssignmentListsWorld>): void => {
  describe(`${name} lists of assignments`, () => {
    let world: AssignmentListsWorld;
    beforeEach(async () => {
      world = await make();
    });

    const assign = async (user: string, target = world.target): Promise<string> => {
      const started = await world.assignments.create(user, target);
      if (started.kind !== 'started') throw new Error(started.kind);
      await world.settle();
      return started.operationId;
    };
    const usersAt = async (target: AccountTarget): Promise<readonly string[]> =>
      (await world.lists.assignedAt(target)).flatMap((one) => (one.principalType === 'USER' ? [one.principalId] : []));

    it('has everybody who is assigned at a place, and nobody of another', async () => {
      await assign(world.maria);
      await assign(world.diego);
      await assign(world.diego, world.other);
      expect(await usersAt(world.target)).toEqual(expect.arrayContaining([world.maria, world.diego]));
      expect(await usersAt(world.other)).toEqual([world.diego]);
    });

    it('tells groups from users', async () => {
      const { groupId, place } = world.group;
      expect(await world.lists.assignedAt(place)).toContainEqual({ principalType: 'GROUP', principalId: groupId });
    });

    it('has nobody where the account is gone', async () => {
      const gone = { ...world.target, accountId: '999999999999' };
      expect(await world.lists.assignedAt(gone)).toEqual([]);
      expect(await world.lists.provisionedTo(gone.accountId)).toEqual([]);
    });

    it('has the permission sets that are assigned in an account', async () => {
      const { accountId, permissionSetArn } = world.other;
      expect(await world.lists.provisionedTo(accountId)).not.toContain(permissionSetArn);
      await assign(world.maria, world.other);
      expect(await world.lists.provisionedTo(accountId)).toContain(permissionSetArn);
    });

    it('knows a creation by its id, whoever asked, with what it was of and how it stands', async () => {
      const started = await world.assignments.create(world.maria, world.target);
      const id = started.kind === 'started' ? started.operationId : '';
      const { accountId, permissionSetArn } = world.target;
      const write = { accountId, permissionSetArn, principalType: 'USER', principalId: world.maria };
      expect(await world.lists.findWrite('creation', id)).toMatchObject({ ...write, status: { kind: 'in-progress' } });
      await world.settle();
      expect(await world.lists.findWrite('creation', id)).toMatchObject({ ...write, status: { kind: 'succeeded' } });
      expect(await world.lists.findWrite('deletion', id)).toBeUndefined();
    });

    it('knows which of two creations was asked for later', async () => {
      const first = await world.lists.findWrite('creation', await assign(world.maria));
      const second = await world.lists.findWrite('creation', await assign(world.maria));
      expect(Number(second?.askedAt)).toBeGreaterThan(Number(first?.askedAt));
    });

    it('knows nothing of a write that never was', async () => {
      expect(await world.lists.findWrite('creation', '00000000-0000-4000-8000-000000000000')).toBeUndefined();
      expect(await world.lists.findWrite('deletion', '00000000-0000-4000-8000-000000000000')).toBeUndefined();
    });
  });
};
