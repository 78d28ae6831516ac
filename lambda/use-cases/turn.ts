/** How a run of converging may write and wait: by itself, or among others that the pump paces. */
import type { Lease, LeaseStep } from '../domain/lease.ts';
import { pauseAfter } from '../domain/pause.ts';
import type { Needs } from './world.ts';

export interface Turn {
  /** Names whoever makes the calls in what is stored before them. */
  readonly claim: string;
  /** Whether the lease may have the write that it needs now. If not, the run ends, and another comes when it may. */
  admits(lease: Lease): boolean;
  /** Whether the lease, for which somebody only waits for access, is to wait in its order, because others wait that go before it. */
  givesWay(lease: Lease): boolean;
  /** Stores a claim by that function, if whoever gave the turn may still let anybody call. */
  storeClaim(store: (fence?: number) => Promise<Lease | undefined>): Promise<Lease | undefined>;
  /** Whoever asks how a call stands is answered when it is known, or after some seconds: there is no need to pause. */
  readonly waitsForOutcomes: boolean;
  /** Before the next look, when the last one changed nothing. */
  pause(step: LeaseStep | undefined, pauses: number): Promise<void>;
}

/** A run that nobody else paces. */
export const alone = ({ ids, clock }: Needs<'ids' | 'clock'>): Turn => ({
  claim: ids.salt(),
  admits: () => true,
  givesWay: () => false,
  storeClaim: (store) => store(),
  waitsForOutcomes: false,
  pause: (step, pauses) => clock.sleep(pauseAfter(step, pauses)),
});
