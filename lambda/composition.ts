/** The place that builds adapters: what each function gets, from its environment; the authorizer and the function that tells people have ones of their own. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SSOAdminClient } from '@aws-sdk/client-sso-admin';
import { createAwsSurveyor } from './adapters/aws-surveyor.ts';
import { clientDefaults, unrepeated } from './adapters/client-defaults.ts';
import { createDynamoCatalogueStore } from './adapters/dynamo-catalogue-store.ts';
import { createDynamoCensusStore } from './adapters/dynamo-census-store.ts';
import { createDynamoDriftStore } from './adapters/dynamo-drift-store.ts';
import { createDynamoTrail } from './adapters/dynamo-events.ts';
import { createDynamoLedger } from './adapters/dynamo-ledger.ts';
import { createDynamoPlaces } from './adapters/dynamo-places.ts';
import { createDynamoPolicySource } from './adapters/dynamo-policy-source.ts';
import { createDynamoPumpLock } from './adapters/dynamo-pump-lock.ts';
import { createHttpOnCall, createNoOnCall } from './adapters/http-on-call.ts';
import { createIdentityCenterAssignmentLists } from './adapters/identity-center-assignment-lists.ts';
import { createIdentityCenterAssignments } from './adapters/identity-center-assignments.ts';
import { createIdentityStoreCalls } from './adapters/identity-store-calls.ts';
import { createIdentityStoreDirectory } from './adapters/identity-store-directory.ts';
import { createIdentityStorePeopleLists } from './adapters/identity-store-people-lists.ts';
import { createLambdaCensusTaker } from './adapters/lambda-census-taker.ts';
import { createLambdaConverger } from './adapters/lambda-converger.ts';
import { createLogBell } from './adapters/log-bell.ts';
import { createLogReporter } from './adapters/log-reporter.ts';
import { createOrganizationsCalls } from './adapters/organizations-calls.ts';
import { createOrganizationsOrganization } from './adapters/organizations-organization.ts';
import { POLICY_CHECK_RATE, pacedIdentityStore } from './adapters/paced-client.ts';
import { createParameterReader } from './adapters/parameter-reader.ts';
import { createPermissionSetCalls } from './adapters/permission-set-calls.ts';
import { createPolicyContentReader } from './adapters/policy-content-reader.ts';
import { createRandomIds } from './adapters/random-ids.ts';
import { createRememberedCatalogue } from './adapters/remembered-catalogue.ts';
import { answerOf, createStepFunctionsCalls, createStepFunctionsRunner } from './adapters/step-functions-runner.ts';
import { createSystemClock } from './adapters/system-clock.ts';
import { ENVIRONMENT } from './contract/environment.ts';
import { DEFAULT_LIMITS, type Limits } from './contract/limits.ts';
import type { OnCallRules } from './contract/on-call.ts';
import { logger } from './logger.ts';
import type { DriftNews } from './ports/drift-news.ts';
import type { DriftRules } from './use-cases/world.ts';

type Name = keyof typeof ENVIRONMENT;

/** @throws Error at the start of a function whose environment is not complete: better than at 3 a.m. */
const setting = (name: Name): string => {
  const value = process.env[ENVIRONMENT[name]];
  if (!value) throw new Error(`the environment variable ${ENVIRONMENT[name]} is not set`);
  return value;
};

const groupNames = (name: 'administrators' | 'auditors'): readonly string[] => {
  const names: unknown = JSON.parse(process.env[ENVIRONMENT[name]] ?? '[]');
  if (!Array.isArray(names)) throw new Error(`${ENVIRONMENT[name]} must be a JSON array of group names`);
  return names.map(String);
};

const limitsNow = (): Limits => ({
  ...DEFAULT_LIMITS,
  ...(JSON.parse(process.env[ENVIRONMENT.limits] ?? '{}') as Partial<Limits>),
});

/** What every function needs: time, chance, the log and the ledger. */
const composeBasis = () => {
  const clock = createSystemClock();
  const dynamo = new DynamoDBClient(clientDefaults);
  return {
    clock,
    dynamo,
    ids: createRandomIds(),
    reporter: createLogReporter(logger),
    limits: limitsNow(),
    ledger: createDynamoLedger({ client: dynamo, tableName: setting('requestTable'), clock }),
  };
};

/** The endpoint variables are the SDK's own, which its clients read by themselves. */
const endpointOf = (
  service: 'LAMBDA' | 'SFN' | 'ORGANIZATIONS' | 'IDENTITYSTORE' | 'SSO_ADMIN' | 'SSM',
): string | undefined => process.env[`AWS_ENDPOINT_URL_${service}`] ?? process.env.AWS_ENDPOINT_URL;

type Connected = Pick<ReturnType<typeof composeBasis>, 'clock' | 'dynamo'>;

