/** What is wrong with the approval of a rule: names that nothing bears, and stages for which there are too few people. */
import { type StageInFile, stagesIn } from '../../lambda/contract/policy-approval.ts';
import type { PolicyFile } from '../../lambda/contract/policy-document.ts';
import { type TooFew, tooFewApprovers } from '../../lambda/domain/enough-approvers.ts';
import { namedByTag } from '../../lambda/domain/policy/approval-demand.ts';
import type { PersonAttribute } from '../../lambda/domain/policy/facts.ts';
import { hasAttributes } from '../../lambda/domain/policy/fit.ts';
import { foldedCase } from '../../lambda/domain/proven-identity.ts';
import type { Linter, Path } from './lint.ts';
import type { OfflineOrganization } from './offline.ts';

type Approval = PolicyFile['entitlements'][number]['approval'];
type Named = Pick<StageInFile['approvers'], 'groups' | 'users'>;

const NOBODY = 'so nobody approves by it';

/** Where the stages were written, and there their approvers. */
const placesOf = (path: Path, approval: Approval): readonly { readonly path: Path; readonly stage: StageInFile }[] => {
  const isPlain = approval !== 'none' && !('stages' in approval);
  return stagesIn(approval).map((stage, index) => ({ path: isPlain ? path : [...path, 'stages', index], stage }));
};

const lintNames = (linter: Linter, path: Path, { groups, users }: Named): void => {
  linter.names([...path, 'groups'], 'group', groups, linter.known.groups, NOBODY);
  linter.users([...path, 'users'], users, NOBODY);
};

/** Every account may have another value. */
const lintTag = (linter: Linter, path: Path, key: string): void => {
  const { accountTags, groups, users } = linter.known;
  const values = accountTags.get(key);
  if (!values) linter.tell(path, `no account has the tag "${key}", ${NOBODY}${linter.meant(key, accountTags.keys())}`);
  const folded = new Set(users.map(foldedCase));
  for (const value of values ?? []) {
    const named = namedByTag(value);
    const isKnown = named.groups.every((one) => groups.includes(one)) && named.users.every((one) => folded.has(one));
    if (!isKnown)
      linter.tell(path, `accounts have the tag "${key}" with "${value}", and nothing bears that name, ${NOBODY} there`);
  }
};

type Exported = OfflineOrganization['content']['people'][number];

const peopleOf = (organization: OfflineOrganization, { groups, users }: Named): readonly string[] => [
  ...organization.content.groups.filter(({ name }) => groups.includes(name)).flatMap(({ memberIds }) => memberIds),
  ...users.flatMap((userName) => organization.personNamed(userName)?.id ?? []),
];

const staffingOf = (organization: OfflineOrganization, { approvers, required, escalate_to }: StageInFile) => {
  const tests = Object.entries(approvers.attributes).map(([attribute, values = []]) => ({
    attribute: attribute as PersonAttribute,
    values,
  }));
  const fits = ({ attributes }: Exported): boolean => hasAttributes(tests, attributes) === 'yes';
  const asked = new Set(peopleOf(organization, approvers));
  const later = new Set(escalate_to ? peopleOf(organization, escalate_to) : []);
  const able = organization.content.people.filter(
    (person) => person.enabled && (later.has(person.id) || (asked.has(person.id) && fits(person))),
  );
  // Whom a tag names depends on the account.
  return { required, people: new Set(able.map(({ id }) => id)), isAll: approvers.account_tag === undefined };
};

const lackText = ({ stages, required, available }: TooFew, count: number): string => {
  const numbers = stages.map((stage) => stage + 1).join(' and ');
  const which = count === 1 ? 'it needs' : stages.length === 1 ? `stage ${numbers} needs` : `stages ${numbers} need`;
  const whom = stages.length > 1 ? ' different' : '';
  return `${which} ${required} approval(s), and ${available}${whom} enabled person(s) could give one`;
};

/** @param path of the approval. */
export const lintApproval = (
  linter: Linter,
  path: Path,
  approval: Approval,
  organization: OfflineOrganization,
): void => {
  const places = placesOf(path, approval);
  for (const { path: at, stage } of places) {
    const place = stage.approvers === approval ? at : [...at, 'approvers'];
    const { approvers, escalate_to } = stage;
    lintNames(linter, place, approvers);
    linter.values([...place, 'attributes'], 'attribute', approvers.attributes, linter.known.attributes);
    if (approvers.account_tag !== undefined) lintTag(linter, [...place, 'account_tag'], approvers.account_tag);
    if (escalate_to) lintNames(linter, [...at, 'escalate_to'], escalate_to);
  }
  const lack = tooFewApprovers(places.map(({ stage }) => staffingOf(organization, stage)));
  const [only] = lack?.stages ?? [];
  if (lack)
    linter.tell(lack.stages.length === 1 ? (places[only ?? 0]?.path ?? path) : path, lackText(lack, places.length));
};
