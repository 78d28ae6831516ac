/** Deliberate defects of the pump: more than one calls at a time, or whoever has lost the lock goes on. */
import { type Defect, STORMY, tampering } from './defect.ts';

export const PUMP_DEFECTS: readonly Defect[] = [
  {
    what: 'whoever is woken begins writes, whoever holds the lock',
    law: 13,
    sabotage: tampering(
      ({ ledger, lock }) => ({
        lock: {
          ...lock,
          heldUntil: async () => undefined,
          acquire: (owner, _, until) => lock.acquire(owner, until, until),
        },
        ledger: { ...ledger, commit: ({ fence: _, ...commit }) => ledger.commit(commit) },
      }),
      'converge',
    ),
  },
  {
    what: 'claims do not ask whether the lock is still held',
    law: 13,
    sabotage: {
      ...tampering(
        ({ ledger, lock }) => ({
          lock: { ...lock, renew: async () => true },
          ledger: { ...ledger, commit: ({ fence: _, ...commit }) => ledger.commit(commit) },
        }),
        'converge',
      ),
      weather: (weather) => ({ ...weather, calm: false, calls: { ...STORMY, late: 0, asleep: 0.05, slow: 0.05 } }),
    },
  },
];
