/** Explain: the verdict on a would-be request, rule by rule, and who could approve it now; nothing is stored. */
import type { PersonRef } from '../domain/access-request.ts';
import { refuseWish, type Wish } from '../domain/asking.ts';
import { type Explanation, explain } from '../domain/policy/explain.ts';
import type { Account, PermissionSet, Person } from '../domain/policy/facts.ts';
import type { Permit } from '../domain/policy/judge.ts';
import { refuseDisabled } from '../domain/policy/nobody-there.ts';
import { isRefusal, type Refusal, refuse } from '../domain/refusal.ts';
import { approversNow } from './approvers.ts';
import { ifNow } from './break-glass.ts';
import { findApproval } from './find-approval.ts';
import { findFacts, windowAhead } from './judge-ask.ts';
import { refTo, rolesOf } from './people.ts';
import { asRecalled } from './recall-organization.ts';
import type { Needs } from './world.ts';

export interface ExplainInput {
  readonly caller: Person;
  /** User name of somebody else: for auditors and administrators. */
  readonly userName?: string;
  readonly target: { readonly account: string; readonly permissionSet: string };
  /** What is left out is taken for what would do. */
  readonly wish: Omit<Wish, 'justification'> & { readonly justification?: string };
}

export interface Explained extends Explanation {
  readonly person: PersonRef;
  readonly account: Account;
  readonly permissionSet: PermissionSet;
  readonly durationSeconds: number;
  /** Of each stage, who could approve in it now, at most 25; nobody where nobody needs to, or it is refused. */
  readonly approvers: readonly (readonly PersonRef[])[];
}

type Explainers = Needs<
  | 'ledger'
  | 'policies'
  | 'directory'
  | 'organization'
  | 'catalogue'
  | 'onCall'
  | 'reporter'
  | 'roleGroups'
  | 'clock'
  | 'limits'
>;

export const explainAsk = async (world: Explainers, input: ExplainInput): Promise<Explained | Refusal> => {
  const person = await concerned(world, input);
  if (isRefusal(person)) return person;
  // By the catalogue, as asking is.
  const recalled = await asRecalled(world, { isUrgent: input.wish.incident !== undefined });
  if (isRefusal(recalled)) return recalled;
  const accountId = await accountIdOf(recalled, input.target.account);
  if (isRefusal(accountId)) return accountId;
  const facts = await findFacts(recalled, person, { accountId, permissionSet: input.target.permissionSet });
  if (isRefusal(facts)) return facts;
  const wish: Wish = { justification: 'x'.repeat(world.limits.textLength), ...input.wish };
  const window = windowAhead(world.clock.now(), wish);
  const explained = explain(facts.policy, { ...facts, ...wish, window });
  const { outcome, approvers } = await withApprovers(recalled, explained, person, wish);
  const { account, permissionSet } = facts;
  const { durationSeconds } = wish;
  const { breakGlass } = explained;
  return {
    ...{ ...explained, outcome, approvers, person: refTo(person), account, permissionSet, durationSeconds },
    ...(breakGlass && { breakGlass: await ifNow(recalled, forEnabled(breakGlass, person), person.id) }),
  };
};

// NB. What somebody else may have, and why, is told to those alone who may read everything.
const concerned = async (world: Explainers, { caller, userName }: ExplainInput): Promise<Person | Refusal> => {
  if (userName === undefined || userName === caller.userName) return caller;
  const { administrator, auditor } = await rolesOf(world, caller.id);
  if (!administrator && !auditor) {
    return refuse('not_permitted', 'Only auditors and administrators can have it explained for somebody else.');
  }
  const found = await world.directory.findByUserName(userName);
  if (found && found !== 'several') return found;
  return refuse('person_unknown', `No user of IAM Identity Center, or more than one, has the user name "${userName}".`);
};

const ACCOUNT_ID = /^\d{12}$/;

const accountIdOf = async (world: Explainers, idOrName: string): Promise<string | Refusal> => {
  if (ACCOUNT_ID.test(idOrName)) return idOrName;
  const named = (await world.organization.accounts()).filter(({ name }) => name === idOrName);
  const [only, another] = named;
  if (only && !another) return only.id;
  return refuse('account_unknown', `The organization has no account, or more than one, named "${idOrName}".`);
};

const forEnabled = (verdict: Permit | Refusal, person: Person): Permit | Refusal =>
  isRefusal(verdict) ? verdict : (refuseDisabled(person) ?? verdict);

/** What asking would come to: the wish's own limits come first, and somebody must be there to approve. */
const withApprovers = async (
  world: Explainers,
  explained: Explanation,
  person: Person,
  wish: Wish,
): Promise<Pick<Explained, 'outcome' | 'approvers'>> => {
  const refused = refuseWish(wish, world.clock.now(), world.limits);
  if (refused) return { outcome: refused, approvers: [] };
  const outcome = forEnabled(explained.outcome, person);
  if (isRefusal(outcome)) return { outcome, approvers: [] };
  const approval = await findApproval(world, outcome, person.id);
  if (isRefusal(approval)) return { outcome: approval, approvers: [] };
  const permitted = await ifNow(world, outcome, person.id);
  if (isRefusal(permitted)) return { outcome: permitted, approvers: [] };
  return { outcome, approvers: await Promise.all(approval.map((stage) => approversNow(world, stage, [person.id]))) };
};
