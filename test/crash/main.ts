/** `npm run crash-test -- --rounds N [--seed S] [--stand-in quick|realistic] [--sweep SECONDS]`: kill -9, start again, compare. */
import { parseArgs } from 'node:util';
import { readSeed } from '../../local/seed/seed.ts';
import { commandOf, takenWith, writeFigures } from '../reliability/page.ts';
import { chanceOf } from '../simulation/chance.ts';
import { createComparer } from './compare.ts';
import { figuresOf, inLines, type Round, tableFor } from './figures.ts';
import { type Load, type Place, startLoad } from './load.ts';
import { createKilledService } from './service.ts';
import { createWatch } from './watch.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '20' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    'stand-in': { type: 'string', default: 'quick' },
    /** The real period is 60; with a shorter one more happens in a round. */
    sweep: { type: 'string', default: '5' },
    /** After so many rounds everything must come to its end, and the chains are audited. */
    'settle-every': { type: 'string', default: '20' },
    /** Prints the figures as JSON, last and on a line of their own. */
    json: { type: 'boolean', default: false },
    /** Puts the figures into docs/reliability.md. */
    write: { type: 'boolean', default: false },
  },
});

const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** A request that nobody knows the outcome of a call of is over after this, at the latest. */
const ALL_OVER_WITHIN_MS = 240_000;

const ACCOUNTS = ['400000000001', '400000000002', '400000000003'] as const;
const PLACES = ACCOUNTS.flatMap((accountId): Place[] =>
  ['ReadOnlyAccess', 'SecurityAudit', 'AdministratorAccess'].map((permissionSet) => ({ accountId, permissionSet })),
) as [Place, ...Place[]];

const began = Date.now();
const total = Number(values.rounds);
const settleEvery = Number(values['settle-every']);
const seed = await readSeed(new URL('../../local/seed/organization.yaml', import.meta.url).pathname);
const chance = chanceOf(`crash ${values.seed}`);
const service = await createKilledService(
  values['stand-in'] === 'realistic' ? 'realistic' : 'quick',
  Number(values.sweep),
);
const comparer = createComparer(seed, service.awsEndpoint, PLACES);
const watch = createWatch(comparer);
const rounds: Round[] = [];
const ended: Record<string, number> = {};
const found: string[] = [];
const problems = (): readonly string[] => [...watch.problems(), ...found];

const FIRST_ANSWER_WITHIN_MS = 15_000;

/** Mostly under load, at any moment of it; sometimes before anybody was answered, while it is still coming to itself. */
const untilTheKill = async (load: Load): Promise<void> => {
  if (chance.happens(0.2)) return void (await watch.lookFor(chance.between(0, 1_500)));
  await watch.lookFor(FIRST_ANSWER_WITHIN_MS, () => load.accepted() > 0);
  await watch.lookFor(chance.between(200, 5_000));
};

/** Under load until a random moment; killed, with its database or without; started again where it was. */
const playRound = async (): Promise<Round> => {
  const people = await service.people();
  const load = startLoad({ endpoint: service.endpoint, region: seed.region, people, places: PLACES, chance });
  await untilTheKill(load);
  const killed = Date.now();
  await watch.whileDown(async () => {
    await service.kill9(chance.happens(0.5));
    await load.stop();
    await service.start();
  });
  const restartMs = Date.now() - killed;
  const { held, unheld } = await watch.look();
  return { asked: load.accepted(), restartMs, thereAtRestart: held + unheld.length };
};

/** Nobody asks any more: everything must come to its end, and every chain be whole. */
const settle = async (since: readonly Round[]): Promise<void> => {
  const seen = await watch.lookFor(
    ALL_OVER_WITHIN_MS,
    ({ held, unheld, open }) => held + unheld.length + open.length === 0 || problems().length > 0,
  );
  found.push(
    ...seen.unheld.map(({ key }) => `${key} is left over`),
    ...seen.open.map(({ id, status }) => `${id} is still ${status}`),
  );
  if (seen.open.length === 0) found.push(...(await comparer.audit()));
  for (const [how, count] of Object.entries(comparer.settle())) ended[how] = (ended[how] ?? 0) + count;
  // Rounds in which nothing happens prove nothing.
  if (since.every(({ asked }) => asked === 0)) found.push('nobody was answered in all of these rounds');
  if (since.every(({ thereAtRestart }) => thereAtRestart === 0)) found.push('nothing was ever there at a restart');
  say(`settled after round ${rounds.length}: ${JSON.stringify(ended)}, problems: ${problems().length}`);
};

say(`seed ${values.seed}, ${total} rounds, the stand-in is ${values['stand-in']}, a sweep every ${values.sweep} s`);
try {
  await service.start();
  await comparer.learnStanding();
  while (rounds.length < total && problems().length === 0) {
    const round = await playRound();
    rounds.push(round);
    const { asked, restartMs, thereAtRestart } = round;
    say(`round ${rounds.length}: ${asked} asked, restart ${restartMs} ms, ${thereAtRestart} assignments there then`);
    const since = rounds.slice(Math.floor((rounds.length - 1) / settleEvery) * settleEvery);
    if (rounds.length % settleEvery === 0 || rounds.length === total) await settle(since);
  }
} finally {
  await service.dispose();
}

const about = { seed: values.seed, standIn: values['stand-in'], sweepSeconds: Number(values.sweep), ended };
const seconds = Math.round((Date.now() - began) / 1000);
const figures = figuresOf({ ...about, seconds, problems: problems() }, rounds, watch.latenesses());
for (const problem of figures.problems) say(`PROBLEM ${problem}`);
say(inLines(figures));
if (values.json) say(JSON.stringify(figures));
if (values.write) {
  const taken = `${takenWith(commandOf('crash-test'))} The seed was ${values.seed}.`;
  await writeFigures('crash-test', `${tableFor(figures)}\n\n${taken}`);
}
process.exitCode = figures.problems.length > 0 ? 1 : 0;
