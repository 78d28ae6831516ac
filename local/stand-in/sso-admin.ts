// IAM Identity Center's API (sso-admin), as much of it as concerns permission sets and account assignments.
import { ServiceError } from './errors.ts';
import { validationMessage } from './input.ts';
import type { Service } from './service.ts';
import { assignmentOperations } from './sso-admin-assignments.ts';
import { detailOperations } from './sso-admin-details.ts';
import { permissionSetOperations } from './sso-admin-permission-sets.ts';
import { statusOperations } from './sso-admin-statuses.ts';

export const ssoAdmin: Service = {
  name: 'sso-admin',
  targetPrefix: 'SWBExternalService',
  namespace: 'com.amazonaws.ssoadmin',
  contentType: 'application/x-amz-json-1.1',
  operations: { ...permissionSetOperations, ...detailOperations, ...assignmentOperations, ...statusOperations },
  refuseInput: (problems) => new ServiceError('ValidationException', validationMessage(problems)),
  throttled: (message) => new ServiceError('ThrottlingException', message),
};
