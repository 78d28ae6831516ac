/** Defects of breaking the glass: an alarm that falls silent, a limit that does not hold, a review of one's own. */
import { isOpen } from '../../../lambda/domain/access-request.ts';
import { sealEvent, trailAfter } from '../../../lambda/domain/audit-event.ts';
import { person } from '../../../lambda/domain/move.ts';
import { isRefusal } from '../../../lambda/domain/refusal.ts';
import { addSeconds } from '../../../lambda/domain/time.ts';
import { transition } from '../../../lambda/domain/transition.ts';
import { FUNCTIONS } from '../functions.ts';
import { type Defect, ledgerOf, tampering } from './defect.ts';

export const GLASS_DEFECTS: readonly Defect[] = [
  {
    law: 11,
    what: 'an alarm about a broken glass rings once, and is put off for good',
    sabotage: tampering(
      ledgerOf((ledger) => ({
        putOffAlarm: (request, until, now) => ledger.putOffAlarm(request, addSeconds(until, 86_400), now),
      })),
      'sweep',
    ),
  },
  {
    law: 11,
    what: 'a broken glass is told of only while access lasts',
    sabotage: tampering(({ bell }) => ({
      bell: { ring: (alarm, request) => void (isOpen(request) && bell.ring(alarm, request)) },
    })),
  },
  {
    law: 13,
    what: 'what somebody broke before is not looked at',
    sabotage: tampering(
      ledgerOf((ledger) => ({
        readGlass: async (personId) => ({ ...(await ledger.readGlass(personId)), broken: [] }),
      })),
      'api',
    ),
  },
  {
    law: 6,
    what: 'whoever broke the glass reviews it',
    sabotage: {
      functions: {
        api: async (world, action) => {
          const request = action.do === 'review' ? await world.ledger.readRequest(action.requestId) : undefined;
          if (action.do !== 'review' || request?.requester.userName !== action.userName)
            return FUNCTIONS.api(world, action);
          const by = { ...request.requester, id: 'somebody else' };
          const { requester, trail, salt } = request;
          const moved = transition(request, { kind: 'review', at: world.clock.now(), by, outcome: 'justified' });
          if (isRefusal(moved) || !moved.next.breakGlass?.review) return FUNCTIONS.api(world, action);
          const review = { ...moved.next.breakGlass.review, by: requester };
          const fact = { ...moved.fact, actor: person(requester) };
          const event = sealEvent(request.id, trail, salt, fact, world.ids.sha256);
          const breakGlass = { ...moved.next.breakGlass, review };
          const after = { ...moved.next, breakGlass, trail: trailAfter(event) };
          await world.ledger.commit({ requests: [{ before: request, after, events: [event] }] });
          return after;
        },
      },
    },
  },
];
