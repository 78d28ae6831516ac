/** From the approval to usable access, without the time that Identity Center itself takes. */
import { setTimeout as pause } from 'node:timers/promises';
import { askable, type Client, createClient, type LoggedCall, stateExitedAt } from './client.ts';
import { startLocalService } from './local-service.ts';
import { type Effort, type Section, table, whole } from './report.ts';
import { median, percentile } from './statistics.ts';

const RUNS = { quick: 40, full: 200 };
/** Requests under way at once: few, since it is the time when nothing else goes on that counts. */
const AT_ONCE = 3;
/** Between the approvals of one batch. */
const STAGGER_MS = 700;
/** The latencies of the batches: spread evenly over what Identity Center takes, so that no schedule of looks is favoured. */
const LATENCY_MS = { from: 2_000, to: 8_000 };
const TARGET_MS = 500;
const PEOPLE = ['maria', 'chloe', 'hugo', 'diego', 'ben', 'zara', 'aiko', 'noah', 'lena', 'yuki', 'oleg'];
const APPROVERS = ['grace', 'mei', 'fatima', 'sofia', 'ida'];

interface Usable {
  /** From sending the approval until Identity Center is asked to assign. */
  readonly untilAskedMs: number;
  /** From the moment at which the assignment is there until the workflow is told that the request is active. */
  readonly untilToldMs: number;
}

const isCreateFor = (call: LoggedCall, principalId: string, accountId: string): boolean =>
  call.operation === 'CreateAccountAssignment' &&
  call.fields.PrincipalId === principalId &&
  call.fields.TargetId === accountId;

type Asking = ReturnType<typeof askable>[number];

const oneRun = async (client: Client, asking: Asking, approver: string, latencyMs: number): Promise<Usable> => {
  const asked = await client.ask(asking.userName, { target: asking.target, duration: 'PT2H' });
  // Long enough for the workflow to wait for the decision.
  await pause(500);
  const approvedAt = Date.now();
  await client.approve(approver, asked.id);
  await pause(latencyMs);
  let told: number | undefined;
  while (told === undefined) {
    await pause(250);
    told = stateExitedAt(await client.history(asked.id), 'Grant');
  }
  const calls = await client.logged();
  const { accountId, permissionSet } = asking.target;
  const arn = client.seed.permissionSets.find(({ name }) => name === permissionSet)?.arn;
  const create = calls.find(
    (call) => isCreateFor(call, asked.requester.id, accountId) && call.fields.PermissionSetArn === arn,
  );
  if (!create) throw new Error(`no assignment was asked for: ${asked.id}`);
  const createdAt = Date.parse(create.at);
  return { untilAskedMs: createdAt - approvedAt, untilToldMs: told - (createdAt + latencyMs) };
};

const latencyOf = (batch: number, batches: number): number =>
  Math.round(LATENCY_MS.from + ((batch + 0.5) / batches) * (LATENCY_MS.to - LATENCY_MS.from));

const figures = (name: string, values: readonly number[], target = ''): (string | number)[] => [
  name,
  whole(median(values)),
  whole(percentile(values, 0.95)),
  whole(Math.max(...values)),
  target,
];

const render = (runs: readonly Usable[], batches: number): string => {
  const sums = runs.map(({ untilAskedMs, untilToldMs }) => untilAskedMs + untilToldMs);
  return [
    `${runs.length} requests, ${AT_ONCE} at once, in ${batches} batches; in each batch Identity Center takes exactly one time, from ${latencyOf(0, batches)} to ${latencyOf(batches - 1, batches)} ms, evenly spread. That time is subtracted.`,
    table(
      ['milliseconds', 'median', 'p95', 'longest', 'target, p95'],
      [
        figures(
          'approval sent → Identity Center is asked to assign',
          runs.map(({ untilAskedMs }) => untilAskedMs),
        ),
        figures(
          'the assignment is there → Brevet says active',
          runs.map(({ untilToldMs }) => untilToldMs),
        ),
        figures('**both together**', sums, `${TARGET_MS}`),
      ],
    ),
  ].join('\n\n');
};

export const measureUsable = async ({ quick, say }: Effort): Promise<Section> => {
  const service = await startLocalService('realistic');
  try {
    const client = await createClient(service);
    const wanted = quick ? RUNS.quick : RUNS.full;
    const candidates = askable(client, PEOPLE, ['AdministratorAccess', 'PowerUserAccess']);
    const next = (number: number): Asking => candidates[number % candidates.length] as Asking;
    // The first request of all fills the caches, and is not counted.
    await client.setLatency(2_000);
    await oneRun(client, next(wanted), 'grace', 2_000);
    const batches = Math.ceil(wanted / AT_ONCE);
    const runs: Usable[] = [];
    for (let batch = 0; batch < batches; batch += 1) {
      const latencyMs = latencyOf(batch, batches);
      await client.setLatency(latencyMs);
      const size = Math.min(AT_ONCE, wanted - batch * AT_ONCE);
      const batchRuns = Array.from({ length: size }, async (_, place) => {
        await pause(place * STAGGER_MS);
        const number = batch * AT_ONCE + place;
        return oneRun(client, next(number), APPROVERS[number % APPROVERS.length] as string, latencyMs);
      });
      runs.push(...(await Promise.all(batchRuns)));
      if (batch % 5 === 4) say(`usable ${runs.length}/${wanted}`);
    }
    return { title: 'From approval to usable', text: render(runs, batches) };
  } finally {
    await service.stop();
  }
};
