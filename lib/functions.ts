/** The functions: what each is for, what it may do, what it is told. */
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { Policy } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { ENVIRONMENT } from '../lambda/contract/environment.ts';
import { DEFAULT_LIMITS, type Limits } from '../lambda/contract/limits.ts';
import { onCallRulesFrom } from '../lambda/contract/on-call-settings.ts';
import type { Settings } from '../lambda/contract/settings.ts';
import { limitsFrom } from '../lambda/contract/settings.ts';
import { type OidcSettings, tokenRulesFrom } from '../lambda/contract/sign-in.ts';
import { AccessFunction } from './access-function.ts';
import { convergeAssignments, readPermissionSets, searchForDrift } from './identity-center-permissions.ts';
import {
  answerWorkflows,
  identifyTable,
  keepCatalogue,
  keepCensus,
  listGroups,
  listPeople,
  listWorkflows,
  readAccountTags,
  readCatalogue,
  readDirectory,
  readOnCallToken,
  readOrganization,
  readPolicy,
  readTrail,
  startWorkflow,
  surveyOrganization,
  useRequestTable,
  wakeFunction,
} from './permissions.ts';

/** What every function is built from. */
export interface FunctionParts {
  readonly settings: Settings;
  readonly requestTable: ITable;
  readonly policyTable: ITable;
  readonly logKey: IKey;
}

/** Only what differs: the defaults are in the code of the functions. */
const changedLimits = (limits: Limits): Partial<Limits> =>
  Object.fromEntries(Object.entries(limits).filter(([name, value]) => value !== DEFAULT_LIMITS[name as keyof Limits]));

const environment = ({ settings, requestTable, policyTable }: FunctionParts): Record<string, string> => ({
  [ENVIRONMENT.requestTable]: requestTable.tableName,
  [ENVIRONMENT.policyTable]: policyTable.tableName,
  [ENVIRONMENT.instanceArn]: settings.identity_center.instance_arn,
  [ENVIRONMENT.identityStoreId]: settings.identity_center.identity_store_id,
  [ENVIRONMENT.hostingAccount]: settings.account,
  [ENVIRONMENT.hostingAccountTarget]: settings.hosting_account,
  [ENVIRONMENT.administrators]: JSON.stringify(settings.administrators),
  [ENVIRONMENT.auditors]: JSON.stringify(settings.auditors),
  [ENVIRONMENT.limits]: JSON.stringify(changedLimits(limitsFrom(settings))),
  [ENVIRONMENT.drift]: settings.drift,
});

/** For those who judge. */
const onCall = ({ settings }: FunctionParts): Record<string, string> =>
  settings.on_call ? { [ENVIRONMENT.onCall]: JSON.stringify(onCallRulesFrom(settings.on_call)) } : {};

/**
 * The one function that changes Identity Center. It re-judges for itself, so it may read whatever a verdict needs. Most runs
 * take seconds; with much to do, one works for as long as Lambda lets it, and then wakes the next.
 */
export const convergeFunction = (scope: Construct, parts: FunctionParts): AccessFunction => {
  const converge = new AccessFunction(scope, 'Converge', {
    handler: 'converge',
    description: 'Brings Identity Center to what the ledger wants, the most urgent first, as fast as it bears',
    timeoutSeconds: 900,
    memoryMegabytes: 512,
    environment: { ...environment(parts), ...onCall(parts) },
    permissions: [
      ...useRequestTable(parts.requestTable),
      readPolicy(parts.policyTable),
      readDirectory(parts.settings),
      ...readOrganization(parts.settings),
      readPermissionSets(parts.settings),
      readAccountTags(parts.settings),
      ...readOnCallToken(parts.settings),
      ...convergeAssignments(parts.settings),
      answerWorkflows(),
    ],
    logKey: parts.logKey,
    // A wake-up that is older is stale: the sweep has sent another one since.
    asynchronous: { retryAttempts: 2, maxAgeSeconds: 300 },
  });
  // Not beside the role's other rights, on which the function waits: its own ARN is known only after it.
  new Policy(converge, 'WakeItself', {
    statements: [wakeFunction(converge.function).statement],
    roles: [converge.role],
  });
  return converge;
};

