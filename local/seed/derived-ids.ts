// Ids in AWS's formats that follow from a name, so that they need not be written in the seed and never change.
import { createHash } from 'node:crypto';

export const derivedAccountId = (organizationId: string, name: string): string =>
  // Between 600000000000 and 999999999999: never meets the ids written by hand, which are lower.
  String(600_000_000_000 + (Number.parseInt(hex(`account ${organizationId} ${name}`, 12), 16) % 400_000_000_000));

/** `ou-<root>-<8 characters>`; path is the names from the root down. */
export const derivedUnitId = (rootId: string, path: readonly string[]): string =>
  `ou-${rootId.slice('r-'.length)}-${hex(`unit ${path.join('/')}`, 8)}`;

export const derivedPermissionSetArn = (instanceId: string, name: string): string =>
  `arn:aws:sso:::permissionSet/${instanceId}/ps-${hex(`permission set ${name}`, 16)}`;

/** `<10 hex of the identity store>-<uuid>`, the form Identity Center gives users, groups and memberships. */
export const derivedResourceId = (
  identityStoreId: string,
  kind: 'user' | 'group' | 'membership',
  name: string,
): string => `${identityStoreId.slice('d-'.length)}-${uuid(hex(`${kind} ${name}`, 32))}`;

/** The suffix of the role that Identity Center makes for a permission set in an account. */
export const derivedRoleSuffix = (accountId: string, permissionSetArn: string): string =>
  hex(`role ${accountId} ${permissionSetArn}`, 16);

const hex = (text: string, length: number): string => createHash('sha256').update(text).digest('hex').slice(0, length);

const uuid = (digits: string): string =>
  [
    digits.slice(0, 8),
    digits.slice(8, 12),
    `4${digits.slice(13, 16)}`,
    `8${digits.slice(17, 20)}`,
    digits.slice(20),
  ].join('-');
