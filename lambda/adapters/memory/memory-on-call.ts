/** A rota in memory; tests change who is on call as they go. */
import { ServiceFault } from '../../ports/faults.ts';
import type { OnCall, OnCallPerson } from '../../ports/on-call.ts';

export interface MemoryOnCall extends OnCall {
  /** From now on these are on call for the schedule. */
  putSchedule(schedule: string, people: readonly OnCallPerson[]): void;
}

export const createMemoryOnCall = (rota: Readonly<Record<string, readonly OnCallPerson[]>> = {}): MemoryOnCall => {
  const schedules = new Map(Object.entries(rota));
  const ask = async (schedule: string): Promise<readonly OnCallPerson[]> => {
    const people = schedules.get(schedule);
    if (!people) throw new ServiceFault('on-call', 'Status404', undefined);
    return people;
  };
  return {
    whoIsOnCall: ask,
    whoIsOnCallNow: ask,
    putSchedule: (schedule, people) => void schedules.set(schedule, people),
  };
};
