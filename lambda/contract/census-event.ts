/** What has everybody counted, as the function that reads the organization is told it. */
import * as z from 'zod';

const censusEvent = z.strictObject({ census: z.strictObject({ groupIds: z.array(z.string()) }) });
export type CensusEvent = z.infer<typeof censusEvent>;

/** Ids of the groups whose members are to be counted; undefined for any other event. */
export const censusIn = (event: unknown): readonly string[] | undefined => {
  const { success, data } = censusEvent.safeParse(event);
  return success ? data.census.groupIds : undefined;
};
