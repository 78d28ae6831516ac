/** Parts of many answers of the API. */
import * as z from 'zod';

export const moment = z.iso.datetime();

export const personView = z.object({ id: z.string(), userName: z.string(), displayName: z.string() });
export type PersonView = z.infer<typeof personView>;
