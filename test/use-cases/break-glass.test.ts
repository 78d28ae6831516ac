/** Breaking the glass: at once and loudly, for whom and when, and what is said of it beforehand. */
import { describe, expect, it } from 'vitest';
import { isRefusal, type Refusal } from '../../lambda/domain/refusal.ts';
import { beginGrant } from '../../lambda/use-cases/begin-grant.ts';
import { endRequest } from '../../lambda/use-cases/end-request.ts';
import { explainAsk } from '../../lambda/use-cases/explain-ask.ts';
import { extendRequest } from '../../lambda/use-cases/extend-request.ts';
import { showCatalog } from '../../lambda/use-cases/show-catalog.ts';
import { breaking, broken, codeOf, glassWorld, INCIDENT } from './glass-world.ts';
import { ACCOUNTS, GLASS_POLICY_TEXT, PEOPLE, PERMISSION_SETS, policyOf } from './small-policy.ts';
import { at, type SmallWorld, smallWorld } from './small-world.ts';
import { active, begun, convergeWoken, granted, kindsOf, seconds, statusOf, submit } from './story.ts';

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
