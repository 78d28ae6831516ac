/** A small world in memory behind the API, and calls as API Gateway makes them. */
import type { APIGatewayProxyEvent } from 'aws-lambda';
import { createFixedClock } from '../../lambda/adapters/memory/fixed-clock.ts';
import { createMemoryAssignments } from '../../lambda/adapters/memory/memory-assignments.ts';
import { createMemoryDirectory } from '../../lambda/adapters/memory/memory-directory.ts';
import { createMemoryDriftStore } from '../../lambda/adapters/memory/memory-drift-store.ts';
import { createMemoryLedger } from '../../lambda/adapters/memory/memory-ledger.ts';
import { createMemoryOnCall } from '../../lambda/adapters/memory/memory-on-call.ts';
import { createMemoryOrganization } from '../../lambda/adapters/memory/memory-organization.ts';
import { createMemoryPlaces } from '../../lambda/adapters/memory/memory-places.ts';
import { createMemoryPolicySource } from '../../lambda/adapters/memory/memory-policy-source.ts';
import { createMemoryWorkflowRunner } from '../../lambda/adapters/memory/memory-workflow-runner.ts';
import { createSequentialIds } from '../../lambda/adapters/memory/sequential-ids.ts';
import { createPolicyContentReader } from '../../lambda/adapters/policy-content-reader.ts';
import { policyFrom } from '../../lambda/adapters/policy-from-file.ts';
import { DOOR_PREFIXES } from '../../lambda/contract/doors.ts';
import { DEFAULT_LIMITS, type Limits } from '../../lambda/contract/limits.ts';
import { parsePolicyFile } from '../../lambda/contract/policy-file.ts';
import type { Catalogue } from '../../lambda/domain/catalogue.ts';
import type { Policy } from '../../lambda/domain/policy/policy.ts';
import { addSeconds, instant } from '../../lambda/domain/time.ts';
import { createApi } from '../../lambda/handlers/api/api.ts';
import { HANDLERS } from '../../lambda/handlers/api/operations.ts';
import { POLICY_HANDLERS } from '../../lambda/handlers/api/policy-operations.ts';
import type { CatalogueSource } from '../../lambda/ports/catalogue-source.ts';
import { convergeLease } from '../../lambda/use-cases/converge-lease.ts';
import { sweep } from '../../lambda/use-cases/sweep.ts';
import { createCounting } from '../use-cases/counting.ts';

export const NOW = instant(Date.parse('2026-11-23T03:00:00Z'));

