/** The roles as they are deployed with everything that the settings may ask for, and what calls are made on. */
import { ROLES, type RoleName } from './policies.ts';
import { MAIL, OIDC, synthesized } from './synthesized.ts';

export const CI = 'arn:aws:iam::500000000001:role/ci/publish-policy';
export const { template } = synthesized({ oidc: OIDC, policy_publishers: [CI], mail: MAIL });

export const everyRole = Object.keys(ROLES) as RoleName[];

export const INSTANCE = 'arn:aws:sso:::instance/ssoins-7223c4d1e8b6a509';
export const PERMISSION_SET = 'arn:aws:sso:::permissionSet/ssoins-7223c4d1e8b6a509/ps-0123456789abcdef';
export const MEMBER = 'arn:aws:sso:::account/400000000001';
export const HOST = 'arn:aws:sso:::account/300000000001';
export const STORE = 'arn:aws:identitystore::100000000001:identitystore/d-906712ab3f';
export const OTHER_STORE = 'arn:aws:identitystore::100000000001:identitystore/d-0000000000';
export const ACCOUNT = 'arn:aws:organizations::100000000001:account/o-b7e4v3t1k9/400000000001';
export const TAGGED = { 'aws:ResourceTag/brevet': 'requestable' };
