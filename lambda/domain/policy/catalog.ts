/** What one person may ask for: every (account, permission set) that some entitlement opens to them and no guardrail closes. */
import { type AccountIndex, accountIndexOf, type PermissionSetIndex, permissionSetIndexOf } from './account-index.ts';
import { type ApprovalDemand, raisedTo } from './approval-demand.ts';
import { breakGlassRules, forBreakGlass, isForBreakGlass, termsOf } from './break-glass.ts';
import type { Account, PermissionSet, Requester } from './facts.ts';
import { fitsAccounts, fitsMatches, fitsWho } from './fit.ts';
import { fitsTarget, longestAllowed } from './guardrails.ts';
import { byLeastAsked } from './judge.ts';
import type { Entitlement, Guardrail, Policy } from './policy.ts';
import { indexOf } from './rule-index.ts';

export interface CatalogEntry {
  readonly account: Account;
  readonly permissionSet: PermissionSet;
  /** The entitlement that asks the least. */
  readonly entitlement: Entitlement;
  /** What it asks, with the floors of guardrails. */
  readonly approval: ApprovalDemand;
  /** The longest that any applying entitlement allows, and every guardrail, seconds. */
  readonly longestSeconds: number;
  /** Where to go on behind this entry; grows along the catalogue. */
  readonly position: number;
  /** Where the glass may be broken for it: by which rule, and for how long. */
  readonly breakGlass?: Pick<CatalogEntry, 'entitlement' | 'longestSeconds'>;
  /** All the rules by which it may be asked for in the ordinary way, and the guardrails that hold for it. */
  readonly rules: readonly Entitlement[];
  readonly holding: readonly Guardrail[];
  /** There is no other way to it: the terms above are those of breaking the glass. */
  readonly isBreakGlassOnly?: true;
}

type Terms = Pick<CatalogEntry, 'entitlement' | 'approval' | 'longestSeconds'>;

/** What is left of the whole catalogue. */
export interface CatalogQuery {
  /** Behind the entry of that position. */
  readonly after?: number;
  /** Words in lower case that must all occur. */
  readonly words?: readonly string[];
}

interface Catalog {
  readonly requester: Requester;
  readonly accounts: AccountIndex;
  readonly permissionSets: PermissionSetIndex;
  readonly rules: readonly Entitlement[];
  readonly guardrails: readonly Guardrail[];
  readonly words: readonly string[];
  /** Of a word, whether some permission set could make up for an account that has it not. */
  readonly mayOccur: (word: string) => boolean;
}

/** Freezes, combinations and numbers of open requests depend on the moment: the catalogue tells what may be asked at all. */
export const isStatic = ({ effect }: Guardrail): boolean => effect.kind === 'forbid' || effect.kind === 'floor';

/** What these rules come to, held to these guardrails; undefined where nothing is left. */
const termsBy = (rules: readonly Entitlement[], holding: readonly Guardrail[], account: Account): Terms | undefined => {
  const [entitlement] = byLeastAsked(rules);
  if (!entitlement || holding.some(({ effect }) => effect.kind === 'forbid')) return undefined;
  const longest = Math.max(...rules.map(({ maxDurationSeconds }) => maxDurationSeconds));
  return {
    entitlement,
    approval: raisedTo(entitlement, holding, account),
    longestSeconds: Math.min(longest, longestAllowed(holding)),
  };
};

const glassBy = (rules: readonly Entitlement[], holding: readonly Guardrail[], account: Account): Terms | undefined => {
  if (rules.length === 0) return undefined;
  const terms = termsBy(rules, holding.filter(isForBreakGlass), account);
  return terms?.approval.length === 0 ? terms : undefined;
};

const withGlass = (glass: Terms | undefined): Pick<CatalogEntry, 'breakGlass'> =>
  glass ? { breakGlass: { entitlement: glass.entitlement, longestSeconds: glass.longestSeconds } } : {};

/** What these rules, both those of the ordinary way and those for a broken glass, come to there, held to these guardrails. */
export const entryAt = (
  { accounts, permissionSets }: Pick<Catalog, 'accounts' | 'permissionSets'>,
  rules: readonly Entitlement[],
  holding: readonly Guardrail[],
  accountAt: number,
  setAt: number,
): CatalogEntry | undefined => {
  const account = accounts.sorted[accountAt];
  const permissionSet = permissionSets.sorted[setAt];
  if (!account || !permissionSet) return undefined;
  const isOrdinary = (rule: Entitlement): boolean => termsOf(rule) === undefined;
  const ordinaryRules = rules.filter(isOrdinary);
  const ordinary = termsBy(ordinaryRules, holding, account);
  const glass = glassBy(
    rules.filter((rule) => !isOrdinary(rule)),
    holding,
    account,
  );
  const terms = ordinary ?? glass;
  if (!terms) return undefined;
  const position = accountAt * permissionSets.sorted.length + setAt;
  return {
    ...{ account, permissionSet, ...terms, position, rules: ordinaryRules, holding, ...withGlass(glass) },
    ...(ordinary ? {} : { isBreakGlassOnly: true }),
  };
};

const mayConcern = ({ accounts }: Guardrail, account: Account, { missing }: Requester): boolean =>
  !accounts || fitsAccounts(accounts, account, missing) !== 'no';

