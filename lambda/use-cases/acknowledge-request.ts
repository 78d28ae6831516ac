/** Acknowledge: somebody who was told that the glass was broken says that they know, which silences the alarm. */
import type { AccessRequest, Audience } from '../domain/access-request.ts';
import { isAmong } from '../domain/break-glass.ts';
import type { Person } from '../domain/policy/facts.ts';
import { type Refusal, refuse } from '../domain/refusal.ts';
import { moveRequest } from './move-request.ts';
import { refTo, standingOf } from './people.ts';
import type { Needs } from './world.ts';

type Attending = Needs<'ledger' | 'directory' | 'roleGroups' | 'clock' | 'ids'>;

/** Memberships are asked for now (law 6); an administrator may always. Whether it is their own, the move itself looks at. */
export const refuseOutsider = async (
  world: Attending,
  caller: Person,
  audience: Audience | undefined,
  who: string,
): Promise<Refusal | undefined> => {
  if (!audience) return undefined;
  const { roles, groupIds } = await standingOf(world, caller.id, audience.groups);
  if (roles.administrator || isAmong(audience, caller.id, groupIds)) return undefined;
  return refuse('not_permitted', `Only ${who} and administrators do that. It says who they are: brevet show.`);
};

export const acknowledgeRequest = (
  world: Attending,
  { caller, requestId }: { readonly caller: Person; readonly requestId: string },
): Promise<AccessRequest | Refusal> =>
  moveRequest(world, requestId, async (request) => {
    const audience = caller.id === request.requester.id ? undefined : request.breakGlass?.told;
    const refusal = await refuseOutsider(world, caller, audience, 'those who were told');
    return refusal ?? { kind: 'acknowledge', at: world.clock.now(), by: refTo(caller) };
  });
