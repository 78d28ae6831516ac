/** What is wrong with the break-glass of a rule: names that nothing bears, and nobody who could be told or could review. */
import type { PolicyFile } from '../contract/policy-document.ts';
import type { Staff } from '../domain/policy/known-names.ts';
import type { NamedPeople } from '../domain/policy/policy.ts';
import type { Linter, Path } from './policy-lint.ts';

type Rule = PolicyFile['entitlements'][number];

const enabledAmong = ({ people, idsOf }: Staff, named: NamedPeople): ReadonlySet<string> => {
  const ids = new Set(idsOf(named));
  return new Set(people.filter(({ id, enabled }) => enabled && ids.has(id)).map(({ id }) => id));
};

const lintNames = (linter: Linter, path: Path, { groups, users }: NamedPeople, effect: string): void => {
  linter.names([...path, 'groups'], 'group', groups, linter.known.groups, effect);
  linter.users([...path, 'users'], users, effect);
};

/** @param path of the rule. Whoever breaks the glass reviews nothing of it, so that a single reviewer among them is too few. */
export const lintBreakGlass = (linter: Linter, path: Path, { who, break_glass: glass }: Rule): void => {
  if (!glass) return;
  const at = [...path, 'break_glass'];
  lintNames(linter, [...at, 'tell'], glass.tell, 'so nobody of it is told');
  if (glass.review.by) lintNames(linter, [...at, 'review', 'by'], glass.review.by, 'so nobody of it reviews');
  const { staff } = linter.known;
  if (!staff) return;
  if (enabledAmong(staff, glass.tell).size === 0)
    linter.tell([...at, 'tell'], () => 'nobody whom it names is an enabled user, so nobody is told');
  const [only, another] = enabledAmong(staff, glass.review.by ?? glass.tell);
  if (only === undefined) linter.tell([...at, 'review'], () => 'nobody who could review it is an enabled user');
  else if (another === undefined && enabledAmong(staff, who).has(only))
    linter.tell(
      [...at, 'review'],
      () => 'the only one who could review it may break the glass too, and reviews nothing of their own',
    );
};
