/** For every operation a call that is granted, and for every code that it documents a call that is refused with it. */
import { ServiceFault } from '../../lambda/ports/faults.ts';
import { contentOf, POLICY } from './api-world.ts';
import { ask, askingScenarios, later } from './asking-scenarios.ts';
import {
  acknowledged,
  acknowledgingScenarios,
  breakingScenarios,
  reviewed,
  reviewingScenarios,
} from './break-glass-scenarios.ts';
import { decidingScenarios } from './deciding-scenarios.ts';
import { roundFinished } from './finished-round.ts';
import { judgingScenarios, withoutTicket } from './judging-scenarios.ts';
import {
  type Attempt,
  active,
  asked,
  askedToRead,
  catalogueTooOld,
  changedMeanwhile,
  decided,
  extending,
  group,
  HOUR_MORE,
  ruleChanged,
  type Scenario,
  type Stage,
} from './scenario-stage.ts';

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
    too_many_extensions: async (stage) => {
      const id = await active(stage);
      stage.world.limits = { ...stage.world.limits, eventsBeforeExtension: 3 };
      return { ...HOUR_MORE, id };
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
