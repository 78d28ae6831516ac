/** What one person gains and loses between two versions of a policy. */
import { requiredIn } from '../approval.ts';
import { accountIndexOf } from './account-index.ts';
import { everyRule, forBreakGlass } from './break-glass.ts';
import { browse, type CatalogEntry } from './catalog.ts';
import type { Account, PermissionSet, Requester } from './facts.ts';
import { fitsAccounts } from './fit.ts';
import type { Entitlement, Guardrail, Policy } from './policy.ts';
import { indexOf } from './rule-index.ts';
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
  left.length === right.length && left.every((one, index) => keyOf(one) === keyOf(right[index] ?? one));

const changeOf = (was: CatalogEntry | undefined, is: CatalogEntry | undefined): Change | undefined => {
  if (was && is)
    return termsDiffer(was, is) ? { kind: 'changes', before: termsOf(was), after: termsOf(is) } : undefined;
  if (was) return { kind: 'loses', before: termsOf(was) };
  return is && { kind: 'gains', after: termsOf(is) };
};

const positionOf = ({ done, value }: IteratorResult<CatalogEntry>): number =>
  done ? Number.POSITIVE_INFINITY : value.position;

/** Both catalogues are in the order of their positions, so one walk along them finds every difference. */
function* compare(before: Iterator<CatalogEntry>, after: Iterator<CatalogEntry>): Generator<Change> {
  let [was, is] = [before.next(), after.next()];
  while (!was.done || !is.done) {
    const at = Math.min(positionOf(was), positionOf(is));
    const [isBefore, isAfter] = [positionOf(was) === at, positionOf(is) === at];
    const change = changeOf(isBefore ? was.value : undefined, isAfter ? is.value : undefined);
    if (change) yield change;
    if (isBefore) was = before.next();
    if (isAfter) is = after.next();
  }
}

/** A rule by what it says, its name left out: a rule of another name gives nobody anything else. */
const contentOf = ({ name: _name, ...content }: Entitlement | Guardrail): string => JSON.stringify(content);

/** Once for each rule: it is asked for at every target. */
const keys = new WeakMap<Entitlement | Guardrail, string>();
const keyOf = (rule: Entitlement | Guardrail): string => {
  const key = keys.get(rule) ?? contentOf(rule);
  keys.set(rule, key);
  return key;
};

/** What the catalogue tells depends on these guardrails alone. */
const isTold = ({ effect }: Guardrail): boolean => effect.kind === 'forbid' || effect.kind === 'floor';

const guardrailsOf = (policy: Policy): readonly Guardrail[] => policy.guardrails.filter(isTold);

/** Those that the other policy does not have. */
const without = <Rule extends Entitlement | Guardrail>(
  rules: readonly Rule[],
  others: readonly Rule[],
): readonly Rule[] => {
  const known = new Set(others.map(contentOf));
  return rules.filter((rule) => !known.has(contentOf(rule)));
};

/** The organization as both versions are judged by it. */
export interface Places {
  readonly accounts: readonly Account[];
  readonly permissionSets: readonly PermissionSet[];
}

export interface Comparison {
  readonly before: Policy;
  readonly after: Policy;
  readonly places: Places;
  /** Rules that only one of the two has. */
  readonly changed: ReadonlySet<Entitlement>;
  /** Positions of the accounts of which a guardrail speaks that only one of the two has. */
  readonly guarded: ReadonlySet<number>;
}

const guardedBy = (guardrails: readonly Guardrail[], { accounts }: Places): ReadonlySet<number> =>
  new Set(
    accountIndexOf(accounts).sorted.flatMap((account, position) =>
      guardrails.some((one) => !one.accounts || fitsAccounts(one.accounts, account, undefined) !== 'no')
        ? [position]
        : [],
    ),
  );

/** The person as the one and as the other version sees them. */
export interface Sides {
  readonly was: Requester;
  readonly is: Requester;
}

/** Positions of the accounts where anything can be different for the person: nobody has to look at the others. */
const touchedFor = ({ before, after, places, changed, guarded }: Comparison, { was, is }: Sides) => {
  const index = accountIndexOf(places.accounts);
  const touched = new Set(guarded);
  for (const [policy, requester] of [
    [before, was],
    [after, is],
  ] as const) {
    const rules = [policy, forBreakGlass(policy)].flatMap((part) => indexOf(part).forPerson(requester));
    for (const rule of rules.filter((one) => changed.has(one))) {
      for (const position of index.positionsOf(rule, undefined)) touched.add(position);
    }
  }
  return touched;
};

/** Which names are missing can change which rules hold, so everything is looked at where that differs. */
const isSameMissing = (left: Requester, right: Requester): boolean =>
  JSON.stringify([...(left.missing?.organizationalUnits ?? [])].sort()) ===
    JSON.stringify([...(right.missing?.organizationalUnits ?? [])].sort()) &&
  JSON.stringify([...(left.missing?.groups ?? [])].sort()) ===
    JSON.stringify([...(right.missing?.groups ?? [])].sort());

export const comparisonOf = (before: Policy, after: Policy, places: Places): Comparison => {
  const [had, has] = [everyRule(before), everyRule(after)];
  const changed = new Set([...without(had, has), ...without(has, had)]);
  const guardrails = [
    ...without(guardrailsOf(before), guardrailsOf(after)),
    ...without(guardrailsOf(after), guardrailsOf(before)),
  ];
  return { before, after, places, changed, guarded: guardedBy(guardrails, places) };
};

/** In the order of the catalogue, made as far as they are taken. @param isOver ends it early; once it is true it stays so */
export function* changesFor(comparison: Comparison, sides: Sides, isOver?: () => boolean): Generator<Change> {
  const { before, after, places } = comparison;
  const accounts = isSameMissing(sides.was, sides.is) ? touchedFor(comparison, sides) : undefined;
  if (accounts?.size === 0) return;
  const query = { ...(accounts && { accounts }), ...(isOver && { isOver }) };
  const side = (policy: Policy, requester: Requester): Iterator<CatalogEntry> =>
    browse(policy, requester, places.accounts, places.permissionSets, query);
  for (const change of compare(side(before, sides.was), side(after, sides.is))) {
    // Where one side ended early, what the other goes on with is no change.
    if (isOver?.()) return;
    yield change;
  }
}
