/**
 * The census in the request table: one item of state, and content in pieces beside those of the catalogue, which forgets them
 * with its own: it keeps none of these versions, so each goes an hour after it was put. Where nobody reads the organization any
 * more, the table itself forgets them.
 */
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { NOTHING_COUNTED } from '../domain/census.ts';
import type { CensusStore } from '../ports/census-store.ts';
import { readCensus, readCensusState } from './census-documents.ts';
import { KEYS } from './dynamo-keys.ts';
import { createDynamoPieces } from './dynamo-pieces.ts';
import { createDynamoState } from './dynamo-state.ts';

export interface DynamoCensusStoreParts {
  readonly client: DynamoDBClient;
  readonly tableName: string;
}

/** NB. It is about people, so it must not stay for want of a run of the catalogue; more than an hour and the longest such run. */
const FORGOTTEN_AFTER_SECONDS = 2 * 3600;

export const createDynamoCensusStore = (parts: DynamoCensusStoreParts): CensusStore => {
  const pieces = createDynamoPieces({ ...parts, forgottenAfterSeconds: FORGOTTEN_AFTER_SECONDS });
  return {
    ...createDynamoState({ ...parts, key: KEYS.censusState, from: readCensusState, initial: NOTHING_COUNTED }),
    put: (census, now) => pieces.put(census, now),
    read: async (version) => readCensus(await pieces.read(version)),
  };
};
