/** The policy as it is stored and read: who may ask for what, how long, on which conditions, approved by whom, and what is out of the question. */
import { createHash } from 'node:crypto';
import * as z from 'zod';
import { scheduleName } from './on-call.ts';
import { approval } from './policy-approval.ts';
import { breakGlassWith, guardrailBreakGlass } from './policy-break-glass.ts';
import { delegationProblems, delegationWith } from './policy-delegation.ts';
import { ATTRIBUTE_NAMES, guardedPeople, name, names, values, who } from './policy-people.ts';
import { durationText, freeze, hours } from './policy-schedule.ts';

const ruleName = z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'lower-case letters, digits and dashes, at most 63');

const pattern = z
  .string()
  .refine((text) => {
    try {
      return new RegExp(text, 'u') instanceof RegExp;
    } catch {
      return false;
    }
  }, 'this is no regular expression')
  .describe('A regular expression for the whole ticket.');

/** A path of organizational units from the root; `/` is the whole organization. */
const ouPath = z
  .string()
  .refine((text) => text === '/' || /^[^/]+(\/[^/]+)*$/.test(text), 'an OU path such as Workloads/Payments, or /')
  .describe('From the root, such as Workloads/Payments; everything below belongs to it. / is the whole organization.');

const tags = z
  .record(z.string().min(1).max(128), values)
  .default({})
  .describe('Every key must be there with one of its values; upper and lower case differ.');

const ACCOUNT_ID = 'an account id has 12 digits; write it in quotes';
const ids = z.array(z.string({ error: ACCOUNT_ID }).regex(/^\d{12}$/, ACCOUNT_ID)).default([]);
const units = z.array(ouPath).default([]);

const except = z
  .strictObject({ ids, organizational_units: units, tags })
  .refine(
    (one) => one.ids.length + one.organizational_units.length + Object.keys(one.tags).length > 0,
    'leave out at least one account, OU or tag',
  )
  .describe('Whatever fits any of it is left out.');

interface Places {
  readonly ids: readonly string[];
  readonly names?: readonly string[];
  readonly organizational_units: readonly string[];
  readonly tags: object;
}
const namesSomething = (one: Places): boolean =>
  one.ids.length + (one.names?.length ?? 0) + one.organizational_units.length + Object.keys(one.tags).length > 0;

const ALL = { ids: [], names: [], organizational_units: ['/'], tags: {} };

const all = z.literal('all').transform(() => ({ ...ALL, except: undefined }));

const accounts = z.union([
  all,
  z
    .strictObject({ ids, names: names.default([]), organizational_units: units, tags, except: except.optional() })
    .refine(namesSomething, 'name at least one account, OU or tag'),
]);

/** NB. No names: a guardrail must not stop holding because somebody gave an account another name. */
const guardedAccounts = z.union([
  all,
  z
    .strictObject({ ids, organizational_units: units, tags, except: except.optional() })
    .refine(namesSomething, 'name at least one account id, OU or tag')
    .transform((one) => ({ ...one, names: [] as string[] })),
]);

const permissionSets = z.union([
  z
    .array(name)
    .min(1)
    .transform((listed) => ({ names: listed, tags: {} as Record<string, string[]> })),
  z
    .strictObject({ names: names.default([]), tags })
    .refine((one) => one.names.length + Object.keys(one.tags).length > 0, 'name at least one permission set or tag'),
]);

const match = z
  .array(z.strictObject({ person: z.enum(ATTRIBUTE_NAMES), account_tag: z.string().min(1).max(128) }))
  .default([])
  .describe("The person's attribute must equal the account's tag, so that one rule serves every team.");

