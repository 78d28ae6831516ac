/**
 * Check a proposed policy: lint it by what the catalogue and the directory know, try cases on it, compare it with the policy
 * in force for people who are named or for everybody, and judge past requests by it. It is not stored.
 */
import type { Person } from '../domain/policy/facts.ts';
import { type KnownNames, valuesByKey } from '../domain/policy/known-names.ts';
import { requesterGroups } from '../domain/policy/policy.ts';
import type { PolicyCase } from '../domain/policy/policy-case.ts';
import { isRefusal, type Refusal, refuse } from '../domain/refusal.ts';
import { addSeconds, type Instant, instant } from '../domain/time.ts';
import type { Findings, ProposedPolicy } from '../ports/policy-reader.ts';
import {
  compareForEach,
  compareForEverybody,
  type EverybodysDifference,
  type PersonDifference,
  type Proposal,
} from './compare-for-people.ts';
import { type JudgedPast, judgePast, type PastKnown, recallPast } from './judge-past.ts';
import { lookUpUsers, orCounted, type UsersSeen } from './look-up-users.ts';
import { knownNamesIn, listedGroups, recallFacts, type Seen, seePeople } from './proposal-facts.ts';
import { type Counted, recallCensus } from './recall-census.ts';
import { refuseReader } from './show-policy.ts';
import { type TriedCase, tryCases } from './try-cases.ts';
import type { CheckLimits, Needs, UseCaseLimits } from './world.ts';

export interface CheckInput {
  readonly caller: Person;
  /** Of a policy file. */
  readonly content: unknown;
  readonly cases: readonly PolicyCase[];
  /** User names of those for whom the policies are compared. */
  readonly people: readonly string[];
  /** They are compared for everybody, and linted by who there is. */
  readonly everybody?: boolean;
  /** So many past requests are judged by it, those that were asked last. */
  readonly past?: { readonly last: number } | undefined;
}

interface Tried {
  readonly cases: readonly TriedCase[];
  readonly people: readonly PersonDifference[];
  /** Where it was asked. */
  readonly everybody?: EverybodysDifference & Pick<Counted, 'asOf'>;
  /** Where it was asked. */
  readonly past?: JudgedPast;
}

export interface CheckedProposal extends Findings, Tried {
  /** Version of the policy in force. */
  readonly inForce: string;
  /** The version that this would be; absent where it does not fit. */
  readonly version?: string;
  /** User names of which nothing is said, since more are named than are looked up. */
  readonly usersLeftOut: number;
}

type Checkers = Needs<
  'policies' | 'policyReader' | 'directory' | 'catalogue' | 'trail' | 'census' | 'censusTaker' | 'roleGroups' | 'clock'
> & {
  readonly limits: UseCaseLimits & CheckLimits;
};

const NOTHING_ASKED = { cases: [], people: [] };

export const checkPolicy = async (world: Checkers, input: CheckInput): Promise<CheckedProposal | Refusal> => {
  const { clock, limits } = world;
  const over = addSeconds(clock.now(), limits.policyCheckLookupSeconds + limits.policyCheckSeconds);
  const refusal = await refuseReader(world, input.caller);
  if (refusal) return refusal;
  const facts = await recallFacts(world);
  if (isRefusal(facts)) return facts;
  const inForce = await world.policies.current();
  const proposed = world.policyReader.read(input.content);
  if ('leftOut' in proposed) return { inForce: inForce.version, ...proposed, usersLeftOut: 0, ...NOTHING_ASKED };
  const proposal = { inForce, policy: proposed.policy, facts };
  // NB. A pattern that may search for ever is told of, and not tried.
  const asked: Asked = proposed.isQuick ? input : NOTHING_ASKED;
  // Before anybody waits for a count.
  const large = refuseLarge(proposal, asked, limits);
  if (large) return large;
  const strangers = () => refuseStrangers(world, asked.people);
  const counted = input.everybody ? await recallCensus(world, groupsIn(proposal, proposed), strangers) : undefined;
  if (isRefusal(counted)) return counted;
  const looked = await lookUp(world, proposal, asked, { userNames: proposed.userNames, counted });
  if (isRefusal(looked)) return looked;
  const known = { ...knownNamesIn(facts), ...namesOf(counted), bearersOf: looked.users.bearersOf };
  return {
    inForce: inForce.version,
    version: proposed.policy.version,
    ...proposed.findings(known),
    usersLeftOut: looked.users.leftOut,
    ...tryOut(proposal, asked, { ...looked, counted }, isOverBy(world, over)),
  };
};

/** Those whose members have to be known: of both policies for comparing them, and of the proposed one for linting it. */
const groupsIn = ({ inForce, policy, facts }: Proposal, { groupNames }: ProposedPolicy) =>
  listedGroups(facts, new Set([...[inForce, policy].flatMap(requesterGroups), ...groupNames]));

