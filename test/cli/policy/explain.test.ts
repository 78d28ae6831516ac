/** `brevet policy explain`: by an export the same as the service says, rule by rule; and what is printed. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { explainOffline } from '../../../cli/policy/explain.ts';
import { offlineOrganization } from '../../../cli/policy/offline.ts';
import { isRefusal } from '../../../lambda/domain/refusal.ts';
import { explanationView } from '../../../lambda/handlers/api/explanation-view.ts';
import { readTestSeed } from '../../contract/stand-in.ts';
import { type Brevet, buildBrevet } from '../support/brevet.ts';
import { type Ask, explainedByService, policyOf } from './case-and-service.ts';
import { organizations, policyTexts } from './random-organization.ts';
import { exportOf } from './seed-organization.ts';

type View = ReturnType<typeof explanationView>;

/** In which order several approvers are named says nothing; everybody with an attribute the service cannot name. */
const inOrder = (view: View): View => {
  const isNamed = view.approval?.stages.every(({ everybodyWith }) => everybodyWith === undefined) ?? true;
  const byId = (people: View['approvers']) =>
    isNamed ? people.toSorted((left, right) => (left.id < right.id ? -1 : 1)) : [];
  const { approval, approvers, ...told } = view;
  const stages = approval?.stages.map((stage) => ({ ...stage, approvers: byId(stage.approvers) })) ?? [];
  return { ...told, approvers: byId(approvers), ...(approval && { approval: { ...approval, stages } }) };
};

const offline = ({ content, policy, userName, isBreakGlass }: Ask): View =>
  explainOffline(policy, offlineOrganization(content), {
    ...{ person: userName, target: 'prod/Admin', from: Date.parse('2026-11-23T09:00Z'), durationSeconds: 3600 },
    justification: 'long enough',
    ...(isBreakGlass && { incident: 'INC-7' }),
  });

it('says what the service would, in any organization, by any policy', async () => {
  const outcomes = new Set<string | undefined>();
  await fc.assert(
    fc.asyncProperty(organizations, policyTexts, fc.boolean(), async (content, text, isBreakGlass) => {
      const policy = policyOf(text);
      fc.pre(policy !== undefined);
      for (const { userName } of content.people) {
        const ask = { content, policy, text, userName, isBreakGlass };
        const explained = await explainedByService(ask);
        if (!explained || isRefusal(explained)) continue;
        const told = inOrder(offline(ask));
        expect(told).toEqual(inOrder(explanationView(explained)));
        outcomes.add(told.refusal?.code);
      }
    }),
    { numRuns: 150 },
  );
  expect([...outcomes]).toEqual(expect.arrayContaining([undefined, 'no_approver', 'not_eligible']));
});

const POLICY = `version: 1
entitlements:
  - name: payments
    who: { groups: [payments-engineers] }
    what: { accounts: { names: [payments-prod] }, permission_sets: [AdministratorAccess] }
    max_duration: 1h
    approval: { groups: [payments-leads] }
    require: { on_call: primary }
`;

describe('policy explain', () => {
  let brevet: Brevet;
  let folder: string;
  let facts: readonly string[];
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'brevet-explain-'));
    const [path, organization] = [join(folder, 'policy.yaml'), join(folder, 'organization.json')];
    await writeFile(path, POLICY);
    await writeFile(organization, JSON.stringify(exportOf(await readTestSeed())));
    facts = [path, '--organization', organization];
    brevet = await buildBrevet();
  });
  afterAll(async () => {
    await brevet.remove();
    await rm(folder, { recursive: true });
  });
  const TARGET = 'payments-prod/AdministratorAccess';
  const run = (target: string, ...args: readonly string[]) =>
    brevet.run(['policy', 'explain', ...facts, target, ...args], { env: { HOME: folder } });

  it('tells the rule and who could approve, and exits 0', async () => {
    const { code, stdout } = await run(TARGET, '--person', 'maria', '--on-call', 'primary');
    expect(code).toBe(0);
    expect(stdout).toContain('payments');
    expect(stdout).toContain('Omar');
    const { approvers, allowed } = JSON.parse(
      (await run(TARGET, '--person', 'maria', '--on-call', 'primary', '--json')).stdout,
    );
    expect([allowed, approvers.map(({ userName }: { userName: string }) => userName).sort()]).toEqual([
      true,
      ['lena', 'omar'],
    ]);
  });

  it('tells what is missing, condition by condition, and exits as explain does', async () => {
    const stranger = await run(TARGET, '--person', 'chloe');
    expect([stranger.code, stranger.stdout]).toEqual([
      13,
      expect.stringContaining('be one of: group payments-engineers'),
    ]);
    const unknown = await run(TARGET, '--person', 'maria');
    expect(unknown.code).not.toBe(0);
    expect(unknown.stdout).toContain('on call');
  });

  it.each([
    ['nobody of the name', TARGET, ['--person', 'nobody'], 'nobody, or more than one, named'],
    ['no such account', 'gone/AdministratorAccess', ['--person', 'maria'], 'has no account "gone"'],
    ['no target', 'payments-prod', ['--person', 'maria'], 'is no target'],
    ['nobody at all', TARGET, [], '--person'],
    ['no duration', TARGET, ['--person', 'maria', '--for', 'long'], 'is no duration'],
  ])('refuses %s', async (_what, target, args, said) => {
    const { code, stdout, stderr } = await run(target, ...args);
    expect([code === 0, stdout]).toEqual([false, '']);
    expect(stderr).toContain(said);
  });
});
