/** What is wrong with delegations beyond their form: names that nothing bears, and targets that lie outside. */

import { nearest } from '../../lambda/contract/nearest.ts';
import type { PolicyFile } from '../../lambda/contract/policy-document.ts';
import { isBelow } from '../../lambda/domain/policy/fit.ts';
import type { OfflineOrganization } from './offline.ts';

export interface DelegationFinding {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

type Path = DelegationFinding['path'];
type Delegation = PolicyFile['delegations'][number];
type Rule = PolicyFile['entitlements'][number];
type Tags = Readonly<Record<string, string>>;

const meant = (typed: string, names: readonly string[]): string => {
  const [name] = nearest(typed, names);
  return name === undefined ? '' : `; did you mean "${name}"?`;
};

const unknown = (
  path: Path,
  kind: string,
  typed: readonly string[],
  known: readonly string[],
  effect: string,
): readonly DelegationFinding[] =>
  typed.flatMap((name, index) =>
    known.includes(name)
      ? []
      : [{ path: [...path, index], message: `there is no ${kind} "${name}", ${effect}${meant(name, known)}` }],
  );

const ofDelegation = (path: Path, one: Delegation, { content }: OfflineOrganization): readonly DelegationFinding[] => {
  const groups = content.groups.map(({ name }) => name);
  const units = ['/', ...content.organizationalUnits];
  const sets = content.permissionSets.map(({ name }) => name);
  return [
    ...unknown([...path, 'writers'], 'group', one.writers, groups, 'so nobody of it writes'),
    ...unknown(
      [...path, 'organizational_units'],
      'OU',
      one.organizational_units,
      units,
      'so nothing is delegated there',
    ),
    ...unknown(
      [...path, 'permission_sets'],
      'permission set',
      one.permission_sets.names,
      sets,
      'so it delegates nothing',
    ),
    ...unknown([...path, 'approvers_from'], 'group', one.approvers_from ?? [], groups, 'so nobody of it approves'),
  ];
};

/** Accounts by id or name that are there, and lie outside. */
const outside = (path: Path, { what }: Rule, one: Delegation, { accounts }: OfflineOrganization) =>
  (['ids', 'names'] as const).flatMap((part) =>
    what.accounts[part].flatMap((typed, index): readonly DelegationFinding[] => {
      const account = accounts.find((each) => (part === 'ids' ? each.id : each.name) === typed);
      if (!account || one.organizational_units.some((unit) => isBelow(account.ouPath, unit))) return [];
      const where = account.ouPath === '' ? 'the root' : account.ouPath;
      return [
        {
          path: [...path, 'what', 'accounts', part, index],
          message: `"${typed}" is in ${where}, outside the delegation "${one.name}", so this part grants nothing`,
        },
      ];
    }),
  );

const hasTags = (tags: Tags, wanted: Delegation['permission_sets']['tags']): boolean =>
  Object.entries(wanted).every(([key, values]) => Object.hasOwn(tags, key) && values.includes(tags[key] ?? ''));

/** Permission sets by name that are there, and have not the tags of what is delegated. */
const otherwiseTagged = (path: Path, { what }: Rule, one: Delegation, { content }: OfflineOrganization) =>
  what.permission_sets.names.flatMap((typed, index): readonly DelegationFinding[] => {
    const found = content.permissionSets.find(({ name }) => name === typed);
    if (!found || hasTags(found.tags, one.permission_sets.tags)) return [];
    const message = `"${typed}" has not the tags of the delegation "${one.name}", so this part grants nothing`;
    return [{ path: [...path, 'what', 'permission_sets', index], message }];
  });

/** Of a policy whose form fits. */
export const lintDelegations = (file: PolicyFile, organization: OfflineOrganization): readonly DelegationFinding[] => [
  ...file.delegations.flatMap((one, index) => ofDelegation(['delegations', index], one, organization)),
  ...file.entitlements.flatMap((rule, index) => {
    const delegation = file.delegations.find(({ name }) => name === rule.delegation);
    const path = ['entitlements', index];
    if (!delegation) return [];
    return [...outside(path, rule, delegation, organization), ...otherwiseTagged(path, rule, delegation, organization)];
  }),
];
