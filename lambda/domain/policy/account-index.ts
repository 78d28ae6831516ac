/** The accounts of one reading of the organization, in the order of the catalogue, and which of them each rule speaks of. */
import { fitsDelegatedAccount, fitsDelegatedSet } from './delegation.ts';
import type { Account, Missing, PermissionSet } from './facts.ts';
import { fitsAccounts, fitsPermissionSets } from './fit.ts';
import { refuseForbidden } from './judge.ts';
import type { AccountSelector, Entitlement } from './policy.ts';

export interface Listed<Thing> {
  /** By name. */
  readonly sorted: readonly Thing[];
  /** What a search looks in, in lower case. */
  readonly texts: readonly string[];
}

export interface AccountIndex extends Listed<Account> {
  /** Positions of the accounts of which the rule speaks, ascending. */
  positionsOf(rule: Entitlement, missing: Missing | undefined): readonly number[];
}
export interface PermissionSetIndex extends Listed<PermissionSet> {
  positionsOf(rule: Entitlement): readonly number[];
}

const byName = (left: { readonly name: string }, right: { readonly name: string }): number =>
  left.name < right.name ? -1 : 1;

/** Positions by unit, the units above included. */
const byUnit = (accounts: readonly Account[]): ReadonlyMap<string, readonly number[]> => {
  const units = new Map<string, number[]>([['/', []]]);
  const add = (unit: string, position: number): void => {
    const known = units.get(unit);
    if (known) known.push(position);
    else units.set(unit, [position]);
  };
  for (const [position, { ouPath }] of accounts.entries()) {
    add('/', position);
    for (let slash = ouPath.indexOf('/'); slash >= 0; slash = ouPath.indexOf('/', slash + 1)) {
      add(ouPath.slice(0, slash), position);
    }
    if (ouPath !== '') add(ouPath, position);
  }
  return units;
};

const remembering = <Key extends object, Value>(make: (key: Key) => Value): ((key: Key) => Value) => {
  const known = new WeakMap<Key, Value>();
  return (key) => {
    const found = known.get(key);
    if (found !== undefined) return found;
    const made = make(key);
    known.set(key, made);
    return made;
  };
};

const dependsOnMissing = ({ except }: AccountSelector, missing: Missing | undefined): boolean =>
  missing !== undefined && (except?.organizationalUnits.some((unit) => missing.organizationalUnits.has(unit)) ?? false);

const speaksOf = (rule: Entitlement, account: Account): boolean =>
  fitsAccounts(rule.what.accounts, account, undefined) === 'yes' && fitsDelegatedAccount(rule, account) === 'yes';

export const accountIndexOf: (accounts: readonly Account[]) => AccountIndex = remembering(
  (accounts: readonly Account[]) => {
    const sorted = accounts.filter((account) => refuseForbidden(account) === undefined).sort(byName);
    const units = byUnit(sorted);
    const byId = new Map(sorted.map(({ id }, position) => [id, position]));
    const everywhere = units.get('/') ?? [];

    /** Where the rule may speak of an account; what fits is told afterwards. */
    const candidates = ({ ids, names, organizationalUnits }: AccountSelector): readonly number[] => {
      if (ids.length + names.length + organizationalUnits.length === 0 || organizationalUnits.includes('/'))
        return everywhere;
      const named =
        names.length === 0 ? [] : everywhere.filter((position) => names.includes(sorted[position]?.name ?? ''));
      const found = [
        ...ids.flatMap((id) => byId.get(id) ?? []),
        ...named,
        ...organizationalUnits.flatMap((unit) => units.get(unit) ?? []),
      ];
      return [...new Set(found)].sort((left, right) => left - right);
    };
    const fits = remembering((rule: Entitlement) =>
      candidates(rule.what.accounts).filter((position) => {
        const account = sorted[position];
        return account !== undefined && speaksOf(rule, account);
      }),
    );
    return {
      sorted,
      texts: sorted.map(({ id, name, ouPath }) => `${name} ${id} ${ouPath}`.toLowerCase()),
      positionsOf: (rule, missing) => (dependsOnMissing(rule.what.accounts, missing) ? [] : fits(rule)),
    };
  },
);

const allThatFit = (sorted: readonly PermissionSet[], rule: Entitlement): readonly number[] =>
  sorted.flatMap((one, position) =>
    fitsPermissionSets(rule.what.permissionSets, one) === 'yes' && fitsDelegatedSet(rule, one) === 'yes'
      ? [position]
      : [],
  );

export const permissionSetIndexOf: (permissionSets: readonly PermissionSet[]) => PermissionSetIndex = remembering(
  (permissionSets: readonly PermissionSet[]) => {
    const sorted = [...permissionSets].sort(byName);
    return {
      sorted,
      texts: sorted.map(({ name }) => name.toLowerCase()),
      positionsOf: remembering((rule: Entitlement) => allThatFit(sorted, rule)),
    };
  },
);
