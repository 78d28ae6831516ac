/** What is wrong with the approval of a rule: names that nothing bears, and stages for which there are too few people. */
import { isForEverybody, type StageInFile, stagesIn } from '../contract/policy-approval.ts';
import type { PolicyFile } from '../contract/policy-document.ts';
import { type TooFew, tooFewApprovers } from '../domain/enough-approvers.ts';
import { namedByTag } from '../domain/policy/approval-demand.ts';
import type { PersonAttribute } from '../domain/policy/facts.ts';
import { hasAttributes, isOneWith } from '../domain/policy/fit.ts';
import type { Staff } from '../domain/policy/known-names.ts';
import type { AttributeTest } from '../domain/policy/policy.ts';
import { foldedCase } from '../domain/proven-identity.ts';
import type { Linter, Path } from './policy-lint.ts';

type Rule = PolicyFile['entitlements'][number];
type Approval = Rule['approval'];
type Named = Pick<StageInFile['approvers'], 'groups' | 'users'>;

const NOBODY = 'so nobody approves by it';

/** Where the stages were written, and there their approvers. */
const placesOf = (path: Path, approval: Approval): readonly { readonly path: Path; readonly stage: StageInFile }[] => {
  const isPlain = approval !== undefined && approval !== 'none' && !('stages' in approval);
  return stagesIn(approval).map((stage, index) => ({ path: isPlain ? path : [...path, 'stages', index], stage }));
};

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

const testsOf = ({ attributes }: StageInFile['approvers']): readonly AttributeTest[] =>
  Object.entries(attributes).map(([attribute, values = []]) => ({ attribute: attribute as PersonAttribute, values }));

type Colleague = Staff['people'][number];

const isAsked = (
  { idsOf }: Staff,
  approvers: Omit<StageInFile['approvers'], 'account_tag'>,
): ((one: Colleague) => boolean) => {
  const tests = testsOf(approvers);
  if (isForEverybody(approvers)) return ({ attributes }) => isOneWith(tests, attributes);
  const named = new Set(idsOf(approvers));
  return ({ id, attributes }) => named.has(id) && hasAttributes(tests, attributes) === 'yes';
};

const staffingOf = (staff: Staff, { approvers, required, escalate_to }: StageInFile) => {
  const isOne = isAsked(staff, approvers);
  const later = new Set(escalate_to ? staff.idsOf(escalate_to) : []);
  const able = staff.people.filter((one) => one.enabled && (later.has(one.id) || isOne(one)));
  // Whom a tag names depends on the account.
  return { required, people: new Set(able.map(({ id }) => id)), isAll: approvers.account_tag === undefined };
};

const lackText = ({ stages, required, available }: TooFew, count: number): string => {
  const numbers = stages.map((stage) => stage + 1).join(' and ');
  const which = count === 1 ? 'it needs' : stages.length === 1 ? `stage ${numbers} needs` : `stages ${numbers} need`;
  const whom = stages.length > 1 ? ' different' : '';
  return `${which} ${required} approval(s), and ${available}${whom} enabled person(s) could give one`;
};

type Staffing = ReturnType<typeof staffingOf>;

const without = (id: string, staffing: readonly Staffing[]): readonly Staffing[] =>
  staffing.map((one) => ({ ...one, people: new Set([...one.people].filter((each) => each !== id)) }));

/** Nobody approves for themselves: too few for whoever may ask, though there are enough. False where nobody may. */
const lacksOthers = (staff: Staff, who: Rule['who'], staffing: readonly Staffing[]): boolean => {
  const isRequester = isAsked(staff, who);
  const requesters = staff.people.filter((one) => one.enabled && isRequester(one));
  return requesters.length > 0 && requesters.every(({ id }) => tooFewApprovers(without(id, staffing)));
};

/** @param path of the rule. */
export const lintApproval = (linter: Linter, rulePath: Path, { who, approval }: Rule): void => {
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
  const { staff } = linter.known;
  if (!staff) return;
  const staffing = places.map(({ stage }) => staffingOf(staff, stage));
  const lack = tooFewApprovers(staffing);
  if (!lack) {
    if (lacksOthers(staff, who, staffing))
      linter.tell(
        path,
        () => 'nobody approves for themselves, and of others there are too few for anybody who may ask by it',
      );
    return;
  }
  const [only] = lack.stages;
  const place = lack.stages.length === 1 ? (places[only ?? 0]?.path ?? path) : path;
  linter.tell(place, () => lackText(lack, places.length));
};
