/** Cases of a policy: a person, a target, a length and a moment, and what is to come of it. */
import { isNode, LineCounter, parseDocument } from 'yaml';
import { caseFile, type PolicyCase, partsOfTarget } from '../../lambda/contract/policy-case.ts';
import type { Place } from '../../lambda/contract/policy-file.ts';
import type { OpenTarget } from '../../lambda/domain/policy/ask.ts';
import { type Explanation, explain } from '../../lambda/domain/policy/explain.ts';
import type { Policy } from '../../lambda/domain/policy/policy.ts';
import { differencesOf } from '../../lambda/domain/policy/policy-case.ts';
import { addSeconds, instant, parseInstant } from '../../lambda/domain/time.ts';
import { usage } from '../failure.ts';
import type { NamedText } from './files.ts';
import { type OfflineOrganization, requesterIn } from './offline.ts';

export interface CaseResult {
  readonly place: Place;
  readonly name: string;
  readonly passed: boolean;
  /** What came instead; empty when it passed. */
  readonly differences: readonly string[];
  readonly explanation?: Explanation;
}

export interface PlacedCase {
  readonly place: Place;
  readonly given: PolicyCase;
}

/** @throws Failure that names file and line. */
export const readCases = ({ name: file, text }: NamedText): readonly PlacedCase[] => {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const placeOf = (path: readonly PropertyKey[]): Place => {
    const node = path.length === 0 ? document.contents : document.getIn(path, true);
    if (!isNode(node) || !node.range)
      return path.length === 0 ? { file, line: 1, column: 1 } : placeOf(path.slice(0, -1));
    const { line, col: column } = lines.linePos(node.range[0]);
    return { file, line, column };
  };
  const read = caseFile.safeParse(document.toJS());
  if (read.success && document.errors.length === 0) {
    return read.data.cases.map((given, index) => ({ given, place: placeOf(['cases', index]) }));
  }
  const [issue] = read.error?.issues ?? [];
  const { line, column } = placeOf(issue?.path ?? []);
  throw usage(
    `${file}:${line}:${column}: ${issue ? `${issue.path.join('.')}: ${issue.message}` : document.errors[0]?.message}`,
  );
};

const find = (organization: OfflineOrganization, text: string): OpenTarget | string => {
  const [accountText, setText] = partsOfTarget(text);
  const account = organization.accounts.find(({ id, name }) => id === accountText || name === accountText);
  const permissionSet = organization.permissionSets.find(({ name }) => name === setText);
  if (!account) return `the organization has no account "${accountText}"`;
  return permissionSet ? { account, permissionSet } : `the organization has no permission set "${setText}"`;
};

const judged = (policy: Policy, organization: OfflineOrganization, given: PolicyCase): Explanation | string => {
  const person = organization.personNamed(given.person);
  if (!person) return `the organization has nobody named "${given.person}"`;
  const [asked, ...others] = [given.target, ...given.open].map((text) => find(organization, text));
  const wrong = [asked, ...others].find((one) => typeof one === 'string');
  if (typeof wrong === 'string' || asked === undefined || typeof asked === 'string') return String(wrong);
  const from = parseInstant(given.at) ?? instant(0);
  return explain(policy, {
    requester: requesterIn(organization, policy)(person),
    ...asked,
    durationSeconds: given.for,
    window: { from, until: addSeconds(from, given.for) },
    justification: given.reason,
    ...(given.ticket === undefined ? {} : { ticket: given.ticket }),
    others: others.filter((one) => typeof one !== 'string'),
  });
};

export const runCase = (
  policy: Policy,
  organization: OfflineOrganization,
  { place, given }: PlacedCase,
): CaseResult => {
  const explanation = judged(policy, organization, given);
  const found = typeof explanation === 'string' ? [explanation] : differencesOf(given, explanation);
  return {
    place,
    name: given.name,
    passed: found.length === 0,
    differences: found,
    ...(typeof explanation === 'string' ? {} : { explanation }),
  };
};
