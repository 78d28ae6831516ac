/** What happens at the same moment: one outcome, whoever is late learns it, at most one assignment, and it goes. */
import { describe, expect, it } from 'vitest';
import { createSequentialIds } from '../../lambda/adapters/memory/sequential-ids.ts';
import type { AccessRequest } from '../../lambda/domain/access-request.ts';
import { isRefusal, type Refusal } from '../../lambda/domain/refusal.ts';
import { beginGrant } from '../../lambda/use-cases/begin-grant.ts';
import { cancelRequest } from '../../lambda/use-cases/cancel-request.ts';
import { convergeLease } from '../../lambda/use-cases/converge-lease.ts';
import { type DecideInput, decideRequest } from '../../lambda/use-cases/decide-request.ts';
import { endRequest, endRequestByClock } from '../../lambda/use-cases/end-request.ts';
import { expireRequest } from '../../lambda/use-cases/expire-request.ts';
import { extendRequest } from '../../lambda/use-cases/extend-request.ts';
import type { World } from '../../lambda/use-cases/world.ts';
import { whatIsWrongWith } from '../verify-chain.ts';
import { inEveryOrder, racing } from './races.ts';
import { type Name, PEOPLE } from './small-policy.ts';
import { at, contentOf, later, type SmallWorld } from './small-world.ts';
import {
  active,
  begun,
  decide,
  granted,
  leaseIdFor,
  leaseOf,
  readRequest,
  requestIn,
  seconds,
  statusOf,
  submit,
} from './story.ts';

type Answer = AccessRequest | Refusal;

const vote = (world: World, requestId: string, by: Name, choice: DecideInput['choice'] = 'approve') =>
  requestIn(decideRequest(world, { caller: PEOPLE[by], requestId, choice }));
const codeOf = (answer: Answer): string => (isRefusal(answer) ? answer.refused : 'ok');
const { sha256 } = createSequentialIds();

const expectSoundTrail = async (small: SmallWorld, { id }: AccessRequest): Promise<void> => {
  const { trail } = await readRequest(small, id);
  expect(whatIsWrongWith(await small.world.ledger.readEvents(id), trail, sha256)).toBe('nothing');
};

const expectNothingLeft = async (small: SmallWorld, request: AccessRequest): Promise<void> => {
  expect(small.identityCenter.list()).toEqual([]);
  expect(await leaseOf(small, request)).toMatchObject({ holds: [], state: { kind: 'vacant' } });
};

