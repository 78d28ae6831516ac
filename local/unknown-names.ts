/** Finds what a policy names that the organization does not have: such a rule silently matches nobody or nothing. */
import { stagesIn } from '../lambda/contract/policy-approval.ts';
import type { PolicyFile } from '../lambda/contract/policy-document.ts';
import type { Seed } from './seed/seed.ts';

const missing = (kind: string, named: readonly string[], known: ReadonlySet<string>): string[] =>
  [...new Set(named)].filter((name) => !known.has(name)).map((name) => `${kind} ${name}`);

/** @returns such as `group payments-leeds` */
export const unknownNames = ({ entitlements, delegations }: PolicyFile, seed: Seed): readonly string[] => {
  const groups = entitlements.flatMap(({ who, approval, break_glass }) => [
    ...who.groups,
    ...stagesIn(approval).flatMap(({ approvers, escalate_to }) => [
      ...approvers.groups,
      ...(escalate_to?.groups ?? []),
    ]),
    ...(break_glass ? [...break_glass.tell.groups, ...(break_glass.review.by?.groups ?? [])] : []),
  ]);
  const delegated = delegations.flatMap(({ writers, approvers_from = [] }) => [...writers, ...approvers_from]);
  const accounts = entitlements.map(({ what }) => what.accounts);
  const units = accounts.flatMap(({ organizational_units }) => organizational_units).filter((path) => path !== '/');
  return [
    ...missing('group', [...groups, ...delegated], new Set(seed.groups.map(({ displayName }) => displayName))),
    ...missing(
      'user',
      entitlements.flatMap(({ who, approval, break_glass }) => [
        ...who.users,
        ...stagesIn(approval).flatMap(({ approvers, escalate_to }) => [
          ...approvers.users,
          ...(escalate_to?.users ?? []),
        ]),
        ...(break_glass ? [...break_glass.tell.users, ...(break_glass.review.by?.users ?? [])] : []),
      ]),
      new Set(seed.people.map(({ userName }) => userName)),
    ),
    ...missing(
      'account',
      accounts.flatMap(({ names }) => names),
      new Set(seed.accounts.map(({ name }) => name)),
    ),
    ...missing(
      'account',
      accounts.flatMap(({ ids }) => ids),
      new Set(seed.accounts.map(({ id }) => id)),
    ),
    ...missing('OU', units, new Set(seed.organizationalUnits.map(({ path }) => path.join('/')))),
    ...missing(
      'permission set',
      entitlements.flatMap(({ what }) => what.permission_sets.names),
      new Set(seed.permissionSets.map(({ name }) => name)),
    ),
  ];
};
