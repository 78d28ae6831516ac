/** One Standard execution a request, in AWS Step Functions. */
import type { ListExecutionsInput, SendTaskSuccessInput, StartExecutionInput } from '@aws-sdk/client-sfn';
import type { DecisionAnswer, EndAnswer, StepAnswer, WorkflowInput } from '../contract/workflow.ts';
import { toIsoSecondsCeiling } from '../domain/time.ts';
import type { StepOutcome } from '../domain/workflow-step.ts';
import type { WorkflowRunner } from '../ports/workflow-runner.ts';
import { createJsonCalls, type JsonCalls, type JsonCallsParts } from './json-calls.ts';
import { allPages } from './paged.ts';
import { callingUnless } from './service-call.ts';

type StepFunctionsOperations = {
  readonly StartExecution: { readonly input: StartExecutionInput; readonly output: object };
  readonly SendTaskSuccess: { readonly input: SendTaskSuccessInput; readonly output: object };
  readonly ListExecutions: {
    readonly input: ListExecutionsInput;
    readonly output: { readonly executions?: readonly { readonly name?: string }[]; readonly nextToken?: string };
  };
};

export type StepFunctionsCalls = JsonCalls<StepFunctionsOperations>;

export interface StepFunctionsRunnerParts {
  readonly calls: StepFunctionsCalls;
  readonly stateMachineArn: string;
}

const SOURCE = 'workflow';

export const createStepFunctionsCalls = (
  parts: Pick<JsonCallsParts, 'aws' | 'clock' | 'endpoint' | 'tries'>,
): StepFunctionsCalls =>
  createJsonCalls({ ...parts, signingName: 'states', source: SOURCE, target: 'AWSStepFunctions', version: '1.0' });

/** Step Functions lets five calls a second list executions: few calls, also where thousands run. */
const LARGEST_PAGE = 1000;
/** The same name and input again, or the name of an execution that has ended: started once is what was wanted. */
const ALREADY_STARTED = ['ExecutionAlreadyExists'];
/** The token is used up, its task timed out, its execution ended, or it never was one. */
const NOBODY_WAITS = ['TaskTimedOut', 'TaskDoesNotExist', 'InvalidToken'];

const nameOf = (requestId: string, generation: number): string => `${requestId}-${generation}`;
const requestIdIn = (executionName: string): string => executionName.replace(/-\d+$/, '');

/** Grant and End share the answer that says how long to hold: Grant reads `holdUntil`, End `over` too. */
export const answerOf = (outcome: StepOutcome): StepAnswer => {
  switch (outcome.kind) {
    case 'decided': {
      const { approved } = outcome;
      const answer: DecisionAnswer = approved
        ? { approved, startsAt: toIsoSecondsCeiling(outcome.startsAt) }
        : { approved };
      return answer;
    }
    case 'hold': {
      const answer: EndAnswer = { over: false, holdUntil: toIsoSecondsCeiling(outcome.until) };
      return answer;
    }
    case 'over':
      return { over: true };
  }
};

export const createStepFunctionsRunner = ({ calls, stateMachineArn }: StepFunctionsRunnerParts): WorkflowRunner => {
  const begin = async (requestId: string, name: string): Promise<void> => {
    const input: WorkflowInput = { requestId };
    const starting = calls('StartExecution', { stateMachineArn, name, input: JSON.stringify(input) });
    await callingUnless(SOURCE, ALREADY_STARTED, starting);
  };

  return {
    start: (requestId) => begin(requestId, requestId),
    restart: (requestId, generation) => begin(requestId, nameOf(requestId, generation)),

    answer: async (taskToken, outcome) => {
      const answering = calls('SendTaskSuccess', { taskToken, output: JSON.stringify(answerOf(outcome)) });
      const answered = await callingUnless(SOURCE, NOBODY_WAITS, answering);
      return answered ? 'answered' : 'nobody-waits';
    },

    running: async () => {
      const executions = await allPages(async (nextToken) => {
        const page = { statusFilter: 'RUNNING', maxResults: LARGEST_PAGE, nextToken } as const;
        const answer = await calls('ListExecutions', { stateMachineArn, ...page });
        return { items: answer.executions, nextToken: answer.nextToken };
      });
      return new Set(executions.flatMap(({ name }) => (name === undefined ? [] : [requestIdIn(name)])));
    },
  };
};
