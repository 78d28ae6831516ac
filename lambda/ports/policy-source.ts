/** Where the policy comes from. Nothing that runs can write it. */
import type { Policy } from '../domain/policy/policy.ts';

export interface PolicySource {
  /** The policy in force. @throws ServiceFault when it cannot be read or is not valid: unknown means deny (law 9). */
  current(): Promise<Policy>;
  /** A version by its content hash; versions never change. @throws ServiceFault when it is not there. */
  byVersion(version: string): Promise<Policy>;
  /** The content of a version as it was published, for showing it. @throws ServiceFault when it is not there. */
  content(version: string): Promise<unknown>;
}
