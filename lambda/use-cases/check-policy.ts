/**
 * Check a proposed policy: lint it by what the catalogue knows, try cases on it, and compare it with the policy in force
 * for people who are named. Nothing is stored.
 */
import { type Change, changesFor, comparisonOf } from '../domain/policy/diff.ts';
import type { Person } from '../domain/policy/facts.ts';
import type { Policy } from '../domain/policy/policy.ts';
import { type CaseOutcome, type PolicyCase, tryCase } from '../domain/policy/policy-case.ts';
import { isRefusal, type Refusal, refuse } from '../domain/refusal.ts';
import { addSeconds } from '../domain/time.ts';
import type { Findings } from '../ports/policy-reader.ts';
import {
  knownNamesIn,
  type ProposalFacts,
  recallFacts,
  requesterBy,
  type Seen,
  type SeenPerson,
  seePeople,
} from './proposal-facts.ts';
import { refuseReader } from './show-policy.ts';
import type { CheckLimits, Needs, UseCaseLimits } from './world.ts';

export interface CheckInput {
  readonly caller: Person;
  /** Of a policy file. */
  readonly content: unknown;
  readonly cases: readonly PolicyCase[];
  /** User names of those for whom the policies are compared. */
  readonly people: readonly string[];
}

export interface PersonDifference {
  readonly person: Person;
  readonly changes: readonly Change[];
  /** False where there may be more: the time, or the number that is told, was used up. */
  readonly isWhole: boolean;
}

interface Tried {
  readonly cases: readonly CaseOutcome[];
  readonly people: readonly PersonDifference[];
}

export interface CheckedProposal extends Findings, Tried {
  /** Version of the policy in force. */
  readonly inForce: string;
  /** The version that this would be; absent where it does not fit. */
  readonly version?: string;
}

type Checkers = Needs<'policies' | 'policyReader' | 'directory' | 'catalogue' | 'roleGroups' | 'clock'> & {
  readonly limits: UseCaseLimits & CheckLimits;
};

const NOTHING: Tried = { cases: [], people: [] };

export const checkPolicy = async (world: Checkers, input: CheckInput): Promise<CheckedProposal | Refusal> => {
  const refusal = await refuseReader(world, input.caller);
  if (refusal) return refusal;
  const facts = await recallFacts(world);
  if (isRefusal(facts)) return facts;
  const inForce = await world.policies.current();
  const proposed = world.policyReader.read(input.content);
  if ('leftOut' in proposed) return { inForce: inForce.version, ...proposed, ...NOTHING };
  const { policy, isQuick } = proposed;
  // NB. A pattern that may search for ever is told of, and not tried.
  const tried = isQuick ? await tryOut(world, input, { inForce, policy, facts }) : NOTHING;
  if (isRefusal(tried)) return tried;
  return { inForce: inForce.version, version: policy.version, ...proposed.findings(knownNamesIn(facts)), ...tried };
};

interface Proposal {
  readonly inForce: Policy;
  readonly policy: Policy;
  readonly facts: ProposalFacts;
}

const tryOut = async (world: Checkers, { cases, people }: CheckInput, proposal: Proposal): Promise<Tried | Refusal> => {
  if (cases.length + people.length === 0) return NOTHING;
  const { inForce, policy, facts } = proposal;
  const refusal = refuseLarge(proposal, world.limits);
  if (refusal) return refusal;
  const userNames = [...people, ...cases.map(({ person }) => person)];
  const seen = await seePeople(world, userNames, [inForce, policy], facts);
  if (isRefusal(seen)) return seen;
  const stranger = people.find((userName) => seen.named(userName) === undefined);
  if (stranger !== undefined) {
    return refuse(
      'person_unknown',
      `No user of IAM Identity Center, or more than one, has the user name "${stranger}".`,
    );
  }
  return { cases: outcomes(proposal, seen, cases), people: differences(world, proposal, seen, people) };
};

const refuseLarge = ({ inForce, policy, facts }: Proposal, { policyCheckPairs }: CheckLimits): Refusal | undefined => {
  const rules = [inForce, policy].flatMap((one) => [...one.entitlements, ...one.guardrails]).length;
  const accounts = facts.accounts.length;
  if (rules * accounts <= policyCheckPairs) return undefined;
  return refuse(
    'check_too_large',
    `${rules} rules and ${accounts} accounts are more than can be tried here, ${policyCheckPairs} pairs. ` +
      'Leave out people and cases, or judge offline: brevet policy diff and test.',
    { maximum: policyCheckPairs },
  );
};

const outcomes = ({ policy, facts }: Proposal, seen: Seen, cases: readonly PolicyCase[]): readonly CaseOutcome[] => {
  const requester = requesterBy(policy, facts);
  const requesterNamed = (userName: string) => {
    const found = seen.named(userName);
    return found && requester(found);
  };
  return cases.map((given) => tryCase(policy, { ...facts, requesterNamed }, given));
};

/** Of one person, so many changes are told. */
const MOST_CHANGES = 100;

const differences = (
  { clock, limits }: Checkers,
  { inForce, policy, facts }: Proposal,
  seen: Seen,
  people: readonly string[],
): readonly PersonDifference[] => {
  const until = addSeconds(clock.now(), limits.policyCheckSeconds);
  const isOver = (): boolean => clock.now() >= until;
  const comparison = comparisonOf(inForce, policy, facts);
  const [was, is] = [requesterBy(inForce, facts), requesterBy(policy, facts)];
  const differenceFor = (one: SeenPerson): PersonDifference => {
    const changes: Change[] = [];
    for (const change of changesFor(comparison, { was: was(one), is: is(one) }, isOver)) {
      if (changes.length === MOST_CHANGES) return { person: one.person, changes, isWhole: false };
      changes.push(change);
    }
    return { person: one.person, changes, isWhole: !isOver() };
  };
  return people.flatMap((userName) => seen.named(userName) ?? []).map(differenceFor);
};
