/** The story in a line a step: ask, approve, begin, converge, wait; every step returns what it came to. */
import type { AccessRequest, RequestStatus } from '../../lambda/domain/access-request.ts';
import type { Lease } from '../../lambda/domain/lease.ts';
import { leaseIdOf } from '../../lambda/domain/lease.ts';
import { isRefusal, type Refusal } from '../../lambda/domain/refusal.ts';
import type { DurationSeconds } from '../../lambda/domain/time.ts';
import { beginGrant } from '../../lambda/use-cases/begin-grant.ts';
import { convergeLease } from '../../lambda/use-cases/converge-lease.ts';
import { type DecideInput, decideRequest } from '../../lambda/use-cases/decide-request.ts';
import { type SubmitInput, submitRequest } from '../../lambda/use-cases/submit-request.ts';
import { type SweepReport, sweep } from '../../lambda/use-cases/sweep.ts';
import type { Told } from '../../lambda/use-cases/told.ts';
import type { World } from '../../lambda/use-cases/world.ts';
import { ACCOUNTS, type Name, PEOPLE, type PERMISSION_SETS } from './small-policy.ts';
import { later, type SmallWorld } from './small-world.ts';

/** A small world, or one like it in which things race or die. */
type In = { readonly world: World };

export const seconds = (count: number): DurationSeconds => count as DurationSeconds;

/** What came of a command, which must not have been refused. */
export const granted = <Value>(result: Value | Refusal): Value => {
  if (isRefusal(result)) throw new Error(`refused: ${result.refused}: ${result.detail}`);
  return result as Value;
};

export interface Asked {
  readonly by?: Name;
  readonly account?: keyof typeof ACCOUNTS;
  readonly permissionSet?: keyof typeof PERMISSION_SETS;
  readonly wish?: Partial<SubmitInput['wish']>;
  readonly idempotency?: SubmitInput['idempotency'];
}

/** By default Ann asks for an hour as administrator of payments-prod, which one lead must approve. */
export const submit = (
  { world }: In,
  { by = 'ann', account = 'prod', permissionSet = 'Admin', wish = {}, idempotency }: Asked = {},
): Promise<AccessRequest | Refusal> =>
  requestIn(
    submitRequest(world, {
      caller: PEOPLE[by],
      target: { accountId: ACCOUNTS[account].id, permissionSet },
      wish: { durationSeconds: seconds(3600), justification: 'Deploy the fix', ...wish },
      ...(idempotency ? { idempotency } : {}),
    }),
  );

/** Without the history that comes along. */
export const requestIn = async (told: Promise<Told | Refusal>): Promise<AccessRequest | Refusal> => {
  const answer = await told;
  return isRefusal(answer) ? answer : answer.request;
};

export const decide = (
  { world }: In,
  requestId: string,
  by: Name,
  choice: DecideInput['choice'] = 'approve',
  change: Partial<DecideInput> = {},
): Promise<AccessRequest | Refusal> =>
  requestIn(decideRequest(world, { caller: PEOPLE[by], requestId, choice, ...change }));

/** To how much in all the extension goes that waits: what an approver has seen who has just looked. */
export const seenIn = (request: AccessRequest | undefined): Pick<DecideInput, 'extendTo'> => {
  if (request?.status !== 'active' || !request.extension) return {};
  const sinceStart = Math.ceil((request.endsAt - (request.start ?? request.activeSince)) / 1000);
  return { extendTo: seconds(sinceStart + request.extension.durationSeconds) };
};

/** An approval of the extension that waits, by somebody who has just looked. */
export const approveExtension = async (
  small: In,
  requestId: string,
  by: Name,
  change: Partial<DecideInput> = {},
): Promise<AccessRequest | Refusal> => {
  const seen = seenIn(await readRequest(small, requestId));
  return decide(small, requestId, by, 'approve', { ...seen, ...change });
};

export const leaseIdFor = ({ requester, target }: AccessRequest): string => leaseIdOf(requester.id, target);

/** Converges every lease that was woken, as the converge function does: each run has a minute. */
export const convergeWoken = async (small: SmallWorld): Promise<void> => {
  for (let leaseId = small.woken.shift(); leaseId !== undefined; leaseId = small.woken.shift()) {
    await convergeLease(small.world, leaseId, later(small, 60));
  }
};

/** Asked, approved where it must be, and begun: the intent is stored, and nothing has converged yet. */
export const begun = async (small: SmallWorld, asked: Asked = {}): Promise<AccessRequest> => {
  const request = granted(await submit(small, asked));
  if (request.status === 'pending') granted(await decide(small, request.id, 'leo'));
  return granted(await beginGrant(small.world, request.id));
};

/** Asked, approved and usable. */
export const active = async (small: SmallWorld, asked: Asked = {}): Promise<AccessRequest> => {
  const { id } = await begun(small, asked);
  await convergeWoken(small);
  return readRequest(small, id);
};

export const readRequest = async ({ world }: In, requestId: string): Promise<AccessRequest> => {
  const request = await world.ledger.readRequest(requestId);
  if (!request) throw new Error(`there is no request ${requestId}`);
  return request;
};

export const statusOf = async (small: In, { id }: AccessRequest): Promise<RequestStatus> =>
  (await readRequest(small, id)).status;

export const leaseOf = async ({ world }: In, request: AccessRequest): Promise<Lease> => {
  const lease = await world.ledger.readLease(leaseIdFor(request));
  if (!lease) throw new Error(`there is no lease for ${request.id}`);
  return lease;
};

/** Kinds of the events of a request, in order. */
export const kindsOf = async ({ world }: In, { id }: AccessRequest): Promise<readonly string[]> =>
  (await world.ledger.readEvents(id)).map(({ kind }) => kind);

/** Minutes pass, the sweep runs, and whatever it woke converges. */
export const aMinuteLater = async (small: SmallWorld, minutes = 1): Promise<SweepReport> => {
  small.clock.advance(minutes * 60);
  const report = await sweep(small.world);
  await convergeWoken(small);
  return report;
};
