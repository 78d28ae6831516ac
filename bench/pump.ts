/** A thousand ends in the same minute, with grants and broken glass meanwhile, against a stand-in that bears what the real one does. */
import { setTimeout as pause } from 'node:timers/promises';
import type { RequestDetail, SubmitBody } from '../lambda/contract/api.ts';
import type { AccessRequest } from '../lambda/domain/access-request.ts';
import { askable, type Client, createClient, type LoggedCall } from './client.ts';
import { type LocalService, startLocalService } from './local-service.ts';
import { AT_ONCE_SETS, GLASS_SET, LOAD_ENGINEERS, writePumpFiles } from './pump-organization.ts';
import { createRecords, keyOf, transitionsIn, type Write, writesSince } from './pump-records.ts';
import { type Effort, fixed, type Section, table, whole } from './report.ts';
import { makeFolder, removeFolder } from './temporary-folder.ts';

const SIZES = {
  quick: { ends: 200, grants: 40, glass: 5, establishMs: 80_000, closingMs: 12_000 },
  full: { ends: 1_000, grants: 200, glass: 10, establishMs: 720_000, closingMs: 55_000 },
};
type Size = (typeof SIZES)['full'];
const ASKING_AT_ONCE = 6;
const OUTSTANDING = 15;
const REQUESTS_A_SECOND = 20;
const LATEST_MS = 20 * 60_000;
/** An end is waiting, rather than just being begun, when it is so late. */
const WAITING_MS = 3_000;
const TARGETS = { drained: 1.15, glassMs: 10_000, transitions: 2 };

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
  { closingMs }: Size,
): Promise<void> => {
  const spread = new Map(askings.map((asking, number) => [asking, (number / askings.length) * closingMs]));
  await inTurns(askings, ASKING_AT_ONCE, async (asking) => {
    const left = from + (spread.get(asking) ?? 0) - Date.now();
    await client.ask(asking.userName, { target: asking.target, duration: seconds(left) });
  });
};

interface Glass {
  readonly request: RequestDetail;
  readonly askedAt: number;
}

interface Load {
  readonly glass: readonly Glass[];
  /** What the API answered to people that was not what they wanted. */
  readonly complaints: readonly string[];
}

