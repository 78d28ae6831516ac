/** What is deployed: a stack that stays, tables that cannot be lost, and the policy in them. */
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { properties, stack, template } from './deployed-stack.ts';
import { synthesized } from './synthesized.ts';

describe('the stack', () => {
  it('is protected, since without it nothing ends what is held', () => {
    expect(stack.terminationProtection).toBe(true);
  });

  it('goes to the account and Region of the settings', () => {
    expect([stack.account, stack.region]).toEqual(['300000000001', 'us-east-1']);
  });

  it('keeps its construct ids, by which tables and keys are known: renaming one would replace it', () => {
    const kept = [
      'AWS::DynamoDB::Table',
      'AWS::KMS::Key',
      'AWS::ApiGateway::RestApi',
      'AWS::StepFunctions::StateMachine',
    ];
    expect(kept.flatMap((type) => Object.keys(template.findResources(type)))).toEqual([
      'PolicyTable448FE191',
      'RequestTableC81DB378',
      'OperationsKey2329F47A',
      'RestApiRestBCD455AD',
      'AccessWorkflowAccessRequest20B97E88',
    ]);
  });
});

describe('both tables', () => {
  it.each(['RequestTable', 'PolicyTable'])('%s: encrypted, restorable, and not to be deleted by a slip', (id) => {
    const [resource] = Object.entries(template.findResources('AWS::DynamoDB::Table')).flatMap(([logicalId, found]) =>
      logicalId.startsWith(id) ? [found] : [],
    );
    expect(resource).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
    expect(resource?.Properties).toMatchObject({
      BillingMode: 'PAY_PER_REQUEST',
      DeletionProtectionEnabled: true,
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      SSESpecification: { SSEEnabled: true },
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
    });
    // No key of one's own, which somebody could disable: access could then not be ended.
    expect(resource?.Properties.SSESpecification).not.toHaveProperty('KMSMasterKeyId');
  });

  it('the request table streams the keys of what changed and nothing of what is in it, forgets by itself, and has the six indexes', () => {
    const { RequestTable } = properties('AWS::DynamoDB::Table');
    expect(RequestTable).toMatchObject({
      StreamSpecification: { StreamViewType: 'KEYS_ONLY' },
      TimeToLiveSpecification: { AttributeName: 'forgetAt', Enabled: true },
    });
    const indexes = RequestTable?.GlobalSecondaryIndexes as {
      IndexName: string;
      KeySchema: { AttributeName: string }[];
    }[];
    expect(
      indexes.map(({ IndexName, KeySchema }) => [IndexName, ...KeySchema.map((key) => key.AttributeName)]),
    ).toEqual([
      ['by-requester', 'requesterId', 'askedAtId'],
      ['by-age', 'listed', 'askedAtId'],
      ['open', 'open', 'askedAtId'],
      ['due', 'dueShard', 'dueAtId'],
      ['work', 'work', 'workKey'],
      ['events', 'eventDay', 'eventAtId'],
    ]);
    expect(JSON.stringify(indexes)).not.toMatch(/KEYS_ONLY|INCLUDE/);
  });
});

const publicationsOf = (made: typeof template) =>
  Object.entries(made.findResources('Custom::AWS')).map(([id, { Properties, DependsOn }]) => {
    const [, parts] = Properties.Create['Fn::Join'] as [string, unknown[]];
    const text = parts.map((part) => (typeof part === 'string' ? part : 'the-table')).join('');
    return {
      id,
      dependsOn: DependsOn as string[] | undefined,
      call: JSON.parse(text),
      update: Properties.Update,
      remove: Properties.Delete,
    };
  });

describe('the policy', () => {
  const publications = publicationsOf(template);
  const version = publications.find(({ id }) => id.startsWith('PolicyVersion'));
  const pointer = publications.find(({ id }) => id.startsWith('PolicyCurrent'));

  it('is published as a version that is put once and never removed', () => {
    const { Item, ConditionExpression } = version?.call.parameters ?? {};
    expect(Item.pk.S).toMatch(/^POLICY#VERSION#[0-9a-f]{64}$/);
    expect(Item.sk.S).toBe('POLICY');
    expect(Item.document.S).toContain('payments-production');
    expect(ConditionExpression).toBe('attribute_not_exists(pk)');
    expect(version?.remove).toBeUndefined();
  });

  it('is pointed to only once the version is there', () => {
    const { Item } = pointer?.call.parameters ?? {};
    expect(Item.pk.S).toBe('POLICY#CURRENT');
    expect(`POLICY#VERSION#${Item.version.S}`).toBe(version?.call.parameters.Item.pk.S);
    expect(pointer?.dependsOn).toContain(version?.id);
    expect(pointer?.update).toBeDefined();
    expect(pointer?.call.parameters.ConditionExpression).toBeUndefined();
  });

  it('is put in force by a deploy only where there is none yet, once others publish', () => {
    const made = synthesized({ policy_publishers: ['arn:aws:iam::300000000001:role/ci'] });
    const current = publicationsOf(made.template).find(({ id }) => id.startsWith('PolicyCurrent'));
    expect(current?.call.parameters).toMatchObject({
      Item: { pk: { S: 'POLICY#CURRENT' } },
      ConditionExpression: 'attribute_not_exists(pk)',
    });
    expect(current?.call.ignoreErrorCodesMatching).toBe('ConditionalCheckFailedException');
    const language = publicationsOf(made.template).find(({ id }) => id.startsWith('PolicyLanguage'));
    expect(language?.call.parameters.Item).toMatchObject({
      pk: { S: 'POLICY#LANGUAGE' },
      version: { S: expect.stringMatching(/^[0-9a-f]{64}$/) },
    });
    const told = Annotations.fromStack(made.stack).findInfo('*', Match.stringLikeRegexp('brevet policy publish'));
    expect(told).toHaveLength(1);
    expect(Object.keys(made.template.findOutputs('*'))).toEqual(
      expect.arrayContaining(['PolicyTableName', 'PolicyPublisherRoleArn']),
    );
  });
});
