/** Breaking the glass: who is told and who reviews it, and whether the person may break one more. */
import type { Audience, BreakGlass } from '../domain/access-request.ts';
import { type GlassRecord, refuseFurther } from '../domain/break-glass.ts';
import { MOST_LOOKED_AT } from '../domain/policy/deciders.ts';
import type { Permit } from '../domain/policy/judge.ts';
import { refuseUntold } from '../domain/policy/nobody-there.ts';
import type { BreakGlassTerms, NamedPeople } from '../domain/policy/policy.ts';
import { isRefusal, type Refusal } from '../domain/refusal.ts';
import { addSeconds, type Instant } from '../domain/time.ts';
import { candidatesFor } from './approvers.ts';
import { refTo, resolveGroups, resolveUsers } from './people.ts';
import type { Needs } from './world.ts';

/** Those who are there; names that nothing bears are left out, and lint finds them. */
const audienceOf = async (world: Needs<'directory'>, { groups, users }: NamedPeople): Promise<Audience> => {
  const [foundGroups, people] = await Promise.all([resolveGroups(world, groups), resolveUsers(world, users)]);
  return { groups: foundGroups, people: people.filter(({ enabled }) => enabled).map(refTo) };
};

const AT_ONCE = 5;

/** NB. A group that is there may be empty, or have nobody in it but whoever breaks the glass, or people who have left. */
const isNobody = async (
  world: Needs<'directory'>,
  { groups, people }: Audience,
  requesterId: string,
): Promise<boolean> => {
  const isOther = (id: string): boolean => id !== requesterId;
  if (people.some(({ id }) => isOther(id))) return false;
  const members = await candidatesFor(world, { groups });
  const ids = [...members].filter(isOther).slice(0, MOST_LOOKED_AT);
  for (let from = 0; from < ids.length; from += AT_ONCE) {
    const found = await Promise.all(ids.slice(from, from + AT_ONCE).map((id) => world.directory.recall(id)));
    if (found.some((person) => person?.enabled)) return false;
  }
  return true;
};

/** What is stored with the request; refused where nobody else would be told, or could review it. */
export const glassFor = async (
  world: Needs<'directory'>,
  permit: Permit & { readonly breakGlass: BreakGlassTerms },
  { incident, requesterId, now }: { readonly incident: string; readonly requesterId: string; readonly now: Instant },
): Promise<BreakGlass | Refusal> => {
  const { tell, reviewers, reviewWithinSeconds } = permit.breakGlass;
  const [told, reviewing] = await Promise.all([audienceOf(world, tell), audienceOf(world, reviewers)]);
  for (const audience of [told, reviewing])
    if (await isNobody(world, audience, requesterId)) return refuseUntold(permit.entitlement);
  return { incident, told, reviewers: reviewing, reviewBy: addSeconds(now, reviewWithinSeconds) };
};

/** Of a permit to break the glass, whether it would come to that now. */
export const ifNow = async <Verdict extends Permit | Refusal>(
  world: Needs<'ledger' | 'directory' | 'clock'>,
  verdict: Verdict,
  requesterId: string,
): Promise<Verdict | Refusal> => {
  if (isRefusal(verdict) || !verdict.breakGlass) return verdict;
  const { breakGlass } = verdict;
  const record = await mayBreakAgain(world, requesterId, breakGlass.maxUses);
  if (isRefusal(record)) return record;
  const glass = await glassFor(
    world,
    { ...verdict, breakGlass },
    { incident: '', requesterId, now: world.clock.now() },
  );
  return isRefusal(glass) ? glass : verdict;
};

/** What the person broke so far, if that lets them break one more. */
export const mayBreakAgain = async (
  world: Needs<'ledger' | 'clock'>,
  personId: string,
  maxUses: number,
): Promise<GlassRecord | Refusal> => {
  const record = await world.ledger.readGlass(personId);
  return refuseFurther(record, maxUses, world.clock.now()) ?? record;
};
