/** Breaking the glass: at once and loudly, counted whoever races, reviewed by others, and without the organization answering. */
import { describe, expect, it } from 'vitest';
import type { AccessRequest } from '../../lambda/domain/access-request.ts';
import { isRefusal, type Refusal } from '../../lambda/domain/refusal.ts';
import { acknowledgeRequest } from '../../lambda/use-cases/acknowledge-request.ts';
import { beginGrant } from '../../lambda/use-cases/begin-grant.ts';
import { endRequest } from '../../lambda/use-cases/end-request.ts';
import { explainAsk } from '../../lambda/use-cases/explain-ask.ts';
import { extendRequest } from '../../lambda/use-cases/extend-request.ts';
import { listRequests } from '../../lambda/use-cases/list-requests.ts';
import { reviewRequest } from '../../lambda/use-cases/review-request.ts';
import { showCatalog } from '../../lambda/use-cases/show-catalog.ts';
import { showRequest } from '../../lambda/use-cases/show-request.ts';
import { sweep } from '../../lambda/use-cases/sweep.ts';
import {
  ACCOUNTS,
  GLASS_POLICY_TEXT,
  type Name,
  PEOPLE,
  PERMISSION_SETS,
  POLICY_TEXT,
  policyOf,
} from './small-policy.ts';
import { at, type SmallWorld, smallWorld } from './small-world.ts';
import {
  type Asked,
  active,
  begun,
  convergeWoken,
  granted,
  kindsOf,
  leaseOf,
  readRequest,
  seconds,
  statusOf,
  submit,
} from './story.ts';

const glassWorld = (): SmallWorld => {
  const small = smallWorld();
  small.published.publish(policyOf(GLASS_POLICY_TEXT));
  return small;
};

const INCIDENT = { wish: { incident: 'INC-1' } } as const;
const breaking = (small: SmallWorld, asked: Asked = {}) => submit(small, { ...INCIDENT, ...asked });
const broken = async (small: SmallWorld): Promise<AccessRequest> => granted(await breaking(small));
const codeOf = (answer: AccessRequest | Refusal): string => (isRefusal(answer) ? answer.refused : answer.status);

const acknowledging = (small: SmallWorld, { id: requestId }: AccessRequest, by: Name) =>
  acknowledgeRequest(small.world, { caller: PEOPLE[by], requestId });
const reviewing = (small: SmallWorld, { id: requestId }: AccessRequest, by: Name) =>
  reviewRequest(small.world, { caller: PEOPLE[by], requestId, outcome: 'justified', comment: 'The ledger was down' });

const aMinuteLater = async (small: SmallWorld, minutes = 1) => {
  small.clock.advance(minutes * 60);
  const report = await sweep(small.world);
  await convergeWoken(small);
  return report;
};

