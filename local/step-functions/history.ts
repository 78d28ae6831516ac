/** An execution's history, told in Step Functions' event types. */

/** What the interpreter reports; only what the history needs. */
interface ReportedEvent {
  readonly type: string;
  readonly timestamp: number;
  readonly state?: {
    readonly name: string;
    readonly type: string;
    readonly input?: unknown;
    readonly output?: unknown;
  };
  readonly input?: unknown;
  readonly output?: unknown;
  readonly Error?: string;
  readonly Cause?: unknown;
}

/** One event as it goes over the wire, but for its number. */
export interface RecordedEvent {
  readonly type: string;
  /** Epoch seconds, as AWS JSON carries instants. */
  readonly timestamp: number;
  readonly [details: `${string}EventDetails`]: object;
}

const json = (value: unknown): string => JSON.stringify(value ?? null);
const text = (value: unknown): string => {
  if (value instanceof Error) return value.message;
  return typeof value === 'string' ? value : json(value);
};

const stateEvent = (event: ReportedEvent, type: string): RecordedEvent | undefined => {
  const { state, timestamp: at } = event;
  if (!state) return undefined;
  const timestamp = at / 1000;
  if (type === 'StateEntered') {
    const stateEnteredEventDetails = { name: state.name, input: json(state.input) };
    return { type: `${state.type}StateEntered`, timestamp, stateEnteredEventDetails };
  }
  if (type === 'StateExited') {
    const stateExitedEventDetails = { name: state.name, output: json(state.output) };
    return { type: `${state.type}StateExited`, timestamp, stateExitedEventDetails };
  }
  return undefined;
};

/** A state's failure as the history tells it: the task's own event, with the error by which Retry and Catch go. */
const failureEvent = (event: ReportedEvent): RecordedEvent | undefined => {
  if (event.state?.type !== 'Task') return undefined;
  const details = { resourceType: 'lambda', resource: 'invoke', error: event.Error ?? '', cause: text(event.Cause) };
  const timestamp = event.timestamp / 1000;
  if (event.Error === 'States.Timeout') return { type: 'TaskTimedOut', timestamp, taskTimedOutEventDetails: details };
  return { type: 'TaskFailed', timestamp, taskFailedEventDetails: details };
};

const executionEvent = (event: ReportedEvent): RecordedEvent | undefined => {
  const timestamp = event.timestamp / 1000;
  switch (event.type) {
    case 'ExecutionStarted':
      return { type: event.type, timestamp, executionStartedEventDetails: { input: json(event.input) } };
    case 'ExecutionSucceeded':
      return { type: event.type, timestamp, executionSucceededEventDetails: { output: json(event.output) } };
    case 'ExecutionFailed': {
      const details = { error: event.Error ?? '', cause: text(event.Cause) };
      return { type: event.type, timestamp, executionFailedEventDetails: details };
    }
    case 'ExecutionAborted':
      return { type: event.type, timestamp, executionAbortedEventDetails: {} };
    case 'ExecutionTimeout':
      return { type: 'ExecutionTimedOut', timestamp, executionTimedOutEventDetails: {} };
    default:
      return undefined;
  }
};

/** The event as the history tells it, or undefined for one that AWS does not tell (a retry shows as the failure before it). */
export const toHistoryEvent = (event: ReportedEvent): RecordedEvent | undefined => {
  switch (event.type) {
    case 'StateEntered':
    case 'StateExited':
      return stateEvent(event, event.type);
    case 'StateFailed':
      return failureEvent(event);
    default:
      return executionEvent(event);
  }
};

/** Collects what the interpreter reports, which would pile up inside it otherwise. */
export const eventRecorder = () => {
  const events: RecordedEvent[] = [];
  const record = async (reported: AsyncIterable<ReportedEvent>): Promise<void> => {
    for await (const event of reported) {
      const told = toHistoryEvent(event);
      if (told) events.push(told);
    }
  };
  return { events, record };
};