/** What the state machine calls at each of its steps. It is not told the state machine: that would be a circle. */
export const workflowFunction = (scope: Construct, parts: FunctionParts, converge: IFunction): AccessFunction =>
  new AccessFunction(scope, 'Workflow', {
    handler: 'workflow',
    description: 'The steps of the workflow: await the decision, expire, grant, end',
    timeoutSeconds: 60,
    memoryMegabytes: 512,
    environment: { ...environment(parts), [ENVIRONMENT.convergeFunction]: converge.functionName },
    permissions: [...useRequestTable(parts.requestTable), wakeFunction(converge), answerWorkflows()],
    logKey: parts.logKey,
  });

/** What the functions need that come after the state machine. */
export interface Workings {
  readonly converge: IFunction;
  readonly stateMachine: IStateMachine;
}

const workings = ({ converge, stateMachine }: Workings): Record<string, string> => ({
  [ENVIRONMENT.convergeFunction]: converge.functionName,
  [ENVIRONMENT.stateMachine]: stateMachine.stateMachineArn,
});

export const apiFunction = (
  scope: Construct,
  parts: FunctionParts,
  { converge, stateMachine }: Workings,
): AccessFunction =>
  new AccessFunction(scope, 'Api', {
    handler: 'api',
    description: 'The API: ask, decide, cancel, end, extend, list, explain',
    // API Gateway gives up after 29 seconds; a little sooner, what went wrong is still told properly.
    timeoutSeconds: 28,
    // The one that somebody waits for: memory is what Lambda measures out processor time by.
    memoryMegabytes: 1024,
    environment: { ...environment(parts), ...onCall(parts), ...workings({ converge, stateMachine }) },
    permissions: [
      ...useRequestTable(parts.requestTable),
      identifyTable(parts.requestTable),
      readPolicy(parts.policyTable),
      readDirectory(parts.settings),
      ...readOrganization(parts.settings),
      readPermissionSets(parts.settings),
      readAccountTags(parts.settings),
      ...readOnCallToken(parts.settings),
      startWorkflow(stateMachine),
      answerWorkflows(),
      wakeFunction(converge),
    ],
    logKey: parts.logKey,
  });

export const sweepFunction = (
  scope: Construct,
  parts: FunctionParts,
  { converge, stateMachine }: Workings,
): AccessFunction =>
  new AccessFunction(scope, 'Sweep', {
    handler: 'sweep',
    description: 'Each minute: whatever fell due and did not happen, happens now',
    timeoutSeconds: 60,
    memoryMegabytes: 512,
    environment: { ...environment(parts), ...workings({ converge, stateMachine }) },
    permissions: [
      ...useRequestTable(parts.requestTable),
      startWorkflow(stateMachine),
      listWorkflows(stateMachine),
      answerWorkflows(),
      wakeFunction(converge),
    ],
    logKey: parts.logKey,
    // The next minute's sweep is the retry.
    asynchronous: { retryAttempts: 0, maxAgeSeconds: 60 },
  });

/** NB. It sees who is assigned where and changes nothing there: what it wants removed, converging judges and removes. */
export const driftFunction = (scope: Construct, parts: FunctionParts, converge: AccessFunction): AccessFunction => {
  const { elevatable_tag: tag } = parts.settings;
  return new AccessFunction(scope, 'Drift', {
    handler: 'drift',
    description: 'Looks for assignments that no lease explains, and for leases that lost theirs',
    // A run stops after 50 seconds, but for the places that it is looking at; an event may wait for a write of others, and then look twice.
    timeoutSeconds: 90,
    memoryMegabytes: 512,
    environment: {
      ...environment(parts),
      [ENVIRONMENT.convergeFunction]: converge.function.functionName,
      [ENVIRONMENT.convergeRole]: converge.role.roleArn,
      ...(tag && { [ENVIRONMENT.elevatableTag]: JSON.stringify(tag) }),
    },
    permissions: [
      ...useRequestTable(parts.requestTable),
      identifyTable(parts.requestTable),
      readPolicy(parts.policyTable),
      searchForDrift(parts.settings),
      wakeFunction(converge.function),
    ],
    logKey: parts.logKey,
    // What an event could not tell in the end, the next round does.
    asynchronous: { retryAttempts: 1, maxAgeSeconds: 3600 },
  });
};

