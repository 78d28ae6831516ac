/** A policy in memory, with every version that was ever in force. */
import type { Policy } from '../../domain/policy/policy.ts';
import { ServiceFault } from '../../ports/faults.ts';
import type { PolicySource } from '../../ports/policy-source.ts';

export interface MemoryPolicySource extends PolicySource {
  /** @param content as it was written, where somebody may want to see it */
  publish(policy: Policy, content?: unknown): void;
}

export const createMemoryPolicySource = (first?: Policy): MemoryPolicySource => {
  let current = first;
  const versions = new Map(first ? [[first.version, first]] : []);
  const contents = new Map<string, unknown>();
  const found = (policy: Policy | undefined): Policy => {
    if (policy) return policy;
    throw new ServiceFault('policy', 'NotPublished', undefined);
  };
  return {
    current: async () => found(current),
    byVersion: async (version) => found(versions.get(version)),
    content: async (version) => {
      found(versions.get(version));
      return contents.get(version);
    },
    publish: (policy, content) => {
      current = policy;
      contents.set(policy.version, content);
      versions.set(policy.version, policy);
    },
  };
};
