/** The sweep when there is more to do than one run may: nobody is left out for ever, and what is stuck blocks nobody. */
import { describe, expect, it } from 'vitest';
import { emptyLease, type Lease } from '../../lambda/domain/lease.ts';
import { ServiceFault } from '../../lambda/ports/faults.ts';
import { awaitStep } from '../../lambda/use-cases/await-step.ts';
import { cancelRequest } from '../../lambda/use-cases/cancel-request.ts';
import { type DueReport, sweep } from '../../lambda/use-cases/sweep.ts';
import { PEOPLE } from './small-policy.ts';
import { type SmallWorld, smallWorld } from './small-world.ts';
import { active, begun, convergeWoken, decide, granted, readRequest, submit } from './story.ts';

/** Leases that nobody holds and that do not go away, as after an outage: each is due at once, and stays so. */
const stuckLeases = async (small: SmallWorld, count: number): Promise<readonly string[]> => {
  const { target } = granted(await submit(small, { account: 'sandbox' }));
  const leases = Array.from(
    { length: count },
    (_, number): Lease => ({ ...emptyLease(`id-${number}`, target), state: { kind: 'held' } }),
  );
  await small.truth.commit({ leases });
  return leases.map(({ id }) => id);
};

const aMinuteLater = (small: SmallWorld) => {
  small.clock.advance(60);
  return sweep(small.world);
};

describe('more that is due than one run attends to', () => {
  it('is all attended to by the runs after it, though none of it goes away', async () => {
    const small = smallWorld();
    const ids = await stuckLeases(small, 5_000);
    const reports = [];
    for (let run = 0; run < 3; run += 1) reports.push(await aMinuteLater(small));
    expect(ids.filter((id) => !small.woken.includes(id))).toEqual([]);
    for (const { due } of reports) expect(due).toBeLessThanOrEqual(2_100);
  });

  it('does not keep from its turn what fell due behind it', async () => {
    const small = smallWorld();
    await stuckLeases(small, 4_500);
    const request = await active(small);
    small.clock.advance(3600);
    for (let run = 0; run < 4; run += 1) await aMinuteLater(small);
    expect(await readRequest(small, request.id)).toMatchObject({ status: 'ending' });
  });

  it('is left for the next run when time is short, and gone on with there', async () => {
    const small = smallWorld();
    const ids = await stuckLeases(small, 200);
    const { listDue } = small.world.ledger;
    small.world.ledger.listDue = async (...asked) => {
      small.clock.advance(16);
      return listDue(...asked);
    };
    expect((await aMinuteLater(small)).due).toBeLessThan(60);
    for (let run = 0; run < 6; run += 1) await aMinuteLater(small);
    expect(ids.filter((id) => !small.woken.includes(id))).toEqual([]);
  });

  it('is attended to beside what this version cannot make out, which is told as a failure', async () => {
    const small = smallWorld();
    const request = await active(small);
    small.clock.advance(3600);
    const { listDue } = small.world.ledger;
    small.world.ledger.listDue = async (...asked) => {
      const { items, ...page } = await listDue(...asked);
      return { ...page, items: [{ kind: 'unknown', id: '2026-11-23T07:00:00.000Z#escrow#of-tomorrow' }, ...items] };
    };
    expect(await sweep(small.world)).toMatchObject({ ended: 1, failures: 1 });
    expect(await readRequest(small, request.id)).toMatchObject({ status: 'ending' });
  });

  it('is looked at from the beginning in the same run, when the run before it had stopped near the end', async () => {
    const small = smallWorld();
    const request = await active(small);
    small.clock.advance(3600);
    await small.world.places.keep('due', '9999-12-31T23:59:59.999Z#request#01');
    expect(await sweep(small.world)).toMatchObject({ ended: 1 });
    expect(await readRequest(small, request.id)).toMatchObject({ status: 'ending' });
    expect(await small.world.places.recall('due')).toBeUndefined();
  });

  it('is begun anew, and nothing else goes wrong, when the place is lost', async () => {
    const small = smallWorld();
    small.world.places.failNext('recall', { times: 100 });
    small.world.places.failNext('keep', { times: 100 });
    const request = await active(small);
    small.clock.advance(3600);
    expect(await aMinuteLater(small)).toMatchObject({ ended: 1, failures: 0 });
    expect(await readRequest(small, request.id)).toMatchObject({ status: 'ending' });
  });
});

const answersOf = ({ executions }: SmallWorld) => [...executions.answers];

