/** A policy in memory, with every version that was ever in force. */
import type { Policy } from '../../domain/policy/policy.ts';
import { ServiceFault } from '../../ports/faults.ts';
import type { PolicySource } from '../../ports/policy-source.ts';

export interface MemoryPolicySource extends PolicySource {
  publish(policy: Policy): void;
}

export const createMemoryPolicySource = (first?: Policy): MemoryPolicySource => {
  let current = first;
  const versions = new Map(first ? [[first.version, first]] : []);
  const found = (policy: Policy | undefined): Policy => {
    if (policy) return policy;
    throw new ServiceFault('policy', 'NotPublished', undefined);
  };
  return {
    current: async () => found(current),
    byVersion: async (version) => found(versions.get(version)),
    publish: (policy) => {
      current = policy;
      versions.set(policy.version, policy);
    },
  };
};
