/** Delegations in a policy: which rules a team may write, and what is refused of a rule that goes beyond. */
import * as z from 'zod';
import { isForEverybody, type StageInFile, stagesIn } from './policy-approval.ts';
import type { PolicyFile, PolicyProblem } from './policy-document.ts';
import { durationText } from './policy-schedule.ts';

const names = z.array(z.string().min(1).max(256)).min(1);

interface Parts<Name extends z.ZodType, Path extends z.ZodType, Sets extends z.ZodType> {
  readonly ruleName: Name;
  readonly ouPath: Path;
  readonly permissionSets: Sets;
}

/** @param parts as the other rules of the policy write them */
export const delegationWith = <Name extends z.ZodType, Path extends z.ZodType, Sets extends z.ZodType>({
  ruleName,
  ouPath,
  permissionSets,
}: Parts<Name, Path, Sets>) =>
  z.strictObject({
    name: ruleName,
    file: z
      .string()
      .regex(/^[^/\\]+\.ya?ml$/, 'the name of a YAML file of the folder')
      .optional()
      .describe('The file of the folder that the team writes; it begins with `delegation` and this name.'),
    writers: names.describe('Groups that write it: shown to people. Who can write is decided by the repository.'),
    organizational_units: z.array(ouPath).min(1).describe('Only accounts in these and below them.'),
    permission_sets: permissionSets,
    max_duration: durationText,
    min_approvals: z.int().min(1).max(10).default(1),
    approvers_from: names.optional().describe('Approvers must belong to one of these groups too.'),
  });

type Rule = PolicyFile['entitlements'][number];
type Delegation = PolicyFile['delegations'][number];
type Path = readonly PropertyKey[];

/** What a delegated rule may say: a part that rules get one day is the platform team's until it is named here. */
const DELEGABLE: ReadonlySet<string> = new Set([
  ...['name', 'who', 'what', 'match', 'max_duration', 'approval', 'require', 'delegation'],
]);

const either = (texts: readonly string[]): string => texts.join(' or ');

const isBelow = (path: string, unit: string): boolean => unit === '/' || path === unit || path.startsWith(`${unit}/`);

/** `/` in a delegated rule stands for everything that is delegated. */
const placeProblems = (path: Path, { what }: Rule, { name, organizational_units: units }: Delegation) =>
  what.accounts.organizational_units.flatMap((one, index): readonly PolicyProblem[] =>
    one === '/' || units.some((unit) => isBelow(one, unit))
      ? []
      : [
          {
            path: [...path, 'what', 'accounts', 'organizational_units', index],
            message: `the delegation "${name}" is for ${either(units)}, and "${one}" is not below`,
          },
        ],
  );

/** Names that the delegation does not list; what it says of tags is looked at where the permission sets are known. */
const setProblems = (path: Path, { what }: Rule, { name, permission_sets: { names: allowed } }: Delegation) =>
  allowed.length === 0
    ? []
    : what.permission_sets.names.flatMap((one, index): readonly PolicyProblem[] =>
        allowed.includes(one)
          ? []
          : [
              {
                path: [...path, 'what', 'permission_sets', index],
                message: `the delegation "${name}" is for ${either(allowed)}, and not for "${one}"`,
              },
            ],
      );

const remedyFor = (stages: readonly StageInFile[], isFromGroups: boolean): string =>
  !isFromGroups && stages.some(({ approvers }) => isForEverybody(approvers))
    ? 'who has an attribute cannot be listed: name a group or a user who is not in who, or let the delegation say approvers_from'
    : 'name a group that is not in who';

/** NB. A group that may both ask and approve would decide on itself. */
const approverProblem = (rule: Rule, { name, approvers_from: from }: Delegation): string | undefined => {
  const { groups: asking, users: askers } = rule.who;
  const stages = stagesIn(rule.approval);
  const othersIn = (groups: readonly string[]): boolean => groups.some((group) => !asking.includes(group));
  const hasOthers = ({ approvers }: StageInFile): boolean =>
    isForEverybody(approvers)
      ? from !== undefined
      : approvers.account_tag !== undefined ||
        othersIn(approvers.groups) ||
        approvers.users.some((user) => !askers.includes(user));
  if (stages.some(hasOthers) && (from === undefined || othersIn(from))) return undefined;
  return `under the delegation "${name}" others than those who may ask must approve; ${remedyFor(stages, from !== undefined)}`;
};

const approvalProblems = (path: Path, rule: Rule, delegation: Delegation): readonly PolicyProblem[] => {
  const { name, min_approvals: least } = delegation;
  const required = stagesIn(rule.approval).reduce((sum, stage) => sum + stage.required, 0);
  const place = [...path, 'approval'];
  if (required < least)
    return [
      { path: place, message: `the delegation "${name}" needs ${least} approval(s) at least; this is ${required}` },
    ];
  const message = approverProblem(rule, delegation);
  return message === undefined ? [] : [{ path: place, message }];
};

const durationProblems = (path: Path, rule: Rule, { name, max_duration: most }: Delegation) =>
  rule.max_duration <= most
    ? []
    : [
        {
          path: [...path, 'max_duration'],
          message: `the delegation "${name}" allows ${most} s at most; this is ${rule.max_duration} s`,
        },
      ];

const partProblems = (path: Path, rule: Rule): readonly PolicyProblem[] =>
  Object.entries(rule).flatMap(([part, value]) =>
    value === undefined || DELEGABLE.has(part)
      ? []
      : [{ path: [...path, part], message: `a delegated rule has no ${part}` }],
  );

const ruleProblems = (path: Path, rule: Rule, delegation: Delegation): readonly PolicyProblem[] =>
  [placeProblems, setProblems, durationProblems, approvalProblems, partProblems].flatMap((problems) =>
    problems(path, rule, delegation),
  );

/** Why a name stands for no delegation, with those that there are. */
export const unknownDelegation = (name: string, delegations: readonly Delegation[]): string => {
  const known = delegations.map((one) => one.name);
  return `the policy has no delegation "${name}"${known.length === 0 ? '' : `; it has ${either(known)}`}`;
};

const repeated = (delegations: readonly Delegation[], part: 'name' | 'file'): readonly PolicyProblem[] =>
  delegations.flatMap((one, index) => {
    const value = one[part];
    const isFirst = delegations.findIndex((other) => other[part] === value) === index;
    if (value === undefined || isFirst) return [];
    return [{ path: ['delegations', index, part], message: `"${String(value)}" is used twice` }];
  });

/** What a whole policy says beyond its delegations: refused before it is stored, and of no effect where it was. */
export const delegationProblems = ({
  delegation: whole,
  delegations,
  entitlements,
}: PolicyFile): readonly PolicyProblem[] => [
  ...(whole === undefined
    ? []
    : [{ path: ['delegation'], message: 'one file of a team is no whole policy; each of its rules says this' }]),
  ...repeated(delegations, 'name'),
  ...repeated(delegations, 'file'),
  ...entitlements.flatMap((rule, index): readonly PolicyProblem[] => {
    if (rule.delegation === undefined) return [];
    const path = ['entitlements', index];
    const delegation = delegations.find(({ name }) => name === rule.delegation);
    if (delegation) return ruleProblems(path, rule, delegation);
    return [{ path: [...path, 'delegation'], message: unknownDelegation(rule.delegation, delegations) }];
  }),
];