/** Who came since they were counted is found by name: what lint said of them must not stay when it was mended. */
const namesNotIn = ({ everyone }: Counted, userNames: readonly string[]): readonly string[] =>
  userNames.filter((userName) => everyone.bearersOf(userName) === 'none');

/** What only a count tells. */
const namesOf = (counted: Counted | undefined): Pick<KnownNames, 'users' | 'attributes' | 'staff'> => {
  if (!counted) return {};
  const { staff } = counted.everyone;
  return {
    users: staff.people.map(({ userName }) => userName),
    attributes: valuesByKey(staff.people.map(({ attributes = {} }) => attributes)),
    staff,
  };
};

type Asked = Pick<CheckInput, 'cases' | 'people' | 'everybody' | 'past'>;

/** Everything that has to be read before the rest is judged. */
interface Looked {
  readonly seen: Seen;
  readonly cases: readonly TriedCase[];
  readonly users: UsersSeen;
  readonly past?: PastKnown;
}

/** When half of what is left until then is over. */
const halfUntil = (now: Instant, until: Instant): Instant => (until > now ? instant((now + until) / 2) : until);

/**
 * Whoever is named by the caller first: without them there is no answer. Of the others some may be left out: those who are
 * counted for cases have half of the time that is left, and names half of the rest where people of the past come after them.
 */
const lookUp = async (
  world: Checkers,
  proposal: Proposal,
  asked: Asked,
  { userNames, counted }: { readonly userNames: readonly string[]; readonly counted: Counted | undefined },
): Promise<Looked | Refusal> => {
  const { clock, limits } = world;
  const until = addSeconds(clock.now(), limits.policyCheckLookupSeconds);
  const seen = await seeNamed(world, proposal, asked);
  if (isRefusal(seen)) return seen;
  const ofCases = { seen, cases: asked.cases, until: halfUntil(clock.now(), until) };
  const cases = await tryCases(world, proposal, ofCases);
  const names = counted && !asked.past ? namesNotIn(counted, userNames) : userNames;
  const seenNow = await lookUpUsers(world, names, asked.past ? halfUntil(clock.now(), until) : until);
  const users = counted ? orCounted(seenNow, counted.everyone) : seenNow;
  const past = asked.past && (await recallPast(world, asked.past.last, proposal, until));
  return { seen, cases, users, ...(past && { past }) };
};

const seeNamed = async (world: Checkers, proposal: Proposal, asked: Asked): Promise<Seen | Refusal> => {
  const { inForce, policy, facts } = proposal;
  const { cases, people } = asked;
  const userNames = [...people, ...cases.map(({ person }) => person)];
  const seen = await seePeople(world, userNames, [inForce, policy], facts);
  if (isRefusal(seen)) return seen;
  const stranger = people.find((userName) => seen.named(userName) === undefined);
  return stranger === undefined ? seen : refuseStranger(stranger);
};

const refuseStranger = (userName: string): Refusal =>
  refuse('person_unknown', `No user of IAM Identity Center, or more than one, has the user name "${userName}".`);

/** One after the other, as whoever is named is looked up. */
const refuseStrangers = async ({ directory }: Checkers, people: readonly string[]): Promise<Refusal | undefined> => {
  for (const userName of people) {
    const found = await directory.findByUserName(userName);
    if (!found || found === 'several') return refuseStranger(userName);
  }
  return undefined;
};

/** Whether its own time, or that of the whole call, is used up. */
const isOverBy = ({ clock, limits }: Checkers, over: Instant): (() => boolean) => {
  const until = Math.min(addSeconds(clock.now(), limits.policyCheckSeconds), over);
  return () => clock.now() >= until;
};

const tryOut = (
  proposal: Proposal,
  { people, everybody }: Asked,
  { seen, cases, users, past, counted }: Looked & { readonly counted: Counted | undefined },
  isOver: () => boolean,
): Tried => ({
  cases,
  people: compareForEach(
    proposal,
    people.flatMap((userName) => seen.named(userName) ?? []),
    isOver,
  ),
  ...(everybody &&
    counted && { everybody: { asOf: counted.asOf, ...compareForEverybody(proposal, counted.everyone, isOver) } }),
  ...(past && { past: judgePast({ ...proposal, users }, past, isOver) }),
});

const refuseLarge = (
  { inForce, policy, facts }: Proposal,
  { cases, people, everybody, past }: Asked,
  { policyCheckPairs }: CheckLimits,
): Refusal | undefined => {
  if (cases.length + people.length === 0 && !everybody && !past) return undefined;
  const rules = [inForce, policy].flatMap((one) => [...one.entitlements, ...one.guardrails]).length;
  const accounts = facts.accounts.length;
  if (rules * accounts <= policyCheckPairs) return undefined;
  return refuse(
    'check_too_large',
    `${rules} rules and ${accounts} accounts are more than can be tried here, ${policyCheckPairs} pairs. ` +
      'Leave out people, everybody, cases and the past, or judge offline: brevet policy diff, test and replay.',
    { maximum: policyCheckPairs },
  );
};
