/** What one approved request that ends naturally takes: states entered, Lambda invocations, AWS calls, and what that costs. */
import { setTimeout as pause } from 'node:timers/promises';
import { askable, type Client, createClient, stateExitedAt } from './client.ts';
import { startLocalService } from './local-service.ts';
import { costTable } from './prices.ts';
import { type Recorded, type RecordedCall, type RecordedInvocation, readRecord, SERVICES } from './recorded.ts';
import { type Effort, fixed, type Section, table } from './report.ts';
import { median } from './statistics.ts';

const RUNS = { quick: 3, full: 7 };
/** People take longer to decide than the policy pointer is remembered (10 s): it is read anew at each step. */
const THINKING_MS = 11_000;
/** After its execution has ended, a request may still be worked on. */
const SETTLING_MS = 3_000;
/** What Identity Center takes, spread evenly over the warm runs: each look at a call under way is counted. */
const LATENCY_MS = { from: 2_000, to: 8_000 } as const;
const PEOPLE = ['maria', 'chloe', 'hugo', 'diego', 'ben', 'zara'];
const APPROVERS = ['grace', 'mei', 'fatima', 'sofia', 'ida'];

/** The best known rival, counted in its code (version 1.5.0) for the same request. */
const RIVAL = { states: 26, invocations: 16, calls: 100 };

const STEPS = [
  'ask (API)',
  'AwaitDecision',
  'approve (API)',
  'Grant',
  'converge: grant',
  'End',
  'converge: end',
] as const;
type Step = (typeof STEPS)[number];

interface Run {
  readonly states: number;
  readonly invocations: number;
  readonly calls: readonly (RecordedCall & { readonly step: Step })[];
  readonly busyMs: Readonly<Record<'api' | 'workflow' | 'converge', number>>;
}

const kindOf = ({ functionName }: RecordedInvocation): string => functionName.replace(/^brevet-/, '');

const STEP_OF_TASK: Readonly<Record<string, Step>> = { 'await-decision': 'AwaitDecision', grant: 'Grant', end: 'End' };

/** The sweep runs for all requests together, and people who look ask for that themselves: neither belongs to the request. */
const stepOf = (invocation: RecordedInvocation, closedAt: number): Step | undefined => {
  const event = JSON.parse(invocation.payload) as { httpMethod?: string; path?: string; step?: string };
  switch (kindOf(invocation)) {
    case 'api':
      if (event.httpMethod !== 'POST') return undefined;
      return event.path?.endsWith('/approve') ? 'approve (API)' : 'ask (API)';
    case 'workflow':
      return STEP_OF_TASK[event.step ?? ''];
    case 'converge':
      return invocation.at < closedAt ? 'converge: grant' : 'converge: end';
    default:
      return undefined;
  }
};

const runFrom = (record: readonly Recorded[], states: number, closedAt: number): Run => {
  const steps = new Map<number, Step>();
  const busyMs = { api: 0, workflow: 0, converge: 0 };
  for (const line of record) {
    const step = line.kind === 'invocation' ? stepOf(line, closedAt) : undefined;
    if (line.kind !== 'invocation' || step === undefined) continue;
    steps.set(line.invocation, step);
    const answered = record.find(({ kind, invocation }) => kind === 'answer' && invocation === line.invocation);
    busyMs[kindOf(line) as keyof typeof busyMs] += (answered?.at ?? line.at) - line.at;
  }
  const calls = record.flatMap((line) => {
    const step = steps.get(line.invocation);
    return line.kind === 'call' && step !== undefined ? [{ ...line, step }] : [];
  });
  return { states, invocations: steps.size, calls, busyMs };
};

const oneRun = async (client: Client, recordFile: string, number: number): Promise<Run> => {
  const before = readRecord(recordFile).length;
  const candidates = askable(client, PEOPLE, ['AdministratorAccess']);
  const asking = candidates[number % candidates.length];
  const approver = APPROVERS[number % APPROVERS.length];
  if (!asking || !approver) throw new Error('there is nothing to ask for');
  const asked = await client.ask(asking.userName, { target: asking.target, duration: 'PT10S' });
  await pause(THINKING_MS);
  await client.approve(approver, asked.id);
  await client.executionEnded(asked.id);
  await pause(SETTLING_MS);
  const history = await client.history(asked.id);
  const states = history.filter(({ type }) => type?.endsWith('StateEntered')).length;
  return runFrom(readRecord(recordFile).slice(before), states, stateExitedAt(history, 'Hold') ?? 0);
};

