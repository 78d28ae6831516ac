/** Every refusal that a use case can give: its code, and that nothing was stored. */
import { describe, expect, it } from 'vitest';
import type { AccessRequest } from '../../lambda/domain/access-request.ts';
import type { Refusal, RefusalCode } from '../../lambda/domain/refusal.ts';
import { acknowledgeRequest } from '../../lambda/use-cases/acknowledge-request.ts';
import { cancelRequest } from '../../lambda/use-cases/cancel-request.ts';
import { endRequest } from '../../lambda/use-cases/end-request.ts';
import { expireRequest } from '../../lambda/use-cases/expire-request.ts';
import { explainAsk } from '../../lambda/use-cases/explain-ask.ts';
import { extendRequest } from '../../lambda/use-cases/extend-request.ts';
import { identifyCaller } from '../../lambda/use-cases/identify-caller.ts';
import { reviewRequest } from '../../lambda/use-cases/review-request.ts';
import { showCatalog } from '../../lambda/use-cases/show-catalog.ts';
import { submitRequest } from '../../lambda/use-cases/submit-request.ts';
import { takeBaseline } from '../../lambda/use-cases/take-baseline.ts';
import { check, policyContent, readOnce } from './checking.ts';
import { GLASS_POLICY_TEXT, PEOPLE, POLICY_TEXT, policyOf } from './small-policy.ts';
import { at, contentOf, type SmallWorld, smallWorld } from './small-world.ts';
import { stagedPolicy } from './staged-policy.ts';
import { active, decide, granted, seconds, submit } from './story.ts';

/** Gets the world ready and returns the command that must be refused. */
type Attempt = (small: SmallWorld) => Promise<() => Promise<unknown>>;

const asking =
  (asked: Parameters<typeof submit>[1]): Attempt =>
  async (small) =>
  () =>
    submit(small, asked);

/** Ann asks under a policy that has that guardrail besides. */
const guardedBy =
  (effect: string): Attempt =>
  async (small) => {
    small.published.publish(policyOf(`${POLICY_TEXT}guardrails:\n  - name: a-guardrail\n    ${effect}\n`));
    return () => submit(small);
  };

/** Production is for whoever is on call. */
const whenOnCall = (small: SmallWorld) => {
  small.published.publish(
    policyOf(POLICY_TEXT.replace('justification_length: 5', 'justification_length: 5, on_call: primary')),
  );
  return () => submit(small);
};

const pending = async (small: SmallWorld): Promise<string> => granted(await submit(small)).id;

const extending = (small: SmallWorld, requestId: string, count: number) =>
  extendRequest(small.world, { caller: PEOPLE.ann, requestId, durationSeconds: seconds(count) });

const identifying =
  (value: string): Attempt =>
  async ({ world }) =>
  () =>
    identifyCaller(world, { kind: 'user-name', value });

/** Ann, or who is named, breaks the glass for production. */
const withGlass =
  (asked: Parameters<typeof submit>[1]): Attempt =>
  async (small) => {
    small.published.publish(policyOf(GLASS_POLICY_TEXT));
    return () => submit(small, { ...asked, wish: { incident: 'INC-1', ...asked?.wish } });
  };

/** Codes that the doors answer with, before any use case is called. */
type AtTheDoor = 'duration_invalid' | 'start_invalid' | 'identity_unproven';

