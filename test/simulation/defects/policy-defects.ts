/** Defects of what the policy is judged by. */
import { type Defect, tampering } from './defect.ts';

const EVERYBODY = Array.from({ length: 50 }, (_, number) => ({ userName: `user${number}` }));

export const POLICY_DEFECTS: readonly Defect[] = [
  {
    law: 7,
    what: 'whoever was on call when they asked is given access when they are not any more',
    sabotage: tampering(({ onCall }) => ({ onCall: { ...onCall, whoIsOnCallNow: async () => EVERYBODY } }), 'converge'),
  },
];
