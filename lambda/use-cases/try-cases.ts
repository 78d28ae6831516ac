/** The cases of a proposed policy: what it says to them, and whether people are there for what it lets through, counted as for who asks. */
import type { GroupRef } from '../domain/access-request.ts';
import type { Permit } from '../domain/policy/judge.ts';
import type { Policy } from '../domain/policy/policy.ts';
import {
  type CaseOutcome,
  type JudgedCase,
  judgeCase,
  outcomeOf,
  type PolicyCase,
} from '../domain/policy/policy-case.ts';
import { isRefusal, type Refusal } from '../domain/refusal.ts';
import type { Instant } from '../domain/time.ts';
import type { Directory } from '../ports/directory.ts';
import { OutOfTime } from '../ports/faults.ts';
import { glassFor } from './break-glass.ts';
import { findApproval } from './find-approval.ts';
import { type ProposalFacts, requesterBy, type Seen } from './proposal-facts.ts';
import type { Needs } from './world.ts';

export interface TriedCase extends CaseOutcome {
  /** False where the time was used up before it was known who is there to approve, or to be told. */
  readonly isCounted: boolean;
}

/** The same directory, of which nothing is asked after that moment, and no group twice. @throws OutOfTime instead */
const askedUntil = ({ directory, clock }: Needs<'directory' | 'clock'>, until: Instant): Directory => {
  const inTime = <Answer>(ask: () => Promise<Answer>): Promise<Answer> =>
    clock.now() < until ? ask() : Promise.reject(new OutOfTime());
  const members = new Map<string, Promise<readonly string[]>>();
  const membersOf = (group: GroupRef): Promise<readonly string[]> => {
    const known = members.get(group.id) ?? inTime(() => directory.memberIds(group, until));
    members.set(group.id, known);
    return known;
  };
  return {
    ...directory,
    findByUserName: (userName) => inTime(() => directory.findByUserName(userName)),
    findGroup: (name) => inTime(() => directory.findGroup(name)),
    groupsOf: (personId, groups) => inTime(() => directory.groupsOf(personId, groups)),
    memberIds: membersOf,
    recall: (personId) => inTime(() => directory.recall(personId)),
  };
};

/** @returns why asking would be refused for want of people */
const refuseUnstaffed = async (
  world: Needs<'directory' | 'clock'>,
  { breakGlass, ...permit }: Permit,
  requesterId: string,
): Promise<Refusal | undefined> => {
  const approval = await findApproval(world, permit, requesterId);
  if (isRefusal(approval)) return approval;
  if (!breakGlass) return undefined;
  const asking = { incident: '', requesterId, now: world.clock.now() };
  const glass = await glassFor(world, { ...permit, breakGlass }, asking);
  return isRefusal(glass) ? glass : undefined;
};

const counted = async (
  world: Needs<'directory' | 'clock'>,
  given: PolicyCase,
  { person, verdict }: JudgedCase,
): Promise<TriedCase> => {
  if (isRefusal(verdict)) return { ...outcomeOf(given, verdict), isCounted: true };
  try {
    const refusal = await refuseUnstaffed(world, verdict, person.id);
    return { ...outcomeOf(given, refusal ?? verdict), isCounted: true };
  } catch (fault) {
    if (fault instanceof OutOfTime) return { ...outcomeOf(given, verdict), isCounted: false };
    throw fault;
  }
};

/** One after the other, in their order. @param until when people are counted: what comes later is judged alone */
export const tryCases = async (
  world: Needs<'directory' | 'clock'>,
  { policy, facts }: { readonly policy: Policy; readonly facts: ProposalFacts },
  { seen, cases, until }: { readonly seen: Seen; readonly cases: readonly PolicyCase[]; readonly until: Instant },
): Promise<readonly TriedCase[]> => {
  const counting = { ...world, directory: askedUntil(world, until) };
  const requester = requesterBy(policy, facts);
  const requesterNamed = (userName: string) => {
    const found = seen.named(userName);
    return found && requester(found);
  };
  const tried: TriedCase[] = [];
  for (const given of cases) {
    const judged = judgeCase(policy, { ...facts, requesterNamed }, given);
    tried.push(
      typeof judged === 'string'
        ? { ...outcomeOf(given, judged), isCounted: true }
        : await counted(counting, given, judged),
    );
  }
  return tried;
};