const ATTEMPTS: Readonly<Record<Exclude<RefusalCode, AtTheDoor>, Attempt>> = {
  caller_unknown: identifying('nobody-of-that-name'),
  caller_disabled: identifying('dis'),
  caller_ambiguous: async ({ world }) => {
    const directory = { ...world.directory, findByUserName: async () => 'several' as const };
    return () => identifyCaller({ directory }, { kind: 'user-name', value: 'ann' });
  },
  account_unknown: async (small) => () =>
    submitRequest(small.world, {
      caller: PEOPLE.ann,
      target: { accountId: '499999999999', permissionSet: 'Admin' },
      wish: { durationSeconds: seconds(60), justification: 'Deploy the fix' },
    }),
  permission_set_unknown: async (small) => {
    small.accounts.removePermissionSet('arn:aws:sso:::permissionSet/ssoins-7223c4d1e8b6a509/ps-00000000000000aa');
    return () => submit(small);
  },
  person_unknown:
    async ({ world }) =>
    () => {
      const target = { account: 'payments-prod', permissionSet: 'Admin' };
      return explainAsk(world, { caller: PEOPLE.aud, userName: 'who', target, wish: { durationSeconds: seconds(60) } });
    },
  check_too_large: async (small) => {
    readOnce(small);
    return () => check(small, { content: policyContent(POLICY_TEXT), people: ['ann'] }, { policyCheckPairs: 1 });
  },
  people_being_counted: async (small) => {
    readOnce(small);
    return () => check(small, { content: policyContent(POLICY_TEXT), everybody: true });
  },
  people_not_counted: async (small) => {
    readOnce(small);
    const { census } = small.counting;
    await census.replaceState({ ...(await census.readState()), failed: { at: small.clock.now(), why: 'database' } });
    return () => check(small, { content: policyContent(POLICY_TEXT), everybody: true });
  },
  target_forbidden: asking({ account: 'management' }),
  not_eligible: asking({ by: 'eve' }),
  guardrail_forbids: guardedBy('forbid: nobody, ever'),
  frozen: guardedBy('freeze: { reason: a freeze, from: 2026-11-23, until: 2026-11-23 }'),
  combination_forbidden: async (small) => {
    granted(await submit(small, { account: 'sandbox' }));
    const targets = "[{ accounts: { ids: ['400000000001'] } }, { accounts: { ids: ['400000000003'] } }]";
    return guardedBy(`not_together: ${targets}`)(small);
  },
  outside_hours: async (small) => {
    const hours = "hours: { from: '10:00', until: '18:00', time_zone: UTC }";
    small.published.publish(
      policyOf(POLICY_TEXT.replace('justification_length: 5', `justification_length: 5, ${hours}`)),
    );
    return () => submit(small);
  },
  not_on_call: async (small) => {
    small.rota.putSchedule('primary', [{ userName: 'bob' }]);
    return whenOnCall(small);
  },
  on_call_unknown: async (small) => whenOnCall(small),
  duration_too_long: asking({ wish: { durationSeconds: seconds(4 * 3600 + 1) } }),
  start_in_past: asking({ wish: { start: at('08:59:59') } }),
  start_too_far: asking({ wish: { start: (at('09:00') + 21 * 86_400_000) as ReturnType<typeof at> } }),
  justification_empty: asking({ wish: { justification: '  ' } }),
  justification_too_short: asking({ wish: { justification: 'fix!' } }),
  justification_too_long: asking({ wish: { justification: 'x'.repeat(1001) } }),
  justification_unprintable: asking({ wish: { justification: 'Deploy \u202e the fix' } }),
  ticket_required: asking({ permissionSet: 'Database' }),
  ticket_invalid: asking({ permissionSet: 'Database', wish: { ticket: 'please' } }),
  no_approver: asking({ permissionSet: 'Audit' }),
  too_many_open: async (small) => {
    for (let count = 0; count < 10; count += 1) granted(await submit(small));
    return () => submit(small);
  },
  catalogue_not_read:
    async ({ world }) =>
    () =>
      showCatalog(world, { caller: PEOPLE.ann }),
  catalogue_too_old: async (small) => {
    small.catalogue.publish({ asOf: at('09:00'), accounts: [], units: [], permissionSets: [] });
    small.clock.advance(24 * 3600);
    return () => submit(small);
  },
  idempotency_key_reused: async (small) => {
    granted(await submit(small, { idempotency: { key: 'k', bodyHash: 'one' } }));
    return () => submit(small, { idempotency: { key: 'k', bodyHash: 'another' } });
  },
  comment_too_long: async (small) => {
    const id = await pending(small);
    return () => decide(small, id, 'leo', 'reject', { comment: 'x'.repeat(1001) });
  },
  comment_unprintable: async (small) => {
    const id = await pending(small);
    return () => decide(small, id, 'leo', 'reject', { comment: 'no\u0007' });
  },
  request_unknown: async (small) => () => decide(small, '01KAQ000000000000000000009', 'leo'),
  request_not_pending: async (small) => {
    const { id } = await active(small);
    return () => decide(small, id, 'lea');
  },
  request_not_cancellable: async (small) => {
    const { id } = await active(small);
    return () => cancelRequest(small.world, { caller: PEOPLE.ann, requestId: id });
  },
  request_not_started: async (small) => {
    const id = await pending(small);
    return () => endRequest(small.world, { caller: PEOPLE.ann, requestId: id });
  },
  request_already_over: async (small) => {
    const id = await pending(small);
    granted(await decide(small, id, 'leo', 'reject'));
    return () => endRequest(small.world, { caller: PEOPLE.ann, requestId: id });
  },
  request_not_extendable: async (small) => {
    const id = await pending(small);
    return () => extending(small, id, 60);
  },
  request_not_due: async (small) => {
    const id = await pending(small);
    return () => expireRequest(small.world, id);
  },
  extension_pending: async (small) => {
    const { id } = await active(small);
    granted(await extending(small, id, 60));
    return () => extending(small, id, 60);
  },
  extension_too_long: async (small) => {
    const { id } = await active(small);
    return () => extending(small, id, 4 * 3600);
  },
  too_many_extensions: async (small) => {
    const { id } = await active(small);
    small.world.limits = { ...small.world.limits, eventsBeforeExtension: 4 };
    return () => extending(small, id, 60);
  },
  not_what_waits: async (small) => {
    const { id } = await active(small);
    granted(await extending(small, id, 60));
    return () => decide(small, id, 'lea');
  },
  self_approval: async (small) => {
    const { id } = granted(await submit(small, { by: 'lea' }));
    return () => decide(small, id, 'lea');
  },
  not_an_approver: async (small) => {
    const id = await pending(small);
    return () => decide(small, id, 'sam');
  },
  stage_not_open: async (small) => {
    small.published.publish(stagedPolicy);
    const { id } = granted(await submit(small));
    return () => decide(small, id, 'sam');
  },
  already_voted: async (small) => {
    const { id } = granted(await submit(small, { permissionSet: 'Database', wish: { ticket: 'CHG-1' } }));
    granted(await decide(small, id, 'leo'));
    return () => decide(small, id, 'leo');
  },
  duration_not_shorter: async (small) => {
    const id = await pending(small);
    return () => decide(small, id, 'leo', 'approve', { durationSeconds: seconds(3601) });
  },
  not_permitted: async (small) => {
    const id = await pending(small);
    return () => cancelRequest(small.world, { caller: PEOPLE.leo, requestId: id });
  },
  break_glass_not_allowed: withGlass({ by: 'eve' }),
  break_glass_limit: async (small) => {
    const attempt = await withGlass({})(small);
    for (let count = 0; count < 3; count += 1) granted((await attempt()) as AccessRequest | Refusal);
    return attempt;
  },
  incident_invalid: withGlass({ wish: { incident: 'please' } }),
  review_overdue: async (small) => {
    const attempt = await withGlass({})(small);
    granted((await attempt()) as AccessRequest | Refusal);
    small.clock.advance(24 * 3600);
    return attempt;
  },
  nobody_to_tell: async (small) => {
    small.published.publish(
      policyOf(GLASS_POLICY_TEXT.replaceAll('groups: [leads], users: [sam]', 'users: [ann, dis]')),
    );
    return () => submit(small, { wish: { incident: 'INC-1' } });
  },
  not_break_glass: async (small) => {
    const requestId = await pending(small);
    return () => acknowledgeRequest(small.world, { caller: PEOPLE.ada, requestId });
  },
  already_acknowledged: async (small) => {
    const { id: requestId } = granted((await (await withGlass({})(small))()) as AccessRequest | Refusal);
    granted(await acknowledgeRequest(small.world, { caller: PEOPLE.leo, requestId }));
    return () => acknowledgeRequest(small.world, { caller: PEOPLE.sam, requestId });
  },
  already_reviewed: async (small) => {
    const { id: requestId } = granted((await (await withGlass({})(small))()) as AccessRequest | Refusal);
    granted(await reviewRequest(small.world, { caller: PEOPLE.leo, requestId, outcome: 'justified' }));
    return () => reviewRequest(small.world, { caller: PEOPLE.sam, requestId, outcome: 'not_justified' });
  },
  drift_round_unfinished: async (small) => () => takeBaseline(small.world, { caller: PEOPLE.ada }),
  changed_meanwhile: async (small) => {
    const id = await pending(small);
    const others = { ...small.world.ledger, commit: async () => 'conflict' as const };
    return () => cancelRequest({ ...small.world, ledger: others }, { caller: PEOPLE.ann, requestId: id });
  },
};

describe('a refusal leaves everything as it was', () => {
  it.each(Object.entries(ATTEMPTS))('%s', async (code, attempt) => {
    const small = smallWorld();
    const command = await attempt(small);
    const [before, commits] = [await contentOf(small), small.stored.length];
    expect(await command()).toMatchObject({ refused: code });
    expect(await contentOf(small)).toEqual(before);
    expect(small.stored).toHaveLength(commits);
  });

  it.each(Object.entries(ATTEMPTS))('%s says in a sentence what to know', async (_code, attempt) => {
    const command = await attempt(smallWorld());
    expect(await command()).toMatchObject({
      detail: expect.stringMatching(/^.{10,}\.$/s),
    });
  });
});
