/** For every operation a call that is granted, and for every code that it documents a call that is refused with it. */
import { instant } from '../../lambda/domain/time.ts';
import { ServiceFault } from '../../lambda/ports/faults.ts';
import {
  type Answered,
  type CallOptions,
  contentOf,
  createApiWorld,
  createCaller,
  GOOD_ASK,
  NOW,
  POLICY,
  policyOf,
} from './api-world.ts';
import {
  acknowledged,
  acknowledgingScenarios,
  breakingScenarios,
  reviewed,
  reviewingScenarios,
} from './break-glass-scenarios.ts';
import type { PlacedOperation } from './documented.ts';
import { roundFinished } from './finished-round.ts';

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
type Scenario = (stage: Stage) => Promise<Attempt>;

// ---------- requests in the statuses that scenarios need ----------

const asked = async ({ call }: Stage, change: object = {}): Promise<string> =>
  (await call('maria', 'POST', '/requests', { body: { ...GOOD_ASK, ...change } })).body.id;

const decided = async (stage: Stage, choice: 'approve' | 'reject'): Promise<string> => {
  const id = await asked(stage);
  await stage.call('omar', 'POST', `/requests/${id}/${choice}`);
  return id;
};

const active = async (stage: Stage): Promise<string> => {
  const id = await decided(stage, 'approve');
  await stage.pass(6);
  return id;
};

const HOUR_MORE = { as: 'maria', body: { duration: 'PT1H' } } as const;

/** Active for an hour, and asking for an hour more. */
const extending = async (stage: Stage): Promise<string> => {
  const id = await active(stage);
  await stage.call('maria', 'POST', `/requests/${id}/extend`, { body: HOUR_MORE.body });
  return id;
};

// ---------- the world, changed behind the caller's back ----------

const catalogueTooOld = async ({ world }: Stage): Promise<void> => {
  const now = await world.catalogue.current();
  const asOf = instant(NOW - 86_400_000);
  world.catalogue.current = async () => now && { ...now, asOf };
};

const ruleChanged = ({ world }: Stage, from: string, to: string): void =>
  world.policies.publish(policyOf(POLICY.replace(from, to)));

const SUSPENDED = { id: '400000000001', name: 'payments-prod', ouPath: 'Workloads/Payments', active: false };
const group = (id: string, name: string, ...memberIds: string[]) => ({ id, name, memberIds });

const NOT_NOW = "hours: { from: '10:00', until: '18:00', time_zone: UTC }";

const guardedBy =
  (effect: string) =>
  ({ world }: Stage): void =>
    world.policies.publish(policyOf(`${POLICY}guardrails:\n  - name: a-guardrail\n    ${effect}\n`));

const askedToRead = async (stage: Stage): Promise<void> => {
  await asked(stage, { target: { ...GOOD_ASK.target, permissionSet: 'ReadOnlyAccess' } });
};

/** Everything that may happen to a rule, an account or a person between asking and deciding or extending. */
const CHANGES: Readonly<Record<string, (stage: Stage) => void | Promise<void>>> = {
  account_unknown: ({ world }) => world.organization.removeAccount('400000000001'),
  permission_set_unknown: ({ world }) =>
    world.organization.removePermissionSet('arn:aws:sso:::permissionSet/ssoins-1/ps-admin'),
  target_forbidden: ({ world }) => world.organization.putAccount(SUSPENDED),
  not_eligible: ({ world }) => world.directory.putGroup(group('g-engineers', 'engineers', 'u-diego')),
  guardrail_forbids: guardedBy('forbid: nobody, ever'),
  frozen: guardedBy('freeze: { reason: a freeze, from: 2026-11-23, until: 2026-11-23 }'),
  combination_forbidden: async (stage) => {
    await askedToRead(stage);
    guardedBy(`not_together: [{ permission_sets: [AdministratorAccess] }, { permission_sets: [ReadOnlyAccess] }]`)(
      stage,
    );
  },
  too_many_open: async (stage) => {
    await askedToRead(stage);
    guardedBy('max_open: 1')(stage);
  },
  outside_hours: (stage) => ruleChanged(stage, 'justification_length: 10,', `justification_length: 10, ${NOT_NOW},`),
  not_on_call: (stage) => {
    stage.world.onCall.putSchedule('primary', [{ userName: 'diego' }]);
    ruleChanged(stage, 'justification_length: 10,', 'justification_length: 10, on_call: primary,');
  },
  on_call_unknown: (stage) =>
    ruleChanged(stage, 'justification_length: 10,', 'justification_length: 10, on_call: primary,'),
  justification_too_short: (stage) => ruleChanged(stage, 'justification_length: 10,', 'justification_length: 500,'),
  ticket_invalid: (stage) => ruleChanged(stage, 'INC-', 'CHG-'),
};

