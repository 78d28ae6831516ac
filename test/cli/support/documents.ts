/** Documents as the API answers them, for the tests of the command. */
import type { CatalogEntryView, EventView, MeView, RequestDetail, RequestPage } from '../../../lambda/contract/api.ts';
import type { StageView } from '../../../lambda/contract/approval-view.ts';
import type { ExplanationView } from '../../../lambda/contract/explain.ts';
import { PROBLEMS, type Problem, type ProblemCode } from '../../../lambda/contract/problem.ts';
import type { PersonView } from '../../../lambda/contract/view-parts.ts';

export const MARIA: PersonView = { id: 'u-maria', userName: 'maria', displayName: 'Maria Ortega' };
export const OMAR: PersonView = { id: 'u-omar', userName: 'omar', displayName: 'Omar Haddad' };
export const LEA: PersonView = { id: 'u-lea', userName: 'lea', displayName: 'Lea Brandt' };

export const ID = '01JDB3QK7M8N9PQRSTVWXYZ123';
export const OTHER_ID = '01JDB3QK7M8N9PQRSTVWXYZ456';

/** Where requests are, and the one with that id among them. */
export const REQUESTS = '/iam/v1/requests';
export const ONE = `${REQUESTS}/${ID}`;

export const ASKED_AT = '2026-11-23T14:00:00.000Z';

const asked: EventView = {
  sequence: 1,
  kind: 'asked',
  at: ASKED_AT,
  actor: { kind: 'person', userName: 'maria' },
  to: 'pending',
};

/** By default open, with one approval missing. */
export const stageOf = (changes: Partial<StageView> = {}): StageView => ({
  required: 1,
  groups: [],
  users: [],
  attributes: {},
  among: [],
  approvals: 0,
  state: 'open',
  ...changes,
});

/** Without votes. */
export const approvalOf = (...stages: readonly StageView[]): RequestDetail['approval'] => ({
  required: stages.reduce((sum, { required }) => sum + required, 0),
  groups: [...new Set(stages.flatMap(({ groups }) => groups))],
  votes: [],
  stages: [...stages],
});

/** Maria's request for payments-prod, which waits for one of two approvers. */
export const pendingRequest = (changes: Partial<RequestDetail> = {}): RequestDetail => ({
  id: ID,
  status: 'pending',
  requester: MARIA,
  target: {
    kind: 'account',
    accountId: '400000000001',
    accountName: 'payments-prod',
    permissionSet: 'AdministratorAccess',
    sessionDuration: 'PT4H',
  },
  duration: 'PT1H',
  justification: 'Restore the ledger after the failed migration',
  ticket: 'INC-42',
  askedAt: ASKED_AT,
  entitlement: 'payments-admin',
  policyVersion: 'ab'.repeat(32),
  maxDuration: 'PT4H',
  approval: approvalOf(stageOf({ groups: ['payments-leads'] })),
  expiresAt: '2026-11-23T22:00:00.000Z',
  youMay: ['cancel'],
  approvers: [OMAR, LEA],
  history: [asked],
  ...changes,
});

/** The same, approved by Omar and usable for an hour from 14:05 UTC. */
export const activeRequest = (changes: Partial<RequestDetail> = {}): RequestDetail => {
  const { expiresAt: _expiresAt, ...pending } = pendingRequest();
  return {
    ...pending,
    status: 'active',
    approval: {
      ...pending.approval,
      votes: [{ stage: 1, approver: OMAR, choice: 'approve', at: '2026-11-23T14:04:00.000Z', comment: 'Go ahead' }],
    },
    activeSince: '2026-11-23T14:05:00.000Z',
    endsAt: '2026-11-23T15:05:00.000Z',
    credentialsMayWorkUntil: '2026-11-23T19:05:00.000Z',
    standing: false,
    youMay: ['end', 'extend'],
    approvers: [],
    history: [
      asked,
      {
        sequence: 2,
        kind: 'voted',
        at: '2026-11-23T14:04:00.000Z',
        actor: { kind: 'person', userName: 'omar' },
        from: 'pending',
        to: 'scheduled',
      },
      {
        sequence: 3,
        kind: 'became-usable',
        at: '2026-11-23T14:05:00.000Z',
        actor: { kind: 'brevet' },
        from: 'granting',
        to: 'active',
      },
    ],
    ...changes,
  };
};

export const overRequest = (
  status: 'rejected' | 'cancelled' | 'expired' | 'failed' | 'ended',
  reason: string,
): RequestDetail => {
  const { expiresAt: _expiresAt, ...pending } = pendingRequest();
  return { ...pending, status, reason, endedAt: '2026-11-23T14:04:00.000Z', youMay: [], approvers: [] };
};

export const catalogEntry = (changes: Partial<CatalogEntryView> = {}): CatalogEntryView => ({
  accountId: '400000000001',
  accountName: 'payments-prod',
  ouPath: 'Workloads/Payments/Prod',
  permissionSet: 'AdministratorAccess',
  maxDuration: 'PT4H',
  sessionDuration: 'PT4H',
  approvalsRequired: 1,
  approvalStages: 1,
  approverGroups: ['payments-leads'],
  approverUsers: [],
  entitlement: 'payments-admin',
  ...changes,
});

export const CATALOG: readonly CatalogEntryView[] = [
  catalogEntry(),
  catalogEntry({ permissionSet: 'ReadOnlyAccess', maxDuration: 'PT12H', approvalsRequired: 0, entitlement: 'read' }),
  catalogEntry({ accountId: '400000000002', accountName: 'payments-prod-eu' }),
  catalogEntry({ accountId: '400000000003', accountName: 'payments-staging', approvalsRequired: 2 }),
  catalogEntry({ accountId: '500000000001', accountName: 'storefront-prod', permissionSet: 'PowerUserAccess' }),
];

export const EXPLANATION: ExplanationView = {
  person: MARIA,
  target: {
    kind: 'account',
    accountId: '400000000001',
    accountName: 'payments-prod',
    permissionSet: 'AdministratorAccess',
    sessionDuration: 'PT4H',
  },
  duration: 'PT5H',
  allowed: false,
  refusal: { code: 'duration_too_long', detail: '5h is too long for this target; at most 4h.' },
  approvers: [],
  rules: [
    {
      name: 'payments-admin',
      verdict: 'unsatisfied',
      conditions: [
        { kind: 'who', met: 'met', asks: 'group payments-engineers' },
        { kind: 'duration', met: 'unmet', asks: 'at most 4h', remedy: 'ask for 4h at most' },
      ],
    },
  ],
  rulesLeftOut: 3,
  guardrails: [{ name: 'two-for-production', effect: 'floor', holds: 'yes' }],
};

export const ME: MeView = {
  ...MARIA,
  roles: ['approver'],
  groups: ['payments-engineers'],
  openRequests: 2,
  toReview: 1,
};

export const page = (...items: readonly RequestDetail[]): RequestPage => ({ items: [...items] });

export const problem = (code: ProblemCode, detail: string, facts?: Problem['facts']): Problem => {
  const [status, title] = PROBLEMS[code];
  return { type: `urn:brevet:problem:${code}`, title, status, code, detail, ...(facts ? { facts } : {}) };
};
