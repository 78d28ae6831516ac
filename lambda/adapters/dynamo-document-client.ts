/** How the adapters read and write DynamoDB: plain values in, plain values out, absent fields left out. */
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

export const documentClientOf = (client: DynamoDBClient): DynamoDBDocumentClient =>
  DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });

/** An item as the document client hands it over: nothing about it is known until it is read by a schema. */
export type RawItem = Readonly<Record<string, unknown>>;
