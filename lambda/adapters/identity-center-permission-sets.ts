/** The permission sets of the IAM Identity Center instance that can be assigned from the account that hosts Brevet. */
import { parseDuration } from '../contract/duration.ts';
import type { PermissionSet, Tags } from '../domain/policy/facts.ts';
import type { Clock } from '../ports/clock.ts';
import { paced } from './paced.ts';
import { allPages } from './paged.ts';
import type { PermissionSetCalls } from './permission-set-calls.ts';
import { callingUnless, required } from './service-call.ts';
import { tagsFrom } from './tags-from.ts';

export interface PermissionSetsParts {
  readonly calls: PermissionSetCalls;
  readonly instanceArn: string;
  readonly clock: Clock;
}

const SOURCE = 'identity-center';
/** Identity Center bears 20 requests/s for everyone together; some are left for granting and ending. */
export const DESCRIPTIONS_A_SECOND = 15;
/** What AWS documents for a permission set that names no session duration: one hour. */
const AWS_DEFAULT_SESSION = 'PT1H';
const LARGEST_PAGE = 100;
const NOT_FOUND = ['ResourceNotFoundException'];
/** What follows the instance in a permission set's ARN. */
const PERMISSION_SET_ID = /^ps-[\w.-]{16}$/;

export interface PermissionSetReader {
  /** ARNs of all of the instance's. */
  arns(): Promise<readonly string[]>;
  /** All of the instance's. */
  readAll(): Promise<readonly PermissionSet[]>;
  /** The one of that ARN; undefined when the instance has none, whatever was written. */
  read(arn: string): Promise<PermissionSet | undefined>;
  /** Of the permission set of that ARN, as they are now; undefined when it was deleted. */
  tagsOf(arn: string): Promise<Tags | undefined>;
  /** ARNs of those that are provisioned in the account, as far as we may know. */
  arnsProvisionedTo(accountId: string): Promise<ReadonlySet<string>>;
}

export const createPermissionSetReader = ({
  calls,
  instanceArn: InstanceArn,
  clock,
}: PermissionSetsParts): PermissionSetReader => {
  const listArns = (): Promise<readonly string[]> =>
    allPages(async (NextToken) => {
      const answer = await calls('ListPermissionSets', { InstanceArn, NextToken, MaxResults: LARGEST_PAGE });
      return { items: answer.PermissionSets, nextToken: answer.NextToken };
    });

  /** Undefined when it was deleted since it was listed. */
  const describe = async (PermissionSetArn: string): Promise<PermissionSet | undefined> => {
    const describing = calls('DescribePermissionSet', { InstanceArn, PermissionSetArn });
    const found = await callingUnless(SOURCE, NOT_FOUND, describing);
    if (!found) return undefined;
    const { Name, SessionDuration = AWS_DEFAULT_SESSION } = required(SOURCE, 'PermissionSet', found.PermissionSet);
    return {
      arn: PermissionSetArn,
      name: required(SOURCE, 'PermissionSetName', Name),
      sessionSeconds: required(SOURCE, 'SessionDuration', parseDuration(SessionDuration)),
    };
  };

  /** NB. What people write is not sent on unless it is of this instance: AWS answers anything else in ways that pass for faults. */
  const isOurs = (arn: string): boolean => {
    const [kind, instance, id = '', ...more] = arn.split(':').at(-1)?.split('/') ?? [];
    return (
      kind === 'permissionSet' &&
      instance === InstanceArn.split('/')[1] &&
      PERMISSION_SET_ID.test(id) &&
      more.length === 0
    );
  };

  return {
    arns: listArns,
    read: async (arn) => (isOurs(arn) ? describe(arn) : undefined),

    readAll: async () => {
      const described = await paced(await listArns(), DESCRIPTIONS_A_SECOND, clock, describe);
      return described.filter((found) => found !== undefined);
    },

    tagsOf: async (ResourceArn) => {
      let isGone = false;
      const tags = await allPages(async (NextToken) => {
        const listing = calls('ListTagsForResource', { InstanceArn, ResourceArn, NextToken });
        const answer = await callingUnless(SOURCE, NOT_FOUND, listing);
        isGone ||= answer === undefined;
        return { items: answer?.Tags, nextToken: answer?.NextToken };
      });
      return isGone ? undefined : tagsFrom(SOURCE, tags);
    },

    /** Denied means unknown, hence none: whatever is then assigned wrongly is refused by Identity Center itself. */
    arnsProvisionedTo: async (AccountId) => {
      const arns = await allPages(async (NextToken) => {
        const listing = calls('ListPermissionSetsProvisionedToAccount', { InstanceArn, AccountId, NextToken });
        const answer = await callingUnless(SOURCE, ['AccessDeniedException'], listing);
        return { items: answer?.PermissionSets, nextToken: answer?.NextToken };
      });
      return new Set(arns);
    },
  };
};
