/** A policy's life on a running service: published, judged by, tried beforehand, replayed, and still there after a restart. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type {
  CaseReport,
  LintReport,
  PolicyCheckReport,
  PolicyPublication,
  PolicyReplay,
} from '../../cli/json-documents.ts';
import type { RequestDetail } from '../../lambda/contract/api.ts';
import type { PolicyView } from '../../lambda/contract/policy-check.ts';
import { createService, eventually, type Service } from './service.ts';

const TARGET = 'payments-prod/AdministratorAccess';
const AUDITOR = 'ines';
const MAY_LAST_MS = 120_000;

let service: Service;
let folder: string;
let first: string;
let organization: string;
beforeAll(async () => {
  service = await createService({ BREVET_SETTINGS: join(import.meta.dirname, 'published-settings.yaml') });
  folder = await mkdtemp(join(tmpdir(), 'brevet-e2e-policy-'));
  first = await readFile(join(import.meta.dirname, 'policy.yaml'), 'utf8');
  organization = join(folder, 'organization.json');
  const exported = await service.brevet(
    'maria',
    'export',
    'organization',
    '--host',
    '300000000001',
    '--out',
    organization,
  );
  expect(exported.code, exported.stderr).toBe(0);
}, 120_000);
afterAll(async () => {
  await service?.dispose();
  await rm(folder, { recursive: true, force: true });
});

const write = async (name: string, text: string): Promise<string> => {
  await writeFile(join(folder, name), text);
  return join(folder, name);
};
const publish = async (path: string): Promise<PolicyPublication> => {
  const flags = ['--yes', '--organization', organization];
  const { code, answer, stderr } = await service.json<PolicyPublication>('maria', 'policy', 'publish', path, ...flags);
  expect(code, stderr).toBe(0);
  return answer;
};
const inForce = async (): Promise<string> => (await service.json<PolicyView>(AUDITOR, 'policy', 'show')).answer.version;
/** Each function looks for a newer version every ten seconds. */
const everywhere = () => new Promise((done) => setTimeout(done, 10_500));

const ask = async (...more: string[]): Promise<RequestDetail> => {
  const words = ['request', TARGET, '--for', '10m', '--reason', 'the payment queue is stuck', ...more];
  return (await service.json<RequestDetail>('maria', ...words)).answer;
};
const reaches = (id: string, status: RequestDetail['status']): Promise<RequestDetail> =>
  eventually(
    async () => {
      const { answer } = await service.json<RequestDetail>('maria', 'show', id);
      return answer.status === status && answer;
    },
    40_000,
    () => service.output(),
  );

test(
  'a published policy is in force within ten seconds; what is in flight keeps its approvals and is judged anew',
  async () => {
    const before = await inForce();
    const pending = await ask();
    expect(pending.approval.required).toBe(1);
    const two = await write('two.yaml', first.replace('required: 1', 'required: 2'));

    const tried = await service.json<PolicyCheckReport>(AUDITOR, 'policy', 'check', two, '--person', 'maria');
    expect(tried.code, tried.stderr).toBe(0);
    expect(tried.answer.inForce).toBe(before);
    const change = tried.answer.people[0]?.changes.find(({ accountName }) => accountName === 'payments-prod');
    expect(change).toMatchObject({ kind: 'changes', before: { approvals: 1 }, after: { approvals: 2 } });
    expect((await service.json(AUDITOR, 'policy', 'show')).answer).toMatchObject({ version: before });

    const published = await publish(two);
    expect(published).toMatchObject({ outcome: 'published', replaces: before, version: tried.answer.version });
    expect(published.differences?.[0]?.people).toContain('maria');
    await everywhere();
    expect(await inForce()).toBe(published.version);
    expect((await ask()).approval.required).toBe(2);
    // The one that was asked before keeps what was asked of its approvers then.
    expect((await service.brevet('omar', 'approve', pending.id)).code).toBe(0);
    await reaches(pending.id, 'active');
    expect((await service.brevet('maria', 'end', pending.id)).code).toBe(0);
    await reaches(pending.id, 'ended');
  },
  MAY_LAST_MS,
);

test(
  'what was approved is judged by the policy in force when it is granted, and what waits when it is decided',
  async () => {
    await publish(await write('one.yaml', first));
    await everywhere();
    const scheduled = await ask('--start', '+25s');
    expect((await service.brevet('omar', 'approve', scheduled.id)).code).toBe(0);
    const waiting = await ask();
    const guardrail =
      'guardrails:\n  - name: stop\n    what: { permission_sets: [AdministratorAccess] }\n    forbid: Not now.\n';
    await publish(await write('stop.yaml', `${first}${guardrail}`));
    await everywhere();
    const refused = await service.brevet('omar', 'approve', waiting.id, '--json');
    expect([refused.code, JSON.parse(refused.stdout).code]).toEqual([13, 'guardrail_forbids']);
    const { reason } = await reaches(scheduled.id, 'failed');
    expect(reason).toContain('stop');
  },
  MAY_LAST_MS,
);

