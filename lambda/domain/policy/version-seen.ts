/** One version of a policy as certain people see it: which of them each rule lets ask, and which each guardrail holds. */
import { type AccountIndex, accountIndexOf, type PermissionSetIndex, permissionSetIndexOf } from './account-index.ts';
import { everyRule } from './break-glass.ts';
import { rulesFor } from './catalog.ts';
import type { Places, Version } from './comparison.ts';
import type { Crowd, CrowdOf } from './crowds.ts';
import type { Account, PermissionSet, Requester } from './facts.ts';
import { fitsAccounts, fitsMatches, fitsPermissionSets, fitsWho } from './fit.ts';
import type { Entitlement, Guardrail } from './policy.ts';

/** A rule, or a guardrail, with the people of whom it speaks. */
export interface Speaking<Rule extends Entitlement | Guardrail> {
  readonly rule: Rule;
  readonly crowd: Crowd;
}

/** What speaks of one account and permission set. */
export interface SpeakingThere {
  readonly rules: readonly Speaking<Entitlement>[];
  readonly guardrails: readonly Speaking<Guardrail>[];
}

/** What speaks of one account; the rules by the permission sets of which they speak. */
export interface AtAccount {
  readonly rules: ReadonlyMap<number, readonly Speaking<Entitlement>[]>;
  guardrailsFor(permissionSet: PermissionSet): readonly Speaking<Guardrail>[];
}

export interface VersionSeen {
  /** Positions of the accounts of which any rule speaks that lets one of the people ask. */
  readonly accounts: readonly number[];
  at(position: number, account: Account): AtAccount;
}

const put = <Key, Value>(lists: Map<Key, Value[]>, key: Key, value: Value): void => {
  const known = lists.get(key);
  if (known) known.push(value);
  else lists.set(key, [value]);
};

const remembering = <Key, Value>(make: (key: Key) => Value): ((key: Key) => Value) => {
  const known = new Map<Key, Value>();
  return (key) => {
    const found = known.get(key) ?? make(key);
    known.set(key, found);
    return found;
  };
};

/** In file order the rules that let somebody ask somewhere, and whom. */
const askers = ({ policy }: Version, people: readonly Requester[]): ReadonlyMap<Entitlement, readonly number[]> => {
  const found = new Map<Entitlement, number[]>(everyRule(policy).map((rule) => [rule, []]));
  for (const [person, requester] of people.entries()) {
    for (const rule of rulesFor(policy, requester)) found.get(rule)?.push(person);
  }
  return new Map([...found].filter(([, able]) => able.length > 0));
};

const rulesByAccount = (
  accounts: AccountIndex,
  rules: Iterable<Entitlement>,
  missing: Requester['missing'],
): ReadonlyMap<number, readonly Entitlement[]> => {
  const found = new Map<number, Entitlement[]>();
  for (const rule of rules) for (const position of accounts.positionsOf(rule, missing)) put(found, position, rule);
  return found;
};

const rulesBySet = (permissionSets: PermissionSetIndex, rules: readonly Speaking<Entitlement>[]) => {
  const found = new Map<number, Speaking<Entitlement>[]>();
  for (const one of rules) for (const position of permissionSets.positionsOf(one.rule)) put(found, position, one);
  return found;
};

/** What of the account it depends on who matches it. */
const valuesMatched = ({ match }: Entitlement, { tags = {} }: Account): string =>
  JSON.stringify(match.map(({ tag }) => (Object.hasOwn(tags, tag) ? tags[tag] : null)));

/** Of those whom a rule lets ask, those who match the account. */
const crowdsMatching = (
  people: readonly Requester[],
  able: ReadonlyMap<Entitlement, readonly number[]>,
  crowdOf: CrowdOf,
) => {
  const byValues = remembering((_rule: Entitlement) => new Map<string, Crowd>());
  return (rule: Entitlement, account: Account): Crowd => {
    const [values, known] = [valuesMatched(rule, account), byValues(rule)];
    const isMatching = (person: number): boolean => {
      const requester = people[person];
      return requester !== undefined && fitsMatches(rule.match, requester, account) === 'yes';
    };
    const crowd = known.get(values) ?? crowdOf((able.get(rule) ?? []).filter(isMatching));
    known.set(values, crowd);
    return crowd;
  };
};

/** NB. Whoever a guardrail does not certainly leave out is held to it (law 9). */
const heldTo = ({ who }: Guardrail, people: readonly Requester[]): readonly number[] =>
  [...people.entries()].flatMap(([person, one]) => (!who || fitsWho(who, one) !== 'no' ? [person] : []));

const mayHoldFor = ({ permissionSets }: Guardrail, permissionSet: PermissionSet): boolean =>
  !permissionSets || fitsPermissionSets(permissionSets, permissionSet) !== 'no';

/** @param people who see the same missing */
export const versionSeen = (
  version: Version,
  places: Places,
  people: readonly Requester[],
  crowdOf: CrowdOf,
): VersionSeen => {
  const missing = people[0]?.missing;
  const permissionSets = permissionSetIndexOf(places.permissionSets);
  const able = askers(version, people);
  const byAccount = rulesByAccount(accountIndexOf(places.accounts), able.keys(), missing);
  const matching = crowdsMatching(people, able, crowdOf);
  const held = remembering((rule: Guardrail): Speaking<Guardrail> => ({ rule, crowd: crowdOf(heldTo(rule, people)) }));
  return {
    accounts: [...byAccount.keys()],
    at: (position, account) => {
      const rules = (byAccount.get(position) ?? []).map((rule) => ({ rule, crowd: matching(rule, account) }));
      const guardrails = version.guardrails.filter(
        ({ accounts }) => !accounts || fitsAccounts(accounts, account, missing) !== 'no',
      );
      return {
        rules: rulesBySet(permissionSets, rules),
        guardrailsFor: (permissionSet) => guardrails.filter((one) => mayHoldFor(one, permissionSet)).map(held),
      };
    },
  };
};
