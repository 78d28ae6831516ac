// The seed as a person writes it: the schema of organization.yaml.
import * as z from 'zod';
import { scheduleName } from '../../lambda/contract/on-call.ts';

const name = z.string().min(1).max(50);
const tags = z.record(z.string().min(1).max(128), z.string().max(256));

const account = z.strictObject({
  name,
  id: z
    .string()
    .regex(/^\d{12}$/, 'must be 12 digits, in quotes')
    .optional(),
  state: z.enum(['ACTIVE', 'SUSPENDED']).default('ACTIVE'),
  tags: tags.default({}),
});

const unitFields = { tags: tags.default({}), accounts: z.array(account).default([]) };

export interface UnitInFile {
  readonly tags: Readonly<Record<string, string>>;
  readonly accounts: readonly AccountInFile[];
  readonly units: Readonly<Record<string, UnitInFile>>;
}

const unit: z.ZodType<UnitInFile> = z.strictObject({
  ...unitFields,
  get units() {
    return z.record(name, unit).default({});
  },
});

const permissionSet = z.strictObject({
  name: z.string().regex(/^[\w+=,.@-]{1,32}$/, 'must be 1 to 32 letters, digits or +=,.@-_'),
  description: z.string().min(1).max(700).optional(),
  sessionDuration: z
    .string()
    .regex(/^PT([1-9]|1[0-2])H$/, 'must be PT1H to PT12H')
    .default('PT1H'),
  managedPolicies: z.array(z.string().min(1)).default([]),
  inlinePolicy: z.record(z.string(), z.unknown()).optional(),
  tags: tags.default({}),
});

const person = z.strictObject({
  userName: z.string().regex(/^[a-z][a-z0-9.-]*$/, 'must be lower-case letters, digits, dots or dashes'),
  email: z.email().optional(),
  givenName: name,
  familyName: name,
  title: z.string().min(1),
  team: name,
  attributes: z.record(z.string(), z.string()).default({}),
  status: z.enum(['ENABLED', 'DISABLED']).default('ENABLED'),
});

const group = z.strictObject({ name, description: z.string().default(''), members: z.array(z.string()).default([]) });

const assignmentFields = { permissionSet: name, accounts: z.array(name).min(1) };
const standingAssignment = z.union([
  z.strictObject({ user: name, ...assignmentFields }),
  z.strictObject({ group: name, ...assignmentFields }),
]);

export const seedFile = z.strictObject({
  region: z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'must be an AWS Region such as us-east-1'),
  organizationId: z.string().regex(/^o-[a-z0-9]{10,32}$/, 'must look like o-abcd123456'),
  rootId: z.string().regex(/^r-[a-z0-9]{4,32}$/, 'must look like r-ab12'),
  instanceId: z.string().regex(/^ssoins-[0-9a-f]{16}$/, 'must be ssoins- and 16 hexadecimal digits'),
  identityStoreId: z.string().regex(/^d-[0-9a-f]{10}$/, 'must be d- and 10 hexadecimal digits'),
  callerIs: z.enum(['management', 'delegated']),
  managementAccount: name,
  hostingAccount: name,
  root: unit,
  permissionSets: z.array(permissionSet).min(1),
  people: z.array(person).min(1),
  groups: z.array(group).default([]),
  standingAssignments: z.array(standingAssignment).default([]),
  onCall: z.record(scheduleName, z.array(z.string())).default({}),
});

export type SeedFile = z.infer<typeof seedFile>;
export type AccountInFile = z.infer<typeof account>;
export type StandingAssignmentInFile = z.infer<typeof standingAssignment>;
