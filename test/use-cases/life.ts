/** One life of the whole service, for the law to be checked against: the small world, and what is true in it whatever Brevet believes. */
import type { AccessRequest, Target } from '../../lambda/domain/access-request.ts';
import { emptyLease, leaseIdOf } from '../../lambda/domain/lease.ts';
import type { World } from '../../lambda/use-cases/world.ts';
import { ACCOUNTS, type Name, PEOPLE, PERMISSION_SETS } from './small-policy.ts';
import { type SmallWorld, smallWorld } from './small-world.ts';

export const TARGETS = [
  ['prod', 'Admin'],
  ['prod', 'Database'],
  ['other', 'Admin'],
  ['sandbox', 'Admin'],
] as const satisfies readonly (readonly [keyof typeof ACCOUNTS, keyof typeof PERMISSION_SETS])[];
export const REQUESTERS = ['ann', 'bob', 'lea'] as const satisfies readonly Name[];

/** How Identity Center in memory calls an assignment. */
export const tupleOf = (principalId: string, target: Target): string =>
  `${principalId} ${target.accountId} ${target.permissionSetName}`;

export interface Life {
  readonly small: SmallWorld;
  /** Ids of the requests asked, in order. */
  readonly asked: string[];
  /** Assignments that others made before Brevet came to them, and did not take away. */
  readonly standing: Set<string>;
  /** Assignments of Brevet's that others took away: it may believe in them until it looks again. */
  readonly tampered: Set<string>;
  /** What went against the law, seen from inside. */
  readonly violations: string[];
  /** Requests as they were after the last step, by id. */
  readonly known: Map<string, AccessRequest>;
  /** What came of the commands, for seeing that the life was not an empty one. */
  readonly seen: Map<string, number>;
  readonly world: World;
  readonly tokens: { last: number };
}

const targetFor = (accountName: keyof typeof ACCOUNTS, permissionSetName: keyof typeof PERMISSION_SETS): Target => {
  const [account, permissionSet] = [ACCOUNTS[accountName], PERMISSION_SETS[permissionSetName]];
  return {
    kind: 'account',
    accountId: account.id,
    accountName: account.name,
    permissionSetArn: permissionSet.arn,
    permissionSetName: permissionSet.name,
    sessionSeconds: permissionSet.sessionSeconds,
  };
};

export interface Tuple {
  readonly principalId: string;
  readonly target: Target;
}

/** Everything that may be assigned to anybody who asks. */
export const TUPLES: readonly Tuple[] = REQUESTERS.flatMap((name) =>
  TARGETS.map(([account, permissionSet]) => ({
    principalId: PEOPLE[name].id,
    target: targetFor(account, permissionSet),
  })),
);

export const leaseOfTuple = async ({ small }: Life, { principalId, target }: Tuple) =>
  (await small.truth.readLease(leaseIdOf(principalId, target))) ?? emptyLease(principalId, target);

/** Why nobody may be given this now, whatever was approved: the truth, looked up without the code under test. */
const whyForbidden = async ({ small }: Life, principalId: string, target: Target): Promise<string | undefined> => {
  const person = await small.people.findById(principalId);
  if (!person?.enabled) return `${principalId} is not enabled`;
  const engineers = await small.people.memberIds({ id: 'group-engineers', name: 'engineers' });
  if (!engineers.includes(principalId)) return `${principalId} is no engineer`;
  const account = await small.accounts.findAccount(target.accountId);
  return account && account.ouPath !== 'Quarantine' ? undefined : `${target.accountName} is in quarantine`;
};

const whyNotToCreate = async (life: Life, principalId: string, target: Target): Promise<string | undefined> => {
  const lease = await leaseOfTuple(life, { principalId, target });
  if (lease.state.kind !== 'creating') return `the lease is ${lease.state.kind}`;
  if (!lease.holds.some(({ endsAt }) => endsAt > life.small.clock.now())) return 'nobody holds the lease';
  return whyForbidden(life, principalId, target);
};

/** A new life at nine in the morning. Every call that creates is checked as it is made. */
export const newLife = (): Life => {
  const small = smallWorld();
  const create: World['assignments']['create'] = async (principalId, target) => {
    const why = await whyNotToCreate(life, principalId, target);
    if (why) life.violations.push(`law 1: an assignment is created though ${why}`);
    return small.world.assignments.create(principalId, target);
  };
  const life: Life = {
    small,
    world: { ...small.world, assignments: { ...small.world.assignments, create } },
    asked: [],
    standing: new Set(),
    tampered: new Set(),
    violations: [],
    known: new Map(),
    seen: new Map(),
    tokens: { last: 0 },
  };
  return life;
};

export const count = ({ seen }: Life, what: string): void => void seen.set(what, (seen.get(what) ?? 0) + 1);