describe('breaking the glass', () => {
  it('is granted at once, by nobody, and everybody named is named by the event', async () => {
    const small = glassWorld();
    const request = await active(small, INCIDENT);
    expect(request).toMatchObject({
      status: 'active',
      entitled: { name: 'production' },
      approval: [],
      breakGlass: { incident: 'INC-1', reviewBy: at('09:00') + 86_400_000 },
    });
    expect(request).not.toHaveProperty('incident');
    expect(await kindsOf(small, request)).toEqual(['asked', 'glass-broken', 'grant-begun', 'became-usable']);
    const [, event] = await small.truth.readEvents(request.id);
    expect(event?.data).toMatchObject({ toldGroupIds: ['group-leads'], toldUserIds: ['id-sam'] });
    expect(JSON.stringify(await small.truth.readEvents(request.id))).not.toContain('INC-1');
  });

  it.each([
    ['is empty', []],
    ['has nobody in it but themselves', ['id-ann']],
    ['has nobody in it who is not disabled', ['id-dis']],
  ])('is refused to whoever would tell a group that %s', async (_, memberIds) => {
    const small = glassWorld();
    small.published.publish(policyOf(GLASS_POLICY_TEXT.replaceAll('[leads], users: [sam]', '[told]')));
    small.people.putGroup({ id: 'group-told', name: 'told', memberIds });
    expect(codeOf(await breaking(small))).toBe('nobody_to_tell');
    small.people.putGroup({ id: 'group-told', name: 'told', memberIds: [...memberIds, 'id-sam'] });
    expect(codeOf(await breaking(small))).toBe('scheduled');
  });

  it('is refused where nobody else is in the group that reviews it', async () => {
    const small = glassWorld();
    small.published.publish(policyOf(GLASS_POLICY_TEXT.replaceAll('[seconds, leads]', '[seconds]')));
    small.people.putGroup({ id: 'group-seconds', name: 'seconds', memberIds: ['id-ann'] });
    expect(codeOf(await breaking(small))).toBe('nobody_to_tell');
  });

  it('goes before everything else', async () => {
    const small = glassWorld();
    await begun(small, { account: 'sandbox' });
    await begun(small, INCIDENT);
    expect((await small.truth.listWork(10)).map(({ urgency }) => urgency)).toEqual(['break-glass', 'grant']);
  });

  it('is for whoever is on call alone where the rule says so, when assigning too', async () => {
    const small = glassWorld();
    small.published.publish(
      policyOf(GLASS_POLICY_TEXT.replace('justification_length: 5', 'justification_length: 5, on_call: primary')),
    );
    expect(codeOf(await breaking(small))).toBe('on_call_unknown');
    small.rota.putSchedule('primary', [{ userName: PEOPLE.bob.userName }]);
    expect(codeOf(await breaking(small))).toBe('not_on_call');
    small.rota.putSchedule('primary', [{ userName: PEOPLE.ann.userName }]);
    expect(await active(small, INCIDENT)).toMatchObject({ status: 'active' });
    const relieved = await broken(small);
    small.rota.putSchedule('primary', []);
    await beginGrant(small.world, relieved.id);
    await convergeWoken(small);
    expect(await statusOf(small, relieved)).toBe('failed');
  });

  it('opens what nobody gets otherwise, and the catalogue says so', async () => {
    const small = glassWorld();
    expect(codeOf(await breaking(small, { permissionSet: 'Audit' }))).toBe('scheduled');
    expect(codeOf(await submit(small, { permissionSet: 'Audit' }))).toBe('not_eligible');
    const catalogue = { asOf: at('09:00'), accounts: Object.values(ACCOUNTS), units: ['Workloads', 'Sandbox'] };
    small.catalogue.publish({ ...catalogue, permissionSets: Object.values(PERMISSION_SETS) });
    const page = await showCatalog(small.world, { caller: PEOPLE.ann });
    const marked = typeof page === 'object' && 'items' in page ? page.items : [];
    const of = (name: string) =>
      marked.find((one) => one.account.name === 'payments-prod' && one.permissionSet.name === name);
    expect(of('Audit')).toMatchObject({ isBreakGlassOnly: true, breakGlass: { longestSeconds: 3600 } });
    expect(of('Admin')).toMatchObject({
      approval: [],
      breakGlass: { entitlement: { name: 'production' } },
    });
    expect(of('Database')).not.toHaveProperty('breakGlass');
  });

  it.each([
    ['later', { start: at('10:00') }, 'start_invalid'],
    ['without an incident that anybody can read', { incident: ' \u200c ' }, 'incident_invalid'],
    ['for an incident of two lines', { incident: 'INC-1\nINC-2' }, 'incident_invalid'],
    ['for an incident that is too long', { incident: `INC-${'1'.repeat(100)}` }, 'incident_invalid'],
    ['for an incident of another form', { incident: 'xINC-1' }, 'incident_invalid'],
  ])('is not done %s', async (_what, wish, expected) => {
    expect(codeOf(await submit(glassWorld(), { wish: { incident: 'INC-1', ...wish } }))).toBe(expected);
  });

  it('is extended by an ordinary ask alone', async () => {
    const small = glassWorld();
    const request = await active(small, INCIDENT);
    const extended = granted(
      await extendRequest(small.world, { caller: PEOPLE.ann, requestId: request.id, durationSeconds: seconds(600) }),
    );
    expect(extended).toMatchObject({
      extension: { approval: [{ required: 1 }] },
      endsAt: request.status === 'active' && request.endsAt,
    });
    const audit = await active(small, {
      ...INCIDENT,
      permissionSet: 'Audit',
      wish: { incident: 'INC-2', durationSeconds: seconds(600) },
    });
    expect(
      codeOf(
        (await extendRequest(small.world, {
          caller: PEOPLE.ann,
          requestId: audit.id,
          durationSeconds: seconds(60),
        })) as Refusal,
      ),
    ).toBe('not_eligible');
  });

  it('is ended by whoever was told', async () => {
    const small = glassWorld();
    const request = await active(small, INCIDENT);
    granted(await endRequest(small.world, { caller: PEOPLE.sam, requestId: request.id }));
    await convergeWoken(small);
    expect(await statusOf(small, request)).toBe('ended');
  });
});

