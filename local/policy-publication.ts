/** Publishes the policy into the policy table, as a deployment does: an immutable version, then the pointer to it. */
import { type DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { POLICY_ITEMS } from '../lambda/contract/policy-document.ts';
import { TABLE_KEY } from '../lambda/contract/table.ts';

export interface PublishedPolicy {
  readonly document: string;
  /** Content hash. */
  readonly version: string;
}

const item = (partition: string, attributes: Readonly<Record<string, string>>) => ({
  [TABLE_KEY.partition]: { S: partition },
  [TABLE_KEY.sort]: { S: POLICY_ITEMS.sort },
  ...Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, { S: value }])),
});

export const publishPolicy = async (
  client: DynamoDBClient,
  table: string,
  { document, version }: PublishedPolicy,
): Promise<void> => {
  await client.send(new PutItemCommand({ TableName: table, Item: item(POLICY_ITEMS.version(version), { document }) }));
  await client.send(new PutItemCommand({ TableName: table, Item: item(POLICY_ITEMS.pointer, { version }) }));
};
