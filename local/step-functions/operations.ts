/** The operations of Step Functions that Brevet and people at a terminal use, over AWS JSON 1.0. */
import type {
  DescribeExecutionOutput,
  DescribeStateMachineForExecutionOutput,
  DescribeStateMachineOutput,
  ExecutionListItem,
  ListExecutionsOutput,
  ListStateMachinesOutput,
  ListTagsForResourceOutput,
  StartExecutionOutput,
  StateMachineListItem,
  StopExecutionOutput,
} from '@aws-sdk/client-sfn';
import * as z from 'zod';
import { parseInput } from '../stand-in/input.ts';
import type { Wire } from '../stand-in/service.ts';
import { StepFunctionsError, type StepFunctionsErrorCode } from './errors.ts';
import type { Execution, ExecutionStatus } from './execution.ts';
import type { Executions } from './executions.ts';
import { pageOf } from './paging.ts';
import type { TaskTokens } from './task-tokens.ts';

export interface Machine {
  readonly arn: string;
  readonly name: string;
  readonly definitionText: string;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  readonly executions: Executions;
  readonly tokens: TaskTokens;
}

type Operation = (input: unknown, machine: Machine) => object;

const seconds = (epochMilliseconds: number): number => epochMilliseconds / 1000;

/** JSON text, or the error that Step Functions has for one that is none. */
const jsonText = (value: string, code: StepFunctionsErrorCode): string => {
  try {
    JSON.parse(value);
    return value;
  } catch (error) {
    throw new StepFunctionsError(code, `${code}: '${String(error)}'`);
  }
};

const operation =
  <Input>(schema: z.ZodType<Input>, answer: (input: Input, machine: Machine) => object): Operation =>
  (input, machine) =>
    answer(parseInput(schema, input), machine);

const requireMachine = (machine: Machine, arn: string): void => {
  if (arn !== machine.arn) {
    throw new StepFunctionsError('StateMachineDoesNotExist', `State Machine Does Not Exist: '${arn}'`);
  }
};

const statusOf = (execution: Execution): ExecutionStatus => execution.ending()?.status ?? 'RUNNING';

const summary = (execution: Execution, machine: Machine): Wire<ExecutionListItem> => {
  const ending = execution.ending();
  return {
    executionArn: execution.arn,
    stateMachineArn: machine.arn,
    name: execution.name,
    status: statusOf(execution),
    startDate: seconds(execution.startedAt),
    ...(ending === undefined ? {} : { stopDate: seconds(ending.endedAt) }),
  };
};

