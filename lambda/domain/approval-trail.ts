/** What the chain says of an approval: how many must say yes, and who may. */
import {
  type Approval,
  type ApprovalStage,
  approverAttributesIn,
  approverGroupsIn,
  approversNamedIn,
  requiredIn,
} from './approval.ts';
import { type AuditFact, canonicalJson } from './audit-event.ts';

const idsOf = (all: readonly { readonly id: string }[] = []): readonly string[] => all.map(({ id }) => id);

/** A stage with everything on which it depends who may decide it, as JSON. */
const stageText = ({ required, attributes, everybodyWith, among, escalation, ...named }: ApprovalStage): string =>
  canonicalJson({
    ...{ required, groups: idsOf(named.groups), users: idsOf(named.users), attributes, everybodyWith },
    among: among?.map(idsOf),
    escalation: escalation && { groups: idsOf(escalation.groups), users: idsOf(escalation.users) },
  });

/** In all stages together; then, where anybody must approve, stage by stage. */
export const approvalData = (approval: Approval): AuditFact['data'] => {
  const named = idsOf(approversNamedIn(approval));
  const attributes = approverAttributesIn(approval);
  return {
    approvalsRequired: requiredIn(approval),
    approverGroupIds: idsOf(approverGroupsIn(approval)),
    ...(named.length === 0 ? {} : { approverIds: named }),
    ...(attributes.length === 0 ? {} : { approverAttributes: attributes }),
    ...(approval.length === 0 ? {} : { approvalStages: approval.map(stageText) }),
  };
};