describe('deciding', () => {
  it('two approvers: one decides, the other is told who and how', () =>
    inEveryOrder(async ({ small, world, together }) => {
      const request = granted(await submit(small));
      const [leo, lea] = await together([vote(world, request.id, 'leo'), vote(world, request.id, 'lea', 'reject')]);
      expect([codeOf(leo), codeOf(lea)].sort()).toEqual(['ok', 'request_not_pending']);
      const decided = await readRequest(small, request.id);
      expect(decided.votes).toHaveLength(1);
      expect(decided.status).toBe(isRefusal(leo) ? 'rejected' : 'scheduled');
      expect(isRefusal(leo) ? leo.detail : isRefusal(lea) && lea.detail).toBe(
        isRefusal(leo)
          ? 'This request is rejected: rejected by lea at 2026-11-23T09:00:00.000Z.'
          : 'This request is scheduled: approved by leo at 2026-11-23T09:00:00.000Z.',
      );
      await expectSoundTrail(small, request);
    }));

  it('both of two needed approvers: both count', () =>
    inEveryOrder(async ({ small, world, together }) => {
      const request = granted(await submit(small, { permissionSet: 'Database', wish: { ticket: 'CHG-1' } }));
      await together([vote(world, request.id, 'leo'), vote(world, request.id, 'sam')]);
      expect(await readRequest(small, request.id)).toMatchObject({ status: 'scheduled', votes: [{}, {}] });
      await expectSoundTrail(small, request);
    }));

  it('one approver twice, a double click: one vote', () =>
    inEveryOrder(async ({ small, world, together }) => {
      const request = granted(await submit(small, { permissionSet: 'Database', wish: { ticket: 'CHG-1' } }));
      const answers = await together([vote(world, request.id, 'leo'), vote(world, request.id, 'leo')]);
      expect(answers.map(codeOf).sort()).toEqual(['already_voted', 'ok']);
      expect(await readRequest(small, request.id)).toMatchObject({ status: 'pending', votes: [{}] });
    }));

  it('approval and cancellation: it is cancelled, whoever was first', () =>
    inEveryOrder(async ({ small, world, together }) => {
      const request = granted(await submit(small));
      const cancelling = cancelRequest(world, { caller: PEOPLE.ann, requestId: request.id });
      const [approved, cancelled] = await together([vote(world, request.id, 'leo'), cancelling]);
      expect(codeOf(cancelled)).toBe('ok');
      expect(['ok', 'request_not_pending']).toContain(codeOf(approved));
      const after = await readRequest(small, request.id);
      expect([after.status, after.votes.length]).toEqual(['cancelled', isRefusal(approved) ? 0 : 1]);
      await expectSoundTrail(small, request);
    }));

  it('rejection and cancellation: one outcome', () =>
    inEveryOrder(async ({ small, world, together }) => {
      const request = granted(await submit(small));
      const cancelling = cancelRequest(world, { caller: PEOPLE.ann, requestId: request.id });
      const [rejected, cancelled] = await together([vote(world, request.id, 'leo', 'reject'), cancelling]);
      const codes = [codeOf(rejected), codeOf(cancelled)];
      expect([
        ['ok', 'request_not_cancellable'],
        ['request_not_pending', 'ok'],
      ]).toContainEqual(codes);
      expect(await statusOf(small, request)).toBe(codes[0] === 'ok' ? 'rejected' : 'cancelled');
    }));

  it('approval at the last moment and expiry: one outcome', () =>
    inEveryOrder(async ({ small, world, together, scheduler }) => {
      const request = granted(await submit(small));
      small.clock.set(at('16:59:59.999'));
      const expiring = scheduler.schedule(Promise.resolve()).then(() => {
        small.clock.set(at('17:00'));
        return expireRequest(world, request.id);
      });
      const [approved, expired] = await together([vote(world, request.id, 'leo'), expiring]);
      expect([codeOf(approved), codeOf(expired)].sort()).toEqual(['ok', 'request_not_pending']);
      expect(await statusOf(small, request)).toBe(isRefusal(approved) ? 'expired' : 'scheduled');
    }));
});

describe('asking', () => {
  it('twice with one Idempotency-Key: one request, both are told of it', () =>
    inEveryOrder(async ({ small, world, together }) => {
      const asked = { idempotency: { key: 'key', bodyHash: 'body' } };
      const [one, two] = await together([submit({ world }, asked), submit({ world }, asked)]);
      expect(granted(one).id).toBe(granted(two).id);
      expect((await contentOf(small)).requests).toHaveLength(1);
    }));

  it('beyond the limit of open requests: as many as are allowed', () =>
    inEveryOrder(
      async ({ small, world, together }) => {
        granted(await submit(small));
        const answers = await together([submit({ world }), submit({ world }), submit({ world }, { account: 'other' })]);
        expect(answers.map(codeOf).sort()).toEqual(['ok', 'too_many_open', 'too_many_open']);
        expect((await contentOf(small)).requests).toHaveLength(2);
      },
      { limits: { openRequestsPerPerson: 2 } },
    ));
});

