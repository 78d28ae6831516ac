/** One service that is killed and started again, round after round, with its load and its watch; several may run side by side. */
import { readSeed } from '../../local/seed/seed.ts';
import { type Chance, chanceOf } from '../simulation/chance.ts';
import { type Comparer, type Comparison, createComparer } from './compare.ts';
import type { Round } from './figures.ts';
import { type Load, type Place, startLoad } from './load.ts';
import { createKilledService } from './service.ts';
import { createWatch, type Lateness, type Watch } from './watch.ts';

/** A request that nobody knows the outcome of a call of is over after this, at the latest. */
const ALL_OVER_WITHIN_MS = 240_000;
/** What is not there by then, is not waited for. */
const MILESTONE_WITHIN_MS = 20_000;
/** How often it is killed again while it still recovers. */
const AGAIN_AT_ONCE = 0.25;

const ACCOUNTS = ['400000000001', '400000000002', '400000000003'] as const;
const PLACES = ACCOUNTS.flatMap((accountId): Place[] =>
  ['ReadOnlyAccess', 'SecurityAudit', 'AdministratorAccess'].map((permissionSet) => ({ accountId, permissionSet })),
) as [Place, ...Place[]];

export interface LaneOptions {
  readonly name: string;
  readonly seed: string;
  readonly standIn: 'quick' | 'realistic';
  readonly sweepSeconds: number;
  /** After so many rounds everything must come to its end, and the chains are audited. */
  readonly settleEvery: number;
  /** Counts down the rounds of all lanes; false when none is left. */
  readonly takeRound: () => boolean;
  readonly say: (line: string) => void;
}

export interface LaneReport {
  readonly rounds: readonly Round[];
  readonly latenesses: readonly Lateness[];
  /** Requests by how they ended. */
  readonly ended: Readonly<Record<string, number>>;
  readonly problems: readonly string[];
}

/** However slow the machine is: at once, while it comes to itself; once somebody was answered; or once something was granted. */
const untilTheKill = async (watch: Watch, chance: Chance, load: Load): Promise<Comparison> => {
  const milestone = chance.fraction();
  if (milestone > 0.15) await watch.lookFor(MILESTONE_WITHIN_MS, () => load.accepted() > 0);
  if (milestone > 0.5) await watch.lookFor(MILESTONE_WITHIN_MS, ({ held }) => held > 0);
  return watch.lookFor(chance.between(0, 4_000));
};

const isOver = ({ held, unheld, open }: Comparison): boolean => held + unheld.length + open.length === 0;
const isQuiet = ({ held, unheld, open }: Comparison): boolean =>
  held + unheld.length === 0 && !open.some(({ status }) => status === 'granting' || status === 'active');

/** Nobody asks any more: everything must come to its end, and every chain be whole. */
const settle = async (watch: Watch, comparer: Comparer, since: readonly Round[]): Promise<readonly string[]> => {
  const seen = await watch.lookFor(ALL_OVER_WITHIN_MS, isOver);
  return [
    ...seen.unheld.map(({ key }) => `${key} is left over`),
    ...seen.open.map(({ id, status }) => `${id} is still ${status}`),
    ...(seen.open.length === 0 ? await comparer.audit() : []),
    // Rounds in which nothing happens prove nothing.
    ...(since.every(({ asked }) => asked === 0) ? ['nobody was answered in all of these rounds'] : []),
    ...(since.every(({ thereAtKill }) => thereAtKill === 0) ? ['nothing was ever there at a kill'] : []),
  ];
};

export const runLane = async (options: LaneOptions): Promise<LaneReport> => {
  const { name, settleEvery, takeRound, say } = options;
  const seed = await readSeed(new URL('../../local/seed/organization.yaml', import.meta.url).pathname);
  const chance = chanceOf(`crash ${options.seed}/${name}`);
  const service = await createKilledService(options.standIn, options.sweepSeconds);
  const comparer = createComparer(seed, service.awsEndpoint, PLACES);
  const watch = createWatch(comparer);
  const rounds: Round[] = [];
  const ended: Record<string, number> = {};
  const found: string[] = [];

  /** Killed under load, with its database or without; started again where it was. */
  const playRound = async (): Promise<Round> => {
    const people = await service.people();
    const load = startLoad({ endpoint: service.endpoint, region: seed.region, people, places: PLACES, chance });
    const { held, unheld } = await untilTheKill(watch, chance, load);
    const killed = Date.now();
    await watch.whileDown(async () => {
      await service.kill9(chance.happens(0.5));
      await load.stop();
      await service.start();
    });
    return { asked: load.accepted(), restartMs: Date.now() - killed, thereAtKill: held + unheld.length };
  };
  const finish = async (): Promise<void> => {
    found.push(...(await settle(watch, comparer, rounds.slice(-settleEvery))));
    for (const [how, count] of Object.entries(comparer.settle())) ended[how] = (ended[how] ?? 0) + count;
    for (const problem of [...watch.problems(), ...found]) say(`${name}: PROBLEM ${problem}`);
    say(`${name}: settled after round ${rounds.length}: ${JSON.stringify(ended)}, problems: ${found.length}`);
  };
  const isWell = (): boolean => watch.problems().length + found.length === 0;

  try {
    await service.start();
    await comparer.learnStanding();
    while (isWell() && takeRound()) {
      const round = await playRound();
      rounds.push(round);
      const { asked, restartMs, thereAtKill } = round;
      say(`${name}: round ${rounds.length}: ${asked} asked, ${thereAtKill} there at the kill, restart ${restartMs} ms`);
      if (rounds.length % settleEvery === 0) await finish();
      else if (!chance.happens(AGAIN_AT_ONCE)) {
        await watch.lookFor(ALL_OVER_WITHIN_MS, (seen) => isQuiet(seen) || watch.problems().length > 0);
      }
    }
    if (rounds.length % settleEvery !== 0) await finish();
  } finally {
    await service.dispose();
  }
  return { rounds, latenesses: watch.latenesses(), ended, problems: [...watch.problems(), ...found] };
};