const NAME = /^[^\s<>{}[\]?*"#%\\^|~`$&,;:/\p{Cc}]{1,80}$/u;

const startExecution = operation(
  z.object({ stateMachineArn: z.string(), name: z.string().optional(), input: z.string().default('{}') }),
  ({ stateMachineArn, name = crypto.randomUUID(), input }, machine): Wire<StartExecutionOutput> => {
    requireMachine(machine, stateMachineArn);
    if (!NAME.test(name)) throw new StepFunctionsError('InvalidName', `Invalid Name: '${name}'`);
    const execution = machine.executions.start(name, jsonText(input, 'InvalidExecutionInput'));
    return { executionArn: execution.arn, startDate: seconds(execution.startedAt) };
  },
);

const describeExecution = operation(
  z.object({ executionArn: z.string() }),
  ({ executionArn }, machine): Wire<DescribeExecutionOutput> => {
    const execution = machine.executions.find(executionArn);
    const { output, error, cause } = execution.ending() ?? {};
    return {
      ...summary(execution, machine),
      input: execution.input,
      inputDetails: { included: true },
      ...(output === undefined ? {} : { output, outputDetails: { included: true } }),
      ...(error === undefined ? {} : { error }),
      ...(cause === undefined ? {} : { cause }),
      redriveCount: 0,
    };
  },
);

const stopExecution = operation(
  z.object({ executionArn: z.string(), error: z.string().optional(), cause: z.string().optional() }),
  ({ executionArn, error, cause }, machine): Wire<StopExecutionOutput> => {
    const execution = machine.executions.find(executionArn);
    execution.stop(error, cause);
    return { stopDate: seconds(execution.ending()?.endedAt ?? Date.now()) };
  },
);

const STATUSES = ['RUNNING', 'SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED'] as const;
const paging = { maxResults: z.int().min(0).max(1000).default(0), nextToken: z.string().optional() };

const listExecutions = operation(
  z.object({ stateMachineArn: z.string(), statusFilter: z.enum(STATUSES).optional(), ...paging }),
  ({ stateMachineArn, statusFilter, ...page }, machine): Wire<ListExecutionsOutput> => {
    requireMachine(machine, stateMachineArn);
    const isAsked = (one: Execution) => statusFilter === undefined || statusOf(one) === statusFilter;
    const scope = ['ListExecutions', statusFilter];
    const { items, ...next } = pageOf(machine.executions.all(), scope, page, ({ name }) => name, isAsked);
    return { executions: items.map((execution) => summary(execution, machine)), ...next };
  },
);

const getExecutionHistory = operation(
  z.object({ executionArn: z.string(), reverseOrder: z.boolean().default(false), ...paging }),
  ({ executionArn, reverseOrder, ...page }, machine) => {
    const numbered = machine.executions
      .find(executionArn)
      .events.map((event, index) => ({ ...event, id: index + 1, previousEventId: index }));
    const events = reverseOrder ? numbered.reverse() : numbered;
    const scope = ['GetExecutionHistory', executionArn, reverseOrder];
    const { items, ...next } = pageOf(events, scope, page, ({ id }) => String(id));
    return { events: items, ...next };
  },
);

const sendTaskSuccess = operation(
  z.object({ taskToken: z.string().min(1).max(2048), output: z.string() }),
  ({ taskToken, output }, { tokens }) => {
    tokens.answer(taskToken, { kind: 'success', output: JSON.parse(jsonText(output, 'InvalidOutput')) });
    return {};
  },
);

const sendTaskFailure = operation(
  z.object({
    taskToken: z.string().min(1).max(2048),
    error: z.string().max(256).default(''),
    cause: z.string().max(32_768).default(''),
  }),
  ({ taskToken, error, cause }, { tokens }) => {
    tokens.answer(taskToken, { kind: 'failure', error, cause });
    return {};
  },
);

const sendTaskHeartbeat = operation(z.object({ taskToken: z.string().min(1).max(2048) }), ({ taskToken }, machine) => {
  machine.tokens.heartbeat(taskToken);
  return {};
});

const machineSummary = ({ arn, name, createdAt }: Machine): Wire<StateMachineListItem> => ({
  stateMachineArn: arn,
  name,
  type: 'STANDARD',
  creationDate: seconds(createdAt),
});

/** No role: functions are called by whoever is here. It has the form that clients expect. */
const ROLE_ARN = 'arn:aws:iam::000000000000:role/local';

const describeStateMachine = operation(
  z.object({ stateMachineArn: z.string() }),
  ({ stateMachineArn }, machine): Wire<DescribeStateMachineOutput> => {
    requireMachine(machine, stateMachineArn);
    return { ...machineSummary(machine), status: 'ACTIVE', definition: machine.definitionText, roleArn: ROLE_ARN };
  },
);

/** The definition never changes while the service runs, so every execution has that one. */
const describeStateMachineForExecution = operation(
  z.object({ executionArn: z.string() }),
  ({ executionArn }, machine): Wire<DescribeStateMachineForExecutionOutput> => {
    machine.executions.find(executionArn);
    const { arn, name, definitionText, createdAt } = machine;
    return {
      stateMachineArn: arn,
      name,
      definition: definitionText,
      roleArn: ROLE_ARN,
      updateDate: seconds(createdAt),
    };
  },
);

const listStateMachines = operation(z.object(paging), (page, machine): Wire<ListStateMachinesOutput> => {
  const { items, ...next } = pageOf([machine], ['ListStateMachines'], page, ({ name }) => name);
  return { stateMachines: items.map(machineSummary), ...next };
});

const listTagsForResource = operation(
  z.object({ resourceArn: z.string() }),
  ({ resourceArn }, machine): Wire<ListTagsForResourceOutput> => {
    if (resourceArn !== machine.arn) {
      throw new StepFunctionsError('ResourceNotFound', `Resource not found: '${resourceArn}'`);
    }
    return { tags: [] };
  },
);

export const OPERATIONS: Readonly<Record<string, Operation>> = {
  StartExecution: startExecution,
  StopExecution: stopExecution,
  DescribeExecution: describeExecution,
  ListExecutions: listExecutions,
  GetExecutionHistory: getExecutionHistory,
  SendTaskSuccess: sendTaskSuccess,
  SendTaskFailure: sendTaskFailure,
  SendTaskHeartbeat: sendTaskHeartbeat,
  DescribeStateMachine: describeStateMachine,
  DescribeStateMachineForExecution: describeStateMachineForExecution,
  ListStateMachines: listStateMachines,
  ListTagsForResource: listTagsForResource,
};
