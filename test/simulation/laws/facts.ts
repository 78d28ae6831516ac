/** What is right, judged from the facts of the world by whoever watches it: written apart from the code that is watched. */
import type {
  AccessRequest,
  Audience,
  Entitled,
  PersonRef,
  Target,
  Vote,
} from '../../../lambda/domain/access-request.ts';
import type { Account, Person } from '../../../lambda/domain/policy/facts.ts';
import type { AttributeTest, BreakGlassRule, Entitlement, Stage } from '../../../lambda/domain/policy/policy.ts';
import { ADMINISTRATORS, DUTY, HOST, type Population } from '../population.ts';

/** A run may have looked at the facts so long before what it then did took effect: its time limit, and a late effect. */
const JUST_NOW_MS = 200_000;

/** What waits for votes: a request, or a wish for more time. */
export type Asked = Pick<AccessRequest, 'votes' | 'askedAt'>;

export interface Facts {
  /** The rule that a request names, in the version that it names. */
  ruleOf(entitled: Entitled): Entitlement | undefined;
  /** Whether the policy of today lets the requester have this, or did just now. */
  isEligible(request: AccessRequest, now: number): boolean;
  /** Whether an assignment of its opens nothing, or did not just now: its user is not there, or its account closed. */
  opensNothing(request: AccessRequest, now: number): boolean;
  /** How many must approve in that stage of the rule: where Brevet itself is, two in all stages together at least. */
  requiredIn(rule: Entitlement, stage: number, target: Target): number;
  /** Whether enough distinct people other than the requester approved, by the rule that the request names. */
  isApproved(request: AccessRequest): boolean;
  /** How often the rule by which the glass was broken lets one person do so within a day. */
  mostGlass(request: AccessRequest): number;
  /** Whether the person belongs to the audience now, or could just now, or is an administrator. */
  isAmongNow(audience: Audience, who: PersonRef, now: number): boolean;
  /** Whether the voter may decide in that stage of the rule now, or could just now. */
  mayVote(vote: Vote, rule: Entitlement, asked: Asked, now: number): boolean;
}

const isWithin = (account: Account, unit: string): boolean => `${account.ouPath}/`.startsWith(`${unit}/`);

const NOBODY: { readonly groups: readonly string[]; readonly users: readonly string[] } = { groups: [], users: [] };

/** Of whom nothing was read, nothing is theirs. */
const hasAll = ({ attributes = {} }: Person, wanted: readonly AttributeTest[] = []): boolean =>
  wanted.every(({ attribute, values }) => values.some((value) => value === attributes[attribute]));

