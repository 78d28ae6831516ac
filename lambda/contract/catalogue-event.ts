/** What wakes the function that reads the organization: the clock, or an event that tells of a change; the event is only a wake-up. */
import * as z from 'zod';

/** NB. Whatever the event names is looked for in the organization before anything is done with it. */
const ACCOUNT_ID = /^\d{12}$/;
const PERMISSION_SET_ARN = /^arn:aws:sso:::permissionSet\/[\w.-]+\/ps-[\w.-]{16}$/;

/** As EventBridge hands it over; from CloudTrail where a call was made. */
const wakeUpEvent = z.object({
  'detail-type': z.string(),
  detail: z.object({ requestParameters: z.record(z.string(), z.unknown()).nullish() }).nullish(),
});

const SCHEDULED = 'Scheduled Event';

const isNamed = (value: unknown): value is string =>
  typeof value === 'string' && (ACCOUNT_ID.test(value) || PERMISSION_SET_ARN.test(value));

/** Ids of accounts and ARNs of permission sets that the event names, none for many; undefined when the clock called. */
export const resourcesIn = (event: unknown): readonly string[] | undefined => {
  const { 'detail-type': kind, detail } = wakeUpEvent.parse(event);
  if (kind === SCHEDULED) return undefined;
  return Object.values(detail?.requestParameters ?? {}).filter(isNamed);
};

/** Calls after which something of the catalogue is no longer so, by the service that CloudTrail names. */
export const CHANGING_CALLS = {
  organizations: [
    'AcceptHandshake',
    'CloseAccount',
    'CreateAccount',
    'CreateAccountResult',
    'CreateOrganizationalUnit',
    'DeleteOrganizationalUnit',
    'LeaveOrganization',
    'MoveAccount',
    'RemoveAccountFromOrganization',
    'TagResource',
    'UntagResource',
    'UpdateOrganizationalUnit',
  ],
  sso: ['CreatePermissionSet', 'DeletePermissionSet', 'TagResource', 'UntagResource', 'UpdatePermissionSet'],
  identitystore: ['CreateGroup', 'DeleteGroup', 'UpdateGroup'],
  'sso-directory': ['CreateGroup', 'DeleteGroup', 'UpdateGroup'],
} as const;

export type ChangingService = keyof typeof CHANGING_CALLS;
export const CHANGING_SERVICES = Object.keys(CHANGING_CALLS) as readonly ChangingService[];

/** Of what people do, and of what AWS then does for them, such as an account that is ready minutes after it was asked for. */
const FROM_CLOUD_TRAIL = ['AWS API Call via CloudTrail', 'AWS Service Event via CloudTrail'];

/** The pattern of the EventBridge rule for one service. */
export const catalogueEventPattern = (service: ChangingService) => ({
  source: [`aws.${service}`],
  'detail-type': FROM_CLOUD_TRAIL,
  detail: { eventSource: [`${service}.amazonaws.com`], eventName: [...CHANGING_CALLS[service]] },
});
