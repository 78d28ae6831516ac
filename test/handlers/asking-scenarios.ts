/** Calls that ask, one for every code with which asking is refused. */
import { GOOD_ASK, NOW } from './api-world.ts';
import { CHANGES } from './judging-scenarios.ts';
import { asked, catalogueTooOld, type Scenario } from './scenario-stage.ts';

export const ask =
  (change: object, as = 'maria'): Scenario =>
  async () => ({ as, body: { ...GOOD_ASK, ...change } });

export const later = (milliseconds: number): string => new Date(NOW + milliseconds).toISOString();
const targeting = (change: object): object => ({ target: { ...GOOD_ASK.target, ...change } });

export const askingScenarios: Readonly<Record<string, Scenario>> = {
  account_unknown: ask(targeting({ accountId: '999999999999' })),
  permission_set_unknown: ask(targeting({ permissionSet: 'GodMode' })),
  target_forbidden: ask(targeting({ accountId: '100000000001' })),
  not_eligible: ask({}, 'chloe'),
  ...Object.fromEntries(
    [
      ...['guardrail_forbids', 'frozen', 'combination_forbidden', 'outside_hours'],
      ...['not_on_call', 'on_call_unknown'],
    ].map((code): [string, Scenario] => [
      code,
      async (stage) => {
        await CHANGES[code]?.(stage);
        return { as: 'maria', body: GOOD_ASK };
      },
    ]),
  ),
  justification_too_short: ask({ justification: 'because' }),
  ticket_required: ask({ ticket: undefined }),
  ticket_invalid: ask({ ticket: 'CHG-1' }),
  duration_invalid: ask({ duration: 'a while' }),
  duration_too_long: ask({ duration: 'PT5H' }),
  start_invalid: ask({ start: 'tomorrow' }),
  start_in_past: ask({ start: later(-1000) }),
  start_too_far: ask({ start: later(30 * 86_400_000) }),
  justification_empty: ask({ justification: ' ' }),
  justification_too_long: ask({ justification: 'x'.repeat(1001) }),
  justification_unprintable: ask({ justification: 'the queue\u0000 is stuck' }),
  no_approver: ask({ ...targeting({ permissionSet: 'ReadOnlyAccess' }), ticket: undefined }, 'omar'),
  catalogue_too_old: async (stage) => {
    await catalogueTooOld(stage);
    return { as: 'maria', body: GOOD_ASK };
  },
  too_many_open: async (stage) => {
    for (let count = 0; count < 10; count += 1) await asked(stage);
    return { as: 'maria', body: GOOD_ASK };
  },
  idempotency_key_invalid: async () => ({ as: 'maria', body: GOOD_ASK, headers: { 'Idempotency-Key': 'a b' } }),
  idempotency_key_reused: async ({ call }) => {
    const headers = { 'Idempotency-Key': 'k-1' };
    await call('maria', 'POST', '/requests', { body: GOOD_ASK, headers });
    return { as: 'maria', body: { ...GOOD_ASK, duration: 'PT2H' }, headers };
  },
  changed_meanwhile: async ({ world }) => {
    world.ledger.commit = async () => 'conflict';
    return { as: 'maria', body: GOOD_ASK };
  },
};
