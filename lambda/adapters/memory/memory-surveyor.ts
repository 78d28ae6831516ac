/** Reads an organization that is kept in memory. */
import type { ListedGroup } from '../../domain/catalogue.ts';
import type { Organization } from '../../ports/organization.ts';
import type { Surveyor } from '../../ports/surveyor.ts';

export interface MemorySurveyorParts {
  readonly organization: Pick<Organization, 'accounts' | 'permissionSets' | 'findAccount' | 'findPermissionSet'>;
  readonly units?: readonly string[];
  /** ARNs that are provisioned in the management account; they are in the organization like others. */
  readonly outOfReach?: readonly string[];
  readonly groups?: readonly ListedGroup[];
}

export const createMemorySurveyor = (parts: MemorySurveyorParts): Surveyor => {
  const { organization, units = [], outOfReach = [], groups = [] } = parts;
  return {
    accounts: async () => ({ found: await organization.accounts(), units }),
    tagsOf: async (accountId) => (await organization.findAccount(accountId, { tags: true }))?.tags ?? {},
    permissionSetArns: async () => ({
      arns: (await organization.permissionSets()).map(({ arn }) => arn),
      outOfReach,
    }),
    permissionSet: (arn) => organization.findPermissionSet(arn, { tags: true }),
    groups: async () => groups,
  };
};
