/** What a policy speaks of that nothing bears, where everything that there is is at hand. */
import type { Missing } from './facts.ts';
import { type Policy, requesterGroups } from './policy.ts';
import { indexOf } from './rule-index.ts';
import { eachOf, type OrganizationNames, rulesNaming } from './rule-names.ts';

/** Every name that there is. */
export type NamesThere = Readonly<Record<keyof OrganizationNames | 'groups', ReadonlySet<string>>>;

export const missingBy = (policy: Policy, there: NamesThere): Missing => {
  const { units, names } = indexOf(policy).needs;
  const groups = new Set(requesterGroups(policy).filter((name) => !there.groups.has(name)));
  const unknown = eachOf((kind) => names[kind].filter((name) => !there[kind].has(name)));
  return {
    groups,
    organizationalUnits: new Set(units.filter((unit) => !there.organizationalUnits.has(unit))),
    rules: rulesNaming(policy, groups, unknown),
  };
};