/** Asked while no ticket was wanted, which then it is. */
const withoutTicket = async (stage: Stage, prepare: (stage: Stage) => Promise<string>): Promise<string> => {
  ruleChanged(stage, ", ticket_pattern: 'INC-\\d+'", '');
  const id = await prepare(stage);
  stage.world.policies.publish(policyOf(POLICY));
  return id;
};

const changedMeanwhile = (prepare: (stage: Stage) => Promise<string>, attempt: Omit<Attempt, 'id'>): Scenario => {
  return async (stage) => {
    const id = await prepare(stage);
    stage.world.ledger.commit = async () => 'conflict';
    return { ...attempt, id };
  };
};

const judgingScenarios = (
  prepare: (stage: Stage) => Promise<string>,
  attempt: Omit<Attempt, 'id'>,
): Readonly<Record<string, Scenario>> => ({
  ...Object.fromEntries(
    Object.entries(CHANGES).map(([code, change]): [string, Scenario] => [
      code,
      async (stage) => {
        const id = await prepare(stage);
        await change(stage);
        return { ...attempt, id };
      },
    ]),
  ),
  changed_meanwhile: changedMeanwhile(prepare, attempt),
});

// ---------- deciding ----------

const votedAlready = async (stage: Stage): Promise<string> => {
  ruleChanged(stage, 'groups: [leads] }\n    require', 'groups: [leads], required: 2 }\n    require');
  return decided(stage, 'approve');
};

const inStages = async (stage: Stage): Promise<string> => {
  const stages = '[{ approvers: { groups: [leads] } }, { approvers: { users: [chloe] } }]';
  ruleChanged(stage, 'groups: [leads] }\n    require', `stages: ${stages} }\n    require`);
  return asked(stage);
};

const decidingScenarios = {
  self_approval: async (stage) => ({ as: 'maria', id: await asked(stage) }),
  not_an_approver: async (stage) => ({ as: 'chloe', id: await asked(stage) }),
  request_not_pending: async (stage) => ({ as: 'lena', id: await decided(stage, 'reject') }),
  stage_not_open: async (stage) => ({ as: 'chloe', id: await inStages(stage) }),
  already_voted: async (stage) => ({ as: 'omar', id: await votedAlready(stage) }),
  comment_too_long: async (stage) => ({ as: 'omar', id: await asked(stage), body: { comment: 'x'.repeat(1001) } }),
  comment_unprintable: async (stage) => ({ as: 'omar', id: await asked(stage), body: { comment: '\u0007' } }),
  changed_meanwhile: changedMeanwhile(asked, { as: 'omar' }),
} satisfies Readonly<Record<string, Scenario>>;

// ---------- asking ----------

const ask =
  (change: object, as = 'maria'): Scenario =>
  async () => ({ as, body: { ...GOOD_ASK, ...change } });

const later = (milliseconds: number): string => new Date(NOW + milliseconds).toISOString();
const targeting = (change: object): object => ({ target: { ...GOOD_ASK.target, ...change } });

