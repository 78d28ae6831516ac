/** What the functions may do outside of Identity Center, statement by statement; no AWS managed policy, and a reason beside every wildcard. */
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement, type PolicyStatementProps } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { POLICY_ITEMS } from '../lambda/contract/policy-document.ts';
import type { Settings } from '../lambda/contract/settings.ts';
import { CATALOGUE_PARTITION, TABLE_INDEXES, TABLE_KEY } from '../lambda/contract/table.ts';

export interface Permission {
  readonly statement: PolicyStatement;
  /** Why its wildcards cannot be narrower; absent when it has none. */
  readonly because?: string;
}

export const allow = (props: PolicyStatementProps, because?: string): Permission => ({
  statement: new PolicyStatement(props),
  ...(because === undefined ? {} : { because }),
});

// ---------- its own state ----------

/** Everything but a scan: each access is by a key that somebody thought about. Transactions need no action of their own. */
export const useRequestTable = ({ tableArn }: ITable): Permission[] => [
  allow({
    actions: ['GetItem', 'Query', 'PutItem', 'UpdateItem', 'DeleteItem', 'ConditionCheckItem'].map(
      (call) => `dynamodb:${call}`,
    ),
    resources: [tableArn],
  }),
  allow({
    actions: ['dynamodb:Query'],
    resources: Object.values(TABLE_INDEXES).map(({ name }) => `${tableArn}/index/${name}`),
  }),
];

/** A table's own id, by which one that was restored is told from the one that it was restored from. */
export const identifyTable = ({ tableArn }: ITable): Permission =>
  allow({ actions: ['dynamodb:DescribeTable'], resources: [tableArn] });

/** Items in partitions whose key is like this. NB. `ForAllValues` is met by a call that names no key, hence the second condition. */
export const onlyItemsOf = (partition: string) => ({
  'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [partition] },
  Null: { 'dynamodb:LeadingKeys': 'false' },
});

const onlyCatalogue = onlyItemsOf(CATALOGUE_PARTITION);

/** The catalogue's own items and no others: whoever took over that function could neither see nor change a request. */
export const keepCatalogue = ({ tableArn }: ITable): Permission =>
  allow({
    actions: ['GetItem', 'Query', 'PutItem', 'DeleteItem'].map((call) => `dynamodb:${call}`),
    resources: [tableArn],
    conditions: onlyCatalogue,
  });

/**
 * NB. The count lies beside the catalogue, which forgets it, and a condition sees partitions only: so this right is to all of
 * that, but for looking through it and for deleting.
 */
export const keepCensus = ({ tableArn }: ITable): Permission =>
  allow({
    actions: ['GetItem', 'PutItem'].map((call) => `dynamodb:${call}`),
    resources: [tableArn],
    conditions: onlyCatalogue,
  });

/** The same items, for whoever judges by nothing else. */
export const readCatalogue = ({ tableArn }: ITable): Permission =>
  allow({
    actions: ['GetItem', 'Query'].map((call) => `dynamodb:${call}`),
    resources: [tableArn],
    conditions: onlyCatalogue,
  });

/**
 * The audit events in the order of time and nothing else of the table: only events are in that index, and they have no texts
 * of people. Reading a whole request, or writing anything, is another right.
 */
export const readTrail = ({ tableArn }: ITable): Permission =>
  allow({ actions: ['dynamodb:Query'], resources: [`${tableArn}/index/${TABLE_INDEXES.events.name}`] });

/** NB. Nobody who runs may write the policy, or whoever took over a function could give themselves anything. */
export const readPolicy = ({ tableArn }: ITable): Permission =>
  allow({ actions: ['dynamodb:GetItem'], resources: [tableArn] });

/** A write to the items whose partition key is like this, of these attributes; `Null` since a call that names none meets the others. */
const writeItems = (
  { tableArn }: ITable,
  action: 'PutItem' | 'UpdateItem',
  { key, attribute }: { readonly key: string; readonly attribute: string },
): Permission =>
  allow({
    actions: [`dynamodb:${action}`],
    resources: [tableArn],
    conditions: {
      'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [key] },
      'ForAllValues:StringEquals': { 'dynamodb:Attributes': [...Object.values(TABLE_KEY), attribute] },
      Null: { 'dynamodb:LeadingKeys': 'false', 'dynamodb:Attributes': 'false' },
    },
  });

/**
 * What `brevet policy publish` does: looks, puts a version, moves the pointer.
 * NB. IAM cannot say "only if it is not there yet". A version that was put over is refused by whoever reads it, since its
 * text no longer hashes to its name.
 */
export const publishPolicy = (table: ITable): Permission[] => [
  readPolicy(table),
  writeItems(table, 'PutItem', { key: POLICY_ITEMS.version('*'), attribute: 'document' }),
  writeItems(table, 'UpdateItem', { key: POLICY_ITEMS.pointer, attribute: 'version' }),
];

// ---------- its own parts ----------

export const writeLogs = ({ logGroupArn }: ILogGroup): Permission =>
  allow({ actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], resources: [logGroupArn] });