/** A word with a slash may lie across the account's name and the permission set's. */
const occurringIn = (texts: readonly string[]): ((word: string) => boolean) => {
  const known = new Map<string, boolean>();
  return (word) => {
    const found = known.get(word) ?? (word.includes('/') || texts.some((text) => text.includes(word)));
    known.set(word, found);
    return found;
  };
};

/** Whether the words that do not occur in the account's own texts occur in those of the entry. */
const occurs = (words: readonly string[], account: Account, { name }: PermissionSet): boolean => {
  const text = `${account.name}/${name}`.toLowerCase();
  return words.every((word) => text.includes(word));
};

/** The rules by the permission sets of which they speak, from a position on. */
const bySet = (
  { permissionSets }: Catalog,
  rules: readonly Entitlement[],
  from: number,
): ReadonlyMap<number, readonly Entitlement[]> => {
  const found = new Map<number, Entitlement[]>();
  for (const rule of rules) {
    for (const setAt of permissionSets.positionsOf(rule).filter((position) => position >= from)) {
      const known = found.get(setAt);
      if (known) known.push(rule);
      else found.set(setAt, [rule]);
    }
  }
  return found;
};

function* entriesOf(
  catalog: Catalog,
  rules: readonly Entitlement[],
  accountAt: number,
  from: number,
): Generator<CatalogEntry> {
  const { accounts, permissionSets, requester, words } = catalog;
  const account = accounts.sorted[accountAt];
  if (!account) return;
  const wordsLeft = words.filter((word) => !accounts.texts[accountAt]?.includes(word));
  if (!wordsLeft.every(catalog.mayOccur)) return;
  const isFound = (permissionSet: PermissionSet): boolean =>
    wordsLeft.length === 0 || occurs(wordsLeft, account, permissionSet);
  const rulesOf = bySet(
    catalog,
    rules.filter(({ match }) => fitsMatches(match, requester, account) === 'yes'),
    from,
  );
  const guardrails = catalog.guardrails.filter((one) => mayConcern(one, account, requester));
  for (const setAt of [...rulesOf.keys()].sort((one, other) => one - other)) {
    const permissionSet = permissionSets.sorted[setAt];
    if (!permissionSet || !isFound(permissionSet)) continue;
    const holding = guardrails.filter((one) => fitsTarget(one, account, permissionSet, requester.missing) !== 'no');
    const entry = entryAt(catalog, rulesOf.get(setAt) ?? [], holding, accountAt, setAt);
    if (entry) yield entry;
  }
}

/** The next account of which any of the rules speaks, from a position on, and those rules. */
function* accountsOf(
  { accounts, rules, requester }: Catalog,
  from: number,
): Generator<{ readonly accountAt: number; readonly rules: readonly Entitlement[] }> {
  const lists = rules.map((rule) => accounts.positionsOf(rule, requester.missing));
  const nexts = lists.map((list) => firstFrom(list, from));
  for (;;) {
    let accountAt = Number.POSITIVE_INFINITY;
    for (const [index, next] of nexts.entries()) accountAt = Math.min(accountAt, lists[index]?.[next] ?? accountAt);
    if (accountAt === Number.POSITIVE_INFINITY) return;
    const speaking: Entitlement[] = [];
    for (const [index, next] of nexts.entries()) {
      const rule = rules[index];
      if (!rule || lists[index]?.[next] !== accountAt) continue;
      speaking.push(rule);
      nexts[index] = next + 1;
    }
    yield { accountAt, rules: speaking };
  }
}

/** Index of the first that is not below, in an ascending list. */
const firstFrom = (list: readonly number[], from: number): number => {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((list[middle] ?? 0) < from) low = middle + 1;
    else high = middle;
  }
  return low;
};

/** The rules that speak of the person, those for a broken glass last. */
export const rulesFor = (policy: Policy, requester: Requester): readonly Entitlement[] => [
  ...indexOf(policy).forPerson(requester),
  ...(breakGlassRules(policy).length === 0 ? [] : indexOf(forBreakGlass(policy)).forPerson(requester)),
];

/** Ordered by account name, then permission set name; made as far as it is taken. */
export function* browse(
  policy: Policy,
  requester: Requester,
  accounts: readonly Account[],
  permissionSets: readonly PermissionSet[],
  { after, words = [] }: CatalogQuery = {},
): Generator<CatalogEntry> {
  const sets = permissionSetIndexOf(permissionSets);
  const catalog: Catalog = {
    requester,
    accounts: accountIndexOf(accounts),
    permissionSets: sets,
    rules: rulesFor(policy, requester),
    guardrails: policy.guardrails.filter((one) => isStatic(one) && (!one.who || fitsWho(one.who, requester) !== 'no')),
    words,
    mayOccur: occurringIn(sets.texts),
  };
  const start = after === undefined ? 0 : after + 1;
  const width = Math.max(1, sets.sorted.length);
  const [firstAccount, firstSet] = [Math.floor(start / width), start % width];
  for (const { accountAt, rules } of accountsOf(catalog, firstAccount)) {
    yield* entriesOf(catalog, rules, accountAt, accountAt === firstAccount ? firstSet : 0);
  }
}

/** The whole of it. */
export const catalogFor = (...asked: Parameters<typeof browse>): readonly CatalogEntry[] => [...browse(...asked)];