describe('the alarm', () => {
  it('rings within a minute, and again and again until somebody acknowledges, and nobody else does', async () => {
    const small = glassWorld();
    const { id } = await broken(small);
    expect(await aMinuteLater(small)).toMatchObject({ alarmsRung: 1, failures: 0 });
    expect(await aMinuteLater(small, 14)).toMatchObject({ alarmsRung: 0 });
    expect(await aMinuteLater(small)).toMatchObject({ alarmsRung: 1 });
    for (const by of ['ann', 'bob', 'eve', 'aud'] as const) {
      expect(isRefusal(await acknowledging(small, await readRequest(small, id), by)), by).toBe(true);
    }
    small.clock.advance(900);
    granted(await acknowledging(small, await readRequest(small, id), 'leo'));
    expect(await aMinuteLater(small)).toMatchObject({ alarmsRung: 0 });
    expect(await aMinuteLater(small, 60)).toMatchObject({ alarmsRung: 0 });
    expect(small.rung).toEqual([`unacknowledged ${id}`, `unacknowledged ${id}`]);
  });

  it('rings though access is over, the workflow never began, and it could not be put off', async () => {
    const small = glassWorld();
    small.world.workflow.failNext('start');
    const request = await broken(small);
    await endRequest(small.world, { caller: PEOPLE.ann, requestId: request.id });
    const unable = { ...small.world.ledger, putOffAlarm: () => Promise.reject(new Error('the database is down')) };
    small.clock.advance(60);
    expect(await sweep({ ...small.world, ledger: unable })).toMatchObject({ failures: 1 });
    await sweep(small.world);
    expect(small.rung).toEqual([`unacknowledged ${request.id}`, `unacknowledged ${request.id}`]);
  });

  it('rings when the review is overdue, until somebody reviews it', async () => {
    const small = glassWorld();
    const request = await broken(small);
    granted(await acknowledging(small, request, 'sam'));
    small.clock.advance(86_340);
    expect(await aMinuteLater(small)).toMatchObject({ alarmsRung: 1 });
    expect(await aMinuteLater(small, 15)).toMatchObject({ alarmsRung: 1 });
    granted(await reviewing(small, request, 'sam'));
    expect(await aMinuteLater(small, 15)).toMatchObject({ alarmsRung: 0 });
    expect(small.rung).toEqual([`review-overdue ${request.id}`, `review-overdue ${request.id}`]);
  });
});

