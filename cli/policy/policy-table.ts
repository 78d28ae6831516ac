/** The policy table as whoever publishes uses it: look, put a version that is not there yet, move the pointer. */
import {
  ConditionalCheckFailedException,
  DynamoDBClient,
  type DynamoDBClientConfig,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { fromNodeProviderChain, fromTemporaryCredentials } from '@aws-sdk/credential-providers';
import { POLICY_ITEMS, policyVersionOf } from '../../lambda/contract/policy-document.ts';
import { TABLE_KEY } from '../../lambda/contract/table.ts';
import { type Failure, failure, usage } from '../failure.ts';

export interface TableOptions {
  /** Name or ARN. */
  readonly table: string;
  readonly region: string;
  /** Absent: as every AWS tool finds credentials. */
  readonly profile?: string;
  /** ARN of a role to take on first. */
  readonly role?: string;
}

/** Every method @throws Failure. */
export interface PolicyTable {
  /** The version in force; undefined where none was ever published. */
  inForce(): Promise<string | undefined>;
  /** The language in which those who are deployed read policies; undefined where no deploy has said. */
  language(): Promise<string | undefined>;
  /** The text of a version, which hashes to its name; undefined where it is not there. */
  documentOf(version: string): Promise<string | undefined>;
  put(version: string, document: string): Promise<void>;
  /** Puts the version in force in the place of the one that was seen. @returns false where another one is in force meanwhile. */
  putInForce(version: string, seen: string | undefined): Promise<boolean>;
  close(): void;
}

const keyOf = (partition: string) => ({
  [TABLE_KEY.partition]: { S: partition },
  [TABLE_KEY.sort]: { S: POLICY_ITEMS.sort },
});
const NOT_THERE = `attribute_not_exists(${TABLE_KEY.partition})`;

const DENIED = /^(AccessDenied|UnrecognizedClient|InvalidClientTokenId|ExpiredToken|InvalidSignature)/;

const failureFrom = (error: unknown, { table, region, role }: TableOptions): Failure => {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  if (name === 'CredentialsProviderError') {
    return failure('not_signed_in', `No AWS credentials: ${message}`, { cause: error });
  }
  if (name === 'ResourceNotFoundException') {
    return usage(`There is no table "${table}" in ${region}.`, 'The deploy prints its name: PolicyTableName.');
  }
  if (DENIED.test(name)) {
    const next =
      role === undefined
        ? 'Only the roles of policy_publishers in the settings publish: --role takes the ARN that the deploy prints, PolicyPublisherRoleArn.'
        : 'Only the roles of policy_publishers in the settings may take on that role, with sts:AssumeRole allowed to them.';
    return failure('not_permitted', `AWS refuses: ${message}`, { next, cause: error });
  }
  return failure('unavailable', `The policy table does not answer: ${name}: ${message}`, { cause: error });
};

const clientFor = ({ region, profile, role }: TableOptions): DynamoDBClient => {
  const own = fromNodeProviderChain({ clientConfig: { region }, ...(profile === undefined ? {} : { profile }) });
  const taken = role === undefined ? undefined : { RoleArn: role, RoleSessionName: 'brevet-policy-publish' };
  const credentials: DynamoDBClientConfig['credentials'] = taken
    ? fromTemporaryCredentials({ masterCredentials: own, params: taken, clientConfig: { region } })
    : own;
  // Named here too, so that the endpoint in that profile counts.
  return new DynamoDBClient({ region, credentials, ...(profile === undefined ? {} : { profile }) });
};

const isConditionFailed = (error: unknown): boolean => error instanceof ConditionalCheckFailedException;

export const openPolicyTable = (options: TableOptions): PolicyTable => {
  const client = clientFor(options);
  const TableName = options.table;

  const calling = async <Answer>(call: Promise<Answer>): Promise<Answer> => {
    try {
      return await call;
    } catch (error) {
      if (isConditionFailed(error)) throw error;
      throw failureFrom(error, options);
    }
  };
  /** @returns whether the condition held. */
  const changing = async (call: Promise<unknown>): Promise<boolean> => {
    try {
      await calling(call);
      return true;
    } catch (error) {
      if (isConditionFailed(error)) return false;
      throw error;
    }
  };
  const read = async (partition: string, attribute: 'version' | 'document'): Promise<string | undefined> => {
    const command = new GetItemCommand({ TableName, Key: keyOf(partition), ConsistentRead: true });
    return (await calling(client.send(command))).Item?.[attribute]?.S;
  };
  const documentOf = async (version: string): Promise<string | undefined> => {
    const document = await read(POLICY_ITEMS.version(version), 'document');
    if (document === undefined || policyVersionOf(document) === version) return document;
    throw failure('unavailable', `The text of version ${version} in the table is not what its name says.`, {
      next: 'Nothing judges by it. Find out who wrote it (CloudTrail), and remove it.',
    });
  };

  return {
    inForce: () => read(POLICY_ITEMS.pointer, 'version'),
    language: () => read(POLICY_ITEMS.language, 'version'),
    documentOf,
    put: async (version, document) => {
      const Item = { ...keyOf(POLICY_ITEMS.version(version)), document: { S: document } };
      const isNew = await changing(
        client.send(new PutItemCommand({ TableName, Item, ConditionExpression: NOT_THERE })),
      );
      if (!isNew) await documentOf(version);
    },
    putInForce: (version, seen) =>
      changing(
        client.send(
          new UpdateItemCommand({
            TableName,
            Key: keyOf(POLICY_ITEMS.pointer),
            UpdateExpression: 'SET version = :version',
            ConditionExpression: seen === undefined ? NOT_THERE : 'version = :seen',
            ExpressionAttributeValues: {
              ':version': { S: version },
              ...(seen === undefined ? {} : { ':seen': { S: seen } }),
            },
          }),
        ),
      ),
    close: () => client.destroy(),
  };
};