const composeWorkflowRunner = ({ clock, dynamo }: Connected, stateMachineArn: string) =>
  createStepFunctionsRunner({
    calls: createStepFunctionsCalls({ aws: dynamo.config, endpoint: endpointOf('SFN'), clock }),
    stateMachineArn,
  });

const composeConverger = ({ clock, dynamo }: Connected, functionName: string) =>
  createLambdaConverger({ aws: dynamo.config, endpoint: endpointOf('LAMBDA'), functionName, clock });

const composePermissionSetCalls = ({ clock, dynamo }: Connected) =>
  createPermissionSetCalls({ aws: dynamo.config, endpoint: endpointOf('SSO_ADMIN'), clock });

const composeIdentityStore = ({ clock, dynamo }: Connected) =>
  createIdentityStoreCalls({ aws: dynamo.config, endpoint: endpointOf('IDENTITYSTORE'), clock });

const composeDirectory = ({ clock, dynamo }: Connected, calls = composeIdentityStore({ clock, dynamo })) =>
  createIdentityStoreDirectory({ calls, identityStoreId: setting('identityStoreId'), clock });

/** Unless told otherwise it is no target. */
const hostingAccount = () => ({
  hostingAccountId: setting('hostingAccount'),
  isHostTarget: process.env[ENVIRONMENT.hostingAccountTarget] === 'two_approvers',
});

const composeRoleGroups = () => ({
  administrators: groupNames('administrators'),
  auditors: groupNames('auditors'),
});

/** The policy and the facts by which it judges. */
const composeJudging = ({ clock, dynamo }: Connected) => {
  const instanceArn = setting('instanceArn');
  return {
    policies: createDynamoPolicySource({ client: dynamo, tableName: setting('policyTable'), clock }),
    directory: composeDirectory({ clock, dynamo }),
    organization: createOrganizationsOrganization({
      organizations: createOrganizationsCalls({ aws: dynamo.config, endpoint: endpointOf('ORGANIZATIONS'), clock }),
      permissionSetCalls: composePermissionSetCalls({ clock, dynamo }),
      instanceArn,
      ...hostingAccount(),
      clock,
    }),
  };
};

const composeOnCall = ({ clock, dynamo }: Connected) => {
  const told = process.env[ENVIRONMENT.onCall];
  if (!told) return createNoOnCall();
  const { url, tokenParameter } = JSON.parse(told) as OnCallRules;
  const parts = { aws: dynamo.config, endpoint: endpointOf('SSM'), source: 'on-call', clock } as const;
  const token = tokenParameter === undefined ? undefined : createParameterReader(parts, tokenParameter);
  return createHttpOnCall({ url, clock, ...(token && { token }) });
};

const composeCatalogueStore = (dynamo: DynamoDBClient) =>
  createDynamoCatalogueStore({ client: dynamo, tableName: setting('requestTable') });

const composeCensusStore = (dynamo: DynamoDBClient) =>
  createDynamoCensusStore({ client: dynamo, tableName: setting('requestTable') });

const driftRules = ({ driftRoundSeconds, driftRemovalsPerHour }: Limits): DriftRules => {
  const tag = process.env[ENVIRONMENT.elevatableTag];
  return {
    mode: process.env[ENVIRONMENT.drift] === 'remove' ? 'remove' : 'report',
    instanceArn: setting('instanceArn'),
    roundSeconds: driftRoundSeconds,
    removalsAnHour: driftRemovalsPerHour,
    ...(tag && { elevatableTag: JSON.parse(tag) as NonNullable<DriftRules['elevatableTag']> }),
  };
};

/** What is remembered of drift, and what the settings say about it. */
const composeDriftKnowledge = ({ dynamo, limits }: Pick<ReturnType<typeof composeBasis>, 'dynamo' | 'limits'>) => ({
  driftStore: createDynamoDriftStore({ client: dynamo, tableName: setting('requestTable') }),
  driftRules: driftRules(limits),
});

export const composeApi = () => {
  const basis = composeBasis();
  return {
    ...basis,
    ...composeDriftKnowledge(basis),
    ...composeJudging(basis),
    onCall: composeOnCall(basis),
    catalogue: createRememberedCatalogue(composeCatalogueStore(basis.dynamo), basis.clock),
    workflow: composeWorkflowRunner(basis, setting('stateMachine')),
    converger: composeConverger(basis, setting('convergeFunction')),
    roleGroups: composeRoleGroups(),
  };
};

/** The workflow's own function only answers tasks; it starts nothing, and so needs no machine's name. */
export const composeWorkflow = () => {
  const basis = composeBasis();
  return {
    ...basis,
    workflow: composeWorkflowRunner(basis, ''),
    converger: composeConverger(basis, setting('convergeFunction')),
    answerOf,
  };
};

