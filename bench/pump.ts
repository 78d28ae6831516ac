/** A thousand ends in the same minute, with grants and broken glass meanwhile, against a stand-in that bears what the real one does. */
import { setTimeout as pause } from 'node:timers/promises';
import type { SubmitBody } from '../lambda/contract/api.ts';
import type { AccessRequest } from '../lambda/domain/access-request.ts';
import { askable, type Client, createClient } from './client.ts';
import { type LocalService, startLocalService } from './local-service.ts';
import { type Drained, type Glass, type Load, type PumpSize, renderDrained, sum } from './pump-figures.ts';
import { AT_ONCE_SETS, GLASS_SET, LOAD_ENGINEERS, writePumpFiles } from './pump-organization.ts';
import { createRecords, keyOf, transitionsIn, writesSince } from './pump-records.ts';
import type { Effort, Section } from './report.ts';
import { makeFolder, removeFolder } from './temporary-folder.ts';

const SIZES = {
  quick: { ends: 200, grants: 40, glass: 5, establishMs: 80_000, closingMs: 12_000 },
  full: { ends: 1_000, grants: 200, glass: 10, establishMs: 720_000, closingMs: 55_000 },
} satisfies Record<string, PumpSize>;
const ASKING_AT_ONCE = 6;
const LATEST_MS = 20 * 60_000;

type Asking = ReturnType<typeof askable>[number];
type Records = ReturnType<typeof createRecords>;

const seconds = (milliseconds: number): SubmitBody['duration'] =>
  `PT${Math.max(1, Math.round(milliseconds / 1000))}S` as SubmitBody['duration'];

