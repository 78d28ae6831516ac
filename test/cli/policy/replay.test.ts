/** Past requests against a proposed policy: events as the service seals them, judged as of the moment when they were asked. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { offlineOrganization } from '../../../cli/policy/offline.ts';
import { pastRequestsFrom } from '../../../cli/policy/past-requests.ts';
import { replayOn } from '../../../cli/policy/replay.ts';
import { readLine } from '../../../lambda/contract/audit-chain.ts';
import type { OrganizationExport } from '../../../lambda/contract/organization-export.ts';
import { createApiWorld, createCaller, GOOD_ASK, POLICY, policyOf } from '../../handlers/api-world.ts';
import { type Brevet, buildBrevet } from '../support/brevet.ts';

const person = (userName: string) => ({
  id: `u-${userName}`,
  userName,
  displayName: userName,
  enabled: true,
  attributes: {},
});
/** As in the world of the API's tests, as it would be exported. */
const EXPORT: OrganizationExport = {
  version: 1,
  takenAt: '2026-11-23T08:00:00.000Z',
  accounts: [{ id: '400000000001', name: 'payments-prod', ouPath: 'Workloads/Payments', active: true, tags: {} }],
  organizationalUnits: ['Workloads', 'Workloads/Payments'],
  permissionSets: [
    {
      arn: 'arn:aws:sso:::permissionSet/ssoins-1/ps-admin',
      name: 'AdministratorAccess',
      sessionSeconds: 3600,
      tags: {},
    },
    { arn: 'arn:aws:sso:::permissionSet/ssoins-1/ps-read', name: 'ReadOnlyAccess', sessionSeconds: 3600, tags: {} },
  ],
  groups: [
    { id: 'g-engineers', name: 'engineers', memberIds: ['u-maria', 'u-diego'] },
    { id: 'g-leads', name: 'leads', memberIds: ['u-omar', 'u-lena'] },
    { id: 'g-omar', name: 'omar-alone', memberIds: ['u-omar'] },
  ],
  people: ['maria', 'diego', 'omar', 'lena'].map(person),
};

let made: ReturnType<typeof createApiWorld>;
let call: ReturnType<typeof createCaller>;
beforeEach(() => {
  made = createApiWorld();
  call = createCaller(made.api);
});

const ask = async (change: object = {}): Promise<string> =>
  (await call('maria', 'POST', '/requests', { body: { ...GOOD_ASK, ...change } })).body.id;
const READ = { target: { ...GOOD_ASK.target, permissionSet: 'ReadOnlyAccess' }, ticket: undefined };

/** Everything that the trail has, as lines of an export. */
const exported = async (): Promise<readonly string[]> => {
  made.clock.advance(1);
  const from = '2026-11-22T00:00:00Z';
  const to = '2026-12-01T00:00:00Z';
  const { body } = await call('tom', 'GET', '/audit', { query: { from, to } });
  expect(body.cursor).toBeUndefined();
  return body.items.map((event: object) => JSON.stringify(event));
};

const past = async () => {
  const links = (await exported()).map((line) => {
    const read = readLine(line);
    if ('why' in read) throw new Error(read.why);
    return read.event;
  });
  return pastRequestsFrom(links);
};

const replayed = async (policy: string, organization: OrganizationExport = EXPORT) => {
  const { requests } = await past();
  return replayOn(policyOf(policy), offlineOrganization(organization), requests).map(({ ask: { kind }, outcome }) => {
    const detail =
      outcome.kind === 'refused'
        ? outcome.refusal.refused
        : outcome.kind === 'unknown'
          ? outcome.dependsOn.join()
          : outcome.kind === 'unjudged'
            ? outcome.missing
            : outcome.permit.entitlement.name;
    return `${kind} ${outcome.kind} ${detail}`;
  });
};

const changed = (from: string, to: string): string => {
  expect(POLICY).toContain(from);
  return POLICY.replace(from, to);
};
const guarded = (effect: string): string => `${POLICY}guardrails:\n  - name: a-guardrail\n    ${effect}\n`;
const TEXTS = "    require: { justification_length: 10, ticket_pattern: 'INC-\\\\d+' }\n";
/** Without conditions on texts everything can be told. */
const CERTAIN = POLICY.replace(/ {4}require: .*\n/, '');

