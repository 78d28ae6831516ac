/** What `--json` prints on stdout, as schemas: published in docs/cli-json, and checked by the tests against what is printed. */
import * as z from 'zod';
import { catalogPage, meView, requestDetail, requestPage } from '../lambda/contract/api.ts';
import { FINDING_KINDS } from '../lambda/contract/audit-chain.ts';
import { EARLIER_FINDING_KINDS } from '../lambda/contract/audit-earlier.ts';
import { driftBaseline, driftView } from '../lambda/contract/drift.ts';
import { explanationView } from '../lambda/contract/explain.ts';
import { type Json, schemaOf } from '../lambda/contract/openapi-schemas.ts';
import { organizationExport } from '../lambda/contract/organization-export.ts';
import { policyCheckView, policyView } from '../lambda/contract/policy-check.ts';
import { pastOutcomes } from '../lambda/contract/policy-past.ts';
import { problemSchema } from '../lambda/contract/problem.ts';
import { moment, personView } from '../lambda/contract/view-parts.ts';

/** The profile that `--write-profile` has written. */
export const writtenProfile = z.object({
  name: z.string(),
  configFile: z.string(),
  isComplete: z.boolean().describe('False when it does not say how to sign in to IAM Identity Center.'),
});
export type WrittenProfile = z.infer<typeof writtenProfile>;

export const askedRequest = requestDetail.extend({
  awsProfile: writtenProfile.optional().describe('With `--write-profile`, once the access is usable.'),
});

export const callerView = meView.extend({
  door: z.enum(['sigv4', 'oidc']).describe('Through which door the service was called.'),
});

/** What `login` answers; never the tokens. */
export const signedIn = z.object({
  endpoint: z.string(),
  issuer: z.string(),
  person: personView,
  until: moment.describe('When the token ends.'),
  isRenewable: z.boolean().describe('Whether it is renewed by itself then.'),
  keptIn: z.string(),
});
export type SignedIn = z.infer<typeof signedIn>;

export const signedOut = z.object({
  endpoint: z.string(),
  wasSignedIn: z.boolean(),
  isRevoked: z.boolean().describe('Whether the issuer took back what it gave.'),
});
export type SignedOut = z.infer<typeof signedOut>;

/** What `local profile` answers; never the keys. */
export const localProfiles = z.object({
  configFile: z.string(),
  credentialsFile: z.string(),
  endpoint: z.string(),
  awsEndpoint: z.string(),
  region: z.string(),
  people: z.array(
    z.object({ userName: z.string(), displayName: z.string(), title: z.string(), groups: z.array(z.string()) }),
  ),
});
export type LocalProfiles = z.infer<typeof localProfiles>;

/** What `audit export` has written. */
export const writtenEvents = z.object({
  from: moment,
  to: moment,
  events: z.int(),
  file: z.string(),
});

const chainFinding = z.object({
  kind: z.enum([...FINDING_KINDS, ...EARLIER_FINDING_KINDS]),
  requestId: z.string(),
  sequence: z.int(),
  until: z.int().optional().describe('The last of several missing events.'),
});
const unreadableLine = z.object({ kind: z.literal('unreadable'), line: z.int(), why: z.string() });

/** What `audit verify` found. */
export const auditVerdict = z.object({
  isWhole: z.boolean(),
  events: z.int(),
  requests: z.int(),
  findings: z.array(z.union([chainFinding, unreadableLine])),
  beginLater: z
    .array(z.object({ requestId: z.string(), sequence: z.int() }))
    .describe('Chains that begin before what was exported, with the first event that is there.'),
});
export type AuditVerdict = z.infer<typeof auditVerdict>;

const longSession = z.object({ permissionSet: z.string(), sessionDuration: z.string() });
export type LongSession = z.infer<typeof longSession>;

const finding = z.object({
  check: z.enum(['sessions', 'settings', 'clock', 'door', 'identity']),
  verdict: z.enum(['good', 'advice', 'bad', 'unknown']),
  text: z.string(),
  code: z.string().optional().describe('Of the problem, where one was met.'),
  next: z.string().optional().describe('What to do about it.'),
});
export type Finding = z.infer<typeof finding>;

/** What `doctor` found. */
export const doctorReport = z.object({
  isWell: z.boolean().describe('False when something does not work; advice does not count.'),
  findings: z.array(finding),
  longSessions: z
    .array(longSession)
    .describe('Permission sets that the caller may ask for and whose credentials live for more than an hour.'),
});
export type DoctorReport = z.infer<typeof doctorReport>;

const place = { file: z.string(), line: z.int(), column: z.int() };

const placedFindings = z.array(z.object({ ...place, path: z.string(), message: z.string() }));

/** What `policy lint` found. */
export const lintReport = z.object({
  judgedNames: z.boolean().describe('Whether names were looked up in an organization.'),
  findings: placedFindings,
});
export type LintReport = z.infer<typeof lintReport>;

