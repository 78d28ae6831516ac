/** The catalogue in the request table: one item of state, and pieces named by the version that they are of. */
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { NOTHING_READ } from '../domain/catalogue.ts';
import type { CatalogueStore } from '../ports/catalogue-store.ts';
import { readSection, readState } from './catalogue-documents.ts';
import { KEYS } from './dynamo-keys.ts';
import { createDynamoPieces } from './dynamo-pieces.ts';
import { createDynamoState } from './dynamo-state.ts';

export interface DynamoCatalogueStoreParts {
  readonly client: DynamoDBClient;
  readonly tableName: string;
}

export const createDynamoCatalogueStore = (parts: DynamoCatalogueStoreParts): CatalogueStore => {
  const pieces = createDynamoPieces(parts);
  return {
    ...createDynamoState({ ...parts, key: KEYS.catalogueState, from: readState, initial: NOTHING_READ }),
    put: (_section, content, now) => pieces.put(content, now),
    read: async (section, version) => readSection(section, await pieces.read(version)),
    discard: pieces.discard,
  };
};
