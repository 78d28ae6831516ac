/** What others do meanwhile: people come and go, accounts move and close, policies change, somebody assigns by hand. */
import type { AccessRequest, Target } from '../../lambda/domain/access-request.ts';
import { type Lease, leaseIdOf } from '../../lambda/domain/lease.ts';
import type { Account, PermissionSet, Person } from '../../lambda/domain/policy/facts.ts';
import type { Chance } from './chance.ts';
import { assignmentKey, type IdentityCenter } from './identity-center.ts';
import { DEPARTMENTS, DUTY, type Population, policyVersion, SESSION_HOURS } from './population.ts';
import type { Timeline } from './timeline.ts';
import type { Trace } from './trace.ts';

interface Parts {
  readonly timeline: Timeline;
  readonly chance: Chance;
  /** Of its own, so that what else happens does not depend on it. */
  readonly sessionChance: Chance;
  readonly trace: Trace;
  readonly population: Population;
  readonly identityCenter: IdentityCenter;
  readonly leases: () => ReadonlyMap<string, Lease>;
  readonly requests: () => ReadonlyMap<string, AccessRequest>;
}

export interface Outside {
  /** Standing assignments that are there from the beginning. */
  prepare(): void;
  /** Does one thing. */
  act(): void;
}

export const createOutside = (parts: Parts): Outside => {
  const { timeline, chance, sessionChance, trace, population, identityCenter } = parts;
  const { people, groups, accounts, permissionSets, directory, organization, changedAt } = population;
  let versions = 1;

  const changed = (subject: string, what: string): void => {
    changedAt.set(subject, timeline.now());
    trace(() => `outside: ${subject} ${what}`);
  };

  const putPerson = (person: Person, what: string): void => {
    people.set(person.id, person);
    directory.putPerson(person);
    changed(person.id, what);
  };
  const disableOrEnable = (): void => {
    const disabled = [...people.values()].filter(({ enabled }) => !enabled);
    const person = disabled.length > 2 ? chance.pickAny(disabled) : chance.pickAny([...people.values()]);
    if (person) putPerson({ ...person, enabled: !person.enabled }, person.enabled ? 'is disabled' : 'is enabled');
  };
  /** Somebody changes department, or it is not known of them any more. */
  const transfer = (): void => {
    const person = chance.pickAny([...people.values()]);
    if (!person) return;
    const { attributes: _former, ...rest } = person;
    const attributes = chance.pickAny([...DEPARTMENTS, undefined]);
    putPerson(
      { ...rest, ...(attributes && { attributes }) },
      `is now in ${attributes?.department ?? 'nobody knows what'}`,
    );
  };
  const deletePerson = (): void => {
    const person = chance.pickAny([...people.values()]);
    if (!person) return;
    people.delete(person.id);
    directory.removePerson(person.id);
    changed(person.id, 'is deleted');
  };
  const regroup = (): void => {
    const group = chance.pickAny([...groups.values()]);
    const person = chance.pickAny([...people.values()]);
    if (!group || !person) return;
    const isMember = group.memberIds.includes(person.id);
    const memberIds = isMember ? group.memberIds.filter((id) => id !== person.id) : [...group.memberIds, person.id];
    const regrouped = { ...group, memberIds };
    groups.set(group.id, regrouped);
    directory.putGroup(regrouped);
    changed(group.id, `${isMember ? 'loses' : 'gets'} ${person.id}`);
    changed(person.id, `is moved in ${group.id}`);
  };
  const putAccount = (account: Account, what: string): void => {
    accounts.set(account.id, account);
    organization.putAccount(account);
    changed(account.id, what);
  };
  const ordinaryAccount = (): Account | undefined =>
    chance.pickAny([...accounts.values()].filter(({ forbidden }) => !forbidden));
  const moveAccount = (): void => {
    const account = ordinaryAccount();
    const team = chance.pickAny(population.teams);
    if (account && team) putAccount({ ...account, ouPath: `Workloads/${team}/Moved` }, `moves to ${team}`);
  };
  const suspendAccount = (): void => {
    const account = ordinaryAccount();
    if (account) putAccount({ ...account, active: !account.active }, account.active ? 'is suspended' : 'is active');
  };
  const closeAccount = (): void => {
    const account = ordinaryAccount();
    if (!account || accounts.size < 6) return;
    accounts.delete(account.id);
    organization.removeAccount(account.id);
    vanish(account.id);
  };
  const deletePermissionSet = (): void => {
    const one: PermissionSet | undefined = chance.pickAny([...permissionSets.values()].slice(1));
    if (!one) return;
    permissionSets.delete(one.arn);
    organization.removePermissionSet(one.arn);
    vanish(one.arn);
  };
  const changeSession = (): void => {
    const one = sessionChance.pickAny([...permissionSets.values()]);
    if (!one) return;
    const sessionSeconds = sessionChance.pick(SESSION_HOURS) * 3600;
    permissionSets.set(one.arn, { ...one, sessionSeconds });
    organization.putPermissionSet({ ...one, sessionSeconds });
    population.sessionChanges.push({ arn: one.arn, at: timeline.now(), sessionSeconds });
    trace(() => `outside: sessions of ${one.name} last ${sessionSeconds} s`);
  };
  const vanish = (id: string): void => {
    changed(id, 'is gone');
    identityCenter.vanish(id);
  };
  const relieve = (): void => {
    const relieving = chance.some([...people.values()].slice(0, 20), 0.2);
    population.onDuty.clear();
    for (const { id } of relieving) population.onDuty.add(id);
    population.onCall.putSchedule(DUTY, relieving);
    changed(DUTY, `is with ${relieving.map(({ id }) => id).join(', ') || 'nobody'}`);
  };
  const changePolicy = (): void => {
    versions += 1;
    population.publish(policyVersion(chance, versions));
    changed('policy', `is version ${versions}`);
  };

  const anyTarget = (): Target | undefined => {
    const account = ordinaryAccount();
    const permissionSet = chance.pickAny([...permissionSets.values()]);
    return (
      account &&
      permissionSet && {
        kind: 'account',
        accountId: account.id,
        accountName: account.name,
        permissionSetArn: permissionSet.arn,
        permissionSetName: permissionSet.name,
        sessionSeconds: permissionSet.sessionSeconds,
      }
    );
  };
  /** Where no lease is at work; others do it elsewhere, too (`hands.ts`). */
  const isAtRest = (principalId: string, target: Target): boolean => {
    const key = assignmentKey(principalId, target);
    const lease = parts.leases().get(leaseIdOf(principalId, target));
    return !identityCenter.present.has(key) && !identityCenter.isBusy(key) && (!lease || isIdle(lease));
  };
  const isIdle = ({ state, holds }: Lease): boolean => state.kind === 'vacant' && holds.length === 0;
  const assignByHand = (assign: IdentityCenter['stand'] = identityCenter.assign): void => {
    const person = chance.pickAny([...people.values()]);
    const target = anyTarget();
    if (!person || !target || !isAtRest(person.id, target)) return;
    assign(person.id, target);
    trace(() => `outside: ${assignmentKey(person.id, target)} is assigned by hand`);
  };
  /** Where it hurts: what somebody has just asked for, or is about to end. */
  const assignWhereAsked = (): void => {
    const request = chance.pickAny([...parts.requests().values()].filter(({ status }) => status === 'pending'));
    if (!request || !isAtRest(request.requester.id, request.target) || !accounts.has(request.target.accountId)) return;
    if (!permissionSets.has(request.target.permissionSetArn)) return;
    identityCenter.assign(request.requester.id, request.target);
    trace(() => `outside: what ${request.id} asks for is assigned by hand`);
  };
  const unassignByHand = (): void => {
    const key = chance.pickAny([...identityCenter.present.keys()]);
    if (key === undefined || identityCenter.isBusy(key)) return;
    identityCenter.unassign(key);
    trace(() => `outside: ${key} is removed by hand`);
  };

  const often = [
    relieve,
    disableOrEnable,
    regroup,
    regroup,
    transfer,
    moveAccount,
    suspendAccount,
    () => assignByHand(),
    assignWhereAsked,
  ];
  const seldom = [deletePerson, closeAccount, deletePermissionSet, unassignByHand, changePolicy, changePolicy];
  return {
    prepare: () => {
      for (let count = chance.whole(0, 30); count > 0; count -= 1) assignByHand(identityCenter.stand);
    },
    act: () => {
      if (sessionChance.happens(0.15)) changeSession();
      (chance.pickAny(chance.happens(0.8) ? often : seldom) ?? disableOrEnable)();
    },
  };
};