/** What came of the cases of `policy test`. */
export const caseReport = z.object({
  passed: z.int(),
  failed: z.int(),
  cases: z.array(z.object({ ...place, name: z.string(), passed: z.boolean(), differences: z.array(z.string()) })),
});
export type CaseReport = z.infer<typeof caseReport>;

const terms = z.object({
  account: z.string(),
  accountId: z.string(),
  permissionSet: z.string(),
  approvals: z.int(),
  approvers: z.string().describe('Who approves, stage by stage, in words.'),
  maxDuration: z.string(),
  ways: z
    .array(z.string())
    .optional()
    .describe('Every way to it in words, that which asks the least first; absent where the rest tells all.'),
  breakGlass: z
    .object({ maxDuration: z.string(), isOnlyWay: z.boolean() })
    .optional()
    .describe('Where the glass may be broken for it.'),
  readable: z.string().describe('The terms for people.'),
});

const differences = z.array(
  z.object({
    people: z.array(z.string()).describe('User names.'),
    changes: z.array(
      z.object({ kind: z.enum(['gains', 'loses', 'changes']), before: terms.optional(), after: terms.optional() }),
    ),
  }),
);

/** What `policy diff` found: each change once, with those for whom it is one. */
export const policyDifferences = z.object({ differences });
export type PolicyDifferences = z.infer<typeof policyDifferences>;

/** What came of `policy publish`. */
export const policyPublication = z.object({
  outcome: z.enum(['published', 'unchanged', 'dry-run', 'refused']),
  version: z.string().optional().describe('Of this policy; absent when it is refused.'),
  replaces: z.string().optional().describe('The version that was in force; absent when there was none.'),
  judgedNames: z.boolean().describe('Whether names were looked up in an organization.'),
  findings: placedFindings.describe('Why it is refused.'),
  differences: differences
    .optional()
    .describe(
      'Who gains and loses what by it; only where an organization is at hand, and the version before can be read.',
    ),
});
export type PolicyPublication = z.infer<typeof policyPublication>;

/** What `policy replay` found. */
export const policyReplay = pastOutcomes.extend({ version: z.string().describe('Of the proposed policy.') });
export type PolicyReplay = z.infer<typeof policyReplay>;

/** What `policy check` found. */
export const policyCheckReport = policyCheckView.extend({
  findings: placedFindings,
  cases: z.array(policyCheckView.shape.cases.element.extend(place)),
});
export type PolicyCheckReport = z.infer<typeof policyCheckReport>;

/** What `export organization` has written. */
export const writtenOrganization = z.object({
  file: z.string(),
  takenAt: moment,
  accounts: z.int(),
  permissionSets: z.int(),
  groups: z.int(),
  people: z.int(),
});
export type WrittenOrganization = z.infer<typeof writtenOrganization>;

interface JsonDocument {
  readonly title: string;
  readonly schema: z.ZodType;
}

/** By the name of the file. */
export const JSON_DOCUMENTS: Readonly<Record<string, JsonDocument>> = {
  asked: { title: 'brevet request, brevet again', schema: askedRequest },
  request: { title: 'brevet show, approve, reject, acknowledge, review, cancel, end, extend', schema: requestDetail },
  requests: { title: 'brevet ls', schema: requestPage },
  catalog: { title: 'brevet catalog', schema: catalogPage },
  explain: { title: 'brevet explain and brevet policy explain', schema: explanationView },
  whoami: { title: 'brevet whoami', schema: callerView },
  doctor: { title: 'brevet doctor', schema: doctorReport },
  login: { title: 'brevet login', schema: signedIn },
  logout: { title: 'brevet logout', schema: signedOut },
  'local-profile': { title: 'brevet local profile', schema: localProfiles },
  'audit-export': { title: 'brevet audit export --out', schema: writtenEvents },
  'audit-verify': { title: 'brevet audit verify', schema: auditVerdict },
  drift: { title: 'brevet drift', schema: driftView },
  'drift-baseline': { title: 'brevet drift baseline', schema: driftBaseline },
  'policy-lint': { title: 'brevet policy lint', schema: lintReport },
  'policy-test': { title: 'brevet policy test', schema: caseReport },
  'policy-diff': { title: 'brevet policy diff', schema: policyDifferences },
  'policy-replay': { title: 'brevet policy replay', schema: policyReplay },
  'policy-check': { title: 'brevet policy check', schema: policyCheckReport },
  'policy-show': { title: 'brevet policy show', schema: policyView },
  'policy-publish': { title: 'brevet policy publish', schema: policyPublication },
  'export-organization': { title: 'brevet export organization', schema: writtenOrganization },
  organization: { title: 'The file that brevet export organization writes', schema: organizationExport },
  problem: { title: 'Any command that fails', schema: problemSchema },
};

/** As JSON Schema 2020-12, open for fields to come. */
export const jsonSchemas = (): ReadonlyMap<string, Json> =>
  new Map(
    Object.entries(JSON_DOCUMENTS).map(([name, { title, schema }]) => [
      `${name}.schema.json`,
      { $schema: 'https://json-schema.org/draft/2020-12/schema', title, ...schemaOf(schema) },
    ]),
  );
