/** The state machine: its golden file, the rules that each of its tasks keeps, and every path through it. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DEFAULT_LIMITS } from '../../lambda/contract/limits.ts';
import { FAULT_NAMES, STATES } from '../../lambda/contract/workflow.ts';
import { ConflictFault, ServiceFault } from '../../lambda/ports/faults.ts';
import { plainText, synthesizeWorkflow } from '../../lib/workflow/definition.ts';
import { interpret, machineOf, type Script } from './interpreted.ts';
import { synthesized } from './synthesized.ts';

interface Retrier {
  readonly ErrorEquals: readonly string[];
  readonly MaxAttempts?: number;
  readonly IntervalSeconds?: number;
  readonly BackoffRate?: number;
  readonly JitterStrategy?: string;
}
interface State {
  readonly Type: string;
  readonly Retry?: readonly Retrier[];
  readonly Catch?: readonly { readonly ErrorEquals: readonly string[]; readonly Next: string }[];
  readonly TimeoutSeconds?: number;
}
interface Definition {
  readonly States: Readonly<Record<string, State>>;
}

const { template } = synthesized();
const GOLDEN = new URL('../golden/access-request.asl.json', import.meta.url);
const definition = synthesizeWorkflow({ limits: DEFAULT_LIMITS });
const { States } = JSON.parse(definition) as Definition;
const tasks = Object.entries(States).filter(([, { Type }]) => Type === 'Task');

describe('the definition', () => {
  it('is the golden one', () => {
    if (process.env.UPDATE_GOLDEN) {
      mkdirSync(new URL('.', GOLDEN), { recursive: true });
      writeFileSync(GOLDEN, definition);
    }
    expect(definition).toBe(readFileSync(GOLDEN, 'utf8'));
  });

  it('is the one that is deployed', () => {
    const [machine] = Object.values(template.findResources('AWS::StepFunctions::StateMachine'));
    const deployed = plainText(
      machine?.Properties.DefinitionString,
      () => 'arn:aws:lambda:us-east-1:000000000000:function:brevet-workflow',
    );
    expect(JSON.parse(deployed)).toEqual(JSON.parse(readFileSync(GOLDEN, 'utf8')));
  });

  it('has the states of the contract and no others', () => {
    expect(Object.keys(States)).toEqual(Object.values(STATES));
  });

  it('waits for approvers and for access as long as the settings say, and a little longer', () => {
    const limits = { pendingExpirySeconds: 3600, timeToGrantSeconds: 300 };
    const { States: changed } = JSON.parse(synthesizeWorkflow({ limits })) as Definition;
    expect(changed.AwaitDecision?.TimeoutSeconds).toBe(3605);
    expect(changed.Grant?.TimeoutSeconds).toBe(420);
  });

  it('shows the execution to nobody: what is logged has no task tokens', () => {
    template.hasResourceProperties('AWS::StepFunctions::StateMachine', {
      LoggingConfiguration: { Level: 'ALL', IncludeExecutionData: false },
      TracingConfiguration: { Enabled: true },
    });
  });
});

describe('every task', () => {
  it('is there to be looked at', () => {
    expect(tasks.map(([name]) => name)).toEqual(['AwaitDecision', 'Expire', 'Grant', 'End']);
  });

  it.each(tasks)('%s has Retry, Catch and TimeoutSeconds written out', (_, { Retry, Catch, TimeoutSeconds }) => {
    expect(Retry?.length).toBeGreaterThan(0);
    expect(Catch?.at(-1)?.ErrorEquals).toEqual(['States.ALL']);
    expect(TimeoutSeconds).toBeGreaterThan(0);
  });

  it.each(tasks)('%s retries with backoff and jitter', (_, { Retry = [] }) => {
    for (const retrier of Retry) {
      expect(retrier).toMatchObject({ JitterStrategy: 'FULL', IntervalSeconds: 1 });
      expect(retrier.BackoffRate).toBeGreaterThan(1);
      expect(retrier.MaxAttempts).toBeGreaterThan(0);
    }
  });

  it.each([
    ['Lambda.TooManyRequestsException'],
    ['Lambda.ServiceException'],
    ['Lambda.AWSLambdaException'],
    ['Lambda.SdkClientException'],
    ['ServiceFault'],
    ['ConflictFault'],
  ])('retries %s', (error) => {
    for (const [, { Retry = [] }] of tasks) {
      const known = Retry.flatMap(({ ErrorEquals }) => ErrorEquals);
      expect(known.includes(error) || known.includes('States.ALL')).toBe(true);
    }
  });

  it('matches the faults by the names that they are thrown with', () => {
    expect(new ServiceFault('database', 'Throttled', undefined).name).toBe(FAULT_NAMES.service);
    expect(new ConflictFault().name).toBe(FAULT_NAMES.conflict);
  });
});

describe('the path', () => {
  const START = new Date('2026-11-23T09:00:00Z');
  const at = (time: string): string => `2026-11-23T${time}Z`;
  const approved = { answer: { approved: true, startsAt: at('09:00:00') } };
  const rejected = { answer: { approved: false } };
  const heldUntil = (time: string) => ({ answer: { holdUntil: at(time) } });
  const extendedUntil = (time: string) => ({ answer: { over: false, holdUntil: at(time) } });
  const gone = { answer: { over: true } };
  const fault = (name: string) => ({ fault: name });

  beforeEach(() => {
    vi.useFakeTimers({ now: START });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  const machine = machineOf(definition);
  const run = (script: Script) => interpret(machine, script);

  it('of an approved request that runs to its natural end enters eight states', async () => {
    const { entered, seconds, failedWith } = await run({
      AwaitDecision: [approved],
      Grant: [heldUntil('10:00:00')],
      End: [gone],
    });
    expect(entered).toEqual(['AwaitDecision', 'WasApproved', 'WaitForStart', 'Grant', 'Hold', 'End', 'IsOver', 'Over']);
    expect(seconds).toBe(3600);
    expect(failedWith).toBeUndefined();
  });

  it('of a scheduled request waits for its start', async () => {
    const { seconds } = await run({
      AwaitDecision: [{ answer: { approved: true, startsAt: at('12:00:00') } }],
      Grant: [heldUntil('12:30:00')],
      End: [gone],
    });
    expect(seconds).toBe(3.5 * 3600);
  });

  it('of a rejected request is over at once', async () => {
    const { entered } = await run({ AwaitDecision: [rejected] });
    expect(entered).toEqual(['AwaitDecision', 'WasApproved', 'Over']);
  });

  it('of a request that nobody decides expires it, a little after eight hours', async () => {
    const { entered, seconds } = await run({ AwaitDecision: ['never'], Expire: [rejected] });
    expect(entered).toEqual(['AwaitDecision', 'Expire', 'WasApproved', 'Over']);
    expect(seconds).toBe(8 * 3600 + 5);
  });

  it('of a request approved at the last moment goes on as approved', async () => {
    const late = { answer: { approved: true, startsAt: at('17:00:00') } };
    const { entered } = await run({
      AwaitDecision: ['never'],
      Expire: [late],
      Grant: [heldUntil('18:00:00')],
      End: [gone],
    });
    expect(entered.slice(0, 5)).toEqual(['AwaitDecision', 'Expire', 'WasApproved', 'WaitForStart', 'Grant']);
    expect(entered.at(-1)).toBe('Over');
  });

  it('of an extended request holds again', async () => {
    const { entered, seconds } = await run({
      AwaitDecision: [approved],
      Grant: [heldUntil('10:00:00')],
      End: [extendedUntil('11:00:00'), gone],
    });
    expect(entered.slice(4)).toEqual(['Hold', 'End', 'IsOver', 'Hold', 'End', 'IsOver', 'Over']);
    expect(seconds).toBe(7200);
  });

  it.each([['TypeError'], ['ServiceFault'], ['Lambda.Unknown']])(
    'of a grant that fails with %s goes to End, which confirms that nothing is left',
    async (error) => {
      const { entered } = await run({ AwaitDecision: [approved], Grant: [fault(error)], End: [gone] });
      expect(entered.slice(3)).toEqual(['Grant', 'End', 'IsOver', 'Over']);
    },
  );

  it('of a grant that nobody confirms goes to End, two minutes after its time', async () => {
    const { entered, seconds, attempts } = await run({ AwaitDecision: [approved], Grant: ['never'], End: [gone] });
    expect(entered.slice(3)).toEqual(['Grant', 'End', 'IsOver', 'Over']);
    expect(seconds).toBe(17 * 60);
    expect(attempts.Grant).toBe(1);
  });

  it('survives faults that pass, at every task', async () => {
    const { entered, failedWith } = await run({
      AwaitDecision: [fault('ServiceFault'), fault('Lambda.TooManyRequestsException'), approved],
      Grant: [fault('ConflictFault'), fault('Lambda.ServiceException'), heldUntil('10:00:00')],
      End: [fault('ServiceFault'), fault('TypeError'), fault('Sandbox.Timedout'), gone],
    });
    expect(entered).toHaveLength(8);
    expect(failedWith).toBeUndefined();
  });

  it('of a decision that cannot be awaited fails, for the sweep to start anew', async () => {
    const { entered, failedWith, attempts } = await run({ AwaitDecision: [fault('ServiceFault')] });
    expect(entered).toEqual(['AwaitDecision', 'DecisionLeftToSweep']);
    expect(failedWith).toBeDefined();
    expect(attempts.AwaitDecision).toBe(9);
  });

  it('of a bug before anything was granted fails at once', async () => {
    const { entered, attempts } = await run({ AwaitDecision: [fault('TypeError')] });
    expect(entered).toEqual(['AwaitDecision', 'DecisionLeftToSweep']);
    expect(attempts.AwaitDecision).toBe(1);
  });

  it('of an expiry that keeps failing fails, for the sweep to expire the request', async () => {
    const { entered, attempts } = await run({ AwaitDecision: ['never'], Expire: [fault('Error')] });
    expect(entered).toEqual(['AwaitDecision', 'Expire', 'DecisionLeftToSweep']);
    expect(attempts.Expire).toBe(9);
  });

  it.each([
    ['keeps failing', fault('ServiceFault'), 15],
    ['is never answered', 'never' as const, 4],
  ])('of an end that %s fails loudly within half an hour of trying', async (_, outcome, tries) => {
    const { entered, failedWith, attempts, seconds } = await run({
      AwaitDecision: [approved],
      Grant: [heldUntil('10:00:00')],
      End: [outcome],
    });
    expect(entered.slice(-2)).toEqual(['End', 'EndLeftToSweep']);
    expect(failedWith).toBeDefined();
    expect(attempts.End).toBe(tries);
    expect(seconds).toBeLessThan(3600 + 1800);
  });
});
