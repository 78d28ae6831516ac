/** The policies of the deployed roles as plain documents, and the verdict that IAM would give on a call. */
import { runSimulation } from '@cloud-copilot/iam-simulate';
import type { Template } from 'aws-cdk-lib/assertions';

export interface Statement {
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
}
export interface PolicyDocument {
  readonly Version: string;
  readonly Statement: readonly Statement[];
}

/** The stack's roles, by what their logical ids begin with. */
export const ROLES = {
  api: 'ApiRole',
  authorizer: 'AuthorizerRole',
  workflow: 'WorkflowRole',
  converge: 'ConvergeRole',
  sweep: 'SweepRole',
  drift: 'DriftRole',
  catalogue: 'CatalogueRole',
  census: 'CensusRole',
  policyCheck: 'PolicyCheckRole',
  tell: 'TellRole',
  stateMachine: 'AccessWorkflowRole',
  publisher: 'PolicyPublisher',
  pipeline: 'PolicyPipeline',
} as const;
export type RoleName = keyof typeof ROLES;
export const RUNTIME_ROLES = [
  'api',
  'authorizer',
  'workflow',
  'converge',
  'sweep',
  'drift',
  'catalogue',
  'census',
  'policyCheck',
  'tell',
  'stateMachine',
] as const;

/** ARNs that stand in for the resources of the template, by what their logical ids begin with. */
export const STAND_INS = {
  RequestTable: 'arn:aws:dynamodb:us-east-1:300000000001:table/requests',
  PolicyTable: 'arn:aws:dynamodb:us-east-1:300000000001:table/policy',
  CatalogueFunction: 'arn:aws:lambda:us-east-1:300000000001:function:catalogue',
  CensusFunction: 'arn:aws:lambda:us-east-1:300000000001:function:census',
  ConvergeFunction: 'arn:aws:lambda:us-east-1:300000000001:function:converge',
  WorkflowFunction: 'arn:aws:lambda:us-east-1:300000000001:function:workflow',
  AccessWorkflowAccessRequest: 'arn:aws:states:us-east-1:300000000001:stateMachine:access-request',
} as const;

const standIn = (logicalId: string): string => {
  const known = Object.entries(STAND_INS).find(([prefix]) => logicalId.startsWith(prefix));
  return known?.[1] ?? `arn:aws:logs:us-east-1:300000000001:log-group:${logicalId}`;
};

/** Puts stand-ins in the place of references, all the way down. */
const plain = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  if ('Ref' in value) return standIn(String(value.Ref));
  if ('Fn::GetAtt' in value && Array.isArray(value['Fn::GetAtt'])) {
    const [logicalId, attribute] = value['Fn::GetAtt'].map(String) as [string, string];
    return attribute === 'StreamArn' ? `${standIn(logicalId)}/stream/2026-11-26T00:00:00.000` : standIn(logicalId);
  }
  if ('Fn::Join' in value && Array.isArray(value['Fn::Join'])) {
    const [separator, parts] = value['Fn::Join'] as [string, unknown[]];
    return parts.map(plain).join(separator);
  }
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
};

export const policyOf = (template: Template, role: RoleName): PolicyDocument => {
  const documents = Object.entries(template.findResources('AWS::IAM::Policy'))
    .filter(([logicalId]) => logicalId.startsWith(ROLES[role]))
    .map(([, resource]) => plain(resource.Properties.PolicyDocument) as PolicyDocument);
  const own = Object.entries(template.findResources('AWS::IAM::Policy'))
    .filter(([, resource]) => isAttachedTo(resource, role))
    .map(([, resource]) => plain(resource.Properties.PolicyDocument) as PolicyDocument);
  const [document] = documents;
  if (!document || documents.length > 1) throw new Error(`${role} has ${documents.length} policies, not one`);
  return { ...document, Statement: own.flatMap(({ Statement }) => Statement) };
};

const isAttachedTo = (resource: Record<string, { Roles?: unknown }>, role: RoleName): boolean => {
  const roles: unknown = resource.Properties?.Roles;
  return Array.isArray(roles) && roles.some(({ Ref }: { Ref?: string }) => Ref?.startsWith(ROLES[role]));
};

export const listOf = (value: string | readonly string[]): readonly string[] => [value].flat();

export const actionsOf = ({ Statement }: PolicyDocument): readonly string[] => [
  ...new Set(Statement.filter(({ Effect }) => Effect === 'Allow').flatMap(({ Action }) => listOf(Action))),
];

export interface Call {
  readonly action: string;
  readonly resource: string;
  readonly context?: Readonly<Record<string, string | string[]>>;
}

/** `Allowed`, `ExplicitlyDenied` or `ImplicitlyDenied`, for a role of the hosting account with this policy. */
export const verdictOn = async (policy: PolicyDocument, { action, resource, context = {} }: Call): Promise<string> => {
  const result = await runSimulation(
    {
      request: {
        principal: 'arn:aws:sts::300000000001:assumed-role/brevet/function',
        action,
        resource: { resource, accountId: '300000000001' },
        contextVariables: { ...context },
      },
      identityPolicies: [{ name: 'role', policy }],
      serviceControlPolicies: [],
      resourceControlPolicies: [],
    },
    {},
  );
  if (result.resultType === 'error') throw new Error(JSON.stringify(result.errors));
  return result.overallResult;
};