/** It reads a great deal and changes nothing but the catalogue. */
export const catalogueFunction = (scope: Construct, parts: FunctionParts): AccessFunction =>
  new AccessFunction(scope, 'Catalogue', {
    handler: 'catalogue',
    description: 'Reads the organization for the catalogue, within the rates of AWS',
    // The longest that there is: what it does not come to, the next run goes on with.
    timeoutSeconds: 900,
    memoryMegabytes: 512,
    environment: environment(parts),
    permissions: [
      keepCatalogue(parts.requestTable),
      ...surveyOrganization(parts.settings),
      readPermissionSets(parts.settings),
      readAccountTags(parts.settings),
      listGroups(parts.settings),
    ],
    logKey: parts.logKey,
    // What an event told of is kept before anything is read; the clock is the net.
    asynchronous: { retryAttempts: 2, maxAgeSeconds: 900 },
  });

/**
 * It reads who there is and who is in which group, and writes that down. NB. So nothing wakes it but the function that looks at
 * proposed policies: no clock, and no event from outside.
 */
export const censusFunction = (scope: Construct, parts: FunctionParts): AccessFunction =>
  new AccessFunction(scope, 'Census', {
    handler: 'census',
    description: 'Counts everybody, and who is in the groups of a proposed policy, at a pace of its own',
    // The longest that there is: 4,000 groups, the most that are counted, take thirteen minutes.
    timeoutSeconds: 900,
    // Storing a count of 20,000 people takes 200 MB, of 200,000, the most that the Identity Store holds, 730 MB.
    memoryMegabytes: 1024,
    environment: environment(parts),
    permissions: [keepCensus(parts.requestTable), listPeople(parts.settings)],
    logKey: parts.logKey,
    // Whoever wants everybody counted asks again, and has it begun again where nobody counts.
    asynchronous: { retryAttempts: 1, maxAgeSeconds: 300 },
  });

/**
 * NB. It reads what auditors and administrators send, a whole policy with its patterns; so it may change nothing at all. It may
 * wake one function: the one that counts everybody.
 */
export const policyCheckFunction = (scope: Construct, parts: FunctionParts, census: IFunction): AccessFunction =>
  new AccessFunction(scope, 'PolicyCheck', {
    handler: 'policy-check',
    description: 'Shows the policy in force, and says of a proposed one what it would change',
    // As long as the API itself: the comparison ends by itself before.
    timeoutSeconds: 28,
    memoryMegabytes: 1024,
    environment: { ...environment(parts), [ENVIRONMENT.censusFunction]: census.functionName },
    permissions: [
      readCatalogue(parts.requestTable),
      readTrail(parts.requestTable),
      readPolicy(parts.policyTable),
      readDirectory(parts.settings),
      wakeFunction(census),
    ],
    logKey: parts.logKey,
  });

/** NB. It reads what anybody may send. So it may do nothing in AWS, and is told nothing but how tokens are judged. */
export const authorizerFunction = (scope: Construct, oidc: OidcSettings, logKey: IKey): AccessFunction =>
  new AccessFunction(scope, 'Authorizer', {
    handler: 'authorizer',
    description: 'Whether the token of a call is genuine, and whom it proves',
    // Time for the two calls to the issuer that its first token may need.
    timeoutSeconds: 10,
    // Somebody waits for this one too.
    memoryMegabytes: 512,
    environment: { [ENVIRONMENT.tokenRules]: JSON.stringify(tokenRulesFrom(oidc)) },
    permissions: [],
    logKey,
  });
