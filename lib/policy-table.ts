/** The policy's own table, which nothing that runs can write, and its publication: by the deploy, or by roles of its own. */
import { Table } from 'aws-cdk-lib/aws-dynamodb';
import { ArnPrincipal, CompositePrincipal, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { CfnOutput } from 'aws-cdk-lib/core';
import { AwsCustomResource, Logging, PhysicalResourceId } from 'aws-cdk-lib/custom-resources';
import { Construct } from 'constructs';
import { POLICY_ITEMS } from '../lambda/contract/policy-document.ts';
import { policyLanguage } from '../lambda/contract/policy-schema.ts';
import { TABLE_KEY } from '../lambda/contract/table.ts';
import { logGroup } from './log-group.ts';
import { publishPolicy, writeLogs } from './permissions.ts';
import { keptSafely } from './request-table.ts';

export interface PolicyTableProps {
  readonly policyDocument: string;
  /** The hash of the document, by which the version is known. */
  readonly policyVersion: string;
  /** ARNs of the roles that publish; with any, the deploy publishes only where there is no policy yet. */
  readonly publishers: readonly string[];
  readonly organizationId: string;
  readonly logKey: IKey;
}

/** What to put, beyond the key; with `once`, what is there already stays. */
interface Publication {
  readonly key: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly once?: boolean;
}

export class PolicyTable extends Construct {
  readonly table: Table;

  constructor(scope: Construct, id: string, props: PolicyTableProps) {
    super(scope, id);
    const { policyDocument, policyVersion, publishers, logKey } = props;
    this.table = new Table(this, 'Table', keptSafely);
    const publish = this.publisher(logKey);

    // One resource a version, so that an update carries one policy and not two, and that going back to an earlier
    // policy is a creation again. Its removal calls nothing: requests name the version that let them through, for ever.
    const version = publish(`Version${policyVersion.slice(0, 16)}`, {
      key: POLICY_ITEMS.version(policyVersion),
      attributes: { document: policyDocument },
      once: true,
    });
    const pointer = publish('Current', {
      key: POLICY_ITEMS.pointer,
      attributes: { version: policyVersion },
      once: publishers.length > 0,
    });
    // A pointer to a version that is not there yet would deny everything.
    pointer.node.addDependency(version);
    this.nameTable();
    if (publishers.length === 0) return;
    // Whoever publishes by another version than this one is told.
    publish('Language', { key: POLICY_ITEMS.language, attributes: { version: policyLanguage() } });
    this.letPublish(props);
  }

  private nameTable(): void {
    new CfnOutput(this, 'TableName', {
      value: this.table.tableName,
      description: 'Table of the policy, for brevet policy publish --table',
    }).overrideLogicalId('PolicyTableName');
  }

  /**
   * One role that can publish and nothing else, and that the roles of the settings may take on: what they can do elsewhere
   * stays theirs, and what they can do here is the same for all.
   */
  private letPublish({ publishers, organizationId }: PolicyTableProps): void {
    const ofOrganization = { StringEquals: { 'aws:PrincipalOrgID': organizationId } };
    const trusted = publishers.map((arn) => new ArnPrincipal(arn).withConditions(ofOrganization));
    const role = new Role(this, 'Pipeline', {
      description: "Publishes Brevet's policy: brevet policy publish",
      assumedBy: new CompositePrincipal(...trusted),
    });
    for (const { statement } of publishPolicy(this.table)) role.addToPolicy(statement);
    new CfnOutput(this, 'PipelineArn', {
      value: role.roleArn,
      description: 'Role that publishes the policy, for brevet policy publish --role',
    }).overrideLogicalId('PolicyPublisherRoleArn');
  }

  private publisher(logKey: IKey): (id: string, publication: Publication) => AwsCustomResource {
    const logs = logGroup(this, 'PublisherLogs', logKey);
    // NB. Whoever has this role decides who may ask for what: it is the deploy's, and can put into this table, no more.
    const role = new Role(this, 'Publisher', {
      description: "Publishes Brevet's policy during a deploy",
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    });
    role.addToPolicy(new PolicyStatement({ actions: ['dynamodb:PutItem'], resources: [this.table.tableArn] }));
    role.addToPolicy(writeLogs(logs).statement);
    return (id, publication) =>
      new AwsCustomResource(this, id, {
        onUpdate: this.putItem(publication),
        role,
        logGroup: logs,
        installLatestAwsSdk: false,
      });
  }

  private putItem({ key, attributes, once }: Publication) {
    const item = { [TABLE_KEY.partition]: key, [TABLE_KEY.sort]: POLICY_ITEMS.sort, ...attributes };
    const unlessThere = { ConditionExpression: `attribute_not_exists(${TABLE_KEY.partition})` };
    return {
      service: 'DynamoDB',
      action: 'putItem',
      parameters: {
        TableName: this.table.tableName,
        Item: Object.fromEntries(Object.entries(item).map(([name, text]) => [name, { S: text }])),
        ...(once ? unlessThere : {}),
      },
      ...(once ? { ignoreErrorCodesMatching: 'ConditionalCheckFailedException' } : {}),
      physicalResourceId: PhysicalResourceId.of(key),
      logging: Logging.withDataHidden(),
    };
  }
}
