/** `npm run crash-test -- --rounds N [--lanes L] [--seed S] [--stand-in quick|realistic] [--sweep SECONDS]`: kill -9, start again, compare. */
import { parseArgs } from 'node:util';
import { commandOf, takenWith, writeFigures } from '../reliability/page.ts';
import { figuresOf, inLines, tableFor } from './figures.ts';
import { runLane } from './lane.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '20' },
    /** Services that are killed side by side, each with a state of its own: most of a round is waiting. */
    lanes: { type: 'string', default: '2' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    'stand-in': { type: 'string', default: 'quick' },
    /** The real period is 60; with a shorter one more happens in a round. */
    sweep: { type: 'string', default: '5' },
    'settle-every': { type: 'string', default: '20' },
    /** Prints the figures as JSON, last and on a line of their own. */
    json: { type: 'boolean', default: false },
    /** Puts the figures into docs/reliability.md. */
    write: { type: 'boolean', default: false },
  },
});

const say = (line: string): void => void process.stdout.write(`${line}\n`);

const began = Date.now();
const sweepSeconds = Number(values.sweep);
const standIn = values['stand-in'] === 'realistic' ? 'realistic' : 'quick';
let left = Number(values.rounds);
const takeRound = (): boolean => {
  left -= 1;
  return left >= 0;
};

/** Whatever was started ends with us. */
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(130));

say(
  `seed ${values.seed}, ${values.rounds} rounds in ${values.lanes} lanes, the stand-in is ${standIn}, a sweep every ${sweepSeconds} s`,
);
const lanes = await Promise.all(
  Array.from({ length: Number(values.lanes) }, (_, index) =>
    runLane({
      name: `lane ${index + 1}`,
      seed: values.seed,
      standIn,
      sweepSeconds,
      settleEvery: Number(values['settle-every']),
      takeRound,
      say,
    }),
  ),
);

const ended: Record<string, number> = {};
for (const lane of lanes) for (const [how, count] of Object.entries(lane.ended)) ended[how] = (ended[how] ?? 0) + count;
const figures = figuresOf(
  {
    seed: values.seed,
    standIn,
    sweepSeconds,
    seconds: Math.round((Date.now() - began) / 1000),
    ended,
    problems: lanes.flatMap(({ problems }) => problems),
  },
  lanes.flatMap(({ rounds }) => rounds),
  lanes.flatMap(({ latenesses }) => latenesses),
);
say(inLines(figures));
if (values.json) say(JSON.stringify(figures));
if (values.write) {
  const taken = `${takenWith(commandOf('crash-test'))} The seed was ${values.seed}.`;
  await writeFigures('crash-test', `${tableFor(figures)}\n\n${taken}`);
}
process.exitCode = figures.problems.length > 0 ? 1 : 0;