const inTurns = async <Item>(items: readonly Item[], atOnce: number, act: (item: Item) => Promise<void>) => {
  const left = [...items];
  const worker = async (): Promise<void> => {
    for (let item = left.shift(); item !== undefined; item = left.shift()) await act(item);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
};

/** So many different ones, evenly over people, accounts and permission sets; as `askable` lists them, people change fastest. */
const spreadOver = (askings: readonly Asking[], count: number): readonly Asking[] => {
  const people = LOAD_ENGINEERS.length;
  const places = askings.length / people;
  return Array.from({ length: count }, (_, number) => {
    const person = number % people;
    const place = (Math.floor(number / people) + person * 11) % places;
    return askings[place * people + person] as Asking;
  });
};

/** Everything that is to end is used before; the lone one tells how many transitions a request takes. */
const establish = async (
  client: Client,
  askings: readonly Asking[],
  from: number,
  { closingMs }: PumpSize,
): Promise<void> => {
  const spread = new Map(askings.map((asking, number) => [asking, (number / askings.length) * closingMs]));
  await inTurns(askings, ASKING_AT_ONCE, async (asking) => {
    const left = from + (spread.get(asking) ?? 0) - Date.now();
    await client.ask(asking.userName, { target: asking.target, duration: seconds(left) });
  });
};

/** While the windows close: grants that need nobody, and people who break the glass, all through the drain. */
const playLoad = async (
  client: Client,
  size: PumpSize,
  askings: { readonly grants: readonly Asking[]; readonly glass: readonly Asking[] },
): Promise<Load> => {
  const glass: Glass[] = [];
  const complaints: string[] = [];
  const trying = (act: Promise<unknown>): Promise<unknown> =>
    act.catch((error: unknown) => void complaints.push(String(error)));
  const askOne = async (asking: Asking, place: number): Promise<void> => {
    await pause((place / size.grants) * size.closingMs);
    await trying(client.ask(asking.userName, { target: asking.target, duration: 'PT3H' }));
  };
  const breakOne = async (asking: Asking, place: number): Promise<void> => {
    await pause(5_000 + place * Math.min(20_000, (size.ends * 200) / size.glass));
    const askedAt = Date.now();
    const wish = { target: asking.target, duration: 'PT3H', breakGlass: { incident: 'INC-1' } };
    glass.push({ request: await client.ask(asking.userName, wish), askedAt });
  };
  await Promise.all([
    ...askings.grants.map(askOne),
    ...askings.glass.map((asking, place) => trying(breakOne(asking, place))),
  ]);
  return { glass, complaints };
};

const isFinal = ({ status, durationSeconds }: AccessRequest): boolean =>
  durationSeconds >= 3 * 3600
    ? status !== 'granting' && status !== 'scheduled' && status !== 'pending'
    : status === 'ended';

const untilDrained = async (
  records: Records,
  wanted: number,
  say: Effort['say'],
): Promise<readonly AccessRequest[]> => {
  for (const latest = Date.now() + LATEST_MS; Date.now() < latest; ) {
    const requests = await records.requests();
    const done = requests.filter(isFinal).length;
    say(`${done} of ${wanted} requests are in their final state`);
    if (done >= wanted) return requests;
    await pause(5_000);
  }
  return records.requests();
};

const presentIn = async ({ awsEndpoint }: LocalService): Promise<ReadonlySet<string>> => {
  const answer = await fetch(`${awsEndpoint}/_stand-in/assignments`);
  const assignments = (await answer.json()) as {
    accountId: string;
    permissionSetArn: string;
    principalType: string;
    principalId: string;
  }[];
  return new Set(
    assignments
      .filter(({ principalType }) => principalType === 'USER')
      .map(({ principalId, accountId, permissionSetArn }) => keyOf(principalId, accountId, permissionSetArn)),
  );
};

const meanTransitions = async (client: Client, ended: readonly AccessRequest[]): Promise<number> => {
  const counts: number[] = [];
  await inTurns(ended, ASKING_AT_ONCE, async ({ id }) => {
    counts.push(transitionsIn(await client.history(id)));
  });
  return sum(counts) / counts.length;
};

const countsByStatus = (requests: readonly AccessRequest[]): string =>
  Object.entries(Object.groupBy(requests, ({ status }) => status))
    .map(([status, some]) => `${some.length} ${status}`)
    .join(', ');

/** @throws Error when some are not usable before the first window closes. */
const untilEstablished = async (records: Records, from: number, say: Effort['say']): Promise<void> => {
  for (;;) {
    const requests = await records.requests();
    if (requests.every(({ status }) => status === 'active' || status === 'ended')) return;
    const counts = countsByStatus(requests);
    if (Date.now() > from - 3_000) throw new Error(`it was not all established in time: ${counts}`);
    say(counts);
    await pause(10_000);
  }
};

const drain = async (service: LocalService, seedFile: string, size: PumpSize, say: Effort['say']): Promise<Drained> => {
  const client = await createClient(service, seedFile);
  const records = createRecords(service, client.seed);
  const stood = await presentIn(service);
  const [alone, ...askings] = spreadOver(askable(client, LOAD_ENGINEERS, AT_ONCE_SETS), size.ends + size.grants + 1);
  if (!alone) throw new Error('there is nothing to ask for');
  const lone = await client.ask(alone.userName, { target: alone.target, duration: 'PT5S' });
  await client.executionEnded(lone.id);
  const loneTransitions = transitionsIn(await client.history(lone.id));

  const from = Date.now() + size.establishMs;
  await establish(client, askings.slice(0, size.ends), from, size);
  say(`all asked ${Math.round((from - Date.now()) / 1000)} s before the first window closes`);
  await untilEstablished(records, from, say);
  say('all are active');
  await pause(from - 3_000 - Date.now());
  await client.becomeRealistic();
  const [last] = (await client.logged()).slice(-1);
  const since = Date.now();
  await pause(3_000);
  const glassAskings = askable(client, LOAD_ENGINEERS, [GLASS_SET]).slice(0, size.glass);
  const load = await playLoad(client, size, {
    grants: askings.slice(size.ends),
    glass: glassAskings,
  });
  const requests = await untilDrained(records, size.ends + size.grants + size.glass + 1, say);
  const ended = requests.filter(({ id, status }) => status === 'ended' && id !== lone.id);
  return {
    size,
    requests: requests.filter(({ id }) => id !== lone.id),
    writes: await writesSince(service, since),
    calls: (await client.logged(last?.number ?? 0)).filter(({ service: name }) => name === 'sso-admin'),
    load,
    transitions: { lone: loneTransitions, mean: await meanTransitions(client, ended) },
    present: await presentIn(service),
    stood,
  };
};

export const measurePump = async ({ quick, say }: Effort): Promise<Section> => {
  const folder = makeFolder();
  const files = await writePumpFiles(folder);
  const service = await startLocalService('quick', files);
  try {
    const drained = await drain(service, files.seed, quick ? SIZES.quick : SIZES.full, say);
    return { title: 'A thousand ends at once', text: renderDrained(drained) };
  } finally {
    await service.stop();
    removeFolder(folder);
  }
};
