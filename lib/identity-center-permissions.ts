/** What functions may do in IAM Identity Center itself: see its permission sets and assignments; change assignments, converge alone. */
import { Effect } from 'aws-cdk-lib/aws-iam';
import type { Settings } from '../lambda/contract/settings.ts';
import { allow, type Permission } from './permissions.ts';

const instanceIdOf = ({ identity_center: { instance_arn } }: Settings): string =>
  instance_arn.split('/')[1] ?? instance_arn;
const everyPermissionSet = (settings: Settings): string => `arn:aws:sso:::permissionSet/${instanceIdOf(settings)}/*`;
const EVERY_ACCOUNT = 'arn:aws:sso:::account/*';

export const readPermissionSets = (settings: Settings): Permission =>
  allow(
    {
      actions: [
        ...['ListPermissionSets', 'DescribePermissionSet', 'ListPermissionSetsProvisionedToAccount'],
        'ListTagsForResource',
      ].map((call) => `sso:${call}`),
      resources: [settings.identity_center.instance_arn, everyPermissionSet(settings), EVERY_ACCOUNT],
    },
    'The catalogue lists every permission set of this one instance, but for those provisioned in the management account, whose id is not in the settings',
  );

// ---------- assignments: converge alone ----------

const CREATE = 'sso:CreateAccountAssignment';
const DELETE = 'sso:DeleteAccountAssignment';

/** What is there, and how its own calls stand. */
const seeAssignments = (settings: Settings): Permission =>
  allow(
    {
      actions: [
        'sso:ListAccountAssignments',
        'sso:ListAccountAssignmentCreationStatus',
        'sso:ListAccountAssignmentDeletionStatus',
        'sso:DescribeAccountAssignmentCreationStatus',
        'sso:DescribeAccountAssignmentDeletionStatus',
      ],
      resources: [settings.identity_center.instance_arn, EVERY_ACCOUNT, everyPermissionSet(settings)],
    },
    'What is assigned is looked up before anything is changed, for any account and permission set of this instance',
  );

/** For the search for drift: it sees, and can change nothing. What accounts and permission sets there are, it has from the catalogue. */
export const searchForDrift = (settings: Settings): Permission =>
  allow(
    {
      actions: [
        'sso:ListPermissionSetsProvisionedToAccount',
        'sso:ListAccountAssignments',
        'sso:DescribeAccountAssignmentCreationStatus',
        'sso:DescribeAccountAssignmentDeletionStatus',
      ],
      resources: [settings.identity_center.instance_arn, EVERY_ACCOUNT, everyPermissionSet(settings)],
    },
    'Drift is looked for in every account, for any permission set of this instance',
  );

/**
 * A call to create names an instance, an account and a permission set, and IAM wants each of them allowed: so the tag,
 * which accounts do not have, is asked of permission sets in a statement of their own.
 * NB. Deleting is not bound to the tag: removing a tag must never make an end impossible (law 7).
 */
const changeAssignments = (settings: Settings): Permission[] => {
  const tag = settings.elevatable_tag;
  const onlyTagged = tag ? { conditions: { StringEquals: { [`aws:ResourceTag/${tag.key}`]: tag.value } } } : {};
  const permissionSets = [everyPermissionSet(settings)];
  return [
    allow(
      { actions: [CREATE, DELETE], resources: [settings.identity_center.instance_arn, EVERY_ACCOUNT] },
      'Any account may be a target; which ones, and for whom, is what the policy says',
    ),
    allow(
      { actions: [CREATE], resources: permissionSets, ...onlyTagged },
      'Any permission set may be a target, or any that carries the tag of the settings; which ones is what the policy says',
    ),
    allow(
      { actions: [DELETE], resources: permissionSets },
      'Whatever was given must be takeable, whatever its tags say by then',
    ),
  ];
};

/**
 * Law 15. IAM says it once more, so that no policy and no bug can give away the account that hosts Brevet.
 * NB. Deleting is not denied: what was given while the settings allowed it must end when they do not any more.
 */
const neverItsOwnHost = ({ account, hosting_account }: Settings): Permission[] =>
  hosting_account === 'two_approvers'
    ? []
    : [allow({ effect: Effect.DENY, actions: [CREATE], resources: [`arn:aws:sso:::account/${account}`] })];

export const convergeAssignments = (settings: Settings): Permission[] => [
  seeAssignments(settings),
  ...changeAssignments(settings),
  ...neverItsOwnHost(settings),
];
