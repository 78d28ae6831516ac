/** Where the service is, and for which Region to sign. */
import { describe, expect, it } from 'vitest';
import type { AwsProfile } from '../../cli/aws-profile.ts';
import { addressOf, findEndpoint, findRegion, parseEndpoint } from '../../cli/endpoint.ts';
import type { Environment } from '../../cli/terminal.ts';

describe('the address of an operation', () => {
  it.each([
    ['http://127.0.0.1:4000', 'http://127.0.0.1:4000/iam/v1/me'],
    ['http://127.0.0.1:4000/', 'http://127.0.0.1:4000/iam/v1/me'],
    [
      'https://abc.execute-api.eu-central-1.amazonaws.com/live',
      'https://abc.execute-api.eu-central-1.amazonaws.com/live/iam/v1/me',
    ],
    [
      'https://abc.execute-api.eu-central-1.amazonaws.com/live//',
      'https://abc.execute-api.eu-central-1.amazonaws.com/live/iam/v1/me',
    ],
    ['https://brevet.example.com/a/b', 'https://brevet.example.com/a/b/iam/v1/me'],
  ])('below %s is %s', (endpoint, expected) => {
    expect(addressOf(parseEndpoint(endpoint), 'sigv4', '/me').href).toBe(expected);
    expect(addressOf(parseEndpoint(endpoint), 'oidc', '/me').href).toBe(expected.replace('/iam/v1', '/v1'));
  });

  it.each([
    'brevet.example.com',
    'ftp://brevet.example.com',
    'http://brevet.example.com',
    'http://127.0.0.1.example.com',
    'https://maria:secret@brevet.example.com',
    'https://brevet.example.com?x=1',
    'https://brevet.example.com#x',
    '',
  ])('below "%s" does not exist', (endpoint) => {
    expect(() => parseEndpoint(endpoint)).toThrow('endpoint_unusable');
  });

  it.each(['http://localhost:4000', 'http://[::1]:4000', 'http://127.1.2.3'])(
    'may be in the clear at %s',
    (endpoint) => {
      expect(parseEndpoint(endpoint).protocol).toBe('http:');
    },
  );
});

const HOST = 'https://abc.execute-api.eu-west-1.amazonaws.com/live';
const OTHER = 'https://brevet.example.com';

interface Flags {
  readonly endpoint?: string;
  readonly region?: string;
}

const find = async (flags: Flags, env: Environment, profile: Partial<AwsProfile> = {}) => {
  const inForce = { name: 'maria', withEndpoint: [], ...profile };
  const endpoint = findEndpoint(flags.endpoint, env, inForce);
  return { endpoint, region: findRegion(endpoint, flags.region, env, inForce) };
};

describe('the place of the service', () => {
  it.each([
    [
      'the flag before everything',
      { endpoint: OTHER },
      { BREVET_ENDPOINT: HOST, AWS_REGION: 'r' },
      { endpoint: HOST },
      OTHER,
    ],
    ['the environment before the profile', {}, { BREVET_ENDPOINT: OTHER, AWS_REGION: 'r' }, { endpoint: HOST }, OTHER],
    ['the profile', {}, { AWS_REGION: 'r' }, { endpoint: OTHER }, OTHER],
    [
      'the profile where the environment has it empty',
      {},
      { BREVET_ENDPOINT: '', AWS_REGION: 'r' },
      { endpoint: OTHER },
      OTHER,
    ],
  ])('is named by %s', async (_what, flags, env, profile, expected) => {
    expect((await find(flags, env, profile)).endpoint.origin).toBe(expected);
  });

  it.each([
    ['the flag', { endpoint: HOST, region: 'us-east-2' }, { AWS_REGION: 'eu-north-1' }, {}, 'us-east-2'],
    ['the host before the environment', { endpoint: HOST }, { AWS_REGION: 'eu-north-1' }, {}, 'eu-west-1'],
    [
      'AWS_REGION before the profile',
      { endpoint: OTHER },
      { AWS_REGION: 'eu-north-1' },
      { region: 'us-east-1' },
      'eu-north-1',
    ],
    ['AWS_DEFAULT_REGION', { endpoint: OTHER }, { AWS_DEFAULT_REGION: 'eu-north-1' }, {}, 'eu-north-1'],
    ['the profile', { endpoint: OTHER }, {}, { region: 'us-east-1' }, 'us-east-1'],
  ])('has its Region from %s', async (_what, flags, env, profile, expected) => {
    expect((await find(flags, env, profile)).region).toBe(expected);
  });

  it('is asked for when nothing names it', async () => {
    await expect(find({}, {})).rejects.toMatchObject({
      problem: { code: 'endpoint_missing' },
      next: expect.stringContaining('BREVET_ENDPOINT'),
    });
  });

  it('is offered by the profiles that name it', async () => {
    await expect(find({}, {}, { withEndpoint: ['maria', 'omar'] })).rejects.toMatchObject({
      next: 'Choose a profile that has one (AWS_PROFILE=maria): maria, omar.',
    });
  });

  it('is of no use without a Region', async () => {
    await expect(find({ endpoint: OTHER }, {})).rejects.toMatchObject({ problem: { code: 'region_missing' } });
  });
});
