/** The policy as it is stored and read: who may ask for what, how long, on which conditions, approved by whom. */
import { createHash } from 'node:crypto';
import * as z from 'zod';
import { parseDuration } from './duration.ts';

const name = z.string().min(1).max(256);
const names = z.array(name);

const duration = z.string().transform((text, context) => {
  const seconds = parseDuration(text);
  if (seconds === undefined) context.addIssue(`"${text}" is no duration; write 4h, 30m or PT4H`);
  return seconds ?? z.NEVER;
});

const pattern = z.string().refine((text) => {
  try {
    return new RegExp(text, 'u') instanceof RegExp;
  } catch {
    return false;
  }
}, 'this is no regular expression');

/** A path of organizational units from the root; `/` is the whole organization. */
const ouPath = z
  .string()
  .refine((text) => text === '/' || /^[^/]+(\/[^/]+)*$/.test(text), 'an OU path such as Workloads/Payments, or /');

const who = z
  .strictObject({ groups: names.default([]), users: names.default([]) })
  .refine(({ groups, users }) => groups.length + users.length > 0, 'name at least one group or user');

const accounts = z
  .strictObject({
    ids: z.array(z.string().regex(/^\d{12}$/, 'an account id has 12 digits; write it in quotes')).default([]),
    names: names.default([]),
    organizational_units: z.array(ouPath).default([]),
  })
  .refine(
    (what) => what.ids.length + what.names.length + what.organizational_units.length > 0,
    'name at least one account or OU',
  );

const approval = z.union([
  z.literal('none'),
  z.strictObject({ groups: z.array(name).min(1), required: z.int().min(1).max(10).default(1) }),
]);

const entitlement = z.strictObject({
  name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'lower-case letters, digits and dashes, at most 63'),
  who,
  what: z.strictObject({ accounts, permission_sets: z.array(name).min(1) }),
  max_duration: duration,
  approval,
  require: z
    .strictObject({ justification_length: z.int().min(1).max(1000).default(1), ticket_pattern: pattern.optional() })
    .default({ justification_length: 1 }),
});

export const policyFileSchema = z
  .strictObject({ version: z.literal(1), entitlements: z.array(entitlement) })
  .superRefine(({ entitlements }, context) => {
    const seen = new Set<string>();
    for (const [index, { name }] of entitlements.entries()) {
      if (seen.has(name))
        context.addIssue({ code: 'custom', path: ['entitlements', index, 'name'], message: `"${name}" is used twice` });
      seen.add(name);
    }
  });

export type PolicyFile = z.output<typeof policyFileSchema>;

export type ReadPolicy =
  | { readonly ok: true; readonly file: PolicyFile }
  | { readonly ok: false; readonly problems: readonly string[] };

/** Checks the content of a policy; every problem names its place. */
export const checkPolicy = (content: unknown): ReadPolicy => {
  const result = policyFileSchema.safeParse(content);
  if (result.success) return { ok: true, file: result.data };
  return { ok: false, problems: result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`) };
};

/** The version of a policy: SHA-256 of its stored document, hexadecimal. */
export const policyVersionOf = (document: string): string => createHash('sha256').update(document).digest('hex');

/** Reads a stored document. */
export const readPolicyDocument = (document: string): ReadPolicy => {
  try {
    return checkPolicy(JSON.parse(document));
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
  /** Sort key of both. */
  sort: 'POLICY',
} as const;