const entitlement = z
  .strictObject({
    name: ruleName,
    who,
    what: z.strictObject({ accounts, permission_sets: permissionSets }),
    match,
    max_duration: durationText,
    approval: approval.optional().describe('Left out with break_glass alone: then there is no other way.'),
    require: z
      .strictObject({
        justification_length: z.int().min(1).max(1000).default(1),
        ticket_pattern: pattern.optional(),
        hours: hours.optional(),
        on_call: scheduleName.optional().describe('Name of a schedule: only for whoever is on call by it.'),
      })
      .default({ justification_length: 1 }),
    break_glass: breakGlassWith(pattern).optional(),
    delegation: ruleName.optional().describe('Name of the delegation whose bounds hold for this rule.'),
  })
  .refine((one) => one.approval !== undefined || one.break_glass !== undefined, {
    path: ['approval'],
    message: 'is missing: none, or who approves',
  })
  .meta({ anyOf: [{ required: ['approval'] }, { required: ['break_glass'] }] });

const target = z
  .strictObject({ accounts: guardedAccounts.optional(), permission_sets: permissionSets.optional() })
  .refine((one) => one.accounts !== undefined || one.permission_sets !== undefined, 'name accounts or permission sets');

const floor = z
  .strictObject({
    min_approvals: z.int().min(1).max(10).optional(),
    approvers_from: z.array(name).min(1).optional().describe('Approvers must belong to one of these groups too.'),
    max_duration: durationText.optional(),
  })
  .refine(
    (one) => Object.values(one).some((part) => part !== undefined),
    'say min_approvals, approvers_from or max_duration',
  );

const EFFECTS = ['forbid', 'freeze', 'floor', 'not_together', 'max_open'] as const;

const guardrail = z
  .strictObject({
    name: ruleName,
    who: guardedPeople.optional().describe('Everybody, when left out.'),
    what: target.optional().describe('Everything, when left out.'),
    forbid: z.string().min(1).max(500).optional().describe('Never; the text is shown to whoever is refused.'),
    freeze: freeze.optional().describe('Not while this lasts.'),
    floor: floor.optional().describe('At least so many approvals, at most so long, whatever the entitlement says.'),
    not_together: z
      .array(target)
      .min(2)
      .optional()
      .describe('Nobody has open requests for targets of two of these at once.'),
    max_open: z.int().min(1).max(20).optional().describe('Open requests of one person for such targets.'),
    break_glass: guardrailBreakGlass,
  })
  .refine(
    (one) => EFFECTS.filter((effect) => one[effect] !== undefined).length === 1,
    `say exactly one of ${EFFECTS.join(', ')}`,
  )
  .refine(
    (one) => one.not_together === undefined || one.what === undefined,
    'not_together names its targets itself; leave out what',
  )
  .meta({ oneOf: EFFECTS.map((effect) => ({ required: [effect] })) });

export const policyFileSchema = z
  .strictObject({
    version: z.literal(1),
    delegation: ruleName
      .optional()
      .describe(
        "First in the file of a team: every rule of it is held to this delegation, which the platform's file has.",
      ),
    delegations: z
      .array(delegationWith({ ruleName, ouPath, permissionSets }))
      .default([])
      .describe('What teams may write rules about.'),
    entitlements: z.array(entitlement).default([]),
    guardrails: z.array(guardrail).default([]),
  })
  .superRefine(({ entitlements, guardrails }, context) => {
    const seen = new Set<string>();
    const look = (part: string, rules: readonly { readonly name: string }[]): void => {
      for (const [index, rule] of rules.entries()) {
        if (seen.has(rule.name))
          context.addIssue({ code: 'custom', path: [part, index, 'name'], message: `"${rule.name}" is used twice` });
        seen.add(rule.name);
      }
    };
    look('entitlements', entitlements);
    look('guardrails', guardrails);
  });

export type PolicyFile = z.output<typeof policyFileSchema>;