/** Asynchronously: Lambda keeps the call for it. */
export const wakeFunction = ({ functionArn }: IFunction): Permission =>
  allow({ actions: ['lambda:InvokeFunction'], resources: [functionArn] });

export const startWorkflow = ({ stateMachineArn }: IStateMachine): Permission =>
  allow({ actions: ['states:StartExecution'], resources: [stateMachineArn] });

export const listWorkflows = ({ stateMachineArn }: IStateMachine): Permission =>
  allow({ actions: ['states:ListExecutions'], resources: [stateMachineArn] });

/** What an answer says is only a wake-up: the workflow function looks in the table before anything is done. */
export const answerWorkflows = (): Permission =>
  allow(
    { actions: ['states:SendTaskSuccess'], resources: ['*'] },
    'states:SendTaskSuccess knows no resources (Service Authorization Reference): the task token, which is never shown, is what gives the right to answer',
  );

export const sendTraces = (): Permission =>
  allow(
    { actions: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'], resources: ['*'] },
    'The X-Ray calls that send traces know no resources',
  );

// ---------- people ----------

/** The account in the ARN is that of the organization instance, which a delegated administrator cannot name for certain. */
export const directoryResources = ({ identity_center: { identity_store_id } }: Settings): string[] => [
  `arn:aws:identitystore::*:identitystore/${identity_store_id}`,
  'arn:aws:identitystore:::user/*',
  'arn:aws:identitystore:::group/*',
  'arn:aws:identitystore:::membership/*',
];

export const readDirectory = (settings: Settings): Permission =>
  allow(
    {
      actions: ['ListUsers', 'GetUserId', 'DescribeUser', 'GetGroupId', 'IsMemberInGroups', 'ListGroupMemberships'].map(
        (call) => `identitystore:${call}`,
      ),
      resources: directoryResources(settings),
    },
    'Anybody in the directory may be a requester or an approver, so the reads cover every user, group and membership of this one Identity Store',
  );

/** One parameter, for those who judge; decrypted under the key that AWS keeps for the Parameter Store. */
export const readOnCallToken = ({ account, region, on_call }: Settings): Permission[] =>
  on_call?.token_parameter === undefined
    ? []
    : [
        allow({
          actions: ['ssm:GetParameter'],
          resources: [`arn:aws:ssm:${region}:${account}:parameter${on_call.token_parameter}`],
        }),
      ];

// ---------- accounts and permission sets ----------

export const readOrganization = ({ organization_id }: Settings): Permission[] => [
  allow(
    {
      actions: ['organizations:DescribeOrganization', 'organizations:ListAccounts', 'organizations:ListRoots'],
      resources: ['*'],
    },
    'These Organizations reads know no resources, so that nothing narrower can be named',
  ),
  allow(
    {
      actions: ['DescribeAccount', 'DescribeOrganizationalUnit', 'ListOrganizationalUnitsForParent', 'ListParents'].map(
        (call) => `organizations:${call}`,
      ),
      resources: ['account', 'ou', 'root'].map((kind) => `arn:aws:organizations::*:${kind}/${organization_id}/*`),
    },
    'Any account of the organization may be a target; the account in the ARN is the management account, whose id a delegated administrator is not told in its settings',
  ),
];

/** For those who judge by them, and for the catalogue. */
export const readAccountTags = ({ organization_id }: Settings): Permission =>
  allow(
    {
      actions: ['organizations:ListTagsForResource'],
      resources: [`arn:aws:organizations::*:account/${organization_id}/*`],
    },
    'Any account of the organization may be a target, and a rule may ask for its tags; the account in the ARN is the management account, whose id a delegated administrator is not told in its settings',
  );

/** All of it, for the catalogue. */
export const surveyOrganization = ({ organization_id }: Settings): Permission[] => [
  allow(
    {
      actions: ['DescribeOrganization', 'ListAccounts', 'ListRoots'].map((call) => `organizations:${call}`),
      resources: ['*'],
    },
    'These Organizations reads know no resources (Service Authorization Reference)',
  ),
  allow(
    {
      actions: ['ListOrganizationalUnitsForParent', 'ListParents'].map((call) => `organizations:${call}`),
      resources: ['account', 'ou', 'root'].map((kind) => `arn:aws:organizations::*:${kind}/${organization_id}/*`),
    },
    'The catalogue has every account and organizational unit; the account in the ARN is the management account, whose id a delegated administrator is not told in its settings',
  ),
];

/** Names and ids only: who is in a group is for those who judge. */
export const listGroups = ({ identity_center: { identity_store_id } }: Settings): Permission =>
  allow(
    {
      actions: ['identitystore:ListGroups'],
      resources: [`arn:aws:identitystore::*:identitystore/${identity_store_id}`, 'arn:aws:identitystore:::group/*'],
    },
    'The catalogue lists every group of this one Identity Store',
  );

/** Who there is, and who is in which group, for a census alone. */
export const listPeople = (settings: Settings): Permission =>
  allow(
    {
      actions: ['ListUsers', 'ListGroupMemberships'].map((call) => `identitystore:${call}`),
      resources: directoryResources(settings),
    },
    'A census lists every user of this one Identity Store, and the members of any group that a policy names',
  );
