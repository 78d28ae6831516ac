/** How soon after its window closes Identity Center is asked to take the access away. */
import { setTimeout as pause } from 'node:timers/promises';
import { askable, type Client, createClient } from './client.ts';
import { startLocalService } from './local-service.ts';
import { type Effort, type Section, table, whole } from './report.ts';
import { median, percentile } from './statistics.ts';

const RUNS = { quick: 40, full: 200 };
/** Between two requests: their windows then close one by one, at no particular part of a second. */
const STAGGER_MS = 437;
const WINDOWS = ['PT8S', 'PT9S', 'PT11S', 'PT12S'];
const TARGET_MS = 1_000;
const PEOPLE = ['maria', 'chloe', 'hugo', 'diego', 'ben', 'zara', 'aiko', 'noah', 'lena', 'yuki', 'oleg'];

type Asking = ReturnType<typeof askable>[number];

interface Ended {
  readonly principalId: string;
  readonly accountId: string;
  readonly permissionSetArn: string | undefined;
  readonly endsAt: number;
}

/** The end of the window, which the workflow was told when the access became usable. */
const endOf = async (client: Client, requestId: string): Promise<number> => {
  const entered = (await client.history(requestId)).find(
    ({ stateEnteredEventDetails }) => stateEnteredEventDetails?.name === 'Hold',
  );
  const { hold } = JSON.parse(entered?.stateEnteredEventDetails?.input ?? '{}') as { hold?: { holdUntil: string } };
  if (!hold) throw new Error(`${requestId} was never usable`);
  return Date.parse(hold.holdUntil);
};

const oneRun = async (client: Client, { userName, target }: Asking, duration: string): Promise<Ended> => {
  const asked = await client.ask(userName, { target, duration });
  await client.executionEnded(asked.id);
  return {
    principalId: asked.requester.id,
    accountId: target.accountId,
    permissionSetArn: client.seed.permissionSets.find(({ name }) => name === target.permissionSet)?.arn,
    endsAt: await endOf(client, asked.id),
  };
};

/** Milliseconds from the close of each window until the call that deletes arrives. */
const delays = async (client: Client, ends: readonly Ended[]): Promise<readonly number[]> => {
  const deletes = (await client.logged()).filter(({ operation }) => operation === 'DeleteAccountAssignment');
  return ends.map(({ principalId, accountId, permissionSetArn, endsAt }) => {
    const call = deletes.find(
      ({ fields }) =>
        fields.PrincipalId === principalId &&
        fields.TargetId === accountId &&
        fields.PermissionSetArn === permissionSetArn,
    );
    if (!call) throw new Error('an assignment was never deleted');
    return Date.parse(call.at) - endsAt;
  });
};

const render = (values: readonly number[]): string =>
  [
    `${values.length} short windows of ${WINDOWS.join(', ')}, one begun every ${STAGGER_MS} ms, nothing else going on; the sweep (every minute) runs along.`,
    table(
      ['milliseconds', 'earliest', 'median', 'p95', 'p99', 'latest', 'target, p99'],
      [
        [
          'the window closes → Identity Center is asked to delete',
          whole(Math.min(...values)),
          whole(median(values)),
          whole(percentile(values, 0.95)),
          whole(percentile(values, 0.99)),
          whole(Math.max(...values)),
          whole(TARGET_MS),
        ],
      ],
    ),
  ].join('\n\n');

export const measureEnding = async ({ quick, say }: Effort): Promise<Section> => {
  const service = await startLocalService('quick');
  try {
    const client = await createClient(service);
    const wanted = quick ? RUNS.quick : RUNS.full;
    const candidates = askable(client, PEOPLE, ['ReadOnlyAccess', 'SupportUser']);
    const runs: Promise<Ended>[] = [];
    for (let number = 0; number < wanted; number += 1) {
      const asking = candidates[number % candidates.length] as Asking;
      runs.push(oneRun(client, asking, WINDOWS[number % WINDOWS.length] as string));
      await pause(STAGGER_MS);
      if (number % 40 === 39) say(`ending ${number + 1}/${wanted} begun`);
    }
    const values = await delays(client, await Promise.all(runs));
    return { title: 'From the close of a window to the start of its ending', text: render(values) };
  } finally {
    await service.stop();
  }
};
