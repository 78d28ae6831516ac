/** What the functions are compared with: nothing but the DynamoDB document client, made and used once. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';

const documents = DynamoDBDocumentClient.from(new DynamoDBClient({}));

export const handler = async (): Promise<unknown> =>
  (await documents.send(new GetCommand({ TableName: 'table', Key: { pk: 'any', sk: 'any' } }))).Item;
