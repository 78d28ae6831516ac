/** The one settings file, `brevet.yaml`: read by the stack and by the local service. */
import * as z from 'zod';
import { parseDuration } from './duration.ts';
import { DEFAULT_LIMITS, type Limits } from './limits.ts';
import { mailSettings } from './mail-settings.ts';
import { onCallSettings } from './on-call-settings.ts';
import { oidcSettings } from './sign-in.ts';

const duration = z.string().transform((text, context) => {
  const seconds = parseDuration(text);
  if (seconds === undefined) context.addIssue(`"${text}" is no duration; write 8h, 90m or PT8H`);
  return seconds ?? z.NEVER;
});

const groupNames = z.array(z.string().min(1)).default([]);

/**
 * NB. A role that Identity Center made is none: whoever got access through Brevet to where it lies could then change
 * who gets access.
 */
const publisherRole = z
  .string()
  .regex(
    /^arn:aws:iam::\d{12}:role\/[\w+=,.@/-]{1,576}$/,
    'the ARN of a role, such as arn:aws:iam::300000000001:role/ci',
  )
  .refine((arn) => !arn.includes(':role/aws-reserved/'), 'a role of IAM Identity Center may not publish the policy');

const limitsSchema = z.strictObject({
  longest_duration: duration.optional(),
  /** At most 20: so many holds of one lease are looked at together. */
  open_requests_per_person: z.int().min(1).max(20).optional(),
  pending_expiry: duration.optional(),
  time_to_grant: duration.optional(),
  start_ahead: duration.optional(),
  drift_round_every: duration.optional(),
});

export const settingsSchema = z.strictObject({
  /** Account that hosts Brevet: the management account or a delegated administrator of IAM Identity Center. */
  account: z.string().regex(/^\d{12}$/, 'an account id has 12 digits'),
  /** Region of the IAM Identity Center instance, and of Brevet. */
  region: z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'a Region such as eu-central-1'),
  organization_id: z.string().regex(/^o-[a-z0-9]{10,32}$/, 'an organization id such as o-a1b2c3d4e5'),
  identity_center: z.strictObject({
    instance_arn: z.string().regex(/^arn:aws[a-z-]*:sso:::instance\/(sso)?ins-[a-zA-Z0-9-.]{16}$/, 'an instance ARN'),
    identity_store_id: z
      .string()
      .regex(/^d-[0-9a-f]{10}$|^[0-9a-f-]{36}$/, 'an Identity Store id such as d-1234567890'),
  }),
  /** Groups whose members may end anything and read everything; they approve nothing by this role. */
  administrators: groupNames,
  /** Groups whose members may read everything. */
  auditors: groupNames,
  /** Path of the policy file, or of a folder of them, relative to this file. */
  policy: z.string().min(1),
  /**
   * Roles that publish the policy, such as that of CI: `brevet policy publish`. With any, a deploy publishes the policy of
   * this file only where there is none yet, so that it never takes back what they published.
   */
  policy_publishers: z
    .array(publisherRole)
    .max(10)
    .refine((arns) => new Set(arns).size === arns.length, 'each role once')
    .default([]),
  /** Permission sets that may be elevated to carry this tag; with it, IAM itself forbids Brevet to assign any other. */
  elevatable_tag: z.strictObject({ key: z.string().min(1).max(128), value: z.string().max(256) }).optional(),
  /** Whether the account that hosts Brevet may be a target: then with two approvers at least, and by breaking no glass. */
  hosting_account: z.enum(['never', 'two_approvers'], 'never or two_approvers').default('never'),
  /** What becomes of assignments that Brevet did not make, once a baseline says which of them are in order. */
  drift: z.enum(['report', 'remove'], 'report or remove').default('report'),
  /** The door for people without AWS credentials; absent: there is none. */
  oidc: oidcSettings.optional(),
  /** Where it is asked who is on call, for rules that require it. */
  on_call: onCallSettings.optional(),
  /** By which people are told what concerns them: approvers, and everybody who is named where the glass was broken. */
  mail: mailSettings.optional(),
  /** Where alarms go; absent: alarms exist, and nobody is mailed. */
  alarm_email: z.email().optional(),
  limits: limitsSchema.default({}),
});

export type Settings = z.output<typeof settingsSchema>;

/** The table of limits with what the settings change. */
export const limitsFrom = ({ limits }: Settings): Limits => ({
  ...DEFAULT_LIMITS,
  ...(limits.longest_duration === undefined ? {} : { longestDurationSeconds: limits.longest_duration }),
  ...(limits.open_requests_per_person === undefined ? {} : { openRequestsPerPerson: limits.open_requests_per_person }),
  ...(limits.pending_expiry === undefined ? {} : { pendingExpirySeconds: limits.pending_expiry }),
  ...(limits.time_to_grant === undefined ? {} : { timeToGrantSeconds: limits.time_to_grant }),
  ...(limits.start_ahead === undefined ? {} : { startAheadSeconds: limits.start_ahead }),
  ...(limits.drift_round_every === undefined ? {} : { driftRoundSeconds: limits.drift_round_every }),
});
