/** `brevet policy replay`: how many of each come out how, which changes, and what is no event. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { policyOf } from '../../handlers/api-world.ts';
import { type Brevet, buildBrevet } from '../support/brevet.ts';
import { CERTAIN, EXPORT, READ, requestsAsked } from './requests-asked.ts';

let made: ReturnType<typeof requestsAsked>;
beforeEach(() => {
  made = requestsAsked();
});

describe('brevet policy replay', () => {
  let brevet: Brevet;
  let folder: string;
  beforeAll(async () => {
    brevet = await buildBrevet();
    folder = await mkdtemp(join(tmpdir(), 'brevet-replay-'));
    await writeFile(join(folder, 'organization.json'), JSON.stringify(EXPORT));
  });
  afterAll(async () => {
    await Promise.all([brevet.remove(), rm(folder, { recursive: true })]);
  });
  const run = async (policy: string, lines: readonly string[], ...flags: readonly string[]) => {
    const at = (name: string) => join(folder, name);
    await writeFile(at('policy.yaml'), policy);
    await writeFile(at('events.jsonl'), `${lines.join('\n')}\n`);
    // Windows may overlap.
    const audit = ['--audit', at('events.jsonl'), at('events.jsonl')];
    const args = ['policy', 'replay', at('policy.yaml'), ...audit, '--organization', at('organization.json'), ...flags];
    return brevet.run(args, { env: { HOME: folder } });
  };

  it('tells how many of each, and each that changes with its rule, and exits 0', async () => {
    const id = await made.ask();
    await made.ask(READ);
    const shorter = CERTAIN.replace('max_duration: 4h', 'max_duration: 30m');
    const lines = await made.exported();
    const { code, stdout } = await run(shorter, lines);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^2 requests: 1 unchanged, 1 refused\.\n/);
    expect(stdout).toContain('payments-prod/AdministratorAccess');
    expect(stdout).toContain('duration_too_long (was by elevated)');
    expect(JSON.parse((await run(shorter, lines, '--json')).stdout)).toMatchObject({
      version: policyOf(shorter).version,
      requests: 2,
      begunBefore: 0,
      counts: { unchanged: 1, refused: 1, unknown: 0 },
      changes: [
        {
          requestId: id,
          what: 'request',
          userName: 'maria',
          account: 'payments-prod',
          outcome: 'refused',
          cameTo: 'pending',
          before: { rule: 'elevated', approvals: 1 },
          refusal: { code: 'duration_too_long' },
        },
      ],
    });
  });

  it('refuses what is no event, naming its line', async () => {
    await made.ask();
    const { code, stderr } = await run(CERTAIN, [...(await made.exported()), '{"not":"an event"}']);
    expect(code).toBe(2);
    expect(stderr).toMatch(/events\.jsonl:\d+ is no event/);
  });
});
