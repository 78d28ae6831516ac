/** Places in the list of sightings: where one stands, and the opaque cursor that says so to callers. */
import type { Place, Sighting } from '../domain/drift.ts';

/** The beginning of all keys of an account. */
export const accountKeyOf = (accountId: string): string => `${accountId}#`;

/** What follows the instance in a permission set's ARN names it within the instance. */
const placeKeyOf = ({ accountId, permissionSetArn }: Place): string =>
  `${accountKeyOf(accountId)}${permissionSetArn.split('/').at(-1)}#`;

/** Sorts by place: `400000000001#ps-…#USER#9067…#unexplained`. */
export const sightingKeyOf = (sighting: Sighting): string =>
  `${placeKeyOf(sighting)}${sighting.principalType}#${sighting.principalId}#${sighting.kind}`;

const SIGHTING_KEY = /^\d{12}#[\w.-]{1,64}#(USER|GROUP)#[\w-]{1,64}#(unexplained|missing)$/;

export const toSightingCursor = (key: string): string => Buffer.from(key).toString('base64url');

/** The key behind which to go on; undefined for a text that `toSightingCursor` cannot have made. It carries no authority. */
export const sightingKeyIn = (cursor: string): string | undefined => {
  const key = Buffer.from(cursor, 'base64url').toString();
  return SIGHTING_KEY.test(key) && toSightingCursor(key) === cursor ? key : undefined;
};
