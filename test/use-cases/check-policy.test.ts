/** A proposed policy: what is found in it, what its cases come to, what it changes for whom. */
import { beforeEach, describe, expect, it } from 'vitest';
import { isRefusal } from '../../lambda/domain/refusal.ts';
import { showPolicy } from '../../lambda/use-cases/show-policy.ts';
import { CASE, check, found, policyContent, proposed, readOnce, SAME } from './checking.ts';
import { ACCOUNTS, GLASS_POLICY_TEXT, PEOPLE, POLICY_TEXT, policyOf } from './small-policy.ts';
import { type SmallWorld, smallWorld } from './small-world.ts';

let small: SmallWorld;
beforeEach(() => {
  small = smallWorld();
  readOnce(small);
});

describe('check policy', () => {
  it('finds nothing where nothing is wrong or different, and names both versions', async () => {
    const { version } = policyOf(POLICY_TEXT);
    const nothing = { findings: [], leftOut: 0, cases: [] };
    const text = POLICY_TEXT.replace('nobody-is-here, does-not-exist', 'nobody-is-here');
    small.published.publish(policyOf(text));
    const checked = await found(small, { content: policyContent(text), people: ['ann'] });
    expect(checked).toMatchObject({ ...nothing, inForce: policyOf(text).version, version: policyOf(text).version });
    expect(checked.people).toEqual([{ person: PEOPLE.ann, changes: [], isWhole: true }]);
    expect(version).not.toBe(checked.version);
  });

  it.each([
    ['a group', 'groups: [leads] }', 'groups: [leeds] }', 'entitlements.0.approval.groups.0', 'did you mean "leads"?'],
    [
      'a unit',
      '[Sandbox]',
      '[Sandpit]',
      'entitlements.3.what.accounts.organizational_units.0',
      'there is no OU "Sandpit"',
    ],
    ['a permission set', '[Audit]', '[Audits]', 'entitlements.4.what.permission_sets.0', 'did you mean "Audit"?'],
    [
      'a tag',
      'organizational_units: [Sandbox] }',
      'tags: { team: paymnts } }',
      'entitlements.3.what.accounts.tags.team',
      'did you mean "payments"?',
    ],
  ])('finds the name of %s that nothing bears', async (_, from, to, path, message) => {
    const { findings } = await found(small, { content: proposed(from, to) });
    expect(findings.find((one) => one.path === path)?.message).toContain(message);
  });

  it('says nothing of tags while some are not known yet', async () => {
    small.catalogue.publish({
      asOf: small.clock.now(),
      accounts: [ACCOUNTS.sandbox],
      units: ['Workloads', 'Sandbox'],
      permissionSets: [],
    });
    const content = proposed(
      'groups: [engineers] }\n    what: { accounts: { organizational_units: [Sandbox] }',
      "groups: [engineers] }\n    what: { accounts: { tags: { team: 'x' } }",
    );
    const { findings } = await found(small, { content });
    expect(findings.filter(({ path }) => path.includes('tags'))).toEqual([]);
  });

  it('tells what does not fit, and tries nothing then', async () => {
    const content = { version: 1, entitlements: [{ name: 'A Rule' }] };
    const checked = await found(small, { content, cases: [CASE], people: ['ann'] });
    expect(checked.version).toBeUndefined();
    expect(checked.findings.map(({ path }) => path)).toContain('entitlements.0.name');
    expect([checked.cases, checked.people]).toEqual([[], []]);
  });

  it('tells of so many findings and counts the others', async () => {
    const rule = { ...(SAME as { entitlements: object[] }).entitlements[3] };
    const entitlements = Array.from({ length: 400 }, (_, index) => ({
      ...rule,
      name: `rule-${index}`,
      who: { groups: [`group-${index}`] },
    }));
    const { findings, leftOut } = await found(small, { content: { version: 1, entitlements } });
    expect([findings.length, leftOut]).toEqual([50, 350]);
  });

  it('compares for the people who are named, as they are to both policies', async () => {
    const content = proposed('groups: [leads, seconds], required: 2', 'groups: [leads], required: 1');
    const { people } = await found(small, { content, people: ['ann', 'SAM'] });
    expect(people.map(({ person }) => person.userName)).toEqual(['ann', 'sam']);
    const terms = people.map(({ changes }) =>
      changes.map(({ kind, before, after }) => [
        kind,
        before?.account,
        before?.permissionSet,
        before?.approvals,
        after?.approvals,
      ]),
    );
    const changed = (account: string) => ['changes', account, 'Database', 2, 1];
    expect(terms).toEqual([[changed('payments-prod'), changed('storefront-prod')], []]);
  });

  it('tells who loses and who gains by another group', async () => {
    const content = proposed(
      'who: { groups: [engineers] }\n    what: { accounts: { organizational_units: [Sandbox]',
      'who: { groups: [seconds] }\n    what: { accounts: { organizational_units: [Sandbox]',
    );
    const { people } = await found(small, { content, people: ['ann', 'sam'] });
    const told = people.map(({ changes }) =>
      changes.map(({ kind, before, after }) => [kind, (before ?? after)?.account]),
    );
    expect(told).toEqual([[['loses', 'sandbox']], [['gains', 'sandbox']]]);
  });

  const LONG = `${'a'.repeat(99)}!`;
  const SLOW_INCIDENT = GLASS_POLICY_TEXT.replace("incident_pattern: 'INC-\\d+'", "incident_pattern: '(a+)+'");

  it.each([
    ['ticket', POLICY_TEXT.replace("'INC-\\d+'", "'(a+)+'"), { ticket: LONG }, 'entitlements.1.require.ticket_pattern'],
    ['incident', SLOW_INCIDENT, { break_glass: true, incident: LONG }, 'entitlements.0.break_glass.incident_pattern'],
  ])('never tries a pattern of a %s that may search for ever, and says so', async (_, text, change, path) => {
    expect(text).toContain('(a+)+');
    const { findings, cases } = await found(small, {
      content: policyContent(text),
      cases: [{ ...CASE, for: 60, ...change }],
    });
    expect(findings.map((one) => one.path)).toContain(path);
    expect(cases).toEqual([]);
  });

  it('is for auditors and administrators alone', async () => {
    expect(await check(small, { content: SAME, caller: PEOPLE.lea })).toMatchObject({ refused: 'not_permitted' });
    expect(isRefusal(await check(small, { content: SAME, caller: PEOPLE.ada }))).toBe(false);
    expect(await showPolicy(small.world, { caller: PEOPLE.lea })).toMatchObject({ refused: 'not_permitted' });
  });

  it('stores nothing', async () => {
    await found(small, { content: proposed('4h', '8h'), cases: [CASE], people: ['ann'] });
    expect(small.stored).toEqual([]);
    expect((await small.world.policies.current()).version).toBe(policyOf(POLICY_TEXT).version);
  });
});
