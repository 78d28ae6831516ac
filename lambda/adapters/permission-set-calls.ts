/** The calls of IAM Identity Center by which permission sets are read. */
import type { PermissionSet, Tag } from '@aws-sdk/client-sso-admin';
import { createJsonCalls, type JsonCalls, type JsonCallsParts } from './json-calls.ts';

interface Instance {
  readonly InstanceArn: string;
}
interface Page {
  readonly NextToken?: string | undefined;
}

type PermissionSetOperations = {
  readonly ListPermissionSets: {
    readonly input: Instance & Page & { readonly MaxResults: number };
    readonly output: Page & { readonly PermissionSets?: readonly string[] };
  };
  readonly DescribePermissionSet: {
    readonly input: Instance & { readonly PermissionSetArn: string };
    readonly output: { readonly PermissionSet?: Pick<PermissionSet, 'Name' | 'SessionDuration'> };
  };
  readonly ListTagsForResource: {
    readonly input: Instance & Page & { readonly ResourceArn: string };
    readonly output: Page & { readonly Tags?: readonly Tag[] };
  };
  readonly ListPermissionSetsProvisionedToAccount: {
    readonly input: Instance & Page & { readonly AccountId: string };
    readonly output: Page & { readonly PermissionSets?: readonly string[] };
  };
};

export type PermissionSetCalls = JsonCalls<PermissionSetOperations>;

export const createPermissionSetCalls = (
  parts: Pick<JsonCallsParts, 'aws' | 'clock' | 'endpoint' | 'tries'>,
): PermissionSetCalls => {
  const service = { signingName: 'sso', target: 'SWBExternalService', version: '1.1' } as const;
  return createJsonCalls({ ...parts, ...service, source: 'identity-center' });
};