describe('an answer that a waiting workflow never heard', () => {
  const waitsFor = async (small: SmallWorld, requestId: string) => {
    small.executions.openToken('the token');
    await awaitStep(small.world, { step: 'await-decision', requestId, taskToken: 'the token' });
    return () => small.world.ledger.listWaiting(requestId);
  };

  it('is given again', async () => {
    const small = smallWorld();
    const { id } = granted(await submit(small));
    const waiting = await waitsFor(small, id);
    small.world.workflow.failNext('answer');
    granted(await decide(small, id, 'leo'));
    expect(answersOf(small)).toEqual([]);
    expect(await waiting()).toHaveLength(1);
    expect(await sweep(small.world)).toMatchObject({ answersRepeated: 1 });
    expect(answersOf(small)).toMatchObject([['the token', { kind: 'decided', approved: true }]]);
    expect(await waiting()).toEqual([]);
  });

  it('is given again though the request is over meanwhile', async () => {
    const small = smallWorld();
    const { id } = granted(await submit(small));
    await waitsFor(small, id);
    small.world.workflow.failNext('answer');
    granted(await cancelRequest(small.world, { caller: PEOPLE.ann, requestId: id }));
    await sweep(small.world);
    expect(answersOf(small)).toMatchObject([['the token', { kind: 'decided', approved: false }]]);
  });

  it('is not invented while there is nothing to tell', async () => {
    const small = smallWorld();
    const { id } = granted(await submit(small));
    const waiting = await waitsFor(small, id);
    expect(await sweep(small.world)).toMatchObject({ answersRepeated: 0 });
    expect(await waiting()).toHaveLength(1);
  });

  it('keeps nobody else waiting when it cannot be given', async () => {
    const small = smallWorld();
    const requests = [granted(await submit(small)), granted(await submit(small, { by: 'bob' }))];
    for (const { id } of requests) {
      small.executions.openToken(id);
      await awaitStep(small.world, { step: 'await-decision', requestId: id, taskToken: id });
      small.world.workflow.failNext('answer');
      granted(await decide(small, id, 'leo'));
    }
    const { answer } = small.world.workflow;
    small.world.workflow.answer = async (token, outcome) => {
      if (token === requests[0]?.id) throw new ServiceFault('workflow', 'ThrottlingException', undefined);
      return answer(token, outcome);
    };
    expect(await sweep(small.world)).toMatchObject({ answersRepeated: 1 });
    expect(answersOf(small).map(([token]) => token)).toEqual([requests[1]?.id]);
  });

  it('is looked for in parts: whoever waits behind hundreds is reached, too', async () => {
    const small = smallWorld();
    const pending = granted(await submit(small));
    for (let number = 0; number < 1_200; number += 1) {
      await small.truth.addWaiting({ requestId: pending.id, step: 'await-decision', taskToken: `token ${number}` });
    }
    const last = await begun(small, { by: 'bob' });
    await convergeWoken(small);
    small.executions.openToken('the last token');
    await small.truth.addWaiting({ requestId: last.id, step: 'grant', taskToken: 'the last token' });
    for (let run = 0; run < 3; run += 1) await sweep(small.world);
    expect(answersOf(small).map(([token]) => token)).toEqual(['the last token']);
  });
});

describe('while Step Functions never answers', () => {
  it('what is due happens, is woken for and told of, before any workflow is looked after', async () => {
    const small = smallWorld();
    const held = await active(small);
    const pending = granted(await submit(small, { by: 'bob' }));
    await awaitStep(small.world, { step: 'await-decision', requestId: pending.id, taskToken: 'the token' });
    small.clock.advance(9 * 3600);
    const never = () => new Promise<never>(() => undefined);
    Object.assign(small.world.workflow, { answer: never, running: never, start: never, restart: never });
    const told = new Promise<DueReport>((resolve) => void sweep(small.world, resolve));
    expect(await told).toMatchObject({ ended: 1, expired: 1, failures: 0, latestEndingSeconds: 8 * 3600 });
    await convergeWoken(small);
    expect(small.identityCenter.list()).toEqual([]);
    expect(await readRequest(small, held.id)).toMatchObject({ status: 'ended' });
    expect(await readRequest(small, pending.id)).toMatchObject({ status: 'expired' });
  });
});

describe('more open requests than one run looks at', () => {
  it('all have their dead workflows started again, by the runs after it', async () => {
    const small = smallWorld({ limits: { openRequestsPerPerson: 10_000 } });
    const { id } = granted(await submit(small));
    const template = await readRequest(small, id);
    const ids = Array.from({ length: 900 }, (_, number) => `01KAQ${String(number).padStart(21, '0')}`);
    const changes = ids.map((each) => ({ after: { ...template, id: each, version: 0 }, events: [] }));
    await small.truth.commit({ requests: changes });
    for (const each of ids.slice(0, 300)) await small.world.workflow.start(each);
    for (let run = 0; run < 6; run += 1) await aMinuteLater(small);
    const running = await small.world.workflow.running();
    expect(ids.filter((each) => !running.has(each))).toEqual([]);
  });
});
