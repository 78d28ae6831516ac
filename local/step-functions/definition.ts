/** Reads a definition in the Amazon States Language, and refuses what the local interpreter would silently do wrong. */
import { StateMachine, type StateMachineDefinition } from 'aws-local-stepfunctions';
import * as z from 'zod';

/** Timers hold 31 bits of milliseconds; longer ones fire at once. */
export const LONGEST_TIMER_SECONDS = 2_147_483;

const state = z.looseObject({
  Type: z.string(),
  Resource: z.string().optional(),
  TimeoutSeconds: z.number().optional(),
  TimeoutSecondsPath: z
    .undefined('the interpreter reads TimeoutSecondsPath after Parameters; use TimeoutSeconds')
    .optional(),
  HeartbeatSeconds: z.undefined('the interpreter knows no heartbeats').optional(),
  HeartbeatSecondsPath: z.undefined('the interpreter knows no heartbeats').optional(),
  QueryLanguage: z.literal('JSONPath', 'the interpreter knows JSONPath only').optional(),
});

const definition = z.looseObject({
  StartAt: z.string(),
  QueryLanguage: z.literal('JSONPath', 'the interpreter knows JSONPath only').optional(),
  States: z.record(z.string(), state),
});

export type DefinitionState = z.infer<typeof state>;

export interface LoadedDefinition {
  /** As it was given. */
  readonly text: string;
  readonly states: Readonly<Record<string, DefinitionState>>;
  readonly machine: StateMachine;
}

/** A task without a time limit has 60 s in the interpreter, and practically none in AWS. */
const withTimeLimit = (given: DefinitionState): DefinitionState => {
  if (given.Type !== 'Task') return given;
  return { ...given, TimeoutSeconds: Math.min(given.TimeoutSeconds ?? LONGEST_TIMER_SECONDS, LONGEST_TIMER_SECONDS) };
};

/** @throws Error saying what does not fit: a definition is our own, so this is a bug or a limit of the interpreter. */
export const loadDefinition = (text: string): LoadedDefinition => {
  if (text.includes('$$.State.')) throw new Error('the interpreter knows no $$.State in the context object');
  const parsed = definition.safeParse(JSON.parse(text));
  if (!parsed.success) throw new Error(`the state machine cannot be interpreted: ${z.prettifyError(parsed.error)}`);
  const states = Object.fromEntries(
    Object.entries(parsed.data.States).map(([name, given]) => [name, withTimeLimit(given)]),
  );
  const timed = { ...parsed.data, States: states } as unknown as StateMachineDefinition;
  return { text, states, machine: new StateMachine(timed, { validationOptions: { checkArn: false } }) };
};
