/** Accounts and permission sets in memory; tests move, suspend and remove them as they go. */
import type { Account, PermissionSet, Tags } from '../../domain/policy/facts.ts';
import { eachOf } from '../../domain/policy/rule-names.ts';
import type { Organization, Wanted } from '../../ports/organization.ts';

export interface MemoryOrganization extends Organization {
  /** Adds the account, or replaces the one of the same id. */
  putAccount(account: Account): void;
  removeAccount(accountId: string): void;
  /** Adds the permission set, or replaces the one of the same ARN. */
  putPermissionSet(permissionSet: PermissionSet): void;
  removePermissionSet(arn: string): void;
  /** Adds an organizational unit that holds no account. */
  putUnit(path: string): void;
}

export interface MemoryOrganizationContent {
  readonly accounts?: readonly Account[];
  readonly permissionSets?: readonly PermissionSet[];
  /** Paths of organizational units that hold no account; those of accounts are there by themselves. */
  readonly units?: readonly string[];
}

/** As other adapters give it: with tags, though there be none, where they are wanted, and without them elsewhere. */
const seen = <Thing extends { readonly tags?: Tags }>({ tags = {}, ...thing }: Thing, wanted: Wanted | undefined) =>
  wanted?.tags ? { ...thing, tags } : thing;

const withUnitsAbove = (path: string): readonly string[] =>
  path.split('/').map((_, index, names) => names.slice(0, index + 1).join('/'));

export const createMemoryOrganization = ({
  accounts = [],
  permissionSets = [],
  units = [],
}: MemoryOrganizationContent = {}): MemoryOrganization => {
  const accountOf = new Map(accounts.map((account) => [account.id, account]));
  const permissionSetOf = new Map(permissionSets.map((permissionSet) => [permissionSet.arn, permissionSet]));
  const empty = new Set(units);
  const allUnits = (): ReadonlySet<string> =>
    new Set([...empty, ...[...accountOf.values()].map(({ ouPath }) => ouPath)].flatMap(withUnitsAbove));
  const found = <Thing extends { readonly tags?: Tags }>(thing: Thing | undefined, wanted: Wanted | undefined) =>
    thing && (seen(thing, wanted) as Thing);
  return {
    findAccount: async (accountId, wanted) => found(accountOf.get(accountId), wanted),
    accounts: async (wanted) => [...accountOf.values()].map((account) => seen(account, wanted) as Account),
    findPermissionSet: async (arn, wanted) => found(permissionSetOf.get(arn), wanted),
    permissionSets: async (wanted) => [...permissionSetOf.values()].map((set) => seen(set, wanted) as PermissionSet),
    unknownUnits: async (paths) => {
      const known = allUnits();
      return paths.filter((path) => !known.has(path));
    },
    unknownNames: async (names) => {
      const all = [...accountOf.values()];
      const known = {
        organizationalUnits: allUnits(),
        accountIds: new Set(accountOf.keys()),
        accountNames: new Set(all.map(({ name }) => name)),
        permissionSets: new Set([...permissionSetOf.values()].map(({ name }) => name)),
      };
      return eachOf((kind) => names[kind].filter((name) => !known[kind].has(name)));
    },

    putAccount: (account) => void accountOf.set(account.id, account),
    removeAccount: (accountId) => void accountOf.delete(accountId),
    putPermissionSet: (permissionSet) => void permissionSetOf.set(permissionSet.arn, permissionSet),
    removePermissionSet: (arn) => void permissionSetOf.delete(arn),
    putUnit: (path) => void empty.add(path),
  };
};
