/** The calls of AWS Organizations that we make. */
import type { Account, OrganizationalUnit, Parent, Root, Tag } from '@aws-sdk/client-organizations';
import { createJsonCalls, type JsonCalls, type JsonCallsParts } from './json-calls.ts';

/** Without its moments, which the JSON protocol gives as numbers. */
export type AwsAccount = Pick<Account, 'Id' | 'Name' | 'State' | 'Paths'>;

interface Page {
  readonly NextToken?: string | undefined;
}

type OrganizationsOperations = {
  readonly DescribeOrganization: {
    readonly input: object;
    readonly output: { readonly Organization?: { readonly MasterAccountId?: string } };
  };
  readonly DescribeAccount: {
    readonly input: { readonly AccountId: string };
    readonly output: { readonly Account?: AwsAccount };
  };
  readonly DescribeOrganizationalUnit: {
    readonly input: { readonly OrganizationalUnitId: string };
    readonly output: { readonly OrganizationalUnit?: OrganizationalUnit };
  };
  readonly ListAccounts: {
    readonly input: Page;
    readonly output: Page & { readonly Accounts?: readonly AwsAccount[] };
  };
  readonly ListOrganizationalUnitsForParent: {
    readonly input: Page & { readonly ParentId: string };
    readonly output: Page & { readonly OrganizationalUnits?: readonly OrganizationalUnit[] };
  };
  readonly ListParents: {
    readonly input: { readonly ChildId: string };
    readonly output: { readonly Parents?: readonly Parent[] };
  };
  readonly ListRoots: { readonly input: object; readonly output: { readonly Roots?: readonly Root[] } };
  readonly ListTagsForResource: {
    readonly input: Page & { readonly ResourceId: string };
    readonly output: Page & { readonly Tags?: readonly Tag[] };
  };
};

export type OrganizationsCalls = JsonCalls<OrganizationsOperations>;

const SOURCE = 'organizations';

/** AWS Organizations answers in one Region of each partition. */
const regionOf = (region: string): string => {
  if (region.startsWith('cn-')) return 'cn-northwest-1';
  return region.startsWith('us-gov-') ? 'us-gov-west-1' : 'us-east-1';
};

export const createOrganizationsCalls = (
  parts: Pick<JsonCallsParts, 'aws' | 'clock' | 'endpoint' | 'tries'>,
): OrganizationsCalls => {
  const service = { signingName: 'organizations', target: 'AWSOrganizationsV20161128', version: '1.1' } as const;
  return createJsonCalls({ ...parts, ...service, source: SOURCE, regionOf });
};
