/** The story of one request, told once more: await the decision, wait for the start, grant, hold, end. */
import { Chain, Succeed } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { STATES } from '../../lambda/contract/workflow.ts';
import { awaitDecision, isApproved } from './await-decision.ts';
import { end, isGone } from './end.ts';
import { grant } from './grant.ts';
import { hold } from './hold.ts';
import { waitForStart } from './wait-for-start.ts';
import type { WorkflowParts } from './workflow-task.ts';

export const WORKFLOW_COMMENT = 'One access request: await the decision, wait for the start, grant, hold, end';

/** Input `{requestId}`, and nothing that anybody would have to believe: the table is the truth (law 12). */
export const accessWorkflow = (scope: Construct, parts: WorkflowParts): Chain => {
  const decision = awaitDecision(scope, parts);
  const ending = end(scope, parts);
  const holding = hold(scope);
  const granting = grant(scope, parts, ending.task);
  const over = new Succeed(scope, STATES.over, { comment: 'Nothing is held any more, or nothing was ever granted' });

  const approvedPath = waitForStart(scope).next(granting).next(holding).next(ending.task);
  decision.wasApproved.when(isApproved, approvedPath).otherwise(over);
  ending.isOver.when(isGone, over).otherwise(holding);
  return Chain.start(decision.start);
};