/** The shortest, the longest, the second shortest …: so no drift of the machine is taken for one of them. */
const latencyOf = (run: number, runs: number): number => {
  const place = run % 2 === 0 ? run / 2 : runs - (run + 1) / 2;
  return Math.round(LATENCY_MS.from + ((place + 0.5) / runs) * (LATENCY_MS.to - LATENCY_MS.from));
};

const countOf = ({ calls }: Run, service: string): number => calls.filter((call) => call.service === service).length;

const serviceTable = (cold: Run, warm: readonly Run[]): string => {
  const row = (name: string, count: (run: Run) => number, rival: string) => {
    const counts = warm.map(count);
    return [name, median(counts), `${Math.min(...counts)}–${Math.max(...counts)}`, count(cold), rival];
  };
  const sumOf = (services: readonly string[]) => (run: Run) =>
    services.reduce((sum, service) => sum + countOf(run, service), 0);
  const looked = ['identitystore', 'organizations', 'sso-admin'];
  return table(
    ['one approved request', 'warm, median', 'warm, range', 'first of all', 'best known rival'],
    [
      row('states entered', ({ states }) => states, String(RIVAL.states)),
      row('Lambda invocations', ({ invocations }) => invocations, `about ${RIVAL.invocations}`),
      ...SERVICES.map((service) => row(`AWS calls: ${service}`, (run) => countOf(run, service), '')),
      row('**AWS calls: identitystore, organizations, sso-admin, states**', sumOf([...looked, 'states']), ''),
      row('**AWS calls: all rows**', sumOf(SERVICES), `about ${RIVAL.calls}`),
    ],
  );
};

const perRun = (runs: readonly Run[], count: (run: Run) => number): string => {
  const value = median(runs.map(count));
  return value === 0 ? '' : String(value);
};

const stepTable = (warm: readonly Run[]): string =>
  table(
    ['step', ...SERVICES, 'all'],
    STEPS.map((step) => {
      const inStep = (service?: string) => (run: Run) =>
        run.calls.filter((call) => call.step === step && (service === undefined || call.service === service)).length;
      return [step, ...SERVICES.map((service) => perRun(warm, inStep(service))), perRun(warm, inStep())];
    }),
  );

const operationList = ({ calls }: Run): string =>
  STEPS.map((step) => {
    const counts = new Map<string, number>();
    for (const call of calls.filter((one) => one.step === step)) {
      counts.set(call.operation, (counts.get(call.operation) ?? 0) + 1);
    }
    const named = [...counts].map(([operation, count]) => (count === 1 ? operation : `${operation} ×${count}`));
    return `- ${step}: ${named.join(', ')}`;
  }).join('\n');

const costs = (warm: readonly Run[]): string =>
  costTable({
    states: median(warm.map(({ states }) => states)),
    rivalStates: RIVAL.states,
    invocations: median(warm.map(({ invocations }) => invocations)),
    rivalInvocations: RIVAL.invocations,
    apiCalls: 2,
    busyMs: {
      api: median(warm.map(({ busyMs }) => busyMs.api)),
      workflow: median(warm.map(({ busyMs }) => busyMs.workflow)),
      converge: median(warm.map(({ busyMs }) => busyMs.converge)),
    },
  });

export const measureCounts = async ({ quick, say }: Effort): Promise<Section> => {
  const service = await startLocalService('realistic');
  try {
    const client = await createClient(service);
    const runs: Run[] = [];
    const wanted = quick ? RUNS.quick : RUNS.full;
    for (let number = 0; number <= wanted; number += 1) {
      if (number > 0) await client.setLatency(latencyOf(number - 1, wanted));
      const run = await oneRun(client, service.recordFile, number);
      runs.push(run);
      say(
        `counts ${number}/${wanted}: ${run.states} states, ${run.invocations} invocations, ${run.calls.length} calls`,
      );
    }
    const [cold, ...warm] = runs;
    const [last] = warm.slice(-1);
    if (!cold || !last) throw new Error('there were no runs');
    const seconds = fixed(THINKING_MS / 1000, 0);
    return {
      title: 'States, invocations, AWS calls',
      text: [
        `${warm.length} warm runs, one after the other, each decided ${seconds} s after it was asked, ended by its window, Identity Center taking from 2 to 8 s, evenly spread; before them one as the very first call to a service just started.`,
        serviceTable(cold, warm),
        'Where they come from (warm, medians):',
        stepTable(warm),
        'The calls of the last run, by name:',
        operationList(last),
        'List prices for 1,000 such requests, US East (N. Virginia):',
        costs(warm),
      ].join('\n\n'),
    };
  } finally {
    await service.stop();
  }
};