export const composeConverge = () => {
  const basis = composeBasis();
  const judging = composeJudging(basis);
  return {
    ...basis,
    ...judging,
    onCall: composeOnCall(basis),
    workflow: composeWorkflowRunner(basis, ''),
    catalogue: createRememberedCatalogue(composeCatalogueStore(basis.dynamo), basis.clock),
    lock: createDynamoPumpLock({ client: basis.dynamo, tableName: setting('requestTable'), clock: basis.clock }),
    assignments: createIdentityCenterAssignments({
      client: new SSOAdminClient(unrepeated),
      instanceArn: setting('instanceArn'),
    }),
    /** It wakes itself once more when its time has run out; its own name is in the context of each call. */
    convergerFor: (functionName: string) => composeConverger(basis, functionName),
  };
};

/** @param count writes a metric of one, at once */
export const composeSweep = (count: (metric: string) => void) => {
  const basis = composeBasis();
  return {
    ...basis,
    bell: createLogBell(logger, count),
    places: createDynamoPlaces({ client: basis.dynamo, tableName: setting('requestTable') }),
    workflow: composeWorkflowRunner(basis, setting('stateMachine')),
    converger: composeConverger(basis, setting('convergeFunction')),
  };
};

/** It goes by the catalogue: reading the organization itself takes longer than a run may. @param driftNews writes metrics, at once */
export const composeDrift = (driftNews: DriftNews) => {
  const basis = composeBasis();
  const { clock, dynamo } = basis;
  return {
    ...basis,
    ...composeDriftKnowledge(basis),
    driftNews,
    policies: createDynamoPolicySource({ client: dynamo, tableName: setting('policyTable'), clock }),
    catalogue: createRememberedCatalogue(composeCatalogueStore(dynamo), clock),
    assignmentLists: createIdentityCenterAssignmentLists({
      client: new SSOAdminClient(clientDefaults),
      instanceArn: setting('instanceArn'),
      clock,
      callsASecond: basis.limits.driftCallsPerSecond,
    }),
    converger: composeConverger(basis, setting('convergeFunction')),
    convergeRoleArn: setting('convergeRole'),
  };
};

/** The reader of the organization: at rates of its own. */
export const composeCatalogue = () => {
  const clock = createSystemClock();
  const dynamo = new DynamoDBClient(clientDefaults);
  return {
    clock,
    ids: createRandomIds(),
    reporter: createLogReporter(logger),
    limits: limitsNow(),
    store: composeCatalogueStore(dynamo),
    surveyor: createAwsSurveyor({
      organizations: createOrganizationsCalls({ aws: dynamo.config, endpoint: endpointOf('ORGANIZATIONS'), clock }),
      permissionSets: composePermissionSetCalls({ clock, dynamo }),
      identityStore: composeIdentityStore({ clock, dynamo }),
      instanceArn: setting('instanceArn'),
      identityStoreId: setting('identityStoreId'),
      ...hostingAccount(),
      clock,
    }),
  };
};

/** It counts everybody, and knows nothing else: neither the policy nor the organization. */
export const composeCensus = () => {
  const clock = createSystemClock();
  const dynamo = new DynamoDBClient(clientDefaults);
  return {
    clock,
    ids: createRandomIds(),
    reporter: createLogReporter(logger),
    census: composeCensusStore(dynamo),
    lists: createIdentityStorePeopleLists({
      identityStore: composeIdentityStore({ clock, dynamo }),
      identityStoreId: setting('identityStoreId'),
      clock,
    }),
  };
};

/** It judges by the catalogue, by who people are, and by what happened; it can write nothing, and has everybody counted by others. */
export const composePolicyCheck = () => {
  const clock = createSystemClock();
  const dynamo = new DynamoDBClient(clientDefaults);
  const paced = pacedIdentityStore(composeIdentityStore({ clock, dynamo }), clock, POLICY_CHECK_RATE);
  return {
    clock,
    reporter: createLogReporter(logger),
    limits: limitsNow(),
    policies: createDynamoPolicySource({ client: dynamo, tableName: setting('policyTable'), clock }),
    policyReader: createPolicyContentReader(),
    directory: composeDirectory({ clock, dynamo }, paced),
    catalogue: createRememberedCatalogue(composeCatalogueStore(dynamo), clock),
    trail: createDynamoTrail(dynamo, setting('requestTable')),
    census: composeCensusStore(dynamo),
    censusTaker: createLambdaCensusTaker({
      aws: dynamo.config,
      endpoint: endpointOf('LAMBDA'),
      functionName: setting('censusFunction'),
      clock,
    }),
    roleGroups: composeRoleGroups(),
  };
};