describe('granting and ending', () => {
  const converge = (small: SmallWorld, world: World, request: AccessRequest) =>
    convergeLease(world, leaseIdFor(request), later(small, 60));
  const counting = (small: SmallWorld, calls: string[]): World['assignments'] => ({
    ...small.world.assignments,
    create: async (principalId, target) => {
      const answer = await small.world.assignments.create(principalId, target);
      calls.push(answer.kind);
      return answer;
    },
  });

  it('two converge runs: one assignment is made, and it goes', () =>
    inEveryOrder(async ({ small, together, scheduler }) => {
      const calls: string[] = [];
      const world = racing(scheduler, { ...small.world, assignments: counting(small, calls) });
      const request = await begun(small);
      await together([converge(small, world, request), converge(small, world, request)]);
      expect(calls).toEqual(['started']);
      expect(await statusOf(small, request)).toBe('active');
      granted(await endRequest(small.world, { caller: PEOPLE.ann, requestId: request.id }));
      await together([converge(small, world, request), converge(small, world, request)]);
      // Whoever waited for the other has moved the clock on by half a minute, and so may have taken over from the living.
      small.clock.advance(120);
      await converge(small, small.world, request);
      expect(await statusOf(small, request)).toBe('ended');
      await expectNothingLeft(small, request);
      await expectSoundTrail(small, request);
    }));

  it('end and becoming usable: it ends, and nothing is left', () =>
    inEveryOrder(async ({ small, world, together }) => {
      const request = await begun(small);
      const ending = endRequest(world, { caller: PEOPLE.ann, requestId: request.id });
      const [, ended] = await together([converge(small, world, request), ending]);
      expect(codeOf(ended)).toBe('ok');
      await converge(small, small.world, request);
      expect(await statusOf(small, request)).toBe('ended');
      await expectNothingLeft(small, request);
      await expectSoundTrail(small, request);
    }));

  it('the clock and a person end it: one cause', () =>
    inEveryOrder(async ({ small, world, together }) => {
      const request = await active(small);
      small.clock.advance(3600);
      const byPerson = endRequest(world, { caller: PEOPLE.ann, requestId: request.id });
      const answers = await together([endRequestByClock(world, request.id), byPerson, converge(small, world, request)]);
      expect(answers.slice(0, 2).filter((answer) => !isRefusal(answer)).length).toBeLessThanOrEqual(1);
      await converge(small, small.world, request);
      const kinds = (await small.world.ledger.readEvents(request.id)).map(({ kind }) => kind);
      expect(kinds.filter((kind) => kind === 'end-begun')).toHaveLength(1);
      await expectNothingLeft(small, request);
    }));

  it('the workflow and the sweep begin it: it begins once', () =>
    inEveryOrder(async ({ small, world, together }) => {
      const request = granted(await submit(small, { account: 'sandbox' }));
      const answers = await together([beginGrant(world, request.id), beginGrant(world, request.id)]);
      expect(answers.map(codeOf).sort()).toEqual(['ok', 'request_not_due']);
      expect((await leaseOf(small, request)).holds).toHaveLength(1);
    }));

  it('one ends while the other begins: the other has its access', () =>
    inEveryOrder(async ({ small, world, together }) => {
      const first = await active(small);
      const second = granted(await submit(small));
      granted(await decide(small, second.id, 'leo'));
      await together([
        endRequest(world, { caller: PEOPLE.ann, requestId: first.id }),
        beginGrant(world, second.id),
        converge(small, world, first),
      ]);
      await converge(small, small.world, second);
      expect([await statusOf(small, first), await statusOf(small, second)]).toEqual(['ended', 'active']);
      expect(small.identityCenter.list()).toEqual(['id-ann 400000000001 Admin']);
    }));

  it('an extension and the end: what is extended is not taken away, what is ended is not extended', () =>
    inEveryOrder(async ({ small, world, together }) => {
      const request = await active(small, { account: 'sandbox' });
      small.clock.set(((request.status === 'active' ? request.endsAt : 0) - 1) as ReturnType<typeof at>);
      const extending = extendRequest(world, {
        caller: PEOPLE.ann,
        requestId: request.id,
        durationSeconds: seconds(60),
      });
      const [extended] = await together([extending, endRequest(world, { caller: PEOPLE.ann, requestId: request.id })]);
      expect(['ok', 'request_not_extendable']).toContain(codeOf(extended));
      await converge(small, small.world, request);
      expect(await statusOf(small, request)).toBe('ended');
      await expectNothingLeft(small, request);
      await expectSoundTrail(small, request);
    }));
});
