/** The small interpreter runs the workflow as `aws-local-stepfunctions` does, on every path; what it does not know it refuses. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DEFAULT_LIMITS } from '../../lambda/contract/limits.ts';
import { synthesizeWorkflow } from '../../lib/workflow/definition.ts';
import { interpret as interpretLocally, machineOf, type Outcome, type Run, type Script } from '../lib/interpreted.ts';
import { type Host, interpret, StateError } from './interpreter.ts';
import { type Json, readMachine, type State } from './machine.ts';
import { createTimeline } from './timeline.ts';

const START = Date.parse('2026-11-23T09:00:00Z');
const LONGEST_MS = 48 * 3600 * 1000;

const definition = synthesizeWorkflow({ limits: DEFAULT_LIMITS });
const machine = readMachine(definition);
const local = machineOf(definition);

/** Runs a script here, with full jitter always at its longest. */
const interpretHere = async (script: Script): Promise<Run> => {
  const timeline = createTimeline(START);
  const entered: string[] = [];
  const attempts: Record<string, number> = {};
  const perform = (state: string): Promise<Json> => {
    const outcomes: readonly Outcome[] = script[state] ?? [];
    const attempt = attempts[state] ?? 0;
    attempts[state] = attempt + 1;
    const outcome = outcomes[Math.min(attempt, outcomes.length - 1)];
    if (outcome === undefined || outcome === 'never') return new Promise(() => {});
    return 'answer' in outcome
      ? Promise.resolve(outcome.answer as Json)
      : Promise.reject(new StateError(outcome.fault, outcome.fault));
  };
  const state = (): string => entered.at(-1) ?? '';
  const host: Host = {
    now: timeline.now,
    sleep: timeline.sleep,
    jitter: () => 1,
    // A task that waits for its token fails by its function, and is answered by its token.
    invoke: (payload) =>
      payload !== null && typeof payload === 'object' && 'taskToken' in payload
        ? new Promise(() => {})
        : perform(state()),
    waiter: () => ({ token: 'a-token', answered: perform(state()), close: () => {} }),
    entered: (name) => void entered.push(name),
  };
  let ended = {};
  let endedAt = Number.POSITIVE_INFINITY;
  interpret(machine, { requestId: '01JD0000000000000000000000' }, host).then(
    () => {
      endedAt = timeline.now();
    },
    (error: Error) => {
      endedAt = timeline.now();
      ended = { failedWith: error.name };
    },
  );
  await timeline.runUntil(START + LONGEST_MS, () => {});
  return { entered, attempts, seconds: (endedAt - START) / 1000, ...ended };
};

const at = (time: string): string => `2026-11-23T${time}Z`;
const approved = { answer: { approved: true, startsAt: at('09:00:00') } };
const late = { answer: { approved: true, startsAt: at('17:00:00') } };
const scheduled = { answer: { approved: true, startsAt: at('12:00:00') } };
const rejected = { answer: { approved: false } };
const held = { answer: { holdUntil: at('10:00:00') } };
const extended = { answer: { over: false, holdUntil: at('11:00:00') } };
const gone = { answer: { over: true } };
const fault = (name: string) => ({ fault: name });

