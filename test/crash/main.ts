/** `npm run crash-test -- --rounds N [--seed S] [--stand-in quick|realistic] [--sweep SECONDS]`: kill -9, start again, compare. */
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { readSeed } from '../../local/seed/seed.ts';
import { type Chance, chanceOf } from '../simulation/chance.ts';
import { type Comparer, createComparer } from './compare.ts';
import { type Place, startLoad } from './load.ts';
import { createKilledService, type KilledService } from './service.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '20' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    'stand-in': { type: 'string', default: 'quick' },
    /** The real period is 60; with a shorter one a round is a matter of seconds. */
    sweep: { type: 'string', default: '5' },
  },
});

const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** The bound that is promised: a sweep's period, on top of the restart. */
const LATEST_MS = 60_000;
/** A request that nobody knows the outcome of a call of is over after this, at the latest. */
const ALL_OVER_WITHIN_MS = 240_000;

const ACCOUNTS = ['400000000001', '400000000002', '400000000003'] as const;
const PLACES = ACCOUNTS.flatMap((accountId): Place[] =>
  ['ReadOnlyAccess', 'SecurityAudit', 'AdministratorAccess'].map((permissionSet) => ({ accountId, permissionSet })),
) as [Place, ...Place[]];

interface Round {
  readonly asked: number;
  readonly restartMs: number;
  readonly heldAtRestart: number;
  /** The longest that an assignment was seen standing after its end, milliseconds. */
  readonly latestMs: number;
  readonly problems: readonly string[];
}

const playRound = async (
  service: KilledService,
  comparer: Comparer,
  region: string,
  chance: Chance,
): Promise<Round> => {
  const began = Date.now();
  const people = await service.people();
  const load = startLoad({ endpoint: service.endpoint, region, people, places: PLACES, chance });
  await pause(chance.between(1_000, 5_000));
  const killed = Date.now();
  await service.kill9(chance.happens(0.5));
  await load.stop();
  await service.start();
  const restartMs = Date.now() - killed;

  let latestMs = 0;
  let heldAtRestart: number | undefined;
  for (;;) {
    const { unheld, held, missing, open } = await comparer.compare(began);
    heldAtRestart ??= held + unheld.length;
    latestMs = Math.max(latestMs, ...unheld.map(({ lateMs }) => lateMs));
    const problems = [
      ...unheld.filter(({ lateMs }) => lateMs > LATEST_MS + restartMs).map(({ key, lateMs }) => `${key}: ${lateMs} ms`),
      ...missing.map((key) => `${key} stood before and is gone`),
    ];
    const isQuiet =
      held + unheld.length === 0 && !open.some(({ status }) => status === 'granting' || status === 'active');
    if (isQuiet || problems.length > 0) return { asked: load.accepted(), restartMs, heldAtRestart, latestMs, problems };
    await pause(250);
  }
};

/** Whatever is still ending must come to its end too. */
const untilAllOver = async (comparer: Comparer): Promise<readonly string[]> => {
  for (const until = Date.now() + ALL_OVER_WITHIN_MS; ; await pause(1000)) {
    const { unheld, open } = await comparer.compare(Date.now());
    if (unheld.length + open.length === 0) return comparer.audit();
    if (Date.now() < until) continue;
    return [...unheld.map(({ key }) => `${key} is left over`), ...open.map(({ id, status }) => `${id} is ${status}`)];
  }
};

const seed = await readSeed(new URL('../../local/seed/organization.yaml', import.meta.url).pathname);
const chance = chanceOf(`crash ${values.seed}`);
const rounds = Number(values.rounds);
const service = await createKilledService(
  values['stand-in'] === 'realistic' ? 'realistic' : 'quick',
  Number(values.sweep),
);
const problems: string[] = [];
const lateness: number[] = [];
let [asked, heldAtRestart, latestMs, longestRestartMs] = [0, 0, 0, 0];
say(`seed ${values.seed}, ${rounds} rounds, the stand-in is ${values['stand-in']}, a sweep every ${values.sweep} s`);
try {
  await service.start();
  const comparer = createComparer(seed, service.awsEndpoint, PLACES);
  await comparer.learnStanding();
  for (let round = 1; round <= rounds && problems.length === 0; round += 1) {
    const played = await playRound(service, comparer, seed.region, chance);
    asked += played.asked;
    heldAtRestart += played.heldAtRestart;
    lateness.push(played.latestMs);
    latestMs = Math.max(latestMs, played.latestMs);
    longestRestartMs = Math.max(longestRestartMs, played.restartMs);
    problems.push(...played.problems.map((problem) => `round ${round}: ${problem}`));
    say(
      `round ${round}: ${played.asked} asked, restart ${played.restartMs} ms, ` +
        `${played.heldAtRestart} assignments there then, latest end ${Math.max(0, played.latestMs)} ms late`,
    );
  }
  problems.push(...(await untilAllOver(comparer)));
  const ends: Record<string, number> = {};
  for (const { status } of comparer.seen().values()) ends[status] = (ends[status] ?? 0) + 1;
  say(`requests: ${JSON.stringify(ends)}`);
} finally {
  await service.dispose();
}
const within = (seconds: number): string =>
  `${lateness.filter((late) => late <= seconds * 1000).length} within ${seconds} s`;
say(`rounds by their latest end: ${[1, 6, 31, 61].map(within).join(', ')}`);
for (const problem of problems) say(`PROBLEM ${problem}`);
say(
  `${rounds} rounds: ${asked} requests answered, ${heldAtRestart} assignments there at a restart, ` +
    `longest restart ${longestRestartMs} ms, latest end ${latestMs} ms late, problems: ${problems.length}`,
);
process.exitCode = problems.length > 0 ? 1 : 0;
