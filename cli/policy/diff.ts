/** Who gains and who loses what between two versions of a policy, over the whole organization. */
import { requiredIn } from '../../lambda/domain/approval.ts';
import { accountIndexOf } from '../../lambda/domain/policy/account-index.ts';
import { browse, type CatalogEntry } from '../../lambda/domain/policy/catalog.ts';
import type { Requester } from '../../lambda/domain/policy/facts.ts';
import { fitsAccounts } from '../../lambda/domain/policy/fit.ts';
import type { Entitlement, Guardrail, Policy } from '../../lambda/domain/policy/policy.ts';
import { indexOf } from '../../lambda/domain/policy/rule-index.ts';
import { stagesText } from '../../lambda/domain/policy/rule-text.ts';
import { type OfflineOrganization, requesterIn } from './offline.ts';

export interface TargetTerms {
  readonly account: string;
  readonly accountId: string;
  readonly permissionSet: string;
  readonly approvals: number;
  /** Who approves, in words; empty where nobody needs to. */
  readonly approvers: string;
  readonly maxSeconds: number;
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
  approvals: requiredIn(entry.approval),
  approvers: stagesText(entry.approval),
  maxSeconds: entry.longestSeconds,
});

const termsDiffer = (left: CatalogEntry, right: CatalogEntry): boolean =>
  left.longestSeconds !== right.longestSeconds ||
  requiredIn(left.approval) !== requiredIn(right.approval) ||
  stagesText(left.approval) !== stagesText(right.approval);

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
    for (const rule of indexOf(policy)
      .forPerson(requester)
      .filter((one) => changed.has(one))) {
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

export const diff = (before: Policy, after: Policy, organization: OfflineOrganization): readonly Difference[] => {
  const changed = new Set([
    ...without(before.entitlements, after.entitlements),
    ...without(after.entitlements, before.entitlements),
  ]);
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