const byId = (left: { requestId: string }, right: { requestId: string }): number =>
  left.requestId < right.requestId ? -1 : 1;

test(
  'the cases of a proposed policy come to the same by the service as offline, people counted',
  async () => {
    const nine = await write('nine.yaml', first.replace('required: 1', 'required: 9'));
    await write(
      'nine.test.yaml',
      `version: 1
cases:
  - { name: nobody would do, person: maria, target: ${TARGET}, for: 1h, at: '2026-11-23T10:00Z', expect: no_approver }
  - { name: it is let through, person: maria, target: ${TARGET}, for: 1h, at: '2026-11-23T10:00Z', expect: allowed }
`,
    );
    const offline = await service.json<CaseReport>(AUDITOR, 'policy', 'test', nine, '--organization', organization);
    const online = await service.json<PolicyCheckReport>(AUDITOR, 'policy', 'check', nine, '--cases');
    expect(
      online.answer.cases.map(({ passed }) => passed),
      online.stderr,
    ).toEqual([true, false]);
    expect(online.answer.cases).toEqual(offline.answer.cases.map((one) => ({ ...one, counted: true })));
  },
  MAY_LAST_MS,
);

test(
  'user names and delegations of a proposed policy are looked up by the service as they are offline',
  async () => {
    const delegated = `${first}delegations:
  - name: payments
    file: 20-payments.yaml
    writers: [payments-leads]
    organizational_units: [Workloads/Payments, Workloads/Paymets]
    permission_sets: [ReadOnlyAccess]
    max_duration: 1h
`;
    const text = delegated.replace(/approval: \{ groups: \[[^\]]*\]/, '$&, users: [nobody-here, OMAR]');
    expect(text).toContain('nobody-here');
    await mkdir(join(folder, 'rules'));
    await write('rules/10-platform.yaml', text);
    await write(
      'rules/20-payments.yaml',
      `version: 1
delegation: payments
entitlements:
  - name: ours
    who: { groups: [payments-engineers], users: [nobody-there] }
    what: { accounts: { names: [payments-prod, ml-prod] }, permission_sets: [ReadOnlyAccess] }
    max_duration: 1h
    approval: { groups: [payments-leads] }
`,
    );
    const path = join(folder, 'rules');
    const offline = await service.json<LintReport>(AUDITOR, 'policy', 'lint', path, '--organization', organization);
    const online = await service.json<PolicyCheckReport>(AUDITOR, 'policy', 'check', path);
    expect(online.answer.usersNotLookedUp, online.stderr).toBe(0);
    expect(online.answer.findings).toHaveLength(4);
    const places = ({ findings }: Pick<LintReport, 'findings'>) =>
      findings.map(({ file, line, column, path: at }) => [file, line, column, at]);
    expect(places(online.answer)).toEqual(places(offline.answer));
  },
  MAY_LAST_MS,
);

test(
  'past requests are replayed on a proposed policy',
  async () => {
    const events = join(folder, 'events.jsonl');
    expect((await service.brevet(AUDITOR, 'audit', 'export', '--out', events)).code).toBe(0);
    const path = await write('replayed.yaml', first.replace('max_duration: 1h', 'max_duration: 5m'));
    const words = ['policy', 'replay', path, '--audit', events, '--organization', organization];
    const { code, answer } = await service.json<PolicyReplay>(AUDITOR, ...words);
    expect(code).toBe(0);
    expect(answer.counts.refused).toBe(answer.requests);
    expect(answer.changes.every(({ refusal }) => refusal?.code === 'duration_too_long')).toBe(true);

    // The service by itself comes to the same, without an export of either.
    const checked = await service.json<PolicyCheckReport>(AUDITOR, 'policy', 'check', path, '--past', '100');
    expect(checked.code, checked.stderr).toBe(0);
    const { past } = checked.answer;
    expect(past).toMatchObject({ requests: answer.requests, leftOut: 0, counts: answer.counts });
    expect(past?.changes.toSorted(byId)).toEqual(answer.changes.toSorted(byId));
    const refused = await service.json<{ code: string }>('maria', 'policy', 'check', path, '--past', '1');
    expect([refused.code, refused.answer.code]).toEqual([13, 'not_permitted']);
  },
  MAY_LAST_MS,
);

test(
  'a service that starts again does not take back what was published',
  async () => {
    const { version } = await publish(await write('last.yaml', first.replace('max_duration: 1h', 'max_duration: 2h')));
    await service.kill9();
    await service.start();
    expect(await inForce()).toBe(version);
  },
  MAY_LAST_MS,
);
