// The Identity Store's API: users, groups and who is in which.
import { ServiceError } from './errors.ts';
import { groupOperations } from './identity-store-groups.ts';
import { membershipOperations } from './identity-store-memberships.ts';
import { userOperations } from './identity-store-users.ts';
import { validationMessage } from './input.ts';
import type { Service } from './service.ts';

export const identityStore: Service = {
  name: 'identitystore',
  targetPrefix: 'AWSIdentityStore',
  namespace: 'com.amazonaws.identitystore',
  contentType: 'application/x-amz-json-1.1',
  operations: { ...userOperations, ...groupOperations, ...membershipOperations },
  refuseInput: (problems) => new ServiceError('ValidationException', validationMessage(problems)),
  throttled: (message) => new ServiceError('ThrottlingException', message),
};
