/** What an explanation looks like on the wire. */
import { toIsoDuration } from '../../contract/duration.ts';
import { type ExplanationView, MOST_RULES_TOLD } from '../../contract/explain.ts';
import type { PersonRef } from '../../domain/access-request.ts';
import { requiredIn } from '../../domain/approval.ts';
import type { StageDemand } from '../../domain/policy/approval-demand.ts';
import type { GuardrailVerdict, RuleVerdict } from '../../domain/policy/explain.ts';
import type { Permit } from '../../domain/policy/judge.ts';
import { isRefusal, type Refusal } from '../../domain/refusal.ts';
import type { Explained } from '../../use-cases/explain-ask.ts';
import { attributesView, everybodyView, personView } from './approval-view.ts';
import { breakGlassVerdict } from './break-glass-view.ts';

const refusalView = ({ refused: code, detail }: Refusal) => ({ code, detail });

type StageView = NonNullable<ExplanationView['approval']>['stages'][number];

const noticesView = ({ remindAfterSeconds, escalation }: StageDemand): Partial<StageView> => ({
  ...(remindAfterSeconds === undefined ? {} : { remindAfter: toIsoDuration(remindAfterSeconds) }),
  ...(escalation && {
    escalateAfter: toIsoDuration(escalation.afterSeconds),
    escalateTo: { groups: [...escalation.groups], users: [...escalation.users] },
  }),
});

const stageView = (stage: StageDemand, approvers: readonly PersonRef[]): StageView => ({
  required: stage.required,
  groups: [...stage.groups],
  users: [...stage.users],
  attributes: attributesView(stage.attributes),
  ...everybodyView(stage.everybodyWith),
  among: stage.among.map((groups) => [...groups]),
  ...(stage.silentTag === undefined ? {} : { silentTag: stage.silentTag }),
  ...noticesView(stage),
  approvers: approvers.map(personView),
});

const permitView = (
  { entitlement, approval, maxDurationSeconds }: Permit,
  approvers: Explained['approvers'],
): Partial<ExplanationView> => ({
  entitlement: entitlement.name,
  approval: {
    required: requiredIn(approval),
    stages: approval.map((stage, number) => stageView(stage, approvers[number] ?? [])),
  },
  maxDuration: toIsoDuration(maxDurationSeconds),
});

const ruleView = ({ name, verdict, conditions }: RuleVerdict): ExplanationView['rules'][number] => ({
  name,
  verdict,
  conditions: conditions.map((condition) => ({ ...condition })),
});

const guardrailView = ({ name, effect, holds, refusal }: GuardrailVerdict): ExplanationView['guardrails'][number] => ({
  ...{ name, effect, holds },
  ...(refusal && { refusal: refusalView(refusal) }),
});

export const explanationView = (explained: Explained): ExplanationView => {
  const { person, account, permissionSet, outcome, entitlements, guardrails } = explained;
  return {
    person: { ...person },
    target: {
      kind: 'account',
      accountId: account.id,
      accountName: account.name,
      permissionSet: permissionSet.name,
      sessionDuration: toIsoDuration(permissionSet.sessionSeconds),
    },
    duration: toIsoDuration(explained.durationSeconds),
    allowed: !isRefusal(outcome),
    ...(isRefusal(outcome) ? { refusal: refusalView(outcome) } : permitView(outcome, explained.approvers)),
    ...(explained.breakGlass && { breakGlass: breakGlassVerdict(explained.breakGlass) }),
    approvers: (explained.approvers[0] ?? []).map(personView),
    rules: entitlements.slice(0, MOST_RULES_TOLD).map(ruleView),
    rulesLeftOut: Math.max(0, entitlements.length - MOST_RULES_TOLD),
    guardrails: guardrails.map(guardrailView),
  };
};