describe('the review', () => {
  it.each([
    ['ann', 'self_approval'],
    ['bob', 'not_permitted'],
    ['aud', 'not_permitted'],
    ['sam', 'scheduled'],
    ['leo', 'scheduled'],
    ['ada', 'scheduled'],
  ] as const)('by %s: %s', async (by, expected) => {
    const small = glassWorld();
    expect(codeOf(await reviewing(small, await broken(small), by))).toBe(expected);
  });

  it('goes by who belongs to the groups now, and never by oneself, though one leads', async () => {
    const small = glassWorld();
    const request = granted(await breaking(small, { by: 'lea' }));
    small.people.putGroup({ id: 'group-leads', name: 'leads', memberIds: [PEOPLE.lea.id] });
    expect(codeOf(await reviewing(small, request, 'leo'))).toBe('not_permitted');
    expect(codeOf(await reviewing(small, request, 'lea'))).toBe('self_approval');
    expect(codeOf(await acknowledging(small, request, 'lea'))).toBe('self_approval');
  });

  it('is listed for those whom it concerns until it is given, also when access is over', async () => {
    const small = glassWorld();
    const request = await active(small, INCIDENT);
    await endRequest(small.world, { caller: PEOPLE.ann, requestId: request.id });
    await convergeWoken(small);
    const seenBy = async (by: Name) => {
      const page = await listRequests(small.world, { caller: PEOPLE[by], view: 'break-glass' });
      return typeof page === 'object' && 'items' in page ? page.items.map(({ youMay }) => youMay) : page;
    };
    expect(await seenBy('sam')).toEqual([['acknowledge', 'review']]);
    expect(await seenBy('leo')).toEqual([['acknowledge', 'review']]);
    expect(await seenBy('aud')).toEqual([[]]);
    expect(await seenBy('ann')).toEqual([[]]);
    expect(await seenBy('eve')).toEqual([]);
    granted(await reviewing(small, request, 'sam'));
    expect(await seenBy('sam')).toEqual([]);
    expect(await showRequest(small.world, { caller: PEOPLE.sam, requestId: request.id })).toMatchObject({
      request: { breakGlass: { review: { outcome: 'justified', by: { id: 'id-sam' } } } },
    });
    expect(await showRequest(small.world, { caller: PEOPLE.eve, requestId: request.id })).toMatchObject({
      refused: 'request_unknown',
    });
  });
});

describe('the limit', () => {
  it('lets so many through and no more, though all ask at the same moment', async () => {
    const small = glassWorld();
    const answers = await Promise.all([1, 2, 3, 4, 5].map(() => breaking(small)));
    expect(answers.map(codeOf).sort()).toEqual([...Array(2).fill('break_glass_limit'), ...Array(3).fill('scheduled')]);
    expect(await small.truth.readGlass(PEOPLE.ann.id)).toMatchObject({ count: 3 });
  });

  it('answers the same key as before, though one more would be too many', async () => {
    const small = glassWorld();
    const key = { idempotency: { key: 'k', bodyHash: 'b' } };
    const first = granted(await breaking(small, key));
    await broken(small);
    await broken(small);
    expect(await breaking(small, key)).toMatchObject({ id: first.id });
    expect(codeOf(await breaking(small))).toBe('break_glass_limit');
  });

  it('is no limit to anybody else, or to asking', async () => {
    const small = glassWorld();
    for (let count = 0; count < 3; count += 1) await broken(small);
    expect(codeOf(await breaking(small, { by: 'bob' }))).toBe('scheduled');
    expect(codeOf(await submit(small))).toBe('pending');
  });

  it('is over for whoever has an overdue review, until it is given', async () => {
    const small = glassWorld();
    const request = await broken(small);
    small.clock.advance(86_400);
    expect(codeOf(await breaking(small))).toBe('review_overdue');
    granted(await reviewing(small, request, 'leo'));
    expect(codeOf(await breaking(small))).toBe('scheduled');
  });
});

