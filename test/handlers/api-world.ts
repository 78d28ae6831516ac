/** A small world in memory behind the API, and calls as API Gateway makes them. */
import type { APIGatewayProxyEvent } from 'aws-lambda';
import { createFixedClock } from '../../lambda/adapters/memory/fixed-clock.ts';
import { createMemoryDirectory } from '../../lambda/adapters/memory/memory-directory.ts';
import { createMemoryLedger } from '../../lambda/adapters/memory/memory-ledger.ts';
import { createMemoryOrganization } from '../../lambda/adapters/memory/memory-organization.ts';
import { createMemoryPolicySource } from '../../lambda/adapters/memory/memory-policy-source.ts';
import { createMemoryWorkflowRunner } from '../../lambda/adapters/memory/memory-workflow-runner.ts';
import { createSequentialIds } from '../../lambda/adapters/memory/sequential-ids.ts';
import { policyFrom } from '../../lambda/adapters/policy-from-file.ts';
import { DEFAULT_LIMITS } from '../../lambda/contract/limits.ts';
import { parsePolicyFile } from '../../lambda/contract/policy-file.ts';
import { instant } from '../../lambda/domain/time.ts';
import { createApi } from '../../lambda/handlers/api/api.ts';

export const NOW = instant(Date.parse('2026-11-23T03:00:00Z'));

const POLICY = `
version: 1
entitlements:
  - name: elevated
    who: { groups: [engineers] }
    what: { accounts: { organizational_units: [Workloads] }, permission_sets: [AdministratorAccess] }
    max_duration: 4h
    approval: { groups: [leads] }
    require: { justification_length: 10, ticket_pattern: 'INC-\\d+' }
  - name: lonely
    who: { groups: [leads] }
    what: { accounts: { organizational_units: [Workloads] }, permission_sets: [ReadOnlyAccess] }
    max_duration: 1h
    approval: { groups: [omar-alone] }
  - name: read
    who: { groups: [engineers] }
    what: { accounts: { organizational_units: [Workloads] }, permission_sets: [ReadOnlyAccess] }
    max_duration: 8h
    approval: none
`;

const person = (userName: string, enabled = true) => ({
  id: `u-${userName}`,
  userName,
  displayName: userName,
  enabled,
});

const policy = () => {
  const parsed = parsePolicyFile(POLICY);
  if (!parsed.ok) throw new Error(parsed.problems.join('\n'));
  return policyFrom(parsed.file, parsed.version);
};

export const createApiWorld = () => {
  const clock = createFixedClock(NOW);
  const warnings: { message: string; fields: Readonly<Record<string, unknown>> }[] = [];
  const woken: string[] = [];
  const world = {
    clock,
    ids: createSequentialIds(),
    ledger: createMemoryLedger(),
    workflow: createMemoryWorkflowRunner(),
    policies: createMemoryPolicySource(policy()),
    converger: {
      wake: async (leaseId: string) => {
        woken.push(leaseId);
      },
    },
    reporter: {
      warn: (message: string, fields: Readonly<Record<string, unknown>>) => void warnings.push({ message, fields }),
    },
    limits: DEFAULT_LIMITS,
    roleGroups: { administrators: ['administrators'], auditors: ['auditors'] },
    directory: createMemoryDirectory({
      people: [
        ...['maria', 'diego', 'omar', 'lena', 'chloe', 'ines', 'tom'].map((name) => person(name)),
        person('victor', false),
      ],
      groups: [
        { id: 'g-engineers', name: 'engineers', memberIds: ['u-maria', 'u-diego'] },
        { id: 'g-leads', name: 'leads', memberIds: ['u-omar', 'u-lena', 'u-victor'] },
        { id: 'g-omar', name: 'omar-alone', memberIds: ['u-omar', 'u-victor'] },
        { id: 'g-administrators', name: 'administrators', memberIds: ['u-ines'] },
        { id: 'g-auditors', name: 'auditors', memberIds: ['u-tom'] },
      ],
    }),
    organization: createMemoryOrganization({
      accounts: [
        { id: '400000000001', name: 'payments-prod', ouPath: 'Workloads/Payments', active: true },
        { id: '100000000001', name: 'management', ouPath: '', active: true, forbidden: 'management-account' },
      ],
      permissionSets: [
        { arn: 'arn:aws:sso:::permissionSet/ssoins-1/ps-admin', name: 'AdministratorAccess', sessionSeconds: 3600 },
        { arn: 'arn:aws:sso:::permissionSet/ssoins-1/ps-read', name: 'ReadOnlyAccess', sessionSeconds: 3600 },
      ],
    }),
  };
  return { world, clock, warnings, woken, api: createApi(world) };
};

export interface CallOptions {
  readonly body?: unknown;
  readonly rawBody?: string;
  readonly base64?: boolean;
  readonly headers?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly userArn?: string | null;
}

export const userArnOf = (userName: string): string =>
  `arn:aws:sts::300000000001:assumed-role/AWSReservedSSO_BrevetUser_0123456789abcdef/${userName}`;

/** An event of API Gateway's REST API behind its SigV4 door. */
export const eventFor = (
  userName: string,
  method: string,
  path: string,
  options: CallOptions = {},
): APIGatewayProxyEvent => {
  const body = options.rawBody ?? (options.body === undefined ? null : JSON.stringify(options.body));
  const identity = { userArn: options.userArn === undefined ? userArnOf(userName) : options.userArn };
  return {
    httpMethod: method,
    path: `/iam/v1${path}`,
    headers: { 'content-type': 'application/json', ...options.headers },
    queryStringParameters: options.query ?? null,
    body,
    isBase64Encoded: options.base64 ?? false,
    requestContext: { requestId: 'trace-1', identity },
  } as unknown as APIGatewayProxyEvent;
};

export interface Answered {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: a test looks into whatever came back.
  readonly body: any;
  readonly headers: Readonly<Record<string, unknown>>;
}

export const createCaller =
  (api: ReturnType<typeof createApiWorld>['api']) =>
  async (userName: string, method: string, path: string, options?: CallOptions): Promise<Answered> => {
    const result = await api(eventFor(userName, method, path, options));
    return { status: result.statusCode, body: JSON.parse(result.body), headers: result.headers ?? {} };
  };

export const GOOD_ASK = {
  target: { kind: 'account', accountId: '400000000001', permissionSet: 'AdministratorAccess' },
  duration: 'PT1H',
  justification: 'the payment queue is stuck',
  ticket: 'INC-42',
};
