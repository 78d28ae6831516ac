/** Every group of which lint would say who is in it. */
import { stagesIn } from '../contract/policy-approval.ts';
import type { PolicyFile } from '../contract/policy-document.ts';

type Rule = PolicyFile['entitlements'][number];

const groupsOfRule = ({ who, approval, break_glass: glass }: Rule): readonly string[] => [
  ...who.groups,
  ...stagesIn(approval).flatMap(({ approvers, escalate_to }) => [...approvers.groups, ...(escalate_to?.groups ?? [])]),
  ...(glass ? [...glass.tell.groups, ...(glass.review.by?.groups ?? [])] : []),
];

/** As they are written, each once. */
export const groupNamesIn = ({ entitlements, guardrails, delegations }: PolicyFile): readonly string[] => [
  ...new Set([
    ...entitlements.flatMap(groupsOfRule),
    ...guardrails.flatMap(({ floor }) => floor?.approvers_from ?? []),
    ...delegations.flatMap(({ approvers_from = [] }) => approvers_from),
  ]),
];
