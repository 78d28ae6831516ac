/** The settings that the local service reads from the environment. */
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readOptions } from '../../local/options.ts';

test('without any variable the defaults hold', () => {
  expect(readOptions({})).toEqual({
    port: 4000,
    awsPort: 4001,
    mailPort: 4002,
    stateFolder: resolve('.brevet'),
    seedFile: resolve('local/seed/organization.yaml'),
    settingsFile: resolve('local/settings.yaml'),
    sweepSeconds: 60,
    standInMode: 'realistic',
  });
});

test('every variable is heeded', () => {
  const variables = {
    BREVET_PORT: '5000',
    BREVET_AWS_PORT: '0',
    BREVET_MAIL_PORT: '5002',
    BREVET_STATE_DIR: '/tmp/x',
    BREVET_SEED: 'a.yaml',
    BREVET_SETTINGS: 'b.yaml',
    BREVET_SWEEP_SECONDS: '5',
    BREVET_STAND_IN: 'quick',
    BREVET_DYNAMODB_ENDPOINT: 'http://127.0.0.1:8000',
  };
  expect(readOptions(variables)).toEqual({
    port: 5000,
    awsPort: 0,
    mailPort: 5002,
    stateFolder: '/tmp/x',
    seedFile: resolve('a.yaml'),
    settingsFile: resolve('b.yaml'),
    sweepSeconds: 5,
    standInMode: 'quick',
    databaseEndpoint: 'http://127.0.0.1:8000',
  });
});

describe('a value that does not fit is refused with its name and the value', () => {
  test.each([
    ['BREVET_PORT', 'http'],
    ['BREVET_PORT', '70000'],
    ['BREVET_PORT', '-1'],
    ['BREVET_AWS_PORT', '4001.5'],
    ['BREVET_MAIL_PORT', 'smtp'],
    ['BREVET_SWEEP_SECONDS', '0'],
    ['BREVET_STAND_IN', 'fast'],
    ['BREVET_DYNAMODB_ENDPOINT', 'dynamodb'],
  ])('%s=%s', (name, value) => {
    expect(() => readOptions({ [name]: value })).toThrow(`${name}="${value}" must be `);
  });

  test('and two ports that are one', () => {
    expect(() => readOptions({ BREVET_PORT: '4001' })).toThrow(/both 4001/);
    expect(() => readOptions({ BREVET_AWS_PORT: '4002' })).toThrow(
      'BREVET_AWS_PORT and BREVET_MAIL_PORT are both 4002; they must differ',
    );
  });
});