/** While the windows close: grants that need nobody, and people who break the glass, all through the drain. */
const playLoad = async (
  client: Client,
  size: Size,
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

// ---------- judging ----------

interface Drained {
  readonly size: Size;
  readonly requests: readonly AccessRequest[];
  readonly writes: readonly Write[];
  readonly calls: readonly LoggedCall[];
  readonly load: Load;
  readonly transitions: { readonly lone: number; readonly mean: number };
  readonly present: ReadonlySet<string>;
  readonly stood: ReadonlySet<string>;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);
const keyOfRequest = ({ requester, target }: AccessRequest): string =>
  keyOf(requester.id, target.accountId, target.permissionSetArn);
const keyOfWrite = ({ assignment: { principalId, accountId, permissionSetArn } }: Write): string =>
  keyOf(principalId, accountId, permissionSetArn);

/** Ordinary grants that were begun while an end had been waiting. */
const grantsBeforeEnds = ({ requests, writes, load }: Drained): number => {
  const glass = new Set(load.glass.map(({ request }) => request.id));
  const ordinary = new Set(requests.filter(({ id }) => !glass.has(id)).map(keyOfRequest));
  const begun = new Map(
    writes.flatMap((write) => (write.kind === 'deletion' ? [[keyOfWrite(write), write.createdAtMs]] : [])),
  );
  const dueOf = new Map(requests.map((request) => [keyOfRequest(request), dueAtOf(request)]));
  const waits = [...begun].map(([key, at]) => ({ from: (dueOf.get(key) ?? at) + WAITING_MS, until: at }));
  return writes.filter(
    (write) =>
      write.kind === 'creation' &&
      ordinary.has(keyOfWrite(write)) &&
      waits.some(({ from, until }) => from < write.createdAtMs && write.createdAtMs < until),
  ).length;
};

/** When its window closed. */
const dueAtOf = (request: AccessRequest): number =>
  request.status === 'ended' && request.activeSince !== undefined
    ? Math.floor((request.activeSince + request.durationSeconds * 1000) / 1000) * 1000
    : Number.POSITIVE_INFINITY;

const glassWaits = ({ writes, load }: Drained): readonly number[] =>
  load.glass.map(({ request, askedAt }) => {
    const create = writes.find(
      ({ kind, assignment, createdAtMs }) =>
        kind === 'creation' &&
        assignment.principalId === request.requester.id &&
        assignment.accountId === request.target.accountId &&
        createdAtMs >= askedAt,
    );
    return create ? create.createdAtMs - askedAt : Number.POSITIVE_INFINITY;
  });

const render = (drained: Drained): string => {
  const { size, requests, writes, calls, load, transitions, present, stood } = drained;
  const ours = calls.filter(({ outcome }) => outcome !== 'pending');
  const from = Math.min(...requests.map(dueAtOf));
  const until = Math.max(...writes.map(({ settlesAtMs }) => settlesAtMs));
  const byWrites = sum(writes.map(({ createdAtMs, settlesAtMs }) => settlesAtMs - createdAtMs)) / OUTSTANDING;
  const byRequests = (ours.length / REQUESTS_A_SECOND) * 1000;
  const theory = Math.max(byWrites, byRequests);
  const throttled = ours.filter(({ outcome }) => outcome === 'ThrottlingException').length;
  const ended = requests.filter(({ status }) => status === 'ended').length;
  const active = requests.filter(({ status }) => status === 'active');
  const expected = new Set([...stood, ...active.map(keyOfRequest)]);
  const differences =
    [...present].filter((key) => !expected.has(key)).length + [...expected].filter((key) => !present.has(key)).length;
  const waits = glassWaits(drained);
  return [
    `${size.ends} windows that close within ${size.closingMs / 1000} s, ${size.grants} new requests in that time, and ${size.glass} people who break the glass while all that is worked off. Identity Center takes 2 to 8 s for a write, and bears 20 requests a second and 15 writes at once.`,
    table(
      ['figure', 'measured', 'target'],
      [
        ['drained in, seconds', fixed((until - from) / 1000, 0), ''],
        [
          'in theory: the time of all writes / 15, and the requests / 20, seconds',
          `${fixed(byWrites / 1000, 0)} and ${fixed(byRequests / 1000, 0)}`,
          '',
        ],
        ['**of the theoretical time**', `${fixed((until - from) / theory, 3)}×`, `at most ${TARGETS.drained}×`],
        ['ordinary grants begun while an end was waiting', grantsBeforeEnds(drained), '0'],
        [
          'break-glass: asked → Identity Center is asked to assign, median and longest, ms',
          `${whole([...waits].sort((a, b) => a - b)[Math.floor(waits.length / 2)] ?? 0)} and ${whole(Math.max(...waits))}`,
          `at most ${whole(TARGETS.glassMs)}`,
        ],
        [
          'requests in their final state: ended, active',
          `${ended}, ${active.length}`,
          `${size.ends}, ${size.grants + size.glass}`,
        ],
        ['assignments that the ledger does not explain, or that are missing', differences, '0'],
        ['requests to sso-admin, and of them answered with throttling', `${whole(ours.length)}, ${throttled}`, ''],
        [
          'of that seen by a person: refusals and failed requests',
          load.complaints.length + requests.filter(({ status }) => status === 'failed').length,
          '0',
        ],
        [
          'state transitions of one that ended, mean; of the same request alone',
          `${fixed(transitions.mean, 2)}; ${transitions.lone}`,
          `at most ${TARGETS.transitions}×`,
        ],
      ],
    ),
  ].join('\n\n');
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

const drain = async (service: LocalService, seedFile: string, size: Size, say: Effort['say']): Promise<Drained> => {
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
    return { title: 'A thousand ends at once', text: render(drained) };
  } finally {
    await service.stop();
    removeFolder(folder);
  }
};
