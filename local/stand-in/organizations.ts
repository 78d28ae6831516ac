// The Organizations API: the tree of accounts, who may administer it, and tags.
import { ServiceError } from './errors.ts';
import type { InputProblem } from './input.ts';
import { accountOperations } from './organizations-accounts.ts';
import { tagOperations } from './organizations-tags.ts';
import { treeOperations } from './organizations-tree.ts';
import type { Service } from './service.ts';

/** Organizations says what is wrong by a reason, and once only. */
const refuseInput = ([problem]: readonly InputProblem[]): ServiceError =>
  new ServiceError('InvalidInputException', problem?.message ?? 'The input is not valid.', {
    Reason: problem?.reason ?? 'INPUT_REQUIRED',
  });

export const organizations: Service = {
  name: 'organizations',
  targetPrefix: 'AWSOrganizationsV20161128',
  namespace: 'com.amazonaws.organizations',
  contentType: 'application/x-amz-json-1.1',
  operations: { ...treeOperations, ...accountOperations, ...tagOperations },
  refuseInput,
  throttled: (message) => new ServiceError('TooManyRequestsException', message, { Type: 'RATE_EXCEEDED' }),
};
