/** Cases of a policy: a person, a target, a length and a moment, and what is to come of it. */
import { isNode, LineCounter, parseDocument } from 'yaml';
import * as z from 'zod';
import type { Place } from '../../lambda/contract/policy-file.ts';
import { durationText } from '../../lambda/contract/policy-schedule.ts';
import { PROBLEMS, type ProblemCode } from '../../lambda/contract/problem.ts';
import type { OpenTarget } from '../../lambda/domain/policy/ask.ts';
import { type Explanation, explain } from '../../lambda/domain/policy/explain.ts';
import type { Policy } from '../../lambda/domain/policy/policy.ts';
import { isRefusal } from '../../lambda/domain/refusal.ts';
import { addSeconds, instant, parseInstant } from '../../lambda/domain/time.ts';
import { usage } from '../failure.ts';
import type { NamedText } from './files.ts';
import { type OfflineOrganization, requesterIn } from './offline.ts';

const target = z.string().regex(/^.+\/[^/]+$/, 'a target such as payments-prod/AdministratorAccess');

const caseSchema = z.strictObject({
  name: z.string().min(1),
  person: z.string().min(1),
  target,
  for: durationText,
  at: z
    .string()
    .refine((text) => parseInstant(text) !== undefined, 'a moment with its zone, such as 2026-11-23T10:00Z'),
  reason: z.string().default('A reason that is long enough for any rule of this policy, as it should be.'),
  ticket: z.string().optional(),
  break_glass: z.boolean().default(false),
  incident: z.string().optional().describe('With break_glass: the incident for which the glass is broken.'),
  open: z.array(target).default([]).describe('What else the person has open.'),
  expect: z.union([z.literal('allowed'), z.enum(Object.keys(PROBLEMS) as [ProblemCode, ...ProblemCode[]])]),
  rule: z.string().optional().describe('The entitlement that lets it through.'),
  approvals: z.int().min(0).optional(),
  approvers: z.array(z.string()).optional().describe('The groups that approve.'),
  at_most: durationText.optional().describe('How long it may last in all.'),
});
export const caseFile = z.strictObject({ version: z.literal(1), cases: z.array(caseSchema) });
type Case = z.output<typeof caseSchema>;

export interface CaseResult {
  readonly place: Place;
  readonly name: string;
  readonly passed: boolean;
  /** What came instead; empty when it passed. */
  readonly differences: readonly string[];
  readonly explanation?: Explanation;
}

interface PlacedCase {
  readonly place: Place;
  readonly given: Case;
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
  const slash = text.lastIndexOf('/');
  const [accountText, setText] = [text.slice(0, slash), text.slice(slash + 1)];
  const account = organization.accounts.find(({ id, name }) => id === accountText || name === accountText);
  const permissionSet = organization.permissionSets.find(({ name }) => name === setText);
  if (!account) return `the organization has no account "${accountText}"`;
  return permissionSet ? { account, permissionSet } : `the organization has no permission set "${setText}"`;
};

const judged = (policy: Policy, organization: OfflineOrganization, given: Case): Explanation | string => {
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
    ...(given.break_glass ? { incident: given.incident ?? '' } : {}),
    others: others.filter((one) => typeof one !== 'string'),
  });
};

const differing = (what: string, wanted: unknown, got: unknown): readonly string[] =>
  wanted === undefined || JSON.stringify(wanted) === JSON.stringify(got)
    ? []
    : [`${what}: expected ${JSON.stringify(wanted)}, got ${JSON.stringify(got)}`];

const differences = (given: Case, { outcome }: Explanation): readonly string[] => {
  const came = isRefusal(outcome) ? outcome.refused : 'allowed';
  const first = differing('expect', given.expect, came);
  if (first.length > 0)
    return [...first, ...(isRefusal(outcome) ? [outcome.detail] : [`by the rule "${outcome.entitlement.name}"`])];
  if (isRefusal(outcome)) return [];
  return [
    ...differing('rule', given.rule, outcome.entitlement.name),
    ...differing('approvals', given.approvals, outcome.approval.required),
    ...differing('approvers', given.approvers, outcome.approval.groups),
    ...differing('at_most', given.at_most, outcome.maxDurationSeconds),
  ];
};

export const runCase = (
  policy: Policy,
  organization: OfflineOrganization,
  { place, given }: PlacedCase,
): CaseResult => {
  const explanation = judged(policy, organization, given);
  const found = typeof explanation === 'string' ? [explanation] : differences(given, explanation);
  return {
    place,
    name: given.name,
    passed: found.length === 0,
    differences: found,
    ...(typeof explanation === 'string' ? {} : { explanation }),
  };
};
