/** What every set of account assignments must do: asynchronous writes, conflicts, duplicates accepted. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { AccountTarget } from '../../lambda/domain/access-request.ts';
import type { Assignments, WriteStarted } from '../../lambda/ports/assignments.ts';

/** Assignments without any of Maria's or Diego's, and what happens to them from outside. */
export interface AssignmentsWorld {
  readonly assignments: Assignments;
  readonly maria: string;
  readonly diego: string;
  /** A target in an account where neither has anything; `other` is another permission set there. */
  readonly target: AccountTarget;
  readonly other: AccountTarget;
  /** Twenty targets that can all be written at once. */
  readonly targets: readonly AccountTarget[];
  /** Lets every write under way come to its end. */
  settle(): Promise<void>;
  /** The next write is accepted and fails in the end, with that reason. */
  failNextWrite(reason: string): Promise<void>;
}

export const describeAssignments = (name: string, make: () => Promise<AssignmentsWorld>): void => {
  describe(`${name} assignments`, () => {
    let world: AssignmentsWorld;
    let assignments: Assignments;
    beforeEach(async () => {
      world = await make();
      assignments = world.assignments;
    });

    const idOf = (started: WriteStarted): string => {
      if (started.kind !== 'started') throw new Error(`the write was ${started.kind}`);
      return started.operationId;
    };
    const assign = async (target = world.target): Promise<void> => {
      await assignments.create(world.maria, target);
      await world.settle();
    };

    it('knows of no assignment before one is made', async () => {
      expect(await assignments.isAssigned(world.maria, world.target)).toBe(false);
    });

    it('accepts a creation, which is not there until it has come to its end', async () => {
      const started = await assignments.create(world.maria, world.target);
      expect(started).toMatchObject({ kind: 'started', status: { kind: 'in-progress' } });
      expect(await assignments.isAssigned(world.maria, world.target)).toBe(false);
      await world.settle();
      expect(await assignments.creationStatus(idOf(started))).toEqual({ kind: 'succeeded' });
      expect(await assignments.isAssigned(world.maria, world.target)).toBe(true);
    });

    it('assigns nobody else, and nothing else', async () => {
      await assign();
      expect(await assignments.isAssigned(world.diego, world.target)).toBe(false);
      expect(await assignments.isAssigned(world.maria, world.other)).toBe(false);
    });

    it('accepts a deletion, which is there until it has come to its end', async () => {
      await assign();
      const started = await assignments.delete(world.maria, world.target);
      expect(started).toMatchObject({ kind: 'started', status: { kind: 'in-progress' } });
      expect(await assignments.isAssigned(world.maria, world.target)).toBe(true);
      await world.settle();
      expect(await assignments.deletionStatus(idOf(started))).toEqual({ kind: 'succeeded' });
      expect(await assignments.isAssigned(world.maria, world.target)).toBe(false);
    });

    it('is busy while an earlier write of the same assignment is under way', async () => {
      await assignments.create(world.maria, world.target);
      expect(await assignments.create(world.maria, world.target)).toEqual({ kind: 'busy', code: 'ConflictException' });
      expect(await assignments.delete(world.maria, world.target)).toEqual({ kind: 'busy', code: 'ConflictException' });
      expect(await assignments.create(world.diego, world.target)).toMatchObject({ kind: 'started' });
      expect(await assignments.create(world.maria, world.other)).toMatchObject({ kind: 'started' });
    });

    it('accepts the same creation again, so that nobody learns from it who owns the assignment', async () => {
      await assign();
      const again = await assignments.create(world.maria, world.target);
      await world.settle();
      expect(await assignments.creationStatus(idOf(again))).toEqual({ kind: 'succeeded' });
      await assignments.delete(world.maria, world.target);
      await world.settle();
      expect(await assignments.isAssigned(world.maria, world.target)).toBe(false);
    });

    it('accepts a deletion of what is not there', async () => {
      const started = await assignments.delete(world.maria, world.target);
      await world.settle();
      expect(await assignments.deletionStatus(idOf(started))).toEqual({ kind: 'succeeded' });
    });

    it('is busy when fifteen writes are under way', async () => {
      const started = await Promise.all(
        world.targets.slice(0, 15).map((target) => assignments.create(world.maria, target)),
      );
      expect(started.map(({ kind }) => kind)).toEqual(Array(15).fill('started'));
      const [one = world.target] = world.targets.slice(15);
      expect(await assignments.create(world.maria, one)).toEqual({ kind: 'busy', code: 'ThrottlingException' });
      await world.settle();
      expect(await assignments.create(world.maria, one)).toMatchObject({ kind: 'started' });
    });

    it('tells why a creation failed in the end, and assigns nothing', async () => {
      await world.failNextWrite('The account is suspended');
      const started = await assignments.create(world.maria, world.target);
      await world.settle();
      const status = await assignments.creationStatus(idOf(started));
      expect(status).toEqual({ kind: 'failed', reason: 'The account is suspended' });
      expect(await assignments.isAssigned(world.maria, world.target)).toBe(false);
    });

    it('tells why a deletion failed in the end, and removes nothing', async () => {
      await assign();
      await world.failNextWrite('Something is in the way');
      const started = await assignments.delete(world.maria, world.target);
      await world.settle();
      const status = await assignments.deletionStatus(idOf(started));
      expect(status).toEqual({ kind: 'failed', reason: 'Something is in the way' });
      expect(await assignments.isAssigned(world.maria, world.target)).toBe(true);
    });

    it('lists the writes under way, creations and deletions apart, until they have come to their end', async () => {
      await assign(world.other);
      expect(await assignments.creationsInProgress()).toEqual(new Set());
      const creation = idOf(await assignments.create(world.maria, world.target));
      const another = idOf(await assignments.create(world.diego, world.target));
      const deletion = idOf(await assignments.delete(world.maria, world.other));
      expect(await assignments.creationsInProgress()).toEqual(new Set([creation, another]));
      expect(await assignments.deletionsInProgress()).toEqual(new Set([deletion]));
      await world.settle();
      expect(await assignments.creationsInProgress()).toEqual(new Set());
      expect(await assignments.deletionsInProgress()).toEqual(new Set());
    });

    it('knows nothing of an operation of another kind, or that never was', async () => {
      const creation = idOf(await assignments.create(world.maria, world.target));
      const deletion = idOf(await assignments.delete(world.diego, world.target));
      const never = '00000000-0000-4000-8000-000000000000';
      expect(await assignments.deletionStatus(creation)).toEqual({ kind: 'unknown' });
      expect(await assignments.creationStatus(deletion)).toEqual({ kind: 'unknown' });
      expect(await assignments.creationStatus(never)).toEqual({ kind: 'unknown' });
      expect(await assignments.deletionStatus(never)).toEqual({ kind: 'unknown' });
    });
  });
};
