/** The organization in one file, for tools that judge a policy offline: accounts, permission sets, groups and people as they were. */
import * as z from 'zod';
import { ATTRIBUTE_NAMES } from './policy-people.ts';

const tags = z.record(z.string(), z.string());

export const organizationExport = z.object({
  version: z.literal(1),
  takenAt: z.iso.datetime(),
  accounts: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      ouPath: z.string(),
      active: z.boolean(),
      forbidden: z.enum(['management-account', 'hosting-account']).optional(),
      guarded: z.literal(true).optional(),
      tags,
    }),
  ),
  organizationalUnits: z.array(z.string()).describe('Paths from the root.'),
  permissionSets: z.array(
    z.object({
      arn: z.string(),
      name: z.string(),
      sessionSeconds: z.int(),
      tags,
      outOfReach: z
        .literal('provisioned-in-management-account')
        .optional()
        .describe('Why it cannot be assigned from the hosting account; left out where it can.'),
    }),
  ),
  groups: z.array(z.object({ id: z.string(), name: z.string(), memberIds: z.array(z.string()) })),
  people: z.array(
    z.object({
      id: z.string(),
      userName: z.string(),
      displayName: z.string(),
      enabled: z.boolean(),
      attributes: z.partialRecord(z.enum(ATTRIBUTE_NAMES), z.string()),
    }),
  ),
});
export type OrganizationExport = z.infer<typeof organizationExport>;