export const factsOf = (population: Population): Facts => {
  const { people, groups, accounts, permissionSets, changedAt, policyOf, policyNow } = population;

  const isIn = (personId: string, groupName: string): boolean =>
    groups.get(`group-${groupName}`)?.memberIds.includes(personId) ?? false;
  const changedJustNow = (now: number, ...subjects: readonly string[]): boolean =>
    subjects.some((subject) => now - (changedAt.get(subject) ?? Number.NEGATIVE_INFINITY) < JUST_NOW_MS);

  const admits = (rule: Entitlement, { requester, target, durationSeconds, breakGlass }: AccessRequest): boolean => {
    const account = accounts.get(target.accountId);
    if (!account?.active || account.forbidden || (account.guarded && breakGlass)) return false;
    return (
      rule.who.groups.some((name) => isIn(requester.id, name)) &&
      rule.what.accounts.organizationalUnits.some((unit) => isWithin(account, unit)) &&
      rule.what.permissionSets.names.includes(permissionSets.get(target.permissionSetArn)?.name ?? '') &&
      durationSeconds <= rule.maxDurationSeconds &&
      (rule.require.onCall === undefined || population.onDuty.has(requester.id))
    );
  };

  /** What the rota says counts for targets that some rule opens to whoever is on call. */
  const rotaOf = ({ target, entitled }: AccessRequest): readonly string[] => {
    const concerned = [ruleOf(entitled), ...policyNow().entitlements].filter((one) =>
      one?.what.permissionSets.names.includes(target.permissionSetName),
    );
    return concerned.some((one) => one?.require.onCall !== undefined) ? [DUTY] : [];
  };

  const ruleOf = ({ name, policyVersion }: Entitled): Entitlement | undefined =>
    policyOf(policyVersion)?.entitlements.find((one) => one.name === name);

  const glassRuleOf = ({ breakGlass, entitled }: AccessRequest): BreakGlassRule | undefined =>
    breakGlass && policyOf(entitled.policyVersion)?.breakGlass?.find(({ name }) => name === entitled.name);
  const rulesNow = ({ breakGlass }: AccessRequest): readonly Entitlement[] =>
    breakGlass ? (policyNow().breakGlass ?? []) : policyNow().entitlements;

  const isGuarded = ({ accountName }: Target): boolean => accountName === HOST;
  const requiredIn = ({ approval }: Entitlement, number: number, target: Target): number => {
    const inAll = approval.reduce((sum, { required }) => sum + required, 0);
    const more = isGuarded(target) && number === approval.length - 1 ? Math.max(0, 2 - inAll) : 0;
    return (approval[number]?.required ?? Number.POSITIVE_INFINITY) + more;
  };

  return {
    ruleOf,
    requiredIn,
    opensNothing: ({ requester, target }, now) =>
      changedJustNow(now, requester.id, target.accountId) ||
      !people.has(requester.id) ||
      !accounts.get(target.accountId)?.active,
    mostGlass: (request) => glassRuleOf(request)?.breakGlass.maxUses ?? 0,
    isAmongNow: ({ groups: among, people: named }, { id }, now) =>
      named.some((one) => one.id === id) ||
      [...among.map(({ name }) => name), ADMINISTRATORS].some(
        (name) => isIn(id, name) || changedJustNow(now, id, `group-${name}`),
      ),
    isEligible: (request, now) => {
      const { requester, target } = request;
      if (changedJustNow(now, 'policy', ...rotaOf(request), requester.id, target.accountId, target.permissionSetArn))
        return true;
      if (!people.get(requester.id)?.enabled) return false;
      const named = request.breakGlass ? glassRuleOf(request) : ruleOf(request.entitled);
      return named !== undefined && admits(named, request) && rulesNow(request).some((rule) => admits(rule, request));
    },
    isApproved: (request) => {
      // Nobody approves where the glass is broken; once it is extended, its rule is an ordinary one.
      if (glassRuleOf(request)) return !isGuarded(request.target);
      const rule = ruleOf(request.entitled);
      if (!rule || (rule.approval.length === 0 && isGuarded(request.target))) return false;
      const spent = new Set([request.requester.id]);
      const isComplete = (_stage: Stage, stage: number): boolean => {
        const approvers = request.votes.flatMap((vote) =>
          vote.stage === stage && vote.choice === 'approve' && !spent.has(vote.approver.id) ? [vote.approver.id] : [],
        );
        for (const id of approvers) spent.add(id);
        return new Set(approvers).size >= requiredIn(rule, stage, request.target);
      };
      return rule.approval.every(isComplete);
    },
    mayVote: ({ approver, stage: number, at }, rule, asked, now) => {
      const stage = rule.approval[number];
      if (!stage) return false;
      const before = asked.votes.filter((one) => one.stage === number - 1).map((one) => one.at);
      const opened = Math.max(asked.askedAt, ...before);
      const { escalation } = stage;
      const later = escalation !== undefined && at >= opened + escalation.afterSeconds * 1000 ? escalation : NOBODY;
      const groupNames = [...stage.groups, ...later.groups];
      if (changedJustNow(now, approver.id, ...groupNames.map((name) => `group-${name}`))) return true;
      const person = people.get(approver.id);
      if (person?.enabled !== true) return false;
      const isOf = ({ groups: among, users }: typeof NOBODY): boolean =>
        users.includes(person.userName) || among.some((name) => isIn(person.id, name));
      const isEverybody = stage.everybodyWith !== undefined && stage.everybodyWith.length > 0;
      return (
        isOf(later) ||
        (isOf(stage) && hasAll(person, stage.attributes)) ||
        (isEverybody && hasAll(person, stage.everybodyWith))
      );
    },
  };
};
