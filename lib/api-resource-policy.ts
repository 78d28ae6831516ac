/** Who may call the API at all: the resource policy of the REST API, as a document that the local gateway applies as well. */

/** The part of IAM's policy language that the document uses. */
export interface ResourcePolicyStatement {
  readonly Sid: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Principal: '*';
  readonly Action: 'execute-api:Invoke';
  readonly Resource: string;
  readonly Condition?: {
    readonly StringNotEquals?: Readonly<Record<string, string>>;
    readonly ArnNotLike?: Readonly<Record<string, string>>;
  };
}

export interface ResourcePolicyDocument {
  readonly Version: '2012-10-17';
  readonly Statement: readonly ResourcePolicyStatement[];
}

/** IAM Identity Center alone can make roles under this path; anybody can name a role `AWSReservedSSO_…`. */
const SSO_ROLE = 'arn:aws:iam::*:role/aws-reserved/sso.amazonaws.com/*';

/** API Gateway puts the API's own ARN before the first slash; what follows is stage, method and path. */
const EVERYTHING = 'execute-api:/*';
const IAM_DOOR = 'execute-api:/*/*/iam/*';

const common = { Principal: '*', Action: 'execute-api:Invoke' } as const;

/**
 * NB. Denials, because an allow is not enough: in the hosting account, a caller's own policy lets them in as well. Each
 * condition is a statement of its own, since conditions within one must all hold; and each is negated, so that it denies
 * whoever brings no such key at all. Other paths are not denied by principal: callers without IAM have none.
 */
export const apiResourcePolicy = ({ organizationId }: { readonly organizationId: string }): ResourcePolicyDocument => ({
  Version: '2012-10-17',
  Statement: [
    { Sid: 'LetIn', Effect: 'Allow', ...common, Resource: EVERYTHING },
    {
      Sid: 'IamDoorForThisOrganization',
      Effect: 'Deny',
      ...common,
      Resource: IAM_DOOR,
      Condition: { StringNotEquals: { 'aws:PrincipalOrgID': organizationId } },
    },
    {
      Sid: 'IamDoorForPeople',
      Effect: 'Deny',
      ...common,
      Resource: IAM_DOOR,
      Condition: { ArnNotLike: { 'aws:PrincipalArn': SSO_ROLE } },
    },
  ],
});
