/** Who gains and who loses what between two versions of a policy, over the whole organization. */
import { accountIndexOf } from '../../lambda/domain/policy/account-index.ts';
import { everyRule, forBreakGlass } from '../../lambda/domain/policy/break-glass.ts';
import { browse, type CatalogEntry } from '../../lambda/domain/policy/catalog.ts';
import type { Requester } from '../../lambda/domain/policy/facts.ts';
import { fitsAccounts } from '../../lambda/domain/policy/fit.ts';
import type { Entitlement, Guardrail, Policy } from '../../lambda/domain/policy/policy.ts';
import { indexOf } from '../../lambda/domain/policy/rule-index.ts';
import { type OfflineOrganization, requesterIn } from './offline.ts';

export interface TargetTerms {
  readonly account: string;
  readonly accountId: string;
  readonly permissionSet: string;
  readonly approvals: number;
  /** Who approves, in words; empty where nobody needs to. */
  readonly approvers: string;
  readonly maxSeconds: number;
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

/** People for whom exactly the same changes. */
export interface Difference {
  readonly people: readonly string[];
  readonly changes: readonly Change[];
}

const termsOf = (entry: CatalogEntry): TargetTerms => ({
  account: entry.account.name,
  accountId: entry.account.id,
  permissionSet: entry.permissionSet.name,
  approvals: entry.approval.required,
  approvers: [entry.approval.groups, ...entry.approval.among].map((groups) => groups.join(' or ')).join(' and '),
  maxSeconds: entry.longestSeconds,
  ...(entry.breakGlass && { breakGlassSeconds: entry.breakGlass.longestSeconds }),
  isBreakGlassOnly: entry.isBreakGlassOnly === true,
});

/** Who is told, who reviews and how often are no terms for whoever asks. */
const glassDiffers = (left: CatalogEntry, right: CatalogEntry): boolean =>
  left.breakGlass?.longestSeconds !== right.breakGlass?.longestSeconds ||
  left.isBreakGlassOnly !== right.isBreakGlassOnly;

const termsDiffer = (left: CatalogEntry, right: CatalogEntry): boolean =>
  glassDiffers(left, right) ||
  left.approval.required !== right.approval.required ||
  left.longestSeconds !== right.longestSeconds ||
  JSON.stringify([left.approval.groups, left.approval.among]) !==
    JSON.stringify([right.approval.groups, right.approval.among]);

const changeOf = (was: CatalogEntry | undefined, is: CatalogEntry | undefined): Change | undefined => {
  if (was && is)
    return termsDiffer(was, is) ? { kind: 'changes', before: termsOf(was), after: termsOf(is) } : undefined;
  if (was) return { kind: 'loses', before: termsOf(was) };
  return is && { kind: 'gains', after: termsOf(is) };
};

const positionOf = ({ done, value }: IteratorResult<CatalogEntry>): number =>
  done ? Number.POSITIVE_INFINITY : value.position;

/** Both catalogues are in the order of their positions, so one walk along them finds every difference. */
const compare = (before: Iterator<CatalogEntry>, after: Iterator<CatalogEntry>): readonly Change[] => {
  const changes: Change[] = [];
  let [was, is] = [before.next(), after.next()];
  while (!was.done || !is.done) {
    const at = Math.min(positionOf(was), positionOf(is));
    const [isBefore, isAfter] = [positionOf(was) === at, positionOf(is) === at];
    const change = changeOf(isBefore ? was.value : undefined, isAfter ? is.value : undefined);
    if (change) changes.push(change);
    if (isBefore) was = before.next();
    if (isAfter) is = after.next();
  }
  return changes;
};

/** A rule by what it says, its name left out: a rule of another name gives nobody anything else. */
const contentOf = ({ name: _name, ...content }: Entitlement | Guardrail): string => JSON.stringify(content);

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

interface Comparison {
  readonly before: Policy;
  readonly after: Policy;
  readonly organization: OfflineOrganization;
  /** Rules that only one of the two has. */
  readonly changed: ReadonlySet<Entitlement>;
  /** Positions of the accounts of which a guardrail speaks that only one of the two has. */
  readonly guarded: ReadonlySet<number>;
}

const guardedBy = (guardrails: readonly Guardrail[], { accounts }: OfflineOrganization): ReadonlySet<number> =>
  new Set(
    accountIndexOf(accounts).sorted.flatMap((account, position) =>
      guardrails.some((one) => !one.accounts || fitsAccounts(one.accounts, account, undefined) !== 'no')
        ? [position]
        : [],
    ),
  );

/** Positions of the accounts where anything can be different for the person: nobody has to look at the others. */
const touchedFor = ({ before, after, organization, changed, guarded }: Comparison, was: Requester, is: Requester) => {
  const index = accountIndexOf(organization.accounts);
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

const changedRules = (before: Policy, after: Policy): ReadonlySet<Entitlement> => {
  const [had, has] = [everyRule(before), everyRule(after)];
  return new Set([...without(had, has), ...without(has, had)]);
};

export const diff = (before: Policy, after: Policy, organization: OfflineOrganization): readonly Difference[] => {
  const changed = changedRules(before, after);
  const guardrails = [
    ...without(guardrailsOf(before), guardrailsOf(after)),
    ...without(guardrailsOf(after), guardrailsOf(before)),
  ];
  const comparison = { before, after, organization, changed, guarded: guardedBy(guardrails, organization) };
  const [wasSeen, isSeen] = [requesterIn(organization, before), requesterIn(organization, after)];
  const alike = new Map<string, { readonly people: string[]; readonly changes: readonly Change[] }>();
  for (const person of organization.people) {
    const [was, is] = [wasSeen(person), isSeen(person)];
    const accounts = isSameMissing(was, is) ? touchedFor(comparison, was, is) : undefined;
    if (accounts?.size === 0) continue;
    const query = accounts ? { accounts } : {};
    const sides = [
      [before, was],
      [after, is],
    ] as const;
    const [left, right] = sides.map(([policy, requester]) =>
      browse(policy, requester, organization.accounts, organization.permissionSets, query),
    );
    const changes = left && right ? compare(left, right) : [];
    if (changes.length === 0) continue;
    const key = JSON.stringify(changes);
    const known = alike.get(key);
    if (known) known.people.push(person.userName);
    else alike.set(key, { people: [person.userName], changes });
  }
  return [...alike.values()].map(({ people, changes }) => ({ people: people.sort(), changes }));
};
