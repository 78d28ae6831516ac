/** What a deployment has names for: tables, functions, the state machine, the role of its people, with the seed's ids. */
import { createHash } from 'node:crypto';
import type { Settings } from '../lambda/contract/settings.ts';
import type { FunctionSettings } from './functions/lambda-functions.ts';
import type { Seed } from './seed/seed.ts';

export const FUNCTION_KINDS = [
  'api',
  'authorizer',
  'workflow',
  'converge',
  'sweep',
  'drift',
  'catalogue',
  'census',
  'policyCheck',
  'tell',
] as const;
export type FunctionKind = (typeof FUNCTION_KINDS)[number];

/** As deployed: people are told anything where the settings say from which address. */
export const kindsFor = ({ mail }: Pick<Settings, 'mail'>): readonly FunctionKind[] =>
  FUNCTION_KINDS.filter((kind) => kind !== 'tell' || mail !== undefined);

/** As `lib/functions.ts` and `lib/telling.ts` deploy them. */
export const FUNCTION_SETTINGS: Readonly<Record<FunctionKind, FunctionSettings>> = {
  api: { timeoutSeconds: 28, retryAttempts: 2 },
  authorizer: { timeoutSeconds: 10, retryAttempts: 2 },
  workflow: { timeoutSeconds: 60, retryAttempts: 2 },
  converge: { timeoutSeconds: 900, retryAttempts: 2 },
  sweep: { timeoutSeconds: 60, retryAttempts: 0 },
  drift: { timeoutSeconds: 90, retryAttempts: 1 },
  catalogue: { timeoutSeconds: 900, retryAttempts: 2 },
  census: { timeoutSeconds: 900, retryAttempts: 1 },
  policyCheck: { timeoutSeconds: 28, retryAttempts: 2 },
  tell: { timeoutSeconds: 300, retryAttempts: 0 },
};

export interface Deployment {
  readonly region: string;
  /** The account that hosts Brevet. */
  readonly accountId: string;
  readonly organizationId: string;
  readonly requestTable: string;
  readonly policyTable: string;
  readonly stateMachineArn: string;
  readonly functions: Readonly<Record<FunctionKind, string>>;
  /** Name of the role that people have in the hosting account, for calling the API. */
  readonly callerRole: string;
}

export const functionArn = ({ region, accountId, functions }: Deployment, kind: FunctionKind): string =>
  `arn:aws:lambda:${region}:${accountId}:function:${functions[kind]}`;

/** The role of the only function that changes assignments. */
export const convergeRoleArn = ({ accountId, functions }: Deployment): string =>
  `arn:aws:iam::${accountId}:role/${functions.converge}`;

/** Identity Center puts 16 hexadecimal digits after the permission set's name. */
const callerRole = (accountId: string): string => {
  const suffix = createHash('sha256').update(`BrevetUser in ${accountId}`).digest('hex').slice(0, 16);
  return `AWSReservedSSO_BrevetUser_${suffix}`;
};

export const deploymentOf = ({ region, hostingAccountId: accountId, organizationId }: Seed): Deployment => ({
  region,
  accountId,
  organizationId,
  requestTable: 'brevet-requests',
  policyTable: 'brevet-policy',
  stateMachineArn: `arn:aws:states:${region}:${accountId}:stateMachine:brevet-access-request`,
  functions: {
    api: 'brevet-api',
    authorizer: 'brevet-authorizer',
    workflow: 'brevet-workflow',
    converge: 'brevet-converge',
    sweep: 'brevet-sweep',
    drift: 'brevet-drift',
    catalogue: 'brevet-catalogue',
    census: 'brevet-census',
    policyCheck: 'brevet-policy-check',
    tell: 'brevet-tell',
  },
  callerRole: callerRole(accountId),
});