const askingScenarios: Readonly<Record<string, Scenario>> = {
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

const EXPLAIN = { target: { kind: 'account', account: 'payments-prod', permissionSet: 'AdministratorAccess' } };

const CASE = {
  name: 'an engineer',
  person: 'diego',
  target: 'payments-prod/ReadOnlyAccess',
  for: '1h',
  at: '2026-11-23T10:00Z',
  expect: 'allowed',
};
const CHECK = { policy: contentOf(POLICY), people: ['maria'] };

// ---------- every operation ----------

export const GRANTED: Readonly<Record<string, Scenario>> = {
  showMe: async () => ({ as: 'maria' }),
  browseCatalog: async () => ({ as: 'maria', query: { q: 'payments' } }),
  explainAsk: async () => ({ as: 'maria', body: EXPLAIN }),
  submitRequest: ask({}),
  listRequests: async (stage) => {
    await asked(stage);
    return { as: 'tom', query: { view: 'all' } };
  },
  showRequest: async (stage) => ({ as: 'omar', id: await active(stage) }),
  approveRequest: async (stage) => ({ as: 'omar', id: await asked(stage), body: { comment: 'go', duration: 'PT30M' } }),
  rejectRequest: async (stage) => ({ as: 'omar', id: await asked(stage), body: { comment: 'no' } }),
  cancelRequest: async (stage) => ({ as: 'maria', id: await asked(stage) }),
  endRequest: async (stage) => ({ as: 'maria', id: await active(stage) }),
  extendRequest: async (stage) => ({ ...HOUR_MORE, id: await active(stage) }),
  acknowledgeRequest: acknowledged,
  reviewRequest: reviewed,
  listEvents: async (stage) => {
    await active(stage);
    return { as: 'tom' };
  },
  showDrift: async (stage) => {
    await roundFinished(stage);
    return { as: 'tom' };
  },
  takeBaseline: async (stage) => {
    await roundFinished(stage);
    return { as: 'ines' };
  },
  showPolicy: async () => ({ as: 'tom' }),
  checkPolicy: async (stage) => {
    await asked(stage);
    await askedToRead(stage);
    stage.clock.advance(1);
    return {
      as: 'tom',
      body: {
        policy: contentOf(POLICY.replace('max_duration: 4h', 'max_duration: 30m').replace('[leads] }', '[leeds] }')),
        cases: [CASE, { ...CASE, person: 'chloe' }],
        people: ['maria'],
        past: { last: 10 },
      },
    };
  },
  describeApi: async () => ({ as: 'maria' }),
};

/** What belongs to one operation; `SHARED` has the rest. */
const OWN: Readonly<Record<string, Readonly<Record<string, Scenario>>>> = {
  browseCatalog: {
    cursor_invalid: async () => ({ as: 'maria', query: { cursor: '-1' } }),
    catalogue_not_read: async ({ world }) => {
      world.catalogue.current = async () => undefined;
      return { as: 'maria' };
    },
    catalogue_too_old: async (stage) => {
      await catalogueTooOld(stage);
      return { as: 'maria' };
    },
  },
  explainAsk: {
    account_unknown: async () => ({ as: 'maria', body: { target: { ...EXPLAIN.target, account: 'elsewhere' } } }),
    permission_set_unknown: async () => ({
      as: 'maria',
      body: { target: { ...EXPLAIN.target, permissionSet: 'GodMode' } },
    }),
    person_unknown: async () => ({ as: 'tom', body: { ...EXPLAIN, person: 'nobody' } }),
    not_permitted: async () => ({ as: 'maria', body: { ...EXPLAIN, person: 'omar' } }),
    duration_invalid: async () => ({ as: 'maria', body: { ...EXPLAIN, duration: 'a while' } }),
    start_invalid: async () => ({ as: 'maria', body: { ...EXPLAIN, start: 'tomorrow' } }),
    catalogue_too_old: async (stage) => {
      await catalogueTooOld(stage);
      return { as: 'maria', body: EXPLAIN };
    },
  },
  submitRequest: { ...askingScenarios, ...breakingScenarios },
  listRequests: {
    cursor_invalid: async () => ({ as: 'maria', query: { cursor: 'AAAA' } }),
    not_permitted: async () => ({ as: 'maria', query: { view: 'all' } }),
  },
  approveRequest: {
    ...judgingScenarios(asked, { as: 'omar' }),
    ...decidingScenarios,
    ticket_required: async (stage) => ({
      as: 'omar',
      id: await withoutTicket(stage, () => asked(stage, { ticket: undefined })),
    }),
    not_what_waits: async (stage) => ({ as: 'omar', id: await extending(stage) }),
    duration_invalid: async (stage) => ({ as: 'omar', id: await asked(stage), body: { duration: 'a while' } }),
    duration_not_shorter: async (stage) => ({ as: 'omar', id: await asked(stage), body: { duration: 'PT2H' } }),
    duration_too_long: async (stage) => {
      const id = await asked(stage);
      ruleChanged(stage, 'max_duration: 4h', 'max_duration: 10m');
      return { as: 'omar', id };
    },
  },
  rejectRequest: decidingScenarios,
  cancelRequest: {
    not_permitted: async (stage) => ({ as: 'omar', id: await asked(stage) }),
    request_not_cancellable: async (stage) => ({ as: 'maria', id: await active(stage) }),
    changed_meanwhile: changedMeanwhile(asked, { as: 'maria' }),
  },
  endRequest: {
    not_permitted: async (stage) => ({ as: 'chloe', id: await active(stage) }),
    request_not_started: async (stage) => ({ as: 'maria', id: await asked(stage) }),
    request_already_over: async (stage) => ({ as: 'maria', id: await decided(stage, 'reject') }),
    changed_meanwhile: changedMeanwhile(active, { as: 'maria' }),
  },
  extendRequest: {
    ...judgingScenarios(active, HOUR_MORE),
    ticket_required: async (stage) => {
      const id = await withoutTicket(stage, async () => {
        const pending = await asked(stage, { ticket: undefined });
        await stage.call('omar', 'POST', `/requests/${pending}/approve`);
        await stage.pass(6);
        return pending;
      });
      return { ...HOUR_MORE, id };
    },
    not_permitted: async (stage) => ({ ...HOUR_MORE, as: 'diego', id: await active(stage) }),
    duration_invalid: async (stage) => ({ as: 'maria', id: await active(stage), body: { duration: '-PT1H' } }),
    request_not_extendable: async (stage) => ({ ...HOUR_MORE, id: await asked(stage) }),
    extension_pending: async (stage) => {
      return { ...HOUR_MORE, id: await extending(stage) };
    },
    extension_too_long: async (stage) => ({ as: 'maria', id: await active(stage), body: { duration: 'PT4H' } }),
    no_approver: async (stage) => {
      const id = await active(stage);
      stage.world.directory.putGroup(group('g-leads', 'leads', 'u-maria', 'u-victor'));
      return { ...HOUR_MORE, id };
    },
  },
  acknowledgeRequest: acknowledgingScenarios,
  reviewRequest: reviewingScenarios,
  showDrift: {
    cursor_invalid: async () => ({ as: 'tom', query: { cursor: 'AAAA' } }),
    not_permitted: async () => ({ as: 'maria' }),
  },
  takeBaseline: {
    not_permitted: async () => ({ as: 'tom' }),
    drift_round_unfinished: async () => ({ as: 'ines' }),
    changed_meanwhile: async (stage) => {
      await roundFinished(stage);
      stage.world.ledger.commit = async () => 'conflict';
      return { as: 'ines' };
    },
  },
  showPolicy: { not_permitted: async () => ({ as: 'maria' }) },
  checkPolicy: {
    not_permitted: async () => ({ as: 'maria', body: CHECK }),
    person_unknown: async () => ({ as: 'tom', body: { ...CHECK, people: ['nobody'] } }),
    check_too_large: async ({ world }) => {
      world.limits.policyCheckPairs = 11;
      return { as: 'tom', body: CHECK };
    },
    people_being_counted: async () => ({ as: 'tom', body: { ...CHECK, everybody: true } }),
    people_not_counted: async ({ world }) => {
      const failed = { at: world.clock.now(), why: 'database' as const };
      await world.census.replaceState({ ...(await world.census.readState()), failed });
      return { as: 'tom', body: { ...CHECK, everybody: true } };
    },
    catalogue_not_read: async ({ world }) => {
      world.catalogue.groups = async () => undefined;
      return { as: 'tom', body: CHECK };
    },
    catalogue_too_old: async (stage) => {
      await catalogueTooOld(stage);
      return { as: 'tom', body: CHECK };
    },
  },
  listEvents: {
    cursor_invalid: async () => ({ as: 'tom', query: { from: later(-1000), to: later(0), cursor: 'AAAA' } }),
    not_permitted: async () => ({ as: 'maria' }),
    window_too_long: async () => ({ as: 'tom', query: { from: later(-32 * 86_400_000) } }),
  },
};

const broken =
  (fault: Error): ((stage: Stage, good: Attempt) => Attempt) =>
  ({ world }, good) => {
    world.directory.findByUserName = () => Promise.reject(fault);
    return good;
  };

/** Made from the call that is granted, by one difference. */
const SHARED: Readonly<Record<string, (stage: Stage, good: Attempt) => Attempt>> = {
  not_signed_in: (_, good) => ({ ...good, userArn: null }),
  caller_unknown: (_, good) => ({ ...good, as: 'nobody' }),
  caller_disabled: (_, good) => ({ ...good, as: 'victor' }),
  caller_ambiguous: ({ world }, good) => {
    world.directory.putPerson({ id: 'u-twin', userName: good.as.toUpperCase(), displayName: 'twin', enabled: true });
    return good;
  },
  identity_unproven: (_, good) => ({
    ...good,
    door: 'oidc',
    authorizer: { kind: 'unproven', value: 'No such claim.' },
  }),
  query_invalid: (_, good) => ({ ...good, query: { ...good.query, surprise: 'yes' } }),
  unavailable: broken(new ServiceFault('identity-store', 'ThrottlingException', undefined)),
  unexpected: broken(new Error('a bug')),
  request_unknown: (_, good) => ({ ...good, id: '0'.repeat(26) }),
  body_not_json: (_, good) => ({ ...good, rawBody: '{"target":' }),
  body_invalid: (_, { body, ...good }) => ({ ...good, body: { ...(body as object), approved: true } }),
  body_too_large: (_, good) => ({ ...good, rawBody: ' '.repeat(320 * 1024 + 1) }),
  content_type_unsupported: (_, good) => ({ ...good, rawBody: '{}', headers: { 'content-type': 'text/plain' } }),
};

/** How the operation comes to refuse with the code; undefined when nobody has said how. */
export const refusalScenario = (operationId: string, code: string): Scenario | undefined => {
  const own = OWN[operationId]?.[code];
  const shared = SHARED[code];
  const granted = GRANTED[operationId];
  if (own || !shared || !granted) return own;
  return async (stage) => shared(stage, await granted(stage));
};
