/** What every source of the policy must do. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { Policy } from '../../lambda/domain/policy/policy.ts';
import type { PolicySource } from '../../lambda/ports/policy-source.ts';

/** Two policies that say different things, and a source in which nothing was published. */
export interface PolicySourceWorld {
  readonly source: PolicySource;
  readonly first: Policy;
  readonly second: Policy;
  /** Puts the policy in force, and lets pass what time that may take. */
  publish(policy: Policy): Promise<void>;
}

export const describePolicySource = (name: string, make: () => Promise<PolicySourceWorld>): void => {
  describe(`${name} policy source`, () => {
    let world: PolicySourceWorld;
    let source: PolicySource;
    beforeEach(async () => {
      world = await make();
      source = world.source;
    });

    it('throws a fault while nothing is published, since unknown means deny', async () => {
      const fault = { name: 'ServiceFault', source: 'policy', code: 'NotPublished' };
      await expect(source.current()).rejects.toMatchObject(fault);
      await expect(source.byVersion(world.first.version)).rejects.toMatchObject(fault);
    });

    it('gives the policy in force', async () => {
      await world.publish(world.first);
      expect(await source.current()).toEqual(world.first);
    });

    it('gives the newer policy once it is published, and the older one by its version', async () => {
      await world.publish(world.first);
      await source.current();
      await world.publish(world.second);
      expect(await source.current()).toEqual(world.second);
      expect(await source.byVersion(world.first.version)).toEqual(world.first);
    });

    it('goes back to an older policy when that is published again', async () => {
      for (const policy of [world.first, world.second, world.first]) await world.publish(policy);
      expect(await source.current()).toEqual(world.first);
    });
  });
};
