/** `brevet policy show`: the policy in force, as a file or as the service has it. */
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { signedInCommand } from '../support/command-and-service.ts';
import { POLICY, VERSION } from './checked-policy.ts';

const { run, service } = signedInCommand();

describe('policy show', () => {
  it('prints the policy in force as a file that could be published', async () => {
    const body = { version: VERSION, entitlements: 1, guardrails: 0, content: parse(POLICY) };
    service.answerWith({ 'GET /iam/v1/policy': { body } });
    const { code, stdout } = await run(['policy', 'show']);
    expect(code).toBe(0);
    expect(stdout.split('\n')[0]).toBe(`# In force: ${VERSION}`);
    expect(parse(stdout)).toEqual(parse(POLICY));
    expect(JSON.parse((await run(['policy', 'show', '--json'])).stdout)).toEqual(body);
  });
});
