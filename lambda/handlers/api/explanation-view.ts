/** What an explanation looks like on the wire. */
import { toIsoDuration } from '../../contract/duration.ts';
import { type ExplanationView, MOST_RULES_TOLD } from '../../contract/explain.ts';
import type { GuardrailVerdict, RuleVerdict } from '../../domain/policy/explain.ts';
import type { Permit } from '../../domain/policy/judge.ts';
import { isRefusal, type Refusal } from '../../domain/refusal.ts';
import type { Explained } from '../../use-cases/explain-ask.ts';
import { breakGlassVerdict } from './break-glass-view.ts';

const refusalView = ({ refused: code, detail }: Refusal) => ({ code, detail });

const permitView = ({ entitlement, approval, maxDurationSeconds }: Permit): Partial<ExplanationView> => ({
  entitlement: entitlement.name,
  approval: {
    required: approval.required,
    groups: [...approval.groups],
    among: approval.among.map((groups) => [...groups]),
  },
  maxDuration: toIsoDuration(maxDurationSeconds),
});

const ruleView = ({ name, verdict, conditions }: RuleVerdict): ExplanationView['rules'][number] => ({
  name,
  verdict,
  conditions: conditions.map((condition) => ({ ...condition })),
});

const guardrailView = ({ name, effect, holds, refusal }: GuardrailVerdict): ExplanationView['guardrails'] =>
  holds === 'no' ? [] : [{ name, effect, holds, ...(refusal && { refusal: refusalView(refusal) }) }];

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
    ...(isRefusal(outcome) ? { refusal: refusalView(outcome) } : permitView(outcome)),
    ...(explained.breakGlass && { breakGlass: breakGlassVerdict(explained.breakGlass) }),
    approvers: explained.approvers.map((approver) => ({ ...approver })),
    rules: entitlements.slice(0, MOST_RULES_TOLD).map(ruleView),
    rulesLeftOut: Math.max(0, entitlements.length - MOST_RULES_TOLD),
    guardrails: guardrails.flatMap(guardrailView),
  };
};
