/** What has everybody counted, as the function that counts is told it. */
import * as z from 'zod';
import { DEFAULT_LIMITS } from './limits.ts';

/** Of a group of the Identity Store (API reference, ListGroupMemberships). */
const GROUP_ID = /^([0-9a-f]{10}-)?[A-Fa-f0-9]{8}-([A-Fa-f0-9]{4}-){3}[A-Fa-f0-9]{12}$/;

/** NB. Anything else is refused as a whole: nobody sends this function part of what it is to count. */
const censusEvent = z.strictObject({
  census: z.strictObject({ groupIds: z.array(z.string().regex(GROUP_ID)).max(DEFAULT_LIMITS.policyCheckGroups) }),
});
export type CensusEvent = z.infer<typeof censusEvent>;

/** Ids of the groups whose members are to be counted. @throws ZodError for any other event */
export const groupIdsIn = (event: unknown): readonly string[] => censusEvent.parse(event).census.groupIds;