describe('replay', () => {
  it('finds nothing changed by the policy that let it through, as far as texts allow to tell', async () => {
    await ask();
    await ask(READ);
    expect(await replayed(CERTAIN)).toEqual(['request unchanged elevated', 'request unchanged read']);
    expect(await replayed(POLICY)).toEqual(['request unknown justification,ticket', 'request unchanged read']);
  });

  it.each([
    [
      'nobody may any more',
      'groups: [engineers] }\n    what: { accounts: { organizational_units: [Workloads] }, permission_sets: [AdministratorAccess]',
      'groups: [leads] }\n    what: { accounts: { organizational_units: [Workloads] }, permission_sets: [AdministratorAccess]',
      'refused not_eligible',
    ],
    ['not for so long', 'max_duration: 4h', 'max_duration: 30m', 'refused duration_too_long'],
    [
      'more approvals',
      'approval: { groups: [leads] }',
      'approval: { groups: [leads], required: 2 }',
      'more-approvals elevated',
    ],
    ['none any more', 'approval: { groups: [leads] }', 'approval: none', 'fewer-approvals elevated'],
    [
      'others approve',
      'approval: { groups: [leads] }',
      'approval: { groups: [omar-alone] }',
      'other-approvers elevated',
    ],
    [
      'everybody with an attribute approves',
      'approval: { groups: [leads] }',
      'approval: { attributes: { title: Lead } }',
      'other-approvers elevated',
    ],
    ['another name alone', 'name: elevated', 'name: renamed', 'unchanged renamed'],
  ])('tells what changes: %s', async (_, from, to, expected) => {
    await ask();
    expect(CERTAIN).toContain(from);
    expect(await replayed(CERTAIN.replace(from, to))).toEqual([`request ${expected}`]);
  });

  const TWO = CERTAIN.replace('{ groups: [leads] }', '{ groups: [leads], required: 2 }');
  const ONE_BY_ONE = CERTAIN.replace(
    'approval: { groups: [leads] }',
    'approval: { stages: [{ approvers: { groups: [leads] } }, { approvers: { groups: [leads] } }] }',
  );
  const FLOOR = `${CERTAIN}guardrails:\n  - { name: floor, floor: { min_approvals: 1, approvers_from: [omar-alone] } }\n`;
  const NARROWED = CERTAIN.replace('{ groups: [leads] }', '{ groups: [leads], attributes: { title: Lead } }');
  const ESCALATED = CERTAIN.replace(
    'approval: { groups: [leads] }',
    'approval: { stages: [{ approvers: { groups: [leads] }, escalate_after: 1h, escalate_to: { groups: [omar-alone] } }] }',
  );
  it.each([
    ['those of a floor', CERTAIN, FLOOR],
    ['those who have an attribute', CERTAIN, NARROWED],
    ['those to whom it is escalated', CERTAIN, ESCALATED],
    ['one after the other', TWO, ONE_BY_ONE],
  ])('tells that others approve, and the other way round: %s', async (_, before, after) => {
    made.world.directory.putPerson({ ...person('lena'), attributes: { title: 'Lead' } });
    made.world.policies.publish(policyOf(before));
    await ask();
    made.world.policies.publish(policyOf(after));
    await made.pass(9 * 3600);
    await ask();
    expect(await replayed(before)).toEqual(['request unchanged elevated', 'request other-approvers elevated']);
    expect(await replayed(after)).toEqual(['request other-approvers elevated', 'request unchanged elevated']);
  });

  it('compares by which attributes everybody was asked', async () => {
    const by = (attributes: string): string => CERTAIN.replace('{ groups: [leads] }', `{ attributes: ${attributes} }`);
    made.world.policies.publish(policyOf(by('{ title: [Lead, Head], department: security }')));
    await ask();
    expect(await replayed(by('{ department: security, title: [Head, Lead] }'))).toEqual(['request unchanged elevated']);
    expect(await replayed(by('{ department: security }'))).toEqual(['request other-approvers elevated']);
    expect(await replayed(CERTAIN)).toEqual(['request other-approvers elevated']);
  });

  it.each([
    ['a longer justification', TEXTS, '    require: { justification_length: 500 }\n', 'unknown justification'],
    ['any justification', TEXTS, '    require: { justification_length: 1 }\n', 'unchanged elevated'],
    ['another ticket', TEXTS, "    require: { ticket_pattern: 'CHG-\\d+' }\n", 'unknown ticket'],
  ])('says on which text it depends: %s', async (_, from, to, expected) => {
    await ask();
    expect(await replayed(changed(from.replaceAll('\\\\', '\\'), to))).toEqual([`request ${expected}`]);
  });

  it('knows that there was no ticket, and never tries a pattern', async () => {
    await ask(READ);
    await ask();
    const bomb = POLICY.replace("'INC-\\d+'", "'(a+)+b'").replace(
      'max_duration: 8h\n    approval: none',
      "max_duration: 8h\n    approval: none\n    require: { ticket_pattern: '(a+)+b' }",
    );
    expect(await replayed(bomb)).toEqual(
      ['request unknown justification,ticket', 'request refused ticket_required'].toReversed(),
    );
  });

  it('judges as of the moment when it was asked: freezes and hours', async () => {
    await ask(READ);
    made.clock.advance(8 * 3600);
    await ask(READ);
    const frozen = guarded('freeze: { reason: Closed., from: "2026-11-23T10:00:00Z", until: "2026-11-23T20:00:00Z" }');
    expect(await replayed(frozen)).toEqual(['request unchanged read', 'request refused frozen']);
  });

  it('judges a scheduled request by its window', async () => {
    await ask({ ...READ, start: '2026-11-23T12:00:00Z' });
    const frozen = guarded('freeze: { reason: Closed., from: "2026-11-23T12:30:00Z", until: "2026-11-23T20:00:00Z" }');
    expect(await replayed(frozen)).toEqual(['request refused frozen']);
  });

  it('counts what else was open at that moment, and no more than that', async () => {
    const first = await ask(READ);
    made.clock.advance(1);
    await ask();
    made.clock.advance(1);
    await call('maria', 'POST', `/requests/${first}/cancel`);
    await made.pass(9 * 3600);
    await ask(READ);
    const apart = `${CERTAIN}guardrails:\n  - name: apart\n    not_together: [{ permission_sets: [AdministratorAccess] }, { permission_sets: [ReadOnlyAccess] }]\n`;
    expect(await replayed(apart)).toEqual([
      'request unchanged read',
      'request refused combination_forbidden',
      'request unchanged read',
    ]);
  });

  it('judges extensions by what they come to in all', async () => {
    const id = await ask(READ);
    await made.pass(6);
    const { status } = await call('maria', 'POST', `/requests/${id}/extend`, { body: { duration: 'PT2H' } });
    expect(status).toBe(200);
    expect(await replayed(POLICY)).toEqual(['request unchanged read', 'extension unchanged read']);
    const shorter = changed('max_duration: 8h', 'max_duration: 2h');
    expect(await replayed(shorter)).toEqual(['request unchanged read', 'extension refused duration_too_long']);
    const asked = changed(
      'max_duration: 8h\n    approval: none',
      'max_duration: 8h\n    approval: { groups: [leads] }',
    );
    expect(await replayed(asked)).toEqual(['request more-approvals read', 'extension more-approvals read']);
  });

  it('tells who would approve an extension, too', async () => {
    const id = await ask(READ);
    await made.pass(6);
    const asking = changed(
      'max_duration: 8h\n    approval: none',
      'max_duration: 8h\n    approval: { groups: [leads] }',
    );
    made.world.policies.publish(policyOf(asking));
    await call('maria', 'POST', `/requests/${id}/extend`, { body: { duration: 'PT2H' } });
    expect(await replayed(asking)).toEqual(['request more-approvals read', 'extension unchanged read']);
    const others = asking.replace(
      'max_duration: 8h\n    approval: { groups: [leads] }',
      'max_duration: 8h\n    approval: { groups: [omar-alone] }',
    );
    expect(await replayed(others)).toEqual(['request more-approvals read', 'extension other-approvers read']);
    expect(await replayed(POLICY)).toEqual(['request unchanged read', 'extension fewer-approvals read']);
  });

  it.each([
    ['person', { people: [] }],
    ['account', { accounts: [] }],
    ['permission_set', { permissionSets: [] }],
  ])('says where it cannot judge for want of the %s', async (missing, change) => {
    await ask(READ);
    expect(await replayed(POLICY, { ...EXPORT, ...change })).toEqual([`request unjudged ${missing}`]);
  });

  it('leaves out what began before the export, and says how many', async () => {
    await ask();
    await ask(READ);
    const lines = await exported();
    const links = lines.slice(1).flatMap((line) => {
      const read = readLine(line);
      return 'event' in read ? [read.event] : [];
    });
    const later = links.map((link, index) => (index === 0 ? { ...link, sequence: 2 } : link));
    expect(pastRequestsFrom(later)).toMatchObject({ begunBefore: 1 });
  });
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
    const id = await ask();
    await ask(READ);
    const shorter = CERTAIN.replace('max_duration: 4h', 'max_duration: 30m');
    const lines = await exported();
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
    await ask();
    const { code, stderr } = await run(CERTAIN, [...(await exported()), '{"not":"an event"}']);
    expect(code).toBe(2);
    expect(stderr).toMatch(/events\.jsonl:\d+ is no event/);
  });
});
