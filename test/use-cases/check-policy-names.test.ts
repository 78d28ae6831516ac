/** Names in a proposed policy: users that nobody or several are, and what delegations name that is not there or lies outside. */
import { beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { ServiceFault } from '../../lambda/ports/faults.ts';
import { CASE, check, found, policyContent, readOnce } from './checking.ts';
import { ACCOUNTS, PEOPLE, PERMISSION_SETS } from './small-policy.ts';
import { type SmallWorld, smallWorld } from './small-world.ts';

let small: SmallWorld;
beforeEach(() => {
  small = smallWorld();
  readOnce(small);
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
    const { findings, usersLeftOut } = await found(small, { content: policyContent(EVERYWHERE) });
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
    const { findings } = await found(small, { content: policyContent(EVERYWHERE) });
    expect(findings.find(({ path }) => path.endsWith('approvers.users.0'))?.message).toBe(
      'several users have the user name "lea", so nobody approves by it',
    );
  });

  it('over the limit are not looked up: nothing is said of them, and how many they are', async () => {
    const { findings, usersLeftOut } = await found(
      small,
      { content: policyContent(EVERYWHERE) },
      { policyCheckUsers: 4 },
    );
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
    const { usersLeftOut } = await found(small, { content }, { policyCheckUsers: 1000, policyCheckLookupSeconds: 60 });
    expect(usersLeftOut).toBe(0);
    const { usersLeftOut: late } = await found(
      small,
      { content },
      { policyCheckUsers: 1000, policyCheckLookupSeconds: 1 },
    );
    expect(late).toBeGreaterThan(80);
  });

  it('that no user can have are found, and fail nothing', async () => {
    const odd = ['a\u0000b', 'x\u200by', '\ud800', `${'ü'.repeat(256)}`];
    const content = JSON.parse(JSON.stringify(policyContent(EVERYWHERE)));
    content.entitlements[0].who.users = odd;
    const cases = [{ ...CASE, person: 'a\u0007' }];
    const { findings, cases: outcomes } = await found(small, { content, cases });
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
    (await found(small, { content: JSON.parse(JSON.stringify(parse(DELEGATED))) })).findings.map(
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