/** What does not fit, and where in the content. */
export interface PolicyProblem {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

export type CheckedPolicy =
  | { readonly ok: true; readonly file: PolicyFile }
  | { readonly ok: false; readonly problems: readonly PolicyProblem[] };

type Issue = z.core.$ZodIssue;

/** Of a choice, the branch that was meant: the one whose own form fits, or fits best, and where more than that is wrong. */
const meant = (branches: readonly (readonly Issue[])[]): readonly Issue[] => {
  const isAnother = ([first]: readonly Issue[]): boolean =>
    first === undefined ||
    ((first.code === 'invalid_type' || first.code === 'invalid_value') && first.path.length === 0);
  const candidates = branches.filter((branch) => !isAnother(branch));
  const unknownKeys = (branch: readonly Issue[]): number =>
    branch.reduce((count, issue) => count + (issue.code === 'unrecognized_keys' ? issue.keys.length : 0), 0);
  const ownForm = (branch: readonly Issue[]): number => unknownKeys(branch.filter(({ path }) => path.length === 0));
  const byForm = (left: readonly Issue[], right: readonly Issue[]): number =>
    ownForm(left) - ownForm(right) || unknownKeys(left) - unknownKeys(right);
  return [...candidates].sort(byForm)[0] ?? [];
};

/** What has no such key, and what to write instead where that is known. */
const unknownKey = (above: PropertyKey | undefined, key: string): string => {
  if (above === 'attributes') return `nobody has an attribute "${key}"; it may be ${ATTRIBUTE_NAMES.join(', ')}`;
  const isOfAccounts = key === 'names' && (above === 'accounts' || above === 'except');
  if (isOfAccounts) return 'guardrails and exceptions go by the ids of accounts';
  return key === 'users' && above === 'who' ? 'guardrails go by groups of people' : `there is no "${key}" here`;
};

const problemsOf = (issue: Issue, above: readonly PropertyKey[] = []): readonly PolicyProblem[] => {
  const path = [...above, ...issue.path];
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({ path: [...path, key], message: unknownKey(path.at(-1), key) }));
  if (issue.code !== 'invalid_union') return [{ path, message: issue.message }];
  const branch = meant(issue.errors);
  return branch.length === 0 ? [{ path, message: issue.message }] : branch.flatMap((one) => problemsOf(one, path));
};

/** Checks the form of a policy, or of one file of it; every problem names its place. */
export const checkPolicyForm = (content: unknown): CheckedPolicy => {
  const result = policyFileSchema.safeParse(content);
  if (result.success) return { ok: true, file: result.data };
  return { ok: false, problems: result.error.issues.flatMap((issue) => problemsOf(issue)) };
};

/** Checks the content of a whole policy before it is stored; every problem names its place. */
export const checkPolicyContent = (content: unknown): CheckedPolicy => {
  const checked = checkPolicyForm(content);
  if (!checked.ok) return checked;
  const problems = delegationProblems(checked.file);
  return problems.length === 0 ? checked : { ok: false, problems };
};

export type ReadPolicy =
  | { readonly ok: true; readonly file: PolicyFile }
  | { readonly ok: false; readonly problems: readonly string[] };

/** The version of a policy: SHA-256 of its stored document, hexadecimal. */
export const policyVersionOf = (document: string): string => createHash('sha256').update(document).digest('hex');

/** Reads a stored document. What goes beyond a delegation grants nothing there, and the other rules go on. */
export const readPolicyDocument = (document: string): ReadPolicy => {
  try {
    const checked = checkPolicyForm(JSON.parse(document));
    if (checked.ok) return checked;
    return { ok: false, problems: checked.problems.map(({ path, message }) => `${path.join('.')}: ${message}`) };
  } catch (error) {
    return { ok: false, problems: [error instanceof Error ? error.message : String(error)] };
  }
};

/** How the policy table names what it holds (partition keys). */
export const POLICY_ITEMS = {
  /** The pointer to the version in force: attribute `version`. */
  pointer: 'POLICY#CURRENT',
  /** One immutable version: attribute `document`, JSON. */
  version: (hash: string): string => `POLICY#VERSION#${hash}`,
  /** The language in which those who are deployed read policies: attribute `version`. */
  language: 'POLICY#LANGUAGE',
  /** Sort key of all. */
  sort: 'POLICY',
} as const;
