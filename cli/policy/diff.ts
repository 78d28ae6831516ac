/** Who gains and who loses what between two versions of a policy, over the whole organization. */
import { browse, type CatalogEntry } from '../../lambda/domain/policy/catalog.ts';
import type { Person, Requester } from '../../lambda/domain/policy/facts.ts';
import type { Policy } from '../../lambda/domain/policy/policy.ts';
import { indexOf } from '../../lambda/domain/policy/rule-index.ts';
import { type OfflineOrganization, requesterIn } from './offline.ts';

export interface TargetTerms {
  readonly account: string;
  readonly accountId: string;
  readonly permissionSet: string;
  readonly approvals: number;
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

/** What the two policies can tell apart of a person, beyond which all are alike. */
interface Kind {
  readonly people: Person[];
  readonly before: Requester;
  readonly after: Requester;
}

const signature = (policy: Policy, requester: Requester): string => {
  const rules = indexOf(policy).forPerson(requester);
  const { attributes = {} } = requester.person;
  // Where a rule compares an attribute with a tag, its value decides too; a guardrail may speak of groups and attributes.
  const matched = rules.flatMap(({ match }) => match.map(({ attribute }) => [attribute, attributes[attribute] ?? '']));
  const guarded = policy.guardrails.flatMap(({ who }) =>
    who ? [[...who.groups].filter((name) => requester.groups.has(name))] : [],
  );
  const told = policy.guardrails.flatMap(({ who }) =>
    (who?.attributes ?? []).map(({ attribute }) => attributes[attribute] ?? ''),
  );
  const named = policy.guardrails.flatMap(({ who }) =>
    (who?.users ?? []).filter((user) => user === requester.person.userName.toLowerCase()),
  );
  return JSON.stringify([rules.map(({ name }) => name), matched, guarded, told, named]);
};

const kindsOf = (before: Policy, after: Policy, organization: OfflineOrganization): readonly Kind[] => {
  const [wasSeen, isSeen] = [requesterIn(organization, before), requesterIn(organization, after)];
  const kinds = new Map<string, Kind>();
  for (const person of organization.people) {
    const [was, is] = [wasSeen(person), isSeen(person)];
    const key = `${signature(before, was)} ${signature(after, is)}`;
    const known = kinds.get(key);
    if (known) known.people.push(person);
    else kinds.set(key, { people: [person], before: was, after: is });
  }
  return [...kinds.values()];
};

const termsOf = (entry: CatalogEntry): TargetTerms => ({
  account: entry.account.name,
  accountId: entry.account.id,
  permissionSet: entry.permissionSet.name,
  approvals: entry.approval.required,
  maxSeconds: entry.longestSeconds,
});

/** By position in the catalogue, which both policies share: the organization is the same. */
const catalogOf = (policy: Policy, requester: Requester, organization: OfflineOrganization) =>
  browse(policy, requester, organization.accounts, organization.permissionSets);

const termsDiffer = (left: CatalogEntry, right: CatalogEntry): boolean =>
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

export const diff = (before: Policy, after: Policy, organization: OfflineOrganization): readonly Difference[] =>
  kindsOf(before, after, organization).flatMap((kind) => {
    const changes = compare(catalogOf(before, kind.before, organization), catalogOf(after, kind.after, organization));
    return changes.length === 0 ? [] : [{ people: kind.people.map(({ userName }) => userName).sort(), changes }];
  });
