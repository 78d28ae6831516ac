/** What is wrong with delegations beyond their form: names that nothing bears, and targets that lie outside. */
import type { PolicyFile } from '../contract/policy-document.ts';
import { isBelow } from '../domain/policy/fit.ts';
import type { Linter, Path } from './policy-lint.ts';

type Delegation = PolicyFile['delegations'][number];
type Rule = PolicyFile['entitlements'][number];
type Tags = Readonly<Record<string, string>>;

const lintNames = (linter: Linter, path: Path, one: Delegation): void => {
  const { groups, units } = linter.known;
  const { writers, organizational_units, permission_sets, approvers_from = [] } = one;
  const delegatesNothing = 'so it delegates nothing';
  linter.names([...path, 'writers'], 'group', writers, groups, 'so nobody of it writes');
  linter.names([...path, 'organizational_units'], 'OU', organizational_units, units, 'so nothing is delegated there');
  const sets = linter.permissionSetNames;
  linter.names([...path, 'permission_sets'], 'permission set', permission_sets.names, sets, delegatesNothing);
  linter.names([...path, 'approvers_from'], 'group', approvers_from, groups, 'so nobody of it approves');
};

/** Where accounts lie, by what a rule calls them. */
const placesIn = ({ known: { accounts = [] } }: Linter) => ({
  ids: new Map(accounts.map((account) => [account.id, account])),
  names: new Map(accounts.map((account) => [account.name, account])),
});
type Places = ReturnType<typeof placesIn>;

/** Accounts by id or name that are there, and lie outside. */
const lintAccounts = (linter: Linter, places: Places, path: Path, { what }: Rule, one: Delegation): void => {
  for (const part of ['ids', 'names'] as const) {
    for (const [index, typed] of what.accounts[part].entries()) {
      const account = places[part].get(typed);
      if (!account || one.organizational_units.some((unit) => isBelow(account.ouPath, unit))) continue;
      const where = account.ouPath === '' ? 'the root' : account.ouPath;
      linter.tell([...path, 'what', 'accounts', part, index], () => {
        return `"${typed}" is in ${where}, outside the delegation "${one.name}", so this part grants nothing`;
      });
    }
  }
};

const hasTags = (tags: Tags, wanted: Delegation['permission_sets']['tags']): boolean =>
  Object.entries(wanted).every(([key, values]) => Object.hasOwn(tags, key) && values.includes(tags[key] ?? ''));

/** Permission sets by name that are there, and have not the tags of what is delegated; of tags that are not known nothing is said. */
const lintPermissionSets = (linter: Linter, path: Path, { what }: Rule, one: Delegation): void => {
  const { permissionSets = [] } = linter.known;
  for (const [index, typed] of what.permission_sets.names.entries()) {
    const tags = permissionSets.find(({ name }) => name === typed)?.tags;
    if (!tags || hasTags(tags, one.permission_sets.tags)) continue;
    linter.tell([...path, 'what', 'permission_sets', index], () => {
      return `"${typed}" has not the tags of the delegation "${one.name}", so this part grants nothing`;
    });
  }
};

export const lintDelegations = (linter: Linter, { delegations, entitlements }: PolicyFile): void => {
  const places = placesIn(linter);
  for (const [index, one] of delegations.entries()) lintNames(linter, ['delegations', index], one);
  for (const [index, rule] of entitlements.entries()) {
    const delegation = delegations.find(({ name }) => name === rule.delegation);
    if (!delegation) continue;
    lintAccounts(linter, places, ['entitlements', index], rule, delegation);
    lintPermissionSets(linter, ['entitlements', index], rule, delegation);
  }
};
