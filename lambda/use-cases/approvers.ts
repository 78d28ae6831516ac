/** Who decides on a request, and who is concerned with it because they do, did or will; resolved freshly (law 6). */
import type { AccessRequest, GroupRef, PersonRef } from '../domain/access-request.ts';
import {
  type ApprovalStage,
  approverGroupsIn,
  approversNamedIn,
  decidesIn,
  type Everybody,
  escalatedTo,
  everybodyIn,
  groupsDeciding,
  isOneOf,
  type Voter,
} from '../domain/approval.ts';
import { openStage } from '../domain/ballot.ts';
import { candidatesIn, MOST_LOOKED_AT } from '../domain/policy/deciders.ts';
import type { Person } from '../domain/policy/facts.ts';
import { refTo } from './people.ts';
import type { Needs } from './world.ts';

export const voterOf = ({ id, attributes }: Person, groupIds: ReadonlySet<string>): Voter => ({
  id,
  groupIds,
  ...(attributes && { attributes }),
});

/** Those of the stages in which the person decides now. */
export const stagesDecidedBy = async (
  world: Needs<'directory'>,
  person: Person,
  stages: readonly ApprovalStage[],
): Promise<readonly ApprovalStage[]> => {
  const voter = voterOf(person, await idsAmong(world, person.id, stages.flatMap(groupsDeciding)));
  return stages.filter((stage) => decidesIn(stage, voter));
};

const idsAmong = async (
  world: Needs<'directory'>,
  personId: string,
  groups: readonly GroupRef[],
): Promise<ReadonlySet<string>> => {
  const asked = [...new Map(groups.map((group) => [group.id, group])).values()];
  const mine = asked.length === 0 ? [] : await world.directory.groupsOf(personId, asked);
  return new Set(mine.map(({ id }) => id));
};

/**
 * The groups whose people are concerned with a request: those that approve it, those that were asked for more time, and
 * those that were told that the glass was broken for it.
 */
export const groupsConcerned = ({ approval, extensionApprovers, breakGlass }: AccessRequest): readonly GroupRef[] => [
  ...approverGroupsIn(approval),
  ...(extensionApprovers?.groups ?? []),
  ...(breakGlass?.told.groups ?? []),
];

/** Those who are concerned with it by their attributes alone. */
const everybodyConcerned = ({ approval, extensionApprovers }: AccessRequest): readonly Everybody[] => [
  ...everybodyIn(approval),
  ...(extensionApprovers?.everybody ?? []),
];

/** The groups on which it depends whom attributes concern: to belong to one of them alone concerns nobody. */
export const groupsNarrowing = (request: AccessRequest): readonly GroupRef[] =>
  everybodyConcerned(request).flatMap(({ among = [] }) => among.flat());

/** The groups on which it depends who may vote on the request now, or on more time for it. */
export const groupsVoting = (request: AccessRequest): readonly GroupRef[] =>
  [request, ...(request.status === 'active' && request.extension ? [request.extension] : [])].flatMap((ballot) => {
    const open = openStage(ballot);
    return open ? groupsDeciding(open.stage) : [];
  });

/** Whether the person has voted on the request, or on more time for it. */
export const hasVoted = (personId: string, { votes, extensionApprovers }: AccessRequest): boolean =>
  votes.some(({ approver }) => approver.id === personId) || extensionApprovers?.voterIds.includes(personId) === true;

/** Whether the person was asked, or told, by name. */
export const isNamed = (personId: string, { approval, extensionApprovers, breakGlass }: AccessRequest): boolean =>
  [...approversNamedIn(approval), ...(breakGlass?.told.people ?? [])].some(({ id }) => id === personId) ||
  extensionApprovers?.userIds?.includes(personId) === true;

/** Whether somebody was asked or told, in whichever stage: by name, by a group, or by attributes. */
export const isConcerned = (voter: Voter, request: AccessRequest): boolean =>
  isNamed(voter.id, request) ||
  groupsConcerned(request).some(({ id }) => voter.groupIds.has(id)) ||
  everybodyConcerned(request).some((everybody) => isOneOf(everybody, voter));

/** Whether the person approves for this request, in whichever stage, or has voted on it. */
export const isApproverOf = async (
  world: Needs<'directory'>,
  person: Person,
  request: AccessRequest,
): Promise<boolean> => {
  if (hasVoted(person.id, request) || isNamed(person.id, request)) return true;
  const groups = [...groupsConcerned(request), ...groupsNarrowing(request)];
  return isConcerned(voterOf(person, await idsAmong(world, person.id, groups)), request);
};

/** How many possible approvers are named at most. */
export const MOST_APPROVERS_NAMED = 25;
const AT_ONCE = 5;

/** Ids of those who are asked, by group or by name. */
export const candidatesFor = async (
  world: Needs<'directory'>,
  { groups, users = [] }: Pick<ApprovalStage, 'groups' | 'users'> = { groups: [] },
): Promise<ReadonlySet<string>> => {
  const members = await Promise.all(groups.map((group) => world.directory.memberIds(group)));
  return new Set([...users.map(({ id }) => id), ...members.flat()]);
};

export interface ApproversFound {
  readonly people: readonly PersonRef[];
  /** False where there may be more. */
  readonly isAll: boolean;
}

const anybody = async (_person: Person): Promise<boolean> => true;

/**
 * Enabled people who could approve in the stage, a minute ago at most, but for those left out; so many at most. The Identity
 * Store cannot be asked who has an attribute: of everybody who has it those alone are found whom some group must have, too.
 */
export const findApprovers = async (
  world: Needs<'directory'>,
  stage: ApprovalStage,
  without: readonly string[],
  most = MOST_APPROVERS_NAMED,
  isWanted = anybody,
): Promise<ApproversFound> => {
  const named = await Promise.all([
    candidatesFor(world, stage),
    candidatesFor(world, escalatedTo(stage)),
    ...(stage.among ?? []).map((groups) => candidatesFor(world, { groups })),
  ]);
  const { ids, areAll, couldDecide } = candidatesIn(stage, named, without);
  const found: PersonRef[] = [];
  let lookedAt = 0;
  for (; lookedAt < Math.min(ids.length, MOST_LOOKED_AT) && found.length < most; lookedAt += AT_ONCE) {
    const looked = await Promise.all(ids.slice(lookedAt, lookedAt + AT_ONCE).map((id) => world.directory.recall(id)));
    const people = looked.filter(couldDecide);
    const wanted = await Promise.all(people.map(isWanted));
    found.push(...people.filter((_, index) => wanted[index]).map(refTo));
  }
  return { people: found.slice(0, most), isAll: areAll && lookedAt >= ids.length && found.length <= most };
};

/** The same, without saying whether these are all. */
export const approversNow = async (
  world: Needs<'directory'>,
  stage: ApprovalStage,
  without: readonly string[],
): Promise<readonly PersonRef[]> => (await findApprovers(world, stage, without)).people;
