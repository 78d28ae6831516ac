/** Runs the workflow's definition, as AWS Step Functions does, over virtual time. */
import { type Json, type Machine, type State, type TaskState, WAITING_INVOKE } from './machine.ts';

type Data = { readonly [key: string]: Json | undefined };

export interface Waiter {
  readonly token: string;
  readonly answered: Promise<Json>;
  /** From now on nobody waits on the token. */
  readonly close: () => void;
}

/** What an execution lives in. Nothing that it gave to an execution that was stopped may ever settle. */
export interface Host {
  now(): number;
  sleep(milliseconds: number): Promise<void>;
  /** From 0 to 1, for full jitter. */
  jitter(): number;
  /** Calls the function. @throws what the function threw, or a failure of Lambda, told apart by name. */
  invoke(payload: Json): Promise<Json>;
  waiter(): Waiter;
  entered(state: string): void;
}

/** Fails a state, by the name that Retry and Catch match. */
export class StateError extends Error {
  constructor(name: string, message: string) {
    super(message);
    this.name = name;
  }
}

const asStateError = (thrown: unknown): StateError =>
  thrown instanceof Error ? new StateError(thrown.name, thrown.message) : new StateError('Error', String(thrown));

const at = (path: string, data: Json): Json => {
  const found = path
    .split('.')
    .slice(1)
    .reduce<Json | undefined>(
      (held, name) => (typeof held === 'object' && held !== null ? (held as Data)[name] : undefined),
      data,
    );
  if (found === undefined) throw new StateError('States.Runtime', `nothing at ${path}`);
  return found;
};

/** Fills in what `name.$` fields point to. */
const filled = (template: Json, data: Data, token: string | undefined): Json => {
  if (typeof template !== 'object' || template === null || Array.isArray(template)) return template;
  const entries = Object.entries(template).map(([name, value]) => {
    if (!name.endsWith('.$')) return [name, filled(value ?? null, data, token)];
    const path = String(value);
    if (path === '$$.Task.Token' && token !== undefined) return [name.slice(0, -2), token];
    if (path.startsWith('$$')) throw new StateError('States.Runtime', `no ${path} here`);
    return [name.slice(0, -2), at(path, data)];
  });
  return Object.fromEntries(entries) as Data;
};

const withResult = (data: Data, path: string, result: Json): Data => ({ ...data, [path.slice(2)]: result });

const never = (): Promise<never> => new Promise(() => {});

const timeout = async (host: Host, seconds: number): Promise<never> => {
  await host.sleep(seconds * 1000);
  throw new StateError('States.Timeout', 'the task timed out');
};

/** One attempt. The answer may come before the function has returned; its failure ends the wait. */
const attempt = async (host: Host, state: TaskState, data: Data): Promise<Json> => {
  const late = timeout(host, state.TimeoutSeconds);
  late.catch(() => {});
  if (state.Resource !== WAITING_INVOKE) {
    return Promise.race([host.invoke(filled(state.Parameters, data, undefined)), late]);
  }
  const waiter = host.waiter();
  const { Payload } = filled(state.Parameters, data, waiter.token) as Data;
  try {
    return await Promise.race([waiter.answered, host.invoke(Payload ?? null).then(never), late]);
  } finally {
    waiter.close();
  }
};

const matches = ({ ErrorEquals }: { readonly ErrorEquals: readonly string[] }, { name }: StateError): boolean =>
  ErrorEquals.some((wanted) => wanted === name || wanted === 'States.ALL');

type Next = { readonly next: string; readonly data: Data };

const performTask = async (host: Host, state: TaskState, data: Data): Promise<Next> => {
  const used = state.Retry.map(() => 0);
  for (;;) {
    try {
      return { next: state.Next, data: withResult(data, state.ResultPath, await attempt(host, state, data)) };
    } catch (thrown) {
      const error = asStateError(thrown);
      const which = state.Retry.findIndex((retrier) => matches(retrier, error));
      const retrier = state.Retry[which];
      const tries = used[which] ?? 0;
      if (!retrier || tries >= retrier.MaxAttempts) return caught(state, data, error);
      used[which] = tries + 1;
      const seconds = retrier.IntervalSeconds * retrier.BackoffRate ** tries;
      await host.sleep(Math.min(seconds, retrier.MaxDelaySeconds ?? Number.POSITIVE_INFINITY) * 1000 * host.jitter());
    }
  }
};

const caught = (state: TaskState, data: Data, error: StateError): Next => {
  const catcher = state.Catch.find((one) => matches(one, error));
  if (!catcher) throw error;
  return {
    next: catcher.Next,
    data: withResult(data, catcher.ResultPath, { Error: error.name, Cause: error.message }),
  };
};

const waitUntil = async (host: Host, moment: Json): Promise<void> => {
  const until = typeof moment === 'string' ? Date.parse(moment) : Number.NaN;
  if (Number.isNaN(until)) throw new StateError('States.Runtime', `no moment: ${JSON.stringify(moment)}`);
  if (until > host.now()) await host.sleep(until - host.now());
};

const perform = async (host: Host, state: State, data: Data): Promise<Next | 'over'> => {
  switch (state.Type) {
    case 'Task':
      return performTask(host, state, data);
    case 'Wait':
      await waitUntil(host, at(state.TimestampPath, data));
      return { next: state.Next, data };
    case 'Choice': {
      const chosen = state.Choices.find(({ Variable, BooleanEquals }) => at(Variable, data) === BooleanEquals);
      return { next: chosen?.Next ?? state.Default, data };
    }
    case 'Fail':
      throw new StateError(state.Error, state.Cause);
    case 'Succeed':
      return 'over';
  }
};

/** @throws StateError with which the execution failed. */
export const interpret = async (machine: Machine, input: Data, host: Host): Promise<void> => {
  let name = machine.StartAt;
  let data = input;
  for (;;) {
    const state = machine.States[name];
    if (!state) throw new StateError('States.Runtime', `no state ${name}`);
    host.entered(name);
    const went = await perform(host, state, data);
    if (went === 'over') return;
    name = went.next;
    data = went.data;
  }
};
