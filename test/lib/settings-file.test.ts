/** Settings and policy files: where they are found, and how somebody learns what does not fit. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { findSettings, parseSettings, readConfiguration } from '../../lib/settings-file.ts';

const GOOD = `
account: '300000000001'
region: eu-central-1
organization_id: o-b7e4v3t1k9
identity_center:
  instance_arn: arn:aws:sso:::instance/ssoins-7223c4d1e8b6a509
  identity_store_id: d-906712ab3f
policy: policy.yaml
`;
const POLICY = `
version: 1
entitlements:
  - name: look
    who: { groups: [engineers] }
    what: { accounts: { organizational_units: [/] }, permission_sets: [ReadOnlyAccess] }
    max_duration: 1h
    approval: none
`;

let folder = '';
const write = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'brevet-settings-'));
  vi.stubEnv('BREVET_SETTINGS', undefined);
});
afterEach(() => {
  rmSync(folder, { recursive: true });
  vi.unstubAllEnvs();
});

describe('the settings file is', () => {
  it('the one that was named, before all others', () => {
    vi.stubEnv('BREVET_SETTINGS', 'from-the-environment.yaml');
    write('brevet.yaml', GOOD);
    expect(findSettings('named.yaml', folder)).toBe(join(folder, 'named.yaml'));
  });

  it('the one of the environment, before the usual one', () => {
    vi.stubEnv('BREVET_SETTINGS', 'from-the-environment.yaml');
    write('brevet.yaml', GOOD);
    expect(findSettings(undefined, folder)).toBe(join(folder, 'from-the-environment.yaml'));
  });

  it('brevet.yaml, when it is there', () => {
    const path = write('brevet.yaml', GOOD);
    expect(findSettings(undefined, folder)).toBe(path);
  });

  it('the example on a fresh clone, and known to be it', () => {
    const { isExample, settings, policy } = readConfiguration(undefined, folder);
    expect(isExample).toBe(true);
    expect(settings.account).toBe('300000000001');
    expect(policy.file.entitlements.map(({ name }) => name)).toContain('payments-production');
  });
});

describe('reading both files', () => {
  it('finds the policy beside the settings, and names its version by the hash of its content', () => {
    write('policy.yaml', POLICY);
    const configuration = readConfiguration(write('settings.yaml', GOOD));
    expect(configuration).toMatchObject({
      isExample: false,
      policyPath: join(folder, 'policy.yaml'),
    });
    // Of the content as compact JSON, as sha256sum has it.
    expect(configuration.policy.version).toBe('a81ba2bc262b43007c6975cf57d000bd1b5f4525c9029e983746698f9b193e6d');
  });

  it.each(['10-more.test.yaml', '10-more.test.yml'])(
    'leaves out %s of a folder, which the command line does not lint',
    (name) => {
      mkdirSync(join(folder, 'policy'));
      write('policy/00-platform.yaml', POLICY);
      write(`policy/${name}`, POLICY.replace('name: look', 'name: everything').replace('1h', '12h'));
      const { policy } = readConfiguration(write('settings.yaml', GOOD.replace('policy.yaml', 'policy')));
      expect(policy.file.entitlements.map((rule) => rule.name)).toEqual(['look']);
    },
  );

  it('says which file is missing', () => {
    const settings = write('settings.yaml', GOOD);
    expect(() => readConfiguration(settings)).toThrow(`The policy file cannot be read (ENOENT): ${folder}/policy.yaml`);
    expect(() => readConfiguration(join(folder, 'none.yaml'))).toThrow(
      `The settings file cannot be read (ENOENT): ${folder}/none.yaml`,
    );
  });

  it('refuses a policy that does not fit, naming file and place', () => {
    write('policy.yaml', POLICY.replace('1h', 'an hour'));
    expect(() => readConfiguration(write('settings.yaml', GOOD))).toThrow(
      /policy\.yaml does not fit:\n {2}policy\.yaml:\d+:\d+: entitlements\.0\.max_duration: "an hour" is no duration/,
    );
  });

  it('reads the files of a folder but those with cases, and refuses what lies below it', () => {
    for (const name of ['policy/sub', 'policy/.git']) mkdirSync(join(folder, name), { recursive: true });
    write('policy/10.yaml', POLICY);
    for (const name of ['policy/a.test.yaml', 'policy/b.test.yml', 'policy/.git/c.yaml']) write(name, 'cases: []');
    const settings = write('settings.yaml', GOOD.replace('policy.yaml', 'policy'));
    expect(readConfiguration(settings).policy.file.entitlements).toHaveLength(1);
    write('policy/sub/20.yml', POLICY);
    expect(() => readConfiguration(settings)).toThrow('is one policy, and sub/20.yml lies below it');
  });

  it.each([
    ["    require: { ticket_pattern: '(a+)+' }\n", 'require.ticket_pattern'],
    ["    break_glass: { tell: { groups: [leads] }, incident_pattern: '(a+)+' }\n", 'break_glass.incident_pattern'],
  ])('refuses a pattern that some text could keep busy, naming file and place: %s', (rule, where) => {
    write('policy.yaml', `${POLICY}${rule}`);
    expect(() => readConfiguration(write('settings.yaml', GOOD))).toThrow(
      new RegExp(`  policy\\.yaml:9:\\d+: entitlements\\.0\\.${where.replace('.', '\\.')}: .* busy for very long`),
    );
  });

  it('refuses a policy that is too long for one item of the table', () => {
    write('policy.yaml', `${POLICY}# ${'x'.repeat(300_000)}`);
    expect(() => readConfiguration(write('settings.yaml', GOOD))).toThrow(/bytes; a policy has at most 262144/);
  });
});

describe('settings that do not fit', () => {
  it.each([
    ['a setting that is missing', GOOD.replace(/^region.*$/m, ''), 'region: is missing'],
    ['a setting that there is not', `${GOOD}colour: red\n`, 'line 9, settings: there is no such setting: colour'],
    [
      'an account id without quotes',
      GOOD.replace("'300000000001'", '300000000001'),
      'line 2, account: Invalid input: expected string, received number; write it in quotes',
    ],
    [
      'an account id that is too short',
      GOOD.replace('300000000001', '3000'),
      'line 2, account: an account id has 12 digits',
    ],
    [
      'something deep inside',
      GOOD.replace('d-906712ab3f', 'store'),
      'line 7, identity_center.identity_store_id: an Identity Store id such as d-1234567890',
    ],
    [
      'a limit that is no duration',
      `${GOOD}limits:\n  pending_expiry: 0h\n`,
      'line 10, limits.pending_expiry: "0h" is no duration; write 8h, 90m or PT8H',
    ],
    ...[
      ['a publisher that is a user', 'arn:aws:iam::300000000001:user/ci', 'the ARN of a role'],
      ['any publisher', '*', 'the ARN of a role'],
      ['any role', 'arn:aws:iam::300000000001:role/*', 'the ARN of a role'],
      ['a whole account', 'arn:aws:iam::300000000001:root', 'the ARN of a role'],
      [
        'a role that Identity Center made',
        'arn:aws:iam::300000000001:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Admin_0123456789abcdef',
        'a role of IAM Identity Center may not publish the policy',
      ],
    ].map(([what, arn, message]) => [
      String(what),
      `${GOOD}policy_publishers: ['${arn}']\n`,
      `line 9, policy_publishers.0: ${message}`,
    ]),
    [
      'an issuer without TLS',
      `${GOOD}oidc: { issuer: 'http://login.example.com', audience: [brevet], claim: sub, maps_to: user_name }\n`,
      'line 9, oidc.issuer: an https address',
    ],
    [
      'an issuer with a query',
      `${GOOD}oidc: { issuer: 'https://login.example.com/?x=1', audience: [brevet], claim: sub, maps_to: user_name }\n`,
      'line 9, oidc.issuer: an address without a query',
    ],
    [
      'tokens for anybody',
      `${GOOD}oidc: { issuer: 'https://login.example.com', audience: [], claim: sub, maps_to: user_name }\n`,
      'line 9, oidc.audience: ',
    ],
    [
      'an e-mail address in a claim that nobody verifies',
      `${GOOD}oidc: { issuer: 'https://login.example.com', audience: [brevet], claim: upn, maps_to: email }\n`,
      'line 9, oidc.claim: with "maps_to: email" the claim is "email"',
    ],
    [
      'a claim that is mapped to something else',
      `${GOOD}oidc: { issuer: 'https://login.example.com', audience: [brevet], claim: sub, maps_to: user_id }\n`,
      'line 9, oidc.maps_to: ',
    ],
    [
      'scopes in one text',
      `${GOOD}oidc: { issuer: 'https://l.example.com', audience: [b], claim: sub, maps_to: user_name, scopes: ['openid email'] }\n`,
      'line 9, oidc.scopes.0: a scope without spaces or quotes',
    ],
    ['an empty file', '', 'settings: Invalid input: expected object, received null'],
    ['what is no YAML', 'account: [', 'at line 1, column 11'],
  ])('%s', (_, text, expected) => {
    expect(() => parseSettings(text, 'brevet.yaml')).toThrow(expected);
  });

  it('are told of all at once', () => {
    const text = GOOD.replace(/^region.*$/m, '').replace('o-b7e4v3t1k9', 'acme');
    expect(() => parseSettings(text, 'brevet.yaml')).toThrow(
      /region: is missing\n.*organization_id: an organization id/,
    );
  });
});
