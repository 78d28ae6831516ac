/** A past request, what is known of the organization by now, and what a policy comes to on it, for tests of judging anew. */
import type { PastAsk, PastRequest } from '../../../lambda/domain/policy/past-requests.ts';
import type { Policy, Stage } from '../../../lambda/domain/policy/policy.ts';
import { type Outcome, type PastFacts, replayerOn } from '../../../lambda/domain/policy/replay.ts';
import { ADMIN, ANN, account, HOUR, PROD, permissionSet, policy, rule } from './sample-policy.ts';

export const READ = permissionSet('ReadOnlyAccess');
export const OTHER = account('other', 'Workloads/Payments', { id: '400000000002' });
const USERS: Readonly<Record<string, { readonly id?: string }>> = {
  cat: { id: 'id-cat' },
  dan: { id: 'id-dan' },
  gone: {},
};
const FACTS: PastFacts = {
  accounts: [PROD, OTHER],
  permissionSets: [ADMIN, READ],
  requesterOf: (id) => (id === ANN.person.id ? ANN : undefined),
  groupIdOf: (name) => (name === 'gone' ? undefined : `group-${name}`),
  userNamed: (name) => USERS[name],
};
export const PAST: PastAsk = {
  ...{
    kind: 'request',
    durationSeconds: 3600,
    entitlement: 'old-rule',
    approvals: 1,
    approverGroupIds: ['group-leads'],
  },
  ...{ at: HOUR.from, from: HOUR.from, until: HOUR.until },
};
export const REQUEST: PastRequest = {
  ...{ id: 'one', personId: ANN.person.id, userName: 'ann', accountId: PROD.id, permissionSetArn: ADMIN.arn },
  ...{ hasTicket: false, cameTo: 'ended', asks: [PAST] },
};

/** The rule, or what else is to be said of an outcome of that kind. */
export const detailOf = (outcome: Outcome): string => {
  if (outcome.kind === 'refused') return outcome.refusal.refused;
  if (outcome.kind === 'unknown') return outcome.dependsOn.join();
  return outcome.kind === 'unjudged' ? outcome.missing : outcome.permit.entitlement.name;
};

export interface Given {
  readonly request?: Partial<PastRequest>;
  readonly ask?: Partial<PastAsk>;
  readonly others?: readonly PastRequest[];
}
export const replayed = (given: Policy, { request = {}, ask = {}, others = [] }: Given = {}): string => {
  const [one, past] = [
    { ...REQUEST, ...request },
    { ...PAST, ...ask },
  ];
  const outcome = replayerOn(given, FACTS, [one, ...others])(one, past);
  return `${outcome.kind} ${detailOf(outcome)}`;
};
export const approvedBy = (...approval: readonly Stage[]): Policy => policy(rule({ approval }));
