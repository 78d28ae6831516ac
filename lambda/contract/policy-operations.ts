/** The operations of the policy, which its own function answers. */
import { noParameters } from './api.ts';
import { POLICY_PATH } from './doors.ts';
import { DEFAULT_LIMITS } from './limits.ts';
import type { OperationSpec } from './operation-spec.ts';
import { policyCheckBody, policyCheckView, policyView } from './policy-check.ts';

export const POLICY_OPERATIONS = {
  showPolicy: {
    method: 'GET',
    path: POLICY_PATH,
    summary: 'The policy in force, as it was published; for auditors and administrators',
    query: noParameters,
    answer: { status: 200, is: 'The policy.', schema: policyView },
    refusals: ['not_permitted'],
  },
  checkPolicy: {
    method: 'POST',
    path: `${POLICY_PATH}/check`,
    summary: 'What a proposed policy would do; it is not stored; for auditors and administrators',
    description:
      'Says what does not fit and which names nothing bears, tries cases, tells what changes for people who are named or for everybody, ' +
      'and judges past requests by it. Everybody is counted first: send the same call again while it answers people_being_counted. ' +
      ` The body may have ${DEFAULT_LIMITS.policyCheckBytes} bytes.`,
    query: noParameters,
    body: policyCheckBody,
    bodyLimit: 'policyCheckBytes',
    answer: { status: 200, is: 'What was found, be it much or nothing.', schema: policyCheckView },
    refusals: [
      ...['not_permitted', 'person_unknown', 'check_too_large', 'catalogue_not_read', 'catalogue_too_old'],
      ...['people_being_counted', 'people_not_counted'],
    ],
  },
} as const satisfies Record<string, OperationSpec>;

export type PolicyOperationId = keyof typeof POLICY_OPERATIONS;
