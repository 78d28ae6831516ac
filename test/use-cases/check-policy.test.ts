/** A proposed policy: what is found in it, what its cases come to, what it changes for whom; and how much of that one call may cost. */
import { beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { PolicyCase } from '../../lambda/domain/policy/policy-case.ts';
import { isRefusal } from '../../lambda/domain/refusal.ts';
import { ServiceFault } from '../../lambda/ports/faults.ts';
import { showPolicy } from '../../lambda/use-cases/show-policy.ts';
import { check, policyContent, readOnce } from './checking.ts';
import { ACCOUNTS, GLASS_POLICY_TEXT, PEOPLE, PERMISSION_SETS, POLICY_TEXT, policyOf } from './small-policy.ts';
import { type SmallWorld, smallWorld } from './small-world.ts';

let small: SmallWorld;
beforeEach(() => {
  small = smallWorld();
  readOnce(small);
});

const proposed = (from: string, to: string): unknown => {
  expect(POLICY_TEXT).toContain(from);
  return policyContent(POLICY_TEXT.replace(from, to));
};
const SAME = policyContent(POLICY_TEXT);

const found = async (...args: Parameters<typeof check> extends [unknown, ...infer Rest] ? Rest : never) => {
  const checked = await check(small, ...args);
  if (isRefusal(checked)) throw new Error(`${checked.refused}: ${checked.detail}`);
  return checked;
};

const CASE: PolicyCase = {
  name: 'a case',
  person: 'ann',
  target: 'payments-prod/Admin',
  for: 3600,
  at: '2026-11-23T10:00Z',
  reason: 'long enough',
  on_call: [],
  open: [],
  expect: 'allowed',
};

describe('check policy', () => {
  it('finds nothing where nothing is wrong or different, and names both versions', async () => {
    const { version } = policyOf(POLICY_TEXT);
    const nothing = { findings: [], leftOut: 0, cases: [] };
    const text = POLICY_TEXT.replace('nobody-is-here, does-not-exist', 'nobody-is-here');
    small.published.publish(policyOf(text));
    const checked = await found({ content: policyContent(text), people: ['ann'] });
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
    const { findings } = await found({ content: proposed(from, to) });
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
    const { findings } = await found({ content });
    expect(findings.filter(({ path }) => path.includes('tags'))).toEqual([]);
  });

  it('tells what does not fit, and tries nothing then', async () => {
    const content = { version: 1, entitlements: [{ name: 'A Rule' }] };
    const checked = await found({ content, cases: [CASE], people: ['ann'] });
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
    const { findings, leftOut } = await found({ content: { version: 1, entitlements } });
    expect([findings.length, leftOut]).toEqual([50, 350]);
  });

  it('compares for the people who are named, as they are to both policies', async () => {
    const content = proposed('groups: [leads, seconds], required: 2', 'groups: [leads], required: 1');
    const { people } = await found({ content, people: ['ann', 'SAM'] });
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
    const { people } = await found({ content, people: ['ann', 'sam'] });
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
    const { findings, cases } = await found({ content: policyContent(text), cases: [{ ...CASE, for: 60, ...change }] });
    expect(findings.map((one) => one.path)).toContain(path);
    expect(cases).toEqual([]);
  });

  it('is for auditors and administrators alone', async () => {
    expect(await check(small, { content: SAME, caller: PEOPLE.lea })).toMatchObject({ refused: 'not_permitted' });
    expect(isRefusal(await check(small, { content: SAME, caller: PEOPLE.ada }))).toBe(false);
    expect(await showPolicy(small.world, { caller: PEOPLE.lea })).toMatchObject({ refused: 'not_permitted' });
  });

  it('stores nothing', async () => {
    await found({ content: proposed('4h', '8h'), cases: [CASE], people: ['ann'] });
    expect(small.stored).toEqual([]);
    expect((await small.world.policies.current()).version).toBe(policyOf(POLICY_TEXT).version);
  });
});

describe('user names', () => {
  const EVERYWHERE = `version: 1
entitlements:
  - name: everywhere
    who: { users: [ann, ANN, ghost-1] }
    what: { accounts: { ids: ['400000000001'] }, permission_sets: [Admin] }
    max_duration: 1h
    approval: { stages: [{ approvers: { users: [lea, ghost-2] }, escalate_after: 1h, escalate_to: { users: [Ghost-3, leo] } }] }
    break_glass: { tell: { users: [sam, ghost-4] }, review: { within: 24h, by: { users: [ada, ghost-5, dis] } } }
  - name: somebody
    who: { users: [ghost-6, bob] }
    what: { accounts: { ids: ['400000000001'] }, permission_sets: [Admin] }
    max_duration: 1h
    approval: none
`;

  it('are looked up wherever a policy has any, each once, and told of with their places', async () => {
    const asked: string[] = [];
    const { findByUserName } = small.world.directory;
    small.world.directory.findByUserName = async (name) => {
      asked.push(name);
      return findByUserName(name);
    };
    const { findings, usersLeftOut } = await found({ content: policyContent(EVERYWHERE) });
    expect(findings.map(({ path, message }) => `${path}: ${message}`)).toEqual([
      'entitlements.0.who.users.2: there is no user "ghost-1", so this part is nobody',
      'entitlements.0.approval.stages.0.approvers.users.1: there is no user "ghost-2", so nobody approves by it',
      'entitlements.0.approval.stages.0.escalate_to.users.0: there is no user "Ghost-3", so nobody approves by it',
      'entitlements.0.break_glass.tell.users.1: there is no user "ghost-4", so nobody of it is told',
      'entitlements.0.break_glass.review.by.users.1: there is no user "ghost-5", so nobody of it reviews',
      'entitlements.1.who.users.0: there is no user "ghost-6", so this part is nobody',
    ]);
    expect(usersLeftOut).toBe(0);
    expect(asked.sort()).toEqual(
      ['ann', 'lea', 'leo', 'sam', 'ada', 'dis', 'bob', ...[1, 2, 4, 5, 6].map((n) => `ghost-${n}`), 'Ghost-3'].sort(),
    );
  });

  it('that several bear are told of', async () => {
    small.people.putPerson({ ...PEOPLE.lea, id: 'id-another' });
    const { findings } = await found({ content: policyContent(EVERYWHERE) });
    expect(findings.find(({ path }) => path.endsWith('approvers.users.0'))?.message).toBe(
      'several users have the user name "lea", so nobody approves by it',
    );
  });

  it('over the limit are not looked up: nothing is said of them, and how many they are', async () => {
    const { findings, usersLeftOut } = await found({ content: policyContent(EVERYWHERE) }, { policyCheckUsers: 4 });
    expect(findings.map(({ path }) => path)).toEqual([
      'entitlements.0.who.users.2',
      'entitlements.0.approval.stages.0.approvers.users.1',
    ]);
    expect(usersLeftOut).toBe(9);
  });

  it('are not looked up for ever', async () => {
    const users = Array.from({ length: 100 }, (_, index) => `user-${index}`);
    const content = policyContent(EVERYWHERE.replace('ann, ANN, ghost-1', users.join(', ')));
    const { findByUserName } = small.world.directory;
    small.world.directory.findByUserName = async (userName) => {
      await small.world.clock.sleep(100);
      return findByUserName(userName);
    };
    const { usersLeftOut } = await found({ content }, { policyCheckUsers: 1000, policyCheckLookupSeconds: 60 });
    expect(usersLeftOut).toBe(0);
    const { usersLeftOut: late } = await found({ content }, { policyCheckUsers: 1000, policyCheckLookupSeconds: 1 });
    expect(late).toBeGreaterThan(80);
  });

  it('that no user can have are found, and fail nothing', async () => {
    const odd = ['a\u0000b', 'x\u200by', '\ud800', `${'ü'.repeat(256)}`];
    const content = JSON.parse(JSON.stringify(policyContent(EVERYWHERE)));
    content.entitlements[0].who.users = odd;
    const cases = [{ ...CASE, person: 'a\u0007' }];
    const { findings, cases: outcomes } = await found({ content, cases });
    expect(findings.slice(0, 4).map(({ path }) => path)).toEqual(
      [0, 1, 2, 3].map((n) => `entitlements.0.who.users.${n}`),
    );
    expect(outcomes[0]?.passed).toBe(false);
  });

  it('that cannot be read are no names that nobody bears', async () => {
    small.world.directory.failNext('findByUserName');
    await expect(check(small, { content: policyContent(EVERYWHERE) })).rejects.toThrow(ServiceFault);
  });
});

describe('delegations', () => {
  const DELEGATED = `version: 1
delegations:
  - name: payments
    file: 20-payments.yaml
    writers: [leeds]
    organizational_units: [Workloads/Payments, Workloads/Paymets]
    permission_sets: { names: [Admin, Databse], tags: { team: payments } }
    max_duration: 4h
    approvers_from: [zebras]
entitlements:
  - name: ours
    delegation: payments
    who: { groups: [engineers] }
    what: { accounts: { names: [payments-prod, sandbox], ids: ['400000000002'] }, permission_sets: [Admin] }
    max_duration: 1h
    approval: { groups: [leads] }
`;
  const publish = (tagsOf: (name: string) => Readonly<Record<string, string>> | undefined) => {
    const permissionSets = Object.values(PERMISSION_SETS).map((one) => {
      const tags = tagsOf(one.name);
      return { ...one, ...(tags && { tags }) };
    });
    const units = ['Workloads', 'Workloads/Payments', 'Workloads/Storefront', 'Sandbox'];
    small.catalogue.publish({ asOf: small.clock.now(), accounts: Object.values(ACCOUNTS), units, permissionSets });
  };
  const findings = async () =>
    (await found({ content: JSON.parse(JSON.stringify(parse(DELEGATED))) })).findings.map(
      ({ path, message }) => `${path}: ${message}`,
    );
  const NAMES = [
    'delegations.0.writers.0: there is no group "leeds", so nobody of it writes; did you mean "leads"?',
    'delegations.0.organizational_units.1: there is no OU "Workloads/Paymets", so nothing is delegated there; did you mean "Workloads/Payments"?',
    'delegations.0.permission_sets.1: there is no permission set "Databse", so it delegates nothing; did you mean "Database"?',
    'delegations.0.approvers_from.0: there is no group "zebras", so nobody of it approves',
    'entitlements.0.what.accounts.ids.0: "400000000002" is in Workloads/Storefront, outside the delegation "payments", so this part grants nothing',
    'entitlements.0.what.accounts.names.1: "sandbox" is in Sandbox, outside the delegation "payments", so this part grants nothing',
  ];

  it('are looked into: names that nothing bears, accounts and permission sets that lie outside', async () => {
    publish((name) => ({ team: name === 'Admin' ? 'platform' : 'payments' }));
    expect(await findings()).toEqual([
      ...NAMES,
      'entitlements.0.what.permission_sets.0: "Admin" has not the tags of the delegation "payments", so this part grants nothing',
    ]);
  });

  it('of tags that are not known yet nothing is said', async () => {
    publish(() => undefined);
    expect(await findings()).toEqual(NAMES);
  });
});

describe('what one look may cost', () => {
  it.each([
    ['memberships', { policyCheckMemberships: 2 }, ['ann', 'bob', 'sam']],
    ['rules by accounts', { policyCheckPairs: 49 }, ['ann']],
  ])('is refused over the limit of %s, which is named', async (_, limits, people) => {
    const refused = await check(small, { content: SAME, people }, limits);
    expect(refused).toMatchObject({ refused: 'check_too_large', facts: { maximum: Object.values(limits)[0] } });
    expect(isRefusal(await check(small, { content: SAME }, limits))).toBe(false);
  });

  it('is refused for everybody before anybody is counted', async () => {
    const refused = await check(small, { content: SAME, everybody: true }, { policyCheckPairs: 49 });
    expect(refused).toMatchObject({ refused: 'check_too_large' });
    expect(small.counting.begun).toEqual([]);
    await check(small, { content: SAME, everybody: true });
    expect(small.counting.begun).toHaveLength(1);
  });

  it('looks up nobody who is not named, and no group that the catalogue does not have', async () => {
    const asked: string[] = [];
    const { groupsOf, findGroup } = small.world.directory;
    small.world.directory.groupsOf = async (id, groups) => {
      asked.push(...groups.map(({ name }) => `${id} ${name}`));
      return groupsOf(id, groups);
    };
    small.world.directory.findGroup = async (name) => {
      asked.push(name);
      return findGroup(name);
    };
    await found({
      content: proposed(
        'groups: [engineers] }\n    what: { accounts: { organizational_units: [Sandbox]',
        'groups: [engineers, made-up] }\n    what: { accounts: { organizational_units: [Sandbox]',
      ),
      people: ['ann'],
    });
    expect(asked.filter((one) => one.includes('made-up'))).toEqual([]);
    expect(asked).toContain('id-ann engineers');
  });

  it('stops comparing when its time is over, tells no change that is none, and says that there may be more', async () => {
    const { now } = small.clock;
    let looks = 0;
    // A second passes with every look at the clock.
    const clock = { ...small.clock, now: () => (now() + 1000 * looks++) as ReturnType<typeof now> };
    small = { ...small, world: { ...small.world, clock } } as SmallWorld;
    const content = proposed('groups: [leads, seconds], required: 2', 'groups: [leads], required: 1');
    for (let seconds = 1; seconds < 20; seconds += 1) {
      const { people } = await found({ content, people: ['ann'] }, { policyCheckSeconds: seconds });
      for (const { changes } of people) expect(changes.every(({ kind }) => kind === 'changes')).toBe(true);
    }
    const { people } = await found({ content, people: ['ann', 'bob'] }, { policyCheckSeconds: 1 });
    expect(people.map(({ isWhole }) => isWhole)).toEqual([false, false]);
  });

  it.each(['catalogue_not_read', 'catalogue_too_old'])(
    'is refused without a catalogue to judge by: %s',
    async (code) => {
      if (code === 'catalogue_not_read') small = smallWorld();
      else small.clock.advance(86_400);
      expect(await check(small, { content: SAME })).toMatchObject({ refused: code });
    },
  );
});