export const POLICY = `
version: 1
entitlements:
  - name: elevated
    who: { groups: [engineers] }
    what: { accounts: { organizational_units: [Workloads] }, permission_sets: [AdministratorAccess] }
    max_duration: 4h
    approval: { groups: [leads] }
    require: { justification_length: 10, ticket_pattern: 'INC-\\d+' }
    break_glass: { tell: { groups: [leads] }, incident_pattern: 'INC-\\d+', review: { by: { users: [lena] } }, max_uses: 2 }
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

/** Of both functions behind the doors together. */
export const OPERATIONS_OF_ALL = { ...HANDLERS, ...POLICY_HANDLERS };

const person = (userName: string, enabled = true) => ({
  id: `u-${userName}`,
  userName,
  displayName: userName,
  enabled,
});

const parsedPolicy = (text: string) => {
  const parsed = parsePolicyFile(text);
  if (!parsed.ok) throw new Error(parsed.problems.join('\n'));
  return parsed;
};

export const policyOf = (text: string): Policy => {
  const { file, version } = parsedPolicy(text);
  return policyFrom(file, version);
};

/** As it is stored, and sent. */
export const contentOf = (text: string): Record<string, unknown> => JSON.parse(parsedPolicy(text).document);

const GROUPS = [
  { id: 'g-engineers', name: 'engineers', memberIds: ['u-maria', 'u-diego'] },
  { id: 'g-leads', name: 'leads', memberIds: ['u-omar', 'u-lena', 'u-victor'] },
  { id: 'g-omar', name: 'omar-alone', memberIds: ['u-omar', 'u-victor'] },
  { id: 'g-administrators', name: 'administrators', memberIds: ['u-ines'] },
  { id: 'g-auditors', name: 'auditors', memberIds: ['u-tom'] },
];

const PEOPLE = [
  ...['maria', 'diego', 'omar', 'lena', 'chloe', 'ines', 'tom'].map((name) => person(name)),
  person('victor', false),
];

export const createApiWorld = (limits: Partial<Limits> = {}) => {
  const clock = createFixedClock(NOW);
  const counting = createCounting({ people: PEOPLE, groups: GROUPS, clock });
  const warnings: { message: string; fields: Readonly<Record<string, unknown>> }[] = [];
  const woken: string[] = [];
  const rung: string[] = [];
  const organization = createMemoryOrganization({
    accounts: [
      { id: '400000000001', name: 'payments-prod', ouPath: 'Workloads/Payments', active: true },
      { id: '100000000001', name: 'management', ouPath: '', active: true, forbidden: 'management-account' },
    ],
    permissionSets: [
      { arn: 'arn:aws:sso:::permissionSet/ssoins-1/ps-admin', name: 'AdministratorAccess', sessionSeconds: 3600 },
      { arn: 'arn:aws:sso:::permissionSet/ssoins-1/ps-read', name: 'ReadOnlyAccess', sessionSeconds: 3600 },
    ],
  });
  const ledger = createMemoryLedger();
  const policies = createMemoryPolicySource();
  policies.publish(policyOf(POLICY), contentOf(POLICY));
  const world = {
    clock,
    ids: createSequentialIds(),
    places: createMemoryPlaces(),
    ledger,
    trail: ledger,
    census: counting.census,
    /** Done as soon as it is begun: whoever asks again has it. */
    censusTaker: {
      begin: async (groupIds: readonly string[]) => {
        await counting.censusTaker.begin(groupIds);
        await counting.count();
      },
    },
    driftStore: createMemoryDriftStore(ledger),
    driftRules: {
      mode: 'report' as const,
      instanceArn: 'arn:aws:sso:::instance/ssoins-1',
      roundSeconds: 3600,
      removalsAnHour: 10,
    },
    workflow: createMemoryWorkflowRunner(),
    assignments: createMemoryAssignments(),
    policies,
    policyReader: createPolicyContentReader(),
    converger: {
      wake: async (leaseIds: readonly string[]) => {
        woken.push(...leaseIds);
      },
    },
    reporter: {
      warn: (message: string, fields: Readonly<Record<string, unknown>>) => void warnings.push({ message, fields }),
    },
    bell: { ring: (alarm: string, { id }: { readonly id: string }) => void rung.push(`${alarm} ${id}`) },
    limits: { ...DEFAULT_LIMITS, ...limits },
    roleGroups: { administrators: ['administrators'], auditors: ['auditors'] },
    directory: createMemoryDirectory({ people: PEOPLE, groups: GROUPS }),
    organization,
    onCall: createMemoryOnCall(),
    /** As it is now: what happens when it is older is a matter of the use cases. */
    catalogue: {
      current: async (): Promise<Catalogue | undefined> => ({
        asOf: clock.now(),
        accounts: await organization.accounts({ tags: true }),
        units: ['Workloads', 'Workloads/Payments'],
        permissionSets: await organization.permissionSets({ tags: true }),
      }),
      groups: async (): ReturnType<CatalogueSource['groups']> => ({
        asOf: clock.now(),
        byName: new Map(GROUPS.map(({ id, name }) => [name, { id, name }])),
      }),
    },
  };
  /** Lets time pass, and then everything happen that is due: what the workflows and the sweep do. */
  const pass = async (seconds: number): Promise<void> => {
    clock.advance(seconds);
    await sweep(world);
    for (let leaseId = woken.shift(); leaseId !== undefined; leaseId = woken.shift()) {
      await convergeLease(world, leaseId, addSeconds(clock.now(), 60));
    }
  };
  return { world, clock, warnings, woken, pass, api: createApi(world, OPERATIONS_OF_ALL) };
};

export interface CallOptions {
  /** The SigV4 door, unless it says otherwise. */
  readonly door?: keyof typeof DOOR_PREFIXES;
  readonly body?: unknown;
  readonly rawBody?: string;
  readonly base64?: boolean;
  readonly headers?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  /** What the SigV4 door proved; null for nothing. */
  readonly userArn?: string | null;
  /** What the OIDC door's authorizer left; null for nothing. */
  readonly authorizer?: Readonly<Record<string, string>> | null;
  /** Whatever else is different about the event. */
  readonly event?: Readonly<Partial<Record<keyof APIGatewayProxyEvent, unknown>>>;
}

export const userArnOf = (userName: string): string =>
  `arn:aws:sts::300000000001:assumed-role/AWSReservedSSO_BrevetUser_0123456789abcdef/${userName}`;

/** What API Gateway's authorization leaves in the context, at the one door and at the other. */
const contextFor = (userName: string, { door = 'sigv4', userArn, authorizer }: CallOptions) =>
  door === 'sigv4'
    ? { identity: { userArn: userArn === undefined ? userArnOf(userName) : userArn }, authorizer: null }
    : {
        identity: { userArn: null },
        authorizer: authorizer === undefined ? { kind: 'user-name', value: userName } : authorizer,
      };

/** An event of API Gateway's REST API. */
export const eventFor = (
  userName: string,
  method: string,
  path: string,
  options: CallOptions = {},
): APIGatewayProxyEvent => {
  const body = options.rawBody ?? (options.body === undefined ? null : JSON.stringify(options.body));
  return {
    httpMethod: method,
    path: `${DOOR_PREFIXES[options.door ?? 'sigv4']}${path}`,
    headers: { 'content-type': 'application/json', ...options.headers },
    queryStringParameters: options.query ?? null,
    body,
    isBase64Encoded: options.base64 ?? false,
    requestContext: { requestId: 'trace-1', ...contextFor(userName, options) },
    ...options.event,
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