const PATHS: readonly (readonly [string, Script])[] = [
  ['the natural end', { AwaitDecision: [approved], Grant: [held], End: [gone] }],
  [
    'a scheduled request',
    { AwaitDecision: [scheduled], Grant: [{ answer: { holdUntil: at('12:30:00') } }], End: [gone] },
  ],
  ['a rejected request', { AwaitDecision: [rejected] }],
  ['an expired request', { AwaitDecision: ['never'], Expire: [rejected] }],
  ['approved while it expired', { AwaitDecision: ['never'], Expire: [late], Grant: [held], End: [gone] }],
  ['an extended request', { AwaitDecision: [approved], Grant: [held], End: [extended, gone] }],
  ['a grant that failed by a bug', { AwaitDecision: [approved], Grant: [fault('TypeError')], End: [gone] }],
  ['a grant that keeps failing', { AwaitDecision: [approved], Grant: [fault('ServiceFault')], End: [gone] }],
  ['a grant that Lambda loses', { AwaitDecision: [approved], Grant: [fault('Lambda.Unknown')], End: [gone] }],
  ['a grant that nobody confirms', { AwaitDecision: [approved], Grant: ['never'], End: [gone] }],
  [
    'faults that pass, at every task',
    {
      AwaitDecision: [fault('ServiceFault'), fault('Lambda.TooManyRequestsException'), approved],
      Grant: [fault('ConflictFault'), fault('Lambda.ServiceException'), held],
      End: [fault('ServiceFault'), fault('TypeError'), fault('Sandbox.Timedout'), gone],
    },
  ],
  [
    'timeouts and faults among each other',
    { AwaitDecision: [approved], Grant: [held], End: ['never', fault('Error'), 'never', gone] },
  ],
  ['a decision that cannot be awaited', { AwaitDecision: [fault('ServiceFault')] }],
  ['a bug before anything was granted', { AwaitDecision: [fault('TypeError')] }],
  ['an expiry that keeps failing', { AwaitDecision: ['never'], Expire: [fault('Error')] }],
  ['an expiry that is never answered', { AwaitDecision: ['never'], Expire: ['never'] }],
  ['an end that keeps failing', { AwaitDecision: [approved], Grant: [held], End: [fault('ServiceFault')] }],
  ['an end that is never answered', { AwaitDecision: [approved], Grant: [held], End: ['never'] }],
];

describe('the small interpreter', () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: START, toFake: ['setTimeout', 'clearTimeout', 'Date'] });
    vi.spyOn(Math, 'random').mockReturnValue(1 - Number.EPSILON);
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.restoreAllMocks();
  });

  it.each(PATHS)('runs %s as the library does', async (_, script) => {
    const there = await interpretLocally(local, script);
    const { failedWith, ...here } = await interpretHere(script);
    expect(here).toEqual({ entered: there.entered, attempts: there.attempts, seconds: there.seconds });
    expect(failedWith === undefined).toBe(there.failedWith === undefined);
  });

  it('is tried on every way from state to state', async () => {
    const gone = new Set<string>();
    for (const [, script] of PATHS) {
      const { entered } = await interpretHere(script);
      for (const [index, state] of entered.entries()) if (index > 0) gone.add(`${entered[index - 1]} → ${state}`);
    }
    expect([...gone].sort()).toEqual(Object.entries(machine.States).flatMap(waysOut).sort());
  });
});

const waysOut = ([name, state]: readonly [string, State]): string[] => {
  const to = (next: string): string => `${name} → ${next}`;
  if (state.Type === 'Task') return [...new Set([state.Next, ...state.Catch.map(({ Next }) => Next)])].map(to);
  if (state.Type === 'Choice') return [state.Default, ...state.Choices.map(({ Next }) => Next)].map(to);
  return state.Type === 'Wait' ? [to(state.Next)] : [];
};

describe('a definition that the small interpreter does not know', () => {
  const changed = (change: (states: Record<string, Record<string, unknown>>) => void): string => {
    const copy = JSON.parse(definition) as { States: Record<string, Record<string, unknown>> };
    change(copy.States);
    return JSON.stringify(copy);
  };
  const set = (state: string, field: string, value: unknown) =>
    changed((states) => {
      states[state] = { ...states[state], [field]: value };
    });

  it.each([
    ['another type of state', set('Hold', 'Type', 'Pass')],
    ['an input filter', set('Grant', 'InputPath', '$.x')],
    ['a result filter', set('End', 'ResultSelector', {})],
    ['a heartbeat', set('AwaitDecision', 'HeartbeatSeconds', 60)],
    ['a timeout out of the data', set('AwaitDecision', 'TimeoutSecondsPath', '$.x')],
    ['another service', set('Expire', 'Resource', 'arn:aws:states:::aws-sdk:ssoadmin:createAccountAssignment')],
    ['another comparison', set('IsOver', 'Choices', [{ Variable: '$.x', StringEquals: 'y', Next: 'Over' }])],
    ['a wait of so many seconds', set('Hold', 'Seconds', 5)],
    ['another query language', set('Hold', 'QueryLanguage', 'JSONata')],
    [
      'retries without jitter',
      set('End', 'Retry', [{ ErrorEquals: ['States.ALL'], IntervalSeconds: 1, MaxAttempts: 1, BackoffRate: 2 }]),
    ],
  ])('is refused: %s', (_, definitionText) => {
    expect(() => readMachine(definitionText)).toThrow();
  });
});
