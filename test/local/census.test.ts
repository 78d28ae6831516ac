/** Everybody counted for a proposed policy, in the local service as it is: gateway, functions, Lambda's API, the stand-in, the table. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Sha256 } from '@aws-crypto/sha256-js';
import { HttpRequest } from '@smithy/protocol-http';
import { SignatureV4 } from '@smithy/signature-v4';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import type { PolicyCheckView } from '../../lambda/contract/policy-check.ts';
import type { Problem } from '../../lambda/contract/problem.ts';
import { readOptions } from '../../local/options.ts';
import { localCredentials } from '../../local/seed/credentials.ts';
import { type LocalService, startService } from '../../local/service.ts';
import type { Terminal } from '../../local/terminal.ts';

let folder: string;
let service: LocalService;
const warnings: string[] = [];
const terminal: Terminal = {
  step: (_, work) => work(),
  say: () => undefined,
  warn: (text) => void warnings.push(text),
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'brevet-census-'));
  const ports = { BREVET_PORT: '0', BREVET_AWS_PORT: '0', BREVET_MAIL_PORT: '0' };
  const options = readOptions({
    ...ports,
    BREVET_STATE_DIR: folder,
    BREVET_STAND_IN: 'quick',
    BREVET_SWEEP_SECONDS: '1',
  });
  service = await startService({ options, terminal, onFatal: (message) => void warnings.push(message) });
});
afterAll(async () => {
  await service.close();
  await rm(folder, { recursive: true, force: true });
});

const control = async (page: string, method: 'GET' | 'PUT' | 'DELETE', content?: object): Promise<unknown> => {
  const body = content && JSON.stringify(content);
  const answer = await fetch(`${service.awsUrl}/_stand-in/${page}`, { method, ...(body && { body }) });
  if (!answer.ok) throw new Error(`${page}: ${await answer.text()}`);
  return answer.json();
};

interface Asked {
  readonly status: number;
  readonly retryAfter: string | null;
  readonly body: Problem & PolicyCheckView;
}

const ask = async (policy: unknown, everybody = true): Promise<Asked> => {
  const { host, hostname, port } = new URL(service.peopleUrl);
  const [method, path, body] = ['POST', '/iam/v1/policy/check', JSON.stringify({ policy, everybody })];
  const headers = { host, 'content-type': 'application/json' };
  const unsigned = new HttpRequest({ method, protocol: 'http:', hostname, port: Number(port), path, headers, body });
  const credentials = localCredentials('tom');
  const signer = new SignatureV4({ service: 'execute-api', region: 'us-east-1', credentials, sha256: Sha256 });
  const signed = await signer.sign(unsigned);
  const answer = await fetch(`${service.peopleUrl}${path}`, { method, headers: signed.headers, body });
  return {
    status: answer.status,
    retryAfter: answer.headers.get('retry-after'),
    body: (await answer.json()) as Asked['body'],
  };
};

/** Asks again and again, for as long as the answer is this one. */
const askWhile = async (code: Problem['code'], ...asking: Parameters<typeof ask>): Promise<Asked> => {
  for (let tries = 0; tries < 200; tries += 1) {
    const asked = await ask(...asking);
    if (asked.body.code !== code) return asked;
    await wait(200);
  }
  throw new Error(`${code} for ever`);
};

interface Content {
  readonly entitlements: readonly { readonly name: string; readonly [key: string]: unknown }[];
}

/** That in force, but for one rule. */
const policyWith = async (rule: string, changes: object): Promise<Content> => {
  const inForce: Content = parse(await readFile('local/policy.yaml', 'utf8'));
  const entitlements = inForce.entitlements.map((one) => (one.name === rule ? { ...one, ...changes } : one));
  return { ...inForce, entitlements };
};

const callsOf = async (wanted: string): Promise<number> => {
  const calls = (await control('calls', 'GET')) as readonly { readonly operation: string }[];
  return calls.filter(({ operation }) => operation === wanted).length;
};

const readOnlyForAnHour = () => policyWith('payments-read-only', { max_duration: '1h' });

test('everybody is counted when somebody first asks for them, and whoever asks again gets what changes for each', async () => {
  const policy = await readOnlyForAnHour();
  expect((await askWhile('catalogue_not_read', policy, false)).status).toBe(200);
  await control('pace', 'PUT', { pageSizeCap: 10 });
  expect(await ask(policy)).toMatchObject({ status: 503, retryAfter: '5', body: { code: 'people_being_counted' } });

  const { status, body } = await askWhile('people_being_counted', policy);
  expect(status).toBe(200);
  expect(body.everybody).toMatchObject({ people: 31, concerned: 5, isWhole: true });
  const concerned = body.everybody?.differences.flatMap(({ people }) => people);
  expect(concerned?.sort()).toEqual(['aiko', 'diego', 'lena', 'maria', 'noah']);

  const listed = await callsOf('ListGroupMemberships');
  expect(listed).toBeGreaterThan(0);
  expect((await ask(policy)).body.everybody?.asOf).toBe(body.everybody?.asOf);
  expect(await callsOf('ListGroupMemberships')).toBe(listed);
  expect(warnings).toEqual([]);
});

test('whoever speaks of other groups has those counted, too', async () => {
  const policy = await policyWith('payments-read-only', { who: { groups: ['finance'] } });
  expect((await ask(policy)).body.code).toBe('people_being_counted');
  const { status, body } = await askWhile('people_being_counted', policy);
  expect(status).toBe(200);
  // One who gains, and five who lose.
  expect(body.everybody).toMatchObject({ people: 31, concerned: 6 });
});

test('whoever asks is told when people cannot be counted, and what was counted before is still good', async () => {
  await control('faults', 'PUT', [
    { kind: 'error', operation: 'ListGroupMemberships', error: 'AccessDeniedException' },
  ]);
  const policy = await policyWith('payments-read-only', { who: { groups: ['mobile-engineers'] } });
  expect((await ask(policy)).body.code).toBe('people_being_counted');
  const { status, body } = await askWhile('people_being_counted', policy);
  expect({ status, code: body.code }).toEqual({ status: 503, code: 'people_not_counted' });
  expect((await ask(await readOnlyForAnHour())).body.everybody).toMatchObject({ concerned: 5 });
});
