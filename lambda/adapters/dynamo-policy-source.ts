/** The policy from the table that no runtime role can write: a pointer, and versions named by the hash of their text. */
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { POLICY_ITEMS, policyVersionOf, readPolicyDocument } from '../contract/policy-document.ts';
import { TABLE_KEY } from '../contract/table.ts';
import type { Policy } from '../domain/policy/policy.ts';
import type { Clock } from '../ports/clock.ts';
import { ServiceFault } from '../ports/faults.ts';
import type { PolicySource } from '../ports/policy-source.ts';
import { cached } from './cached.ts';
import { documentClientOf } from './dynamo-document-client.ts';
import { policyFrom } from './policy-from-file.ts';
import { calling } from './service-call.ts';

export interface DynamoPolicySourceParts {
  readonly client: DynamoDBClient;
  readonly tableName: string;
  readonly clock: Clock;
}

/** A newly published policy is in force everywhere within so many seconds. */
const POINTER_SECONDS = 10;

const fault = (code: string, cause?: unknown): ServiceFault => new ServiceFault('policy', code, cause);

const policyIn = (version: string, text: string): Policy => {
  const parsed = readPolicyDocument(text);
  if (!parsed.ok) throw fault('Invalid', parsed.problems);
  return policyFrom(parsed.file, version);
};

export const createDynamoPolicySource = ({ client, tableName, clock }: DynamoPolicySourceParts): PolicySource => {
  const documents = documentClientOf(client);

  const readText = async (partition: string, attribute: 'version' | 'document'): Promise<string> => {
    const key = { [TABLE_KEY.partition]: partition, [TABLE_KEY.sort]: POLICY_ITEMS.sort };
    const command = new GetCommand({ TableName: tableName, Key: key, ConsistentRead: true });
    const { Item } = await calling('policy', documents.send(command));
    const text: unknown = Item?.[attribute];
    if (typeof text !== 'string') throw fault(Item ? 'UnknownShape' : 'NotPublished', partition);
    return text;
  };

  /** NB. The text is believed only as far as it hashes to its name: a version cannot be swapped for another text. */
  const textOf = async (version: string): Promise<string> => {
    const text = await readText(POLICY_ITEMS.version(version), 'document');
    if (policyVersionOf(text) !== version) throw fault('HashMismatch');
    return text;
  };

  const pointer = cached(() => readText(POLICY_ITEMS.pointer, 'version'), POINTER_SECONDS, clock);
  const versions = new Map<string, Policy>();

  const byVersion = async (version: string): Promise<Policy> => {
    const known = versions.get(version);
    if (known) return known;
    const policy = policyIn(version, await textOf(version));
    versions.set(version, policy);
    return policy;
  };

  return {
    current: async () => byVersion(await pointer.get()),
    byVersion,
    content: async (version) => JSON.parse(await textOf(version)),
  };
};
