/** How a deliberate defect is made: what somebody might have written, put in the place of what stands there. */
import type { AccessRequest } from '../../../lambda/domain/access-request.ts';
import { sealEvent, trailAfter } from '../../../lambda/domain/audit-event.ts';
import type { Lease } from '../../../lambda/domain/lease.ts';
import { person } from '../../../lambda/domain/move.ts';
import type { Commit, Ledger } from '../../../lambda/ports/ledger.ts';
import type { World } from '../../../lambda/use-cases/world.ts';
import type { FunctionName, WholeWorld } from '../functions.ts';
import type { Law } from '../laws/violation.ts';
import type { Sabotage } from '../simulate.ts';
import type { Weather } from '../weather.ts';

export interface Defect {
  /** The law that it breaks. */
  readonly law: Law;
  readonly what: string;
  /** Any of these is what the simulation may find broken first; the law itself, unless others are named. */
  readonly foundAs?: readonly Law[];
  /** The first world to look in: those before it do not meet what it takes, and are long. */
  readonly from?: number;
  readonly sabotage: Sabotage;
}

/** Some functions, or all, get a part of the world that is not as it should be. */
export const tampering = (
  change: (world: WholeWorld) => Partial<WholeWorld>,
  ...names: readonly FunctionName[]
): Sabotage => ({
  tamper: (world, name) => (names.length === 0 || names.includes(name) ? change(world) : {}),
});
export const ledgerOf =
  (change: (ledger: Ledger, now: () => number) => Partial<Ledger>) =>
  ({ ledger, clock }: World): Partial<World> => ({ ledger: { ...ledger, ...change(ledger, clock.now) } });
export const committing = (change: (commit: Commit) => Commit) =>
  ledgerOf((ledger) => ({ commit: (commit) => ledger.commit(change(commit)) }));

/** Writes what it likes, whatever the request is now. */
export const force = async (
  world: World,
  request: AccessRequest,
  next: AccessRequest,
  leases: readonly Lease[] = [],
): Promise<AccessRequest> => {
  const by = person(request.requester);
  const fact = { kind: 'cancelled', at: world.clock.now(), actor: by, from: request.status, to: next.status } as const;
  const event = sealEvent(request.id, request.trail, request.salt, { ...fact, data: {}, texts: {} }, world.ids.sha256);
  const after = { ...next, trail: trailAfter(event) };
  await world.ledger.commit({ requests: [{ before: request, after, events: [event] }], leases });
  return after;
};

export const STORMY: Weather['calls'] = {
  errorBefore: 0.02,
  errorAfter: 0.02,
  late: 0.05,
  slow: 0.02,
  asleep: 0,
  killed: 0,
};
export const stormy = (weather: Weather): Weather => ({ ...weather, calls: STORMY, calm: false });

/** Executions do not live long, so that nothing but the sweep ends what they were to end. */
export const withoutExecutions = (weather: Weather): Weather => ({ ...weather, executionDeletedEveryMs: 60_000 });
