/** On which terms somebody may ask for a target, and how they differ between two versions of a policy. */
import { requiredIn } from '../approval.ts';
import type { CatalogEntry } from './catalog.ts';
import type { Entitlement, Guardrail } from './policy.ts';
import { contentKey } from './rule-content.ts';
import { stagesText } from './rule-text.ts';
import { waysOf } from './ways.ts';

export interface TargetTerms {
  readonly account: string;
  readonly accountId: string;
  readonly permissionSet: string;
  readonly approvals: number;
  /** Who approves, in words; empty where nobody needs to. */
  readonly approvers: string;
  readonly maxSeconds: number;
  /** Every way to it in words, where there is more to be told than that. */
  readonly ways?: readonly string[];
  /** How long by breaking the glass; absent where that cannot be done. */
  readonly breakGlassSeconds?: number;
  /** There is no other way. */
  readonly isBreakGlassOnly: boolean;
}

export interface Change {
  readonly kind: 'gains' | 'loses' | 'changes';
  /** The terms before (`loses`, `changes`) and after (`gains`, `changes`). */
  readonly before?: TargetTerms;
  readonly after?: TargetTerms;
}

const waysIn = (entry: CatalogEntry): Pick<TargetTerms, 'ways'> => {
  const { texts: ways, isPlain } = waysOf(entry);
  return isPlain ? {} : { ways };
};

const termsOf = (entry: CatalogEntry): TargetTerms => ({
  account: entry.account.name,
  accountId: entry.account.id,
  permissionSet: entry.permissionSet.name,
  approvals: requiredIn(entry.approval),
  approvers: stagesText(entry.approval),
  maxSeconds: entry.longestSeconds,
  ...waysIn(entry),
  ...(entry.breakGlass && { breakGlassSeconds: entry.breakGlass.longestSeconds }),
  isBreakGlassOnly: entry.isBreakGlassOnly === true,
});

/** Who is told, who reviews and how often are no terms for whoever asks. */
const glassDiffers = (left: CatalogEntry, right: CatalogEntry): boolean =>
  left.breakGlass?.longestSeconds !== right.breakGlass?.longestSeconds ||
  left.isBreakGlassOnly !== right.isBreakGlassOnly;

const termsDiffer = (left: CatalogEntry, right: CatalogEntry): boolean =>
  left.longestSeconds !== right.longestSeconds ||
  glassDiffers(left, right) ||
  requiredIn(left.approval) !== requiredIn(right.approval) ||
  stagesText(left.approval) !== stagesText(right.approval) ||
  waysDiffer(left, right);

/** NB. The rule that asks the least hides those that give more, for longer or where its conditions are not met. */
const waysDiffer = (left: CatalogEntry, right: CatalogEntry): boolean => {
  if (isAlike(left.rules, right.rules) && isAlike(left.holding, right.holding)) return false;
  return waysOf(left).texts.join('\n') !== waysOf(right).texts.join('\n');
};

const isAlike = (left: readonly (Entitlement | Guardrail)[], right: readonly (Entitlement | Guardrail)[]): boolean =>
  left.length === right.length && left.every((one, index) => contentKey(one) === contentKey(right[index] ?? one));

export const changeOf = (was: CatalogEntry | undefined, is: CatalogEntry | undefined): Change | undefined => {
  if (was && is)
    return termsDiffer(was, is) ? { kind: 'changes', before: termsOf(was), after: termsOf(is) } : undefined;
  if (was) return { kind: 'loses', before: termsOf(was) };
  return is && { kind: 'gains', after: termsOf(is) };
};
