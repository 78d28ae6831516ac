/** Holds the adapters' calls to AWS against what the roles allow: nothing is missing, and nothing is allowed in vain. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { actionsOf, policyOf, type RoleName } from './policies.ts';
import { MAIL, ON_CALL, synthesized } from './synthesized.ts';

const ADAPTERS = new URL('../../lambda/adapters/', import.meta.url);

/** IAM's prefix for the calls of each client. DynamoDB is left out: its transactions are allowed by what they contain. */
const PREFIXES: Readonly<Record<string, string>> = {
  'sso-admin': 'sso',
  sesv2: 'ses',
};
/** Made without the SDK's client, by its path. */
const BY_PATH: Readonly<Record<string, string>> = { '/invocations`': 'lambda:InvokeFunction' };
/** Made without the SDK's client, by name: the adapters that do, and IAM's prefix. */
const BY_NAME: Readonly<Record<string, string>> = {
  'step-functions-runner.ts': 'states',
  'organizations-tree.ts': 'organizations',
  'identity-store-addresses.ts': 'identitystore',
  'identity-store-directory.ts': 'identitystore',
  'identity-store-members.ts': 'identitystore',
  'identity-store-people-lists.ts': 'identitystore',
  'aws-surveyor.ts': 'identitystore',
  'identity-center-permission-sets.ts': 'sso',
  'parameter-reader.ts': 'ssm',
};

const callsIn = (name: string, source: string): string[] => [
  ...callsByClient(source),
  ...callsByPath(source),
  ...callsByName(name, source),
];

const callsByName = (name: string, source: string): string[] =>
  BY_NAME[name] === undefined
    ? []
    : [...source.matchAll(/\b(?:c|groupC)alls\('(\w+)'/g)].map(([, operation]) => `${BY_NAME[name]}:${operation}`);

const callsByPath = (source: string): string[] =>
  Object.entries(BY_PATH).flatMap(([path, action]) => (source.includes(path) ? [action] : []));

const callsByClient = (source: string): string[] =>
  [...source.matchAll(/import \{(?<names>[^}]*)\} from '@aws-sdk\/client-(?<client>[\w-]+)'/g)].flatMap(
    ({ groups }) => {
      const prefix = PREFIXES[groups?.client ?? ''];
      const commands = [...(groups?.names ?? '').matchAll(/(\w+)Command\b/g)].map(([, name]) => `${prefix}:${name}`);
      return prefix === undefined ? [] : commands;
    },
  );

const called = new Set(
  readdirSync(ADAPTERS)
    .filter((name) => name.endsWith('.ts'))
    .flatMap((name) => callsIn(name, readFileSync(new URL(name, ADAPTERS), 'utf8'))),
);

/** With everything for which a function may need a right. */
const { template } = synthesized({ on_call: ON_CALL, mail: MAIL });
const functions: RoleName[] = [
  'api',
  'workflow',
  'converge',
  'sweep',
  'drift',
  'catalogue',
  'census',
  'policyCheck',
  'tell',
];
const prefixes = [...Object.values(PREFIXES), ...Object.values(BY_NAME), 'lambda'];
const allowed = new Set(
  functions
    .flatMap((role) => actionsOf(policyOf(template, role)))
    .filter((action) => prefixes.includes(action.split(':')[0] ?? '')),
);

describe('calls to AWS', () => {
  it('are found in the adapters at all', () => {
    expect(called).toContain('sso:CreateAccountAssignment');
    expect(called).toContain('lambda:InvokeFunction');
    expect(called).toContain('states:StartExecution');
    expect(called).toContain('organizations:ListAccounts');
    expect(called).toContain('ses:SendEmail');
  });

  it('that an adapter makes are allowed to some function', () => {
    expect([...called].filter((call) => !allowed.has(call))).toEqual([]);
  });

  it('that a function is allowed are made by some adapter', () => {
    expect([...allowed].filter((call) => !called.has(call))).toEqual([]);
  });
});
