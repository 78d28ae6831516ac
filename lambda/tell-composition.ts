/** Builds what telling people needs: apart from the others, which have nothing to do with mail. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SESv2Client } from '@aws-sdk/client-sesv2';
import { clientDefaults } from './adapters/client-defaults.ts';
import { createDynamoLedger } from './adapters/dynamo-ledger.ts';
import { createDynamoOutbox } from './adapters/dynamo-outbox.ts';
import { createIdentityStoreAddresses } from './adapters/identity-store-addresses.ts';
import { createIdentityStoreCalls } from './adapters/identity-store-calls.ts';
import { createIdentityStoreDirectory } from './adapters/identity-store-directory.ts';
import { createLogReporter } from './adapters/log-reporter.ts';
import { createSesNotifier } from './adapters/ses-notifier.ts';
import { createSystemClock } from './adapters/system-clock.ts';
import { ENVIRONMENT } from './contract/environment.ts';
import type { MailRules } from './contract/mail-settings.ts';
import { logger } from './logger.ts';

/** @throws Error at the start of a function whose environment is not complete. */
const setting = (name: 'requestTable' | 'identityStoreId' | 'mail'): string => {
  const value = process.env[ENVIRONMENT[name]];
  if (!value) throw new Error(`the environment variable ${ENVIRONMENT[name]} is not set`);
  return value;
};

export const composeTell = () => {
  const clock = createSystemClock();
  const reporter = createLogReporter(logger);
  const client = new DynamoDBClient(clientDefaults);
  const tableName = setting('requestTable');
  const identityStoreId = setting('identityStoreId');
  const endpoint = process.env.AWS_ENDPOINT_URL_IDENTITYSTORE ?? process.env.AWS_ENDPOINT_URL;
  const calls = createIdentityStoreCalls({ aws: client.config, endpoint, clock });
  return {
    clock,
    reporter,
    ledger: createDynamoLedger({ client, tableName, clock }),
    outbox: createDynamoOutbox(client, tableName, reporter),
    directory: createIdentityStoreDirectory({ calls, identityStoreId, clock }),
    addresses: createIdentityStoreAddresses({ calls, identityStoreId }),
    notifier: createSesNotifier({
      client: new SESv2Client(clientDefaults),
      rules: JSON.parse(setting('mail')) as MailRules,
    }),
  };
};
