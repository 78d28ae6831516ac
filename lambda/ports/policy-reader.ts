/** Reads a policy that somebody proposes, out of its content, and says what is wrong with it. */
import type { KnownNames } from '../domain/policy/known-names.ts';
import type { Policy } from '../domain/policy/policy.ts';

export interface PolicyFinding {
  /** Such as `entitlements.0.who.groups.1`. */
  readonly path: string;
  readonly message: string;
}

export interface Findings {
  readonly findings: readonly PolicyFinding[];
  /** Found too, and not told. */
  readonly leftOut: number;
}

export interface ProposedPolicy {
  readonly policy: Policy;
  /** Whether every pattern in it is certain to be quick on any ticket, and on any incident. */
  readonly isQuick: boolean;
  /** Every user name in it, as it is written and as often, in the order of the rules. */
  readonly userNames: readonly string[];
  /** Every group in it of which lint says something by who is in it, each once. */
  readonly groupNames: readonly string[];
  /** Names that nothing bears, and rules that can do nothing. */
  findings(known: KnownNames): Findings;
}

export interface PolicyReader {
  /** @returns the policy, or what does not fit. */
  read(content: unknown): ProposedPolicy | Findings;
}
