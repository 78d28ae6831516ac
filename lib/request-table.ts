/** The one table for state: requests with their events, leases, waiting workflows, idempotency keys. */
import { AttributeType, BillingMode, StreamViewType, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import { RemovalPolicy } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { FORGET_AT, TABLE_INDEXES, TABLE_KEY } from '../lambda/contract/table.ts';

const text = (name: string) => ({ name, type: AttributeType.STRING });

/** What both tables have in common; neither disappears with the stack or by a slip. */
export const keptSafely = {
  partitionKey: text(TABLE_KEY.partition),
  sortKey: text(TABLE_KEY.sort),
  billingMode: BillingMode.PAY_PER_REQUEST,
  // NB. The AWS managed key on purpose: its use is in CloudTrail like that of a key of one's own, but nobody can disable
  // or delete it. A table that cannot be read would be access that cannot be ended (law 3).
  encryption: TableEncryption.AWS_MANAGED,
  pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
  deletionProtection: true,
  removalPolicy: RemovalPolicy.RETAIN,
} as const;

export const requestTable = (scope: Construct): Table => {
  const table = new Table(scope, 'RequestTable', {
    ...keptSafely,
    // Whoever is woken by it reads the table: so the stream need not carry what is in an item, tokens of workflows among that.
    stream: StreamViewType.KEYS_ONLY,
    timeToLiveAttribute: FORGET_AT,
  });
  for (const { name, partition, sort } of Object.values(TABLE_INDEXES)) {
    table.addGlobalSecondaryIndex({ indexName: name, partitionKey: text(partition), sortKey: text(sort) });
  }
  return table;
};
