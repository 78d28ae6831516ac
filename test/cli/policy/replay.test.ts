/** Past requests against a proposed policy: events as the service seals them, judged as of the moment when they were asked. */
import { beforeEach, describe, expect, it } from 'vitest';
import { pastRequestsFrom } from '../../../cli/policy/past-requests.ts';
import { readLine } from '../../../lambda/contract/audit-chain.ts';
import { POLICY, policyOf } from '../../handlers/api-world.ts';
import { CERTAIN, EXPORT, person, READ, requestsAsked } from './requests-asked.ts';

let made: ReturnType<typeof requestsAsked>;
beforeEach(() => {
  made = requestsAsked();
});

const changed = (from: string, to: string): string => {
  expect(POLICY).toContain(from);
  return POLICY.replace(from, to);
};
const guarded = (effect: string): string => `${POLICY}guardrails:\n  - name: a-guardrail\n    ${effect}\n`;
const TEXTS = "    require: { justification_length: 10, ticket_pattern: 'INC-\\\\d+' }\n";

describe('replay', () => {
  it('finds nothing changed by the policy that let it through, as far as texts allow to tell', async () => {
    await made.ask();
    await made.ask(READ);
    expect(await made.replayed(CERTAIN)).toEqual(['request unchanged elevated', 'request unchanged read']);
    expect(await made.replayed(POLICY)).toEqual(['request unknown justification,ticket', 'request unchanged read']);
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
    await made.ask();
    expect(CERTAIN).toContain(from);
    expect(await made.replayed(CERTAIN.replace(from, to))).toEqual([`request ${expected}`]);
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
    await made.ask();
    made.world.policies.publish(policyOf(after));
    await made.pass(9 * 3600);
    await made.ask();
    expect(await made.replayed(before)).toEqual(['request unchanged elevated', 'request other-approvers elevated']);
    expect(await made.replayed(after)).toEqual(['request other-approvers elevated', 'request unchanged elevated']);
  });

  it('compares by which attributes everybody was asked', async () => {
    const by = (attributes: string): string => CERTAIN.replace('{ groups: [leads] }', `{ attributes: ${attributes} }`);
    made.world.policies.publish(policyOf(by('{ title: [Lead, Head], department: security }')));
    await made.ask();
    expect(await made.replayed(by('{ department: security, title: [Head, Lead] }'))).toEqual([
      'request unchanged elevated',
    ]);
    expect(await made.replayed(by('{ department: security }'))).toEqual(['request other-approvers elevated']);
    expect(await made.replayed(CERTAIN)).toEqual(['request other-approvers elevated']);
  });

  it.each([
    ['a longer justification', TEXTS, '    require: { justification_length: 500 }\n', 'unknown justification'],
    ['any justification', TEXTS, '    require: { justification_length: 1 }\n', 'unchanged elevated'],
    ['another ticket', TEXTS, "    require: { ticket_pattern: 'CHG-\\d+' }\n", 'unknown ticket'],
  ])('says on which text it depends: %s', async (_, from, to, expected) => {
    await made.ask();
    expect(await made.replayed(changed(from.replaceAll('\\\\', '\\'), to))).toEqual([`request ${expected}`]);
  });

  it('knows that there was no ticket, and never tries a pattern', async () => {
    await made.ask(READ);
    await made.ask();
    const bomb = POLICY.replace("'INC-\\d+'", "'(a+)+b'").replace(
      'max_duration: 8h\n    approval: none',
      "max_duration: 8h\n    approval: none\n    require: { ticket_pattern: '(a+)+b' }",
    );
    expect(await made.replayed(bomb)).toEqual(
      ['request unknown justification,ticket', 'request refused ticket_required'].toReversed(),
    );
  });

  it('judges as of the moment when it was asked: freezes and hours', async () => {
    await made.ask(READ);
    made.clock.advance(8 * 3600);
    await made.ask(READ);
    const frozen = guarded('freeze: { reason: Closed., from: "2026-11-23T10:00:00Z", until: "2026-11-23T20:00:00Z" }');
    expect(await made.replayed(frozen)).toEqual(['request unchanged read', 'request refused frozen']);
  });

  it('judges a scheduled request by its window', async () => {
    await made.ask({ ...READ, start: '2026-11-23T12:00:00Z' });
    const frozen = guarded('freeze: { reason: Closed., from: "2026-11-23T12:30:00Z", until: "2026-11-23T20:00:00Z" }');
    expect(await made.replayed(frozen)).toEqual(['request refused frozen']);
  });

  it('counts what else was open at that moment, and no more than that', async () => {
    const first = await made.ask(READ);
    made.clock.advance(1);
    await made.ask();
    made.clock.advance(1);
    await made.call('maria', 'POST', `/requests/${first}/cancel`);
    await made.pass(9 * 3600);
    await made.ask(READ);
    const apart = `${CERTAIN}guardrails:\n  - name: apart\n    not_together: [{ permission_sets: [AdministratorAccess] }, { permission_sets: [ReadOnlyAccess] }]\n`;
    expect(await made.replayed(apart)).toEqual([
      'request unchanged read',
      'request refused combination_forbidden',
      'request unchanged read',
    ]);
  });

  it('judges extensions by what they come to in all', async () => {
    const id = await made.ask(READ);
    await made.pass(6);
    const { status } = await made.call('maria', 'POST', `/requests/${id}/extend`, { body: { duration: 'PT2H' } });
    expect(status).toBe(200);
    expect(await made.replayed(POLICY)).toEqual(['request unchanged read', 'extension unchanged read']);
    const shorter = changed('max_duration: 8h', 'max_duration: 2h');
    expect(await made.replayed(shorter)).toEqual(['request unchanged read', 'extension refused duration_too_long']);
    const asked = changed(
      'max_duration: 8h\n    approval: none',
      'max_duration: 8h\n    approval: { groups: [leads] }',
    );
    expect(await made.replayed(asked)).toEqual(['request more-approvals read', 'extension more-approvals read']);
  });

  it('tells who would approve an extension, too', async () => {
    const id = await made.ask(READ);
    await made.pass(6);
    const asking = changed(
      'max_duration: 8h\n    approval: none',
      'max_duration: 8h\n    approval: { groups: [leads] }',
    );
    made.world.policies.publish(policyOf(asking));
    await made.call('maria', 'POST', `/requests/${id}/extend`, { body: { duration: 'PT2H' } });
    expect(await made.replayed(asking)).toEqual(['request more-approvals read', 'extension unchanged read']);
    const others = asking.replace(
      'max_duration: 8h\n    approval: { groups: [leads] }',
      'max_duration: 8h\n    approval: { groups: [omar-alone] }',
    );
    expect(await made.replayed(others)).toEqual(['request more-approvals read', 'extension other-approvers read']);
    expect(await made.replayed(POLICY)).toEqual(['request unchanged read', 'extension fewer-approvals read']);
  });

  it.each([
    ['person', { people: [] }],
    ['account', { accounts: [] }],
    ['permission_set', { permissionSets: [] }],
  ])('says where it cannot judge for want of the %s', async (missing, change) => {
    await made.ask(READ);
    expect(await made.replayed(POLICY, { ...EXPORT, ...change })).toEqual([`request unjudged ${missing}`]);
  });

  it('leaves out what began before the export, and says how many', async () => {
    await made.ask();
    await made.ask(READ);
    const lines = await made.exported();
    const links = lines.slice(1).flatMap((line) => {
      const read = readLine(line);
      return 'event' in read ? [read.event] : [];
    });
    const later = links.map((link, index) => (index === 0 ? { ...link, sequence: 2 } : link));
    expect(pastRequestsFrom(later)).toMatchObject({ begunBefore: 1 });
  });
});
