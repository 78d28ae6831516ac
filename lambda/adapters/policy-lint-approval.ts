/** What is wrong with the approval of a rule: names that nothing bears, and too few people. */
import type { StageInFile } from '../contract/policy-approval.ts';
import type { PolicyFile } from '../contract/policy-document.ts';
import { namedByTag } from '../domain/policy/approval-demand.ts';
import type { Floor } from '../domain/policy/policy.ts';
import { foldedCase } from '../domain/proven-identity.ts';
import type { Linter, Path } from './policy-lint.ts';
import { lintStaff, placesOf } from './policy-lint-staff.ts';

type Rule = PolicyFile['entitlements'][number];
type Named = Pick<StageInFile['approvers'], 'groups' | 'users'>;

const NOBODY = 'so nobody approves by it';

const lintNames = (linter: Linter, path: Path, { groups, users }: Named): void => {
  linter.names([...path, 'groups'], 'group', groups, linter.known.groups, NOBODY);
  linter.users([...path, 'users'], users, NOBODY);
};

/** Every account may have another value. */
const lintTag = (linter: Linter, path: Path, key: string): void => {
  const { accountTags, groups, users } = linter.known;
  if (!accountTags) return;
  const values = accountTags.get(key);
  if (!values)
    linter.tell(path, () => `no account has the tag "${key}", ${NOBODY}${linter.meant(key, accountTags.keys())}`);
  // Whom a tag names can be told only where all groups and users are known.
  if (!groups || !users) return;
  const folded = new Set(users.map(foldedCase));
  for (const value of values ?? []) {
    const named = namedByTag(value);
    const isKnown = named.groups.every((one) => groups.includes(one)) && named.users.every((one) => folded.has(one));
    if (!isKnown)
      linter.tell(
        path,
        () => `accounts have the tag "${key}" with "${value}", and nothing bears that name, ${NOBODY} there`,
      );
  }
};

/** @param path of the rule. */
export const lintApproval = (linter: Linter, rulePath: Path, rule: Rule, floors: readonly Floor[]): void => {
  const { approval } = rule;
  const path = [...rulePath, 'approval'];
  const places = placesOf(path, approval);
  for (const { path: at, stage } of places) {
    const place = stage.approvers === approval ? at : [...at, 'approvers'];
    const { approvers, escalate_to } = stage;
    lintNames(linter, place, approvers);
    linter.values([...place, 'attributes'], 'attribute', approvers.attributes, linter.known.attributes);
    if (approvers.account_tag !== undefined) lintTag(linter, [...place, 'account_tag'], approvers.account_tag);
    if (escalate_to) lintNames(linter, [...at, 'escalate_to'], escalate_to);
  }
  lintStaff(linter, path, rule, floors);
};
