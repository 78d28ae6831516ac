/** `npm run simulate -- --seeds N --from S`; `--seed X --trace [--about text]` replays one; `--defects` shows that it can fail. */
import { parseArgs } from 'node:util';
import { commandOf, tableOf, takenWith, writeFigures } from '../reliability/page.ts';
import { DEFECTS, findOut } from './defects.ts';
import { type Report, simulate } from './simulate.ts';
import { createTotals } from './totals.ts';
import { tracing } from './trace.ts';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '100' },
    from: { type: 'string', default: '1' },
    seed: { type: 'string' },
    /** Ends with the world in which so many request lives are reached. */
    lives: { type: 'string' },
    trace: { type: 'boolean', default: false },
    about: { type: 'string' },
    'keep-going': { type: 'boolean', default: false },
    defects: { type: 'boolean', default: false },
    /** Puts the figures into docs/reliability.md. */
    write: { type: 'boolean', default: false },
  },
});

const PROGRESS_EVERY_MS = 30_000;
const WORLDS_A_DEFECT = 40;

const say = (line: string): void => void process.stdout.write(`${line}\n`);

const publish = async (name: string, text: string): Promise<void> => {
  if (values.write) await writeFigures(name, `${text}\n\n${takenWith(commandOf('simulate'))}`);
};

const told = (report: Report): string =>
  report.broken
    ? `LAW ${report.broken.law} BROKEN at ${report.broken.at}: ${report.broken.what}\n  replay: npm run simulate -- --seed ${report.seed} --trace`
    : 'kept';

const runWorlds = async (): Promise<boolean> => {
  const first = Number(values.seed ?? values.from);
  const last = first + (values.seed === undefined ? Number(values.seeds) : 1) - 1;
  const enough = Number(values.lives ?? Number.POSITIVE_INFINITY);
  const totals = createTotals();
  const began = performance.now();
  const seconds = (): number => (performance.now() - began) / 1000;
  let heardAt = began;
  for (let seed = first; seed <= last && totals.lives() < enough; seed += 1) {
    const trace = values.trace ? { trace: (now: () => number) => tracing(now, say, values.about) } : {};
    const report = await simulate({ seed, ...trace });
    totals.add(report);
    if (report.broken || values.seed !== undefined) say(`seed ${seed}: ${told(report)}`);
    if (report.broken && !values['keep-going']) break;
    if (performance.now() - heardAt < PROGRESS_EVERY_MS) continue;
    heardAt = performance.now();
    say(`… seed ${seed}, ${totals.lives()} lives, broken: ${totals.broken()}`);
  }
  say(totals.inShort(seconds()));
  say(`met: ${totals.met()}`);
  await publish('simulation', totals.tables(seconds()));
  return totals.broken() === 0;
};

const runDefects = async (): Promise<boolean> => {
  const rows: (string | number)[][] = [];
  for (const defect of DEFECTS) {
    const found = await findOut(defect, WORLDS_A_DEFECT);
    const as = found?.broken ? `law ${found.broken.law}` : 'NOT FOUND';
    say(`law ${defect.law}: ${defect.what}: ${as}, ${found ? `seed ${found.seed}, ${found.broken?.what}` : ''}`);
    rows.push([defect.law, defect.what, as, found?.seed ?? '']);
  }
  rows.sort(([one], [other]) => Number(one) - Number(other));
  await publish('defects', tableOf(['law', 'deliberate defect', 'found as', 'in the world of seed'], rows));
  return rows.every(([, , as]) => as !== 'NOT FOUND');
};

const kept = await (values.defects ? runDefects() : runWorlds());
process.exitCode = kept ? 0 : 1;
