// The organization that the local service starts with, read from YAML and with every id filled in.
import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { resolveSeed } from './resolve-seed.ts';
import { seedFile } from './seed-file.ts';

export interface Seed {
  readonly region: string;
  readonly organizationId: string;
  readonly rootId: string;
  readonly managementAccountId: string;
  /** The account Brevet is deployed in, a delegated administrator of Identity Center. */
  readonly hostingAccountId: string;
  readonly instanceArn: string;
  readonly identityStoreId: string;
  /** As whom the stand-in treats every caller. A delegated administrator cannot touch assignments in the management account. */
  readonly callerIs: 'management' | 'delegated';
  readonly organizationalUnits: readonly SeedOrganizationalUnit[];
  readonly accounts: readonly SeedAccount[];
  readonly permissionSets: readonly SeedPermissionSet[];
  readonly people: readonly SeedPerson[];
  readonly groups: readonly SeedGroup[];
  readonly standingAssignments: readonly SeedAssignment[];
  /** E-mail addresses of those who are on call, by schedule. */
  readonly onCall: Readonly<Record<string, readonly string[]>>;
}

export interface SeedOrganizationalUnit {
  readonly id: string;
  readonly name: string;
  /** A root or an organizational unit. */
  readonly parentId: string;
  /** Names from the root down, this one last: `['Workloads', 'Payments', 'Prod']`. */
  readonly path: readonly string[];
}

export interface SeedAccount {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly parentId: string;
  /** Names of the organizational units above it, from the root down. */
  readonly path: readonly string[];
  readonly state: 'ACTIVE' | 'SUSPENDED';
  readonly tags: Readonly<Record<string, string>>;
}

export interface SeedPermissionSet {
  readonly arn: string;
  readonly name: string;
  readonly description: string | undefined;
  /** ISO 8601, such as `PT1H`. */
  readonly sessionDuration: string;
  readonly managedPolicyArns: readonly string[];
  /** A policy document as JSON text. */
  readonly inlinePolicy: string | undefined;
  readonly tags: Readonly<Record<string, string>>;
}

export interface SeedPerson {
  readonly userId: string;
  readonly userName: string;
  readonly email: string;
  readonly givenName: string;
  readonly familyName: string;
  readonly displayName: string;
  readonly title: string;
  /** Always has `team`. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly status: 'ENABLED' | 'DISABLED';
}

export interface SeedGroup {
  readonly groupId: string;
  readonly displayName: string;
  readonly description: string;
  readonly memberUserIds: readonly string[];
}

export interface SeedAssignment {
  readonly accountId: string;
  readonly permissionSetArn: string;
  readonly principalType: 'USER' | 'GROUP';
  readonly principalId: string;
}

/** A seed that cannot be used; every problem is on a line of its own with its place in the file. */
export class SeedError extends Error {
  override readonly name = 'SeedError';
}

/** @throws SeedError naming the path inside the file of everything that is wrong with it. */
export const readSeed = async (path: string): Promise<Seed> => {
  const parsed = seedFile.safeParse(yamlOf(path, await readFile(path, 'utf8')));
  if (!parsed.success) {
    throw new SeedError(
      complaint(
        path,
        parsed.error.issues.map((issue) => `${place(issue.path)}: ${issue.message}`),
      ),
    );
  }
  const { seed, problems } = resolveSeed(parsed.data);
  if (problems.length > 0) throw new SeedError(complaint(path, problems));
  return seed;
};

const yamlOf = (path: string, text: string): unknown => {
  try {
    return parse(text);
  } catch (cause) {
    throw new SeedError(complaint(path, [`is not YAML: ${cause instanceof Error ? cause.message : String(cause)}`]), {
      cause,
    });
  }
};

const complaint = (path: string, problems: readonly string[]): string =>
  `The seed ${path} cannot be used:\n${problems.map((problem) => `  ${problem}`).join('\n')}`;

const place = (path: readonly PropertyKey[]): string =>
  path
    .map((key, index) => (typeof key === 'number' ? `[${key}]` : `${index === 0 ? '' : '.'}${String(key)}`))
    .join('') || '(top)';
