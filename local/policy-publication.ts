/** Publishes the policy into the policy table, as a deployment does: an immutable version, then the pointer to it. */
import { ConditionalCheckFailedException, type DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { POLICY_ITEMS } from '../lambda/contract/policy-document.ts';
import { policyLanguage } from '../lambda/contract/policy-schema.ts';
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

/** What is there already stays. */
const putOnce = async (client: DynamoDBClient, TableName: string, Item: ReturnType<typeof item>): Promise<void> => {
  const ConditionExpression = `attribute_not_exists(${TABLE_KEY.partition})`;
  await client.send(new PutItemCommand({ TableName, Item, ConditionExpression })).catch((error: unknown) => {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
  });
};

/** @param onlyFirst where others publish: only if there is none yet */
export const publishPolicy = async (
  client: DynamoDBClient,
  table: string,
  { document, version }: PublishedPolicy,
  { onlyFirst }: { readonly onlyFirst: boolean },
): Promise<void> => {
  const language = item(POLICY_ITEMS.language, { version: policyLanguage() });
  await client.send(new PutItemCommand({ TableName: table, Item: language }));
  await putOnce(client, table, item(POLICY_ITEMS.version(version), { document }));
  const pointer = item(POLICY_ITEMS.pointer, { version });
  if (onlyFirst) await putOnce(client, table, pointer);
  else await client.send(new PutItemCommand({ TableName: table, Item: pointer }));
};
