/** Cases of a policy: a person, a target, a length and a moment, and what is to come of it. */
import { isNode, LineCounter, parseDocument } from 'yaml';
import { caseFile, type PolicyCase } from '../../lambda/contract/policy-case.ts';
import type { Place } from '../../lambda/contract/policy-file.ts';
import type { Policy } from '../../lambda/domain/policy/policy.ts';
import { type CaseOutcome, tryCase } from '../../lambda/domain/policy/policy-case.ts';
import { usage } from '../failure.ts';
import type { NamedText } from './files.ts';
import { type OfflineOrganization, requesterIn } from './offline.ts';

export interface CaseResult extends CaseOutcome {
  readonly place: Place;
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

export const runCase = (
  policy: Policy,
  organization: OfflineOrganization,
  { place, given }: PlacedCase,
): CaseResult => {
  const seen = requesterIn(organization, policy);
  const requesterNamed = (userName: string) => {
    const person = organization.personNamed(userName);
    return person && seen(person);
  };
  return { place, ...tryCase(policy, { ...organization, requesterNamed }, given) };
};
