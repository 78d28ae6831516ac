/** The key for what Brevet tells its operators: logs and alarms. Ending access never needs it. */

import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { ArnFormat, Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';

const logsMayUse = (key: Key, stack: Stack): void => {
  const anyLogGroup = stack.formatArn({
    service: 'logs',
    resource: 'log-group',
    resourceName: '*',
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
  const logs = new ServicePrincipal(`logs.${stack.region}.amazonaws.com`, {
    conditions: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': anyLogGroup } },
  });
  key.grant(logs, 'kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:DescribeKey');
};

/** CloudWatch cannot publish to a topic under the AWS managed key of SNS, and an alarm that nobody hears is none. */
const alarmsMayUse = (key: Key, { account }: Stack): void => {
  const alarms = new ServicePrincipal('cloudwatch.amazonaws.com', {
    conditions: { StringEquals: { 'aws:SourceAccount': account } },
  });
  key.grant(alarms, 'kms:Decrypt', 'kms:GenerateDataKey*');
};

export const operationsKey = (scope: Construct): Key => {
  const key = new Key(scope, 'OperationsKey', { description: "Brevet's logs and alarms", enableKeyRotation: true });
  logsMayUse(key, Stack.of(scope));
  alarmsMayUse(key, Stack.of(scope));
  return key;
};