describe('while the organization does not answer', () => {
  const inOutage = (asOf = at('08:00')): SmallWorld => {
    const small = glassWorld();
    const { accounts, permissionSets } = {
      accounts: Object.values(ACCOUNTS),
      permissionSets: Object.values(PERMISSION_SETS),
    };
    small.catalogue.publish({ asOf, accounts, permissionSets, units: ['Workloads', 'Workloads/Payments', 'Sandbox'] });
    for (const call of ['findAccount', 'accounts', 'findPermissionSet', 'permissionSets', 'unknownUnits'] as const) {
      small.world.organization.failNext(call, { times: Number.POSITIVE_INFINITY });
    }
    return small;
  };

  it('is granted by what is remembered of it', async () => {
    const small = inOutage();
    const request = await active(small, INCIDENT);
    expect(request.status).toBe('active');
    expect((await leaseOf(small, request)).state.kind).toBe('held');
  });

  it('is what an ordinary request is not', async () => {
    const small = inOutage();
    const { id } = await begun(small, { account: 'sandbox' });
    await convergeWoken(small);
    expect((await readRequest(small, id)).status).toBe('granting');
  });

  it('is refused when what is remembered is a day old', async () => {
    const small = inOutage();
    const request = await begun(small, INCIDENT);
    small.clock.advance(23 * 3600);
    expect(codeOf(await breaking(small, { by: 'bob' }))).toBe('catalogue_too_old');
    await convergeWoken(small);
    expect((await readRequest(small, request.id)).status).not.toBe('active');
  });

  it('is not granted while the directory does not answer, or to somebody who is disabled or left the group', async () => {
    const small = inOutage();
    const [ann, bob] = [await begun(small, INCIDENT), await begun(small, { ...INCIDENT, by: 'bob' })];
    small.people.putGroup({ id: 'group-engineers', name: 'engineers', memberIds: [PEOPLE.ann.id] });
    small.people.putPerson({ ...PEOPLE.ann, enabled: false });
    await convergeWoken(small);
    expect([await statusOf(small, ann), await statusOf(small, bob)]).toEqual(['failed', 'failed']);
  });
});

describe('a broken glass that somebody only wrote into the table', () => {
  const BY_HAND = {
    incident: 'INC-1',
    told: { groups: [], people: [] },
    reviewers: { groups: [], people: [] },
    reviewBy: at('12:00'),
  };

  /** As whoever could write the table alone would: nothing else is stored with it. */
  const forged = async (small: SmallWorld, request: AccessRequest): Promise<void> => {
    const written = {
      ...request,
      status: 'scheduled',
      startsAt: small.clock.now(),
      approval: [],
      breakGlass: BY_HAND,
    };
    await small.truth.commit({ requests: [{ before: request, after: written as AccessRequest, events: [] }] });
    await aMinuteLater(small);
  };

  it('is judged by the policy, which knows no break-glass', async () => {
    const small = smallWorld();
    const request = granted(await submit(small));
    await forged(small, request);
    expect(await statusOf(small, request)).toBe('failed');
  });

  it('gives nothing either where the policy does, since nobody was told and no alarm rings', async () => {
    const small = glassWorld();
    const request = granted(await submit(small));
    await forged(small, request);
    expect(await readRequest(small, request.id)).toMatchObject({
      status: 'failed',
      reason: expect.stringContaining('nothing is recorded'),
    });
    expect(small.identityCenter.list()).toEqual([]);
  });

  it('is not granted any more when the policy has changed meanwhile', async () => {
    const small = glassWorld();
    const request = await begun(small, INCIDENT);
    small.published.publish(policyOf(POLICY_TEXT));
    await convergeWoken(small);
    expect(await statusOf(small, request)).toBe('failed');
  });
});

describe('explaining', () => {
  const explained = async (small: SmallWorld, incident?: string) => {
    const target = { account: 'payments-prod', permissionSet: 'Admin' };
    const wish = { durationSeconds: seconds(3600), ...(incident === undefined ? {} : { incident }) };
    const told = await explainAsk(small.world, { caller: PEOPLE.ann, target, wish });
    if (isRefusal(told)) throw new Error(told.detail);
    const codes = [told.outcome, told.breakGlass].map((one) => (one && isRefusal(one) ? one.refused : Boolean(one)));
    return [...codes, told.approvers.flat().length];
  };

  it('says beside an ordinary ask whether the glass could be broken, and that it could not any more', async () => {
    const small = glassWorld();
    expect(await explained(small)).toEqual([true, true, 2]);
    for (let count = 0; count < 3; count += 1) await broken(small);
    expect(await explained(small)).toEqual([true, 'break_glass_limit', 2]);
    expect(await explained(small, 'INC-1')).toEqual(['break_glass_limit', 'break_glass_limit', 0]);
    small.clock.advance(86_400);
    expect(await explained(small, 'INC-1')).toEqual(['review_overdue', 'review_overdue', 0]);
  });

  it('says nothing of it where the policy has no rule for it', async () => {
    expect(await explained(smallWorld())).toEqual([true, false, 2]);
  });
});
