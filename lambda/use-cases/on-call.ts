/** Whether somebody is on call: asked only for rules that let them ask for this if they are. */
import { forBreakGlass } from '../domain/policy/break-glass.ts';
import type { Account, PermissionSet, Person, Requester } from '../domain/policy/facts.ts';
import type { Policy } from '../domain/policy/policy.ts';
import { indexOf } from '../domain/policy/rule-index.ts';
import { ServiceFault } from '../ports/faults.ts';
import type { OnCall, OnCallPerson } from '../ports/on-call.ts';
import type { Needs } from './world.ts';

type Asking = Needs<'onCall' | 'directory' | 'reporter'>;

const schedulesFor = (
  policy: Policy,
  requester: Requester,
  account: Account,
  permissionSet: PermissionSet,
): readonly string[] => [
  ...new Set(
    [policy, forBreakGlass(policy)].flatMap((part) =>
      indexOf(part)
        .applying(requester, account, permissionSet)
        .flatMap(({ require }) => require.onCall ?? []),
    ),
  ),
];

const found = ({ directory }: Asking, one: OnCallPerson) =>
  'email' in one ? directory.findByEmail(one.email) : directory.findByUserName(one.userName);

/** NB. Whoever is listed under a name that nobody bears, or several do, may be anybody: then nobody can say who is not. */
const isAmong = async (
  world: Asking,
  listed: readonly OnCallPerson[],
  { id }: Person,
): Promise<boolean | undefined> => {
  const people = await Promise.all(listed.map((one) => found(world, one)));
  if (people.some((one) => one !== 'several' && one?.id === id)) return true;
  return people.every((one) => one !== undefined && one !== 'several') ? false : undefined;
};

/** Undefined where it cannot be told. */
const isOnCall = async (world: Asking, schedule: string, person: Person): Promise<boolean | undefined> => {
  try {
    return await isAmong(world, await world.onCall.whoIsOnCall(schedule), person);
  } catch (fault) {
    if (!(fault instanceof ServiceFault) || fault.source !== 'on-call') throw fault;
    world.reporter.warn('it cannot be told who is on call', { schedule, fault });
    return undefined;
  }
};

/** The person with what is known of their being on call, as far as the policy asks for it here. */
export const withOnCall = async (
  world: Asking,
  policy: Policy,
  requester: Requester,
  account: Account,
  permissionSet: PermissionSet,
): Promise<Requester> => {
  const schedules = schedulesFor(policy, requester, account, permissionSet);
  if (schedules.length === 0) return requester;
  const known = await Promise.all(
    schedules.map(async (schedule) => [schedule, await isOnCall(world, schedule, requester.person)] as const),
  );
  const onCall = new Map(known.flatMap(([schedule, is]) => (is === undefined ? [] : [[schedule, is] as const])));
  return { ...requester, onCall };
};

/** Nothing of it remembered: for assigning. */
export const asOfNow = <World extends { readonly onCall: OnCall }>(world: World): World => ({
  ...world,
  onCall: { ...world.onCall, whoIsOnCall: world.onCall.whoIsOnCallNow },
});
