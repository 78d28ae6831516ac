/** CDK entry: reads the settings and builds the stack. */
import { App } from 'aws-cdk-lib/core';
import { AccessStack } from '../lib/access-stack.ts';
import { readConfiguration, SettingsError } from '../lib/settings-file.ts';

const main = (): void => {
  const app = new App();
  const named: unknown = app.node.tryGetContext('settings');
  new AccessStack(app, 'Brevet', readConfiguration(typeof named === 'string' ? named : undefined));
  app.synth();
};

try {
  main();
} catch (error) {
  // What is wrong with a file is for people to read; a stack trace would bury it.
  if (!(error instanceof SettingsError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
