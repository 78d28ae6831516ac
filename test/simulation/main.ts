/** `npm run simulate -- --seeds N --from S`, or `--seed X --trace [--about text]` to replay one. */
import { parseArgs } from 'node:util';
import { type Report, simulate } from './simulate.ts';
import { tracing } from './trace.ts';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '100' },
    from: { type: 'string', default: '1' },
    seed: { type: 'string' },
    lives: { type: 'string' },
    trace: { type: 'boolean', default: false },
    about: { type: 'string' },
    'keep-going': { type: 'boolean', default: false },
  },
});

const say = (line: string): void => void process.stdout.write(`${line}\n`);

const options = (seed: number) => ({
  seed,
  ...(values.trace ? { trace: (now: () => number) => tracing(now, say, values.about) } : {}),
});

const told = (report: Report): string =>
  report.broken
    ? `seed ${report.seed}: LAW ${report.broken.law} BROKEN at ${report.broken.at}: ${report.broken.what}`
    : `seed ${report.seed}: kept`;

const first = Number(values.seed ?? values.from);
const seeds = values.seed === undefined ? Number(values.seeds) : 1;
const enough = Number(values.lives ?? Number.POSITIVE_INFINITY);
const began = performance.now();
let [lives, acts, runs, calm, latest, latestCalm, broken] = [0, 0, 0, 0, 0, 0, 0];
const met = new Map<string, number>();

let seed = first;
for (; seed < first + seeds && lives < enough; seed += 1) {
  const report = await simulate(options(seed));
  lives += report.lives;
  acts += report.acts;
  runs += report.runs;
  for (const [what, count] of report.met) met.set(what, (met.get(what) ?? 0) + count);
  if (report.calm) [calm, latestCalm] = [calm + 1, Math.max(latestCalm, report.latestMs)];
  latest = Math.max(latest, report.latestMs);
  if (!report.broken) continue;
  broken += 1;
  say(`${told(report)}\n  replay: npm run simulate -- --seed ${seed} --trace`);
  if (!values['keep-going']) break;
}

const seconds = (performance.now() - began) / 1000;
say(
  `${seed - first} seeds, ${calm} of them calm; ${lives} request lives in ${seconds.toFixed(1)} s; ` +
    `${runs} function runs, ${acts} acts; broken: ${broken}`,
);
say(
  `met: ${[...met]
    .sort()
    .map(([what, count]) => `${what} ${count}`)
    .join(', ')}`,
);
say(`latest end: ${Math.round(latest / 1000)} s after nobody held it; on calm days ${Math.round(latestCalm / 1000)} s`);
process.exitCode = broken > 0 ? 1 : 0;
