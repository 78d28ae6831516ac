/** Whether a case of a policy came to what it expects. */
import { isRefusal } from '../refusal.ts';
import type { Explanation } from './explain.ts';

/** What is left out is not compared. */
export interface Expected {
  /** `allowed`, or the code of a refusal. */
  readonly expect: string;
  /** Name of the entitlement that lets it through. */
  readonly rule?: string | undefined;
  readonly approvals?: number | undefined;
  /** Groups that approve. */
  readonly approvers?: readonly string[] | undefined;
  /** Seconds that it may last in all. */
  readonly at_most?: number | undefined;
}

const differing = (what: string, wanted: unknown, got: unknown): readonly string[] =>
  wanted === undefined || JSON.stringify(wanted) === JSON.stringify(got)
    ? []
    : [`${what}: expected ${JSON.stringify(wanted)}, got ${JSON.stringify(got)}`];

/** What came instead, in words; empty when all of it came. */
export const differencesOf = (expected: Expected, { outcome }: Explanation): readonly string[] => {
  const came = isRefusal(outcome) ? outcome.refused : 'allowed';
  const first = differing('expect', expected.expect, came);
  if (first.length > 0)
    return [...first, ...(isRefusal(outcome) ? [outcome.detail] : [`by the rule "${outcome.entitlement.name}"`])];
  if (isRefusal(outcome)) return [];
  return [
    ...differing('rule', expected.rule, outcome.entitlement.name),
    ...differing('approvals', expected.approvals, outcome.approval.required),
    ...differing('approvers', expected.approvers, outcome.approval.groups),
    ...differing('at_most', expected.at_most, outcome.maxDurationSeconds),
  ];
};
