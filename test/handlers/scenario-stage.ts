/** Where a scenario plays: the world behind the API, requests in the statuses that scenarios need, and what changes behind the back of the caller. */
import { instant } from '../../lambda/domain/time.ts';
import {
  type Answered,
  type CallOptions,
  createApiWorld,
  createCaller,
  GOOD_ASK,
  NOW,
  POLICY,
  policyOf,
} from './api-world.ts';
import type { PlacedOperation } from './documented.ts';

/** A call of the operation under test. */
export interface Attempt extends CallOptions {
  readonly as: string;
  /** In the place of `{id}`. */
  readonly id?: string;
}

export interface Stage extends ReturnType<typeof createApiWorld> {
  readonly call: ReturnType<typeof createCaller>;
  readonly attempt: (attempt: Attempt) => Promise<Answered>;
}

export const stageFor = ({ method, path }: PlacedOperation): Stage => {
  const made = createApiWorld();
  const call = createCaller(made.api);
  return {
    ...made,
    call,
    attempt: ({ as, id = '', ...options }) => call(as, method, path.replace('{id}', id), options),
  };
};

/** Arranges the world, and says which call to make. */
export type Scenario = (stage: Stage) => Promise<Attempt>;

// ---------- requests in the statuses that scenarios need ----------

export const asked = async ({ call }: Stage, change: object = {}): Promise<string> =>
  (await call('maria', 'POST', '/requests', { body: { ...GOOD_ASK, ...change } })).body.id;

export const decided = async (stage: Stage, choice: 'approve' | 'reject'): Promise<string> => {
  const id = await asked(stage);
  await stage.call('omar', 'POST', `/requests/${id}/${choice}`);
  return id;
};

export const active = async (stage: Stage): Promise<string> => {
  const id = await decided(stage, 'approve');
  await stage.pass(6);
  return id;
};

export const HOUR_MORE = { as: 'maria', body: { duration: 'PT1H' } } as const;

/** Active for an hour, and asking for an hour more. */
export const extending = async (stage: Stage): Promise<string> => {
  const id = await active(stage);
  await stage.call('maria', 'POST', `/requests/${id}/extend`, { body: HOUR_MORE.body });
  return id;
};

// ---------- the world, changed behind the caller's back ----------

export const catalogueTooOld = async ({ world }: Stage): Promise<void> => {
  const now = await world.catalogue.current();
  const asOf = instant(NOW - 86_400_000);
  world.catalogue.current = async () => now && { ...now, asOf };
};

export const ruleChanged = ({ world }: Stage, from: string, to: string): void =>
  world.policies.publish(policyOf(POLICY.replace(from, to)));

export const group = (id: string, name: string, ...memberIds: string[]) => ({ id, name, memberIds });

export const askedToRead = async (stage: Stage): Promise<void> => {
  await asked(stage, { target: { ...GOOD_ASK.target, permissionSet: 'ReadOnlyAccess' } });
};

export const changedMeanwhile = (
  prepare: (stage: Stage) => Promise<string>,
  attempt: Omit<Attempt, 'id'>,
): Scenario => {
  return async (stage) => {
    const id = await prepare(stage);
    stage.world.ledger.commit = async () => 'conflict';
    return { ...attempt, id };
  };
};
