/** Every log group alike: encrypted, kept as long as an audit may look back, and not lost with the stack. */
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { RemovalPolicy } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';

export const logGroup = (scope: Construct, id: string, encryptionKey: IKey, logGroupName?: string): LogGroup =>
  new LogGroup(scope, id, {
    encryptionKey,
    retention: RetentionDays.ONE_YEAR,
    removalPolicy: RemovalPolicy.RETAIN,
    ...(logGroupName === undefined ? {} : { logGroupName }),
  });
