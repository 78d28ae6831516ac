/** CloudTrail's events about writes, as EventBridge brings them: late, twice, in another order, without a place, or never. */

import { leaseIdOf } from '../../lambda/domain/lease.ts';
import type { DriftWakeUp } from '../../lambda/use-cases/attend-drift-event.ts';
import type { Chance } from './chance.ts';
import type { Operation } from './identity-center.ts';
import type { Timeline } from './timeline.ts';
import type { Weather } from './weather.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
/** So many of Brevet's own writes are told of as if others had made them: the rule should leave out all of them. */
const OWN = 0.1;

interface Parts {
  readonly timeline: Timeline;
  readonly chance: Chance;
  readonly day: Weather;
  readonly note: (what: string) => void;
  /** Hands it to the function. */
  readonly attend: (wakeUp: DriftWakeUp, operation: Operation, leaseId: string) => void;
}

export interface CloudTrail {
  /** Somebody has asked for a write. */
  asked(operation: Operation): void;
}

export const createCloudTrail = ({ timeline, chance, day, note, attend }: Parts): CloudTrail => {
  const { lost, doubled, late, placeless } = day.drift.events;

  const wakeUpOf = ({ write, principalId, target, id }: Operation): DriftWakeUp => {
    const change = write === 'create' ? 'assigned' : 'removed';
    if (chance.happens(placeless)) return { change };
    const { accountId, permissionSetArn } = target;
    return { change, place: { accountId, permissionSetArn }, userId: principalId, operationId: id };
  };
  const times = ({ by }: Operation): number => {
    if (chance.happens(lost) || (by === 'brevet' && !chance.happens(OWN))) return 0;
    return chance.happens(doubled) ? 2 : 1;
  };
  const lag = (): number => (chance.happens(late) ? chance.around(15 * MINUTE) : chance.between(0.5, 5) * SECOND);

  return {
    asked: (operation) => {
      const leaseId = leaseIdOf(operation.principalId, operation.target);
      const wakeUp = wakeUpOf(operation);
      const count = times(operation);
      const whose = operation.by === 'brevet' ? 'of our own' : ['lost', 'brought', 'brought twice'][count];
      if (operation.by === 'outside' || count > 0) note(`event ${whose}`);
      for (let left = count; left > 0; left -= 1) {
        timeline.after(lag(), () => attend(wakeUp, operation, leaseId));
      }
    },
  };
};
