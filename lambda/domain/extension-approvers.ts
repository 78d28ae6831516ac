/**
 * Who was asked for more time on a request, and who decided on it.
 * NB. Whoever let access go on must be able to end it, also when they do not approve by the rule that let it begin.
 */
import type { AccessRequest, ExtensionApprovers, VoteGiven } from './access-request.ts';
import { type Approval, approverGroupsIn, approversNamedIn, type Everybody, everybodyIn } from './approval.ts';
import { canonicalJson } from './audit-event.ts';

const NOBODY: ExtensionApprovers = { groups: [], voterIds: [] };

const once = (all: readonly Everybody[]): readonly Everybody[] => [
  ...new Map(all.map((one) => [canonicalJson(one), one])).values(),
];

type Concerned = Pick<AccessRequest, 'extensionApprovers'>;

export const withAsked = <Request extends Concerned>(request: Request, approval: Approval): Request => {
  const { groups, userIds = [], everybody: known = [], ...others } = request.extensionApprovers ?? NOBODY;
  const asked = new Map([...groups, ...approverGroupsIn(approval)].map((group) => [group.id, group]));
  const named = [...new Set([...userIds, ...approversNamedIn(approval).map(({ id }) => id)])];
  const users = named.length === 0 ? {} : { userIds: named };
  const everybody = once([...known, ...everybodyIn(approval)]);
  const unnamed = everybody.length === 0 ? {} : { everybody };
  return { ...request, extensionApprovers: { ...others, groups: [...asked.values()], ...users, ...unnamed } };
};

export const withVoter = <Request extends Concerned>(request: Request, { approver }: VoteGiven): Request => {
  const { voterIds, ...others } = request.extensionApprovers ?? NOBODY;
  return { ...request, extensionApprovers: { ...others, voterIds: [...new Set([...voterIds, approver.id])] } };
};
