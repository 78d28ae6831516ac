/** Entry of `npm run bench`: measures what docs/benchmarks.md tells, and prints it as it stands there. */
import '../local/node-version.mjs';
import { availableParallelism, cpus, getPriority, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { measureBundles } from './bundles.ts';
import { measureCatalogue } from './catalogue.ts';
import { measureCounts } from './counts.ts';
import { measureEnding } from './ending.ts';
import { writeFigures } from './figures.ts';
import { measurePolicy } from './policy/measure.ts';
import { measurePump } from './pump.ts';
import { type Effort, fixed, type Section } from './report.ts';
import { measureStart } from './start.ts';
import { measureUsable } from './usable.ts';

const MEASURES = {
  counts: measureCounts,
  usable: measureUsable,
  ending: measureEnding,
  bundles: measureBundles,
  start: measureStart,
  pump: measurePump,
  policy: measurePolicy,
  catalogue: measureCatalogue,
} satisfies Record<string, (effort: Effort) => Promise<Section>>;

type Name = keyof typeof MEASURES;
const NAMES = Object.keys(MEASURES) as Name[];
const isName = (text: string): text is Name => Object.hasOwn(MEASURES, text);

const USAGE = `Usage: npm run bench [-- [--quick] [--write] [${NAMES.join('|')} ...]]
--quick  fewer runs
--write  also puts the figures into docs/benchmarks.md`;

const load = (): string => fixed(loadavg()[0] ?? 0, 1);

/** Beside other work, a raised priority keeps that from being measured. */
const priority = (): string => (getPriority() === 0 ? '' : `, at priority ${getPriority()}`);

const machine = (): string =>
  `${cpus()[0]?.model ?? 'unknown processor'}, ${availableParallelism()} cores, Node ${process.versions.node}, ${process.platform} ${process.arch}`;

const measure = async (name: Name, effort: Effort): Promise<Section> => {
  const before = load();
  const { title, text } = await MEASURES[name](effort);
  const command = `npm run bench -- ${effort.quick ? '--quick ' : ''}${name}`;
  const taken = `Taken ${new Date().toISOString().slice(0, 10)} with \`${command}\` on ${machine()}; load before and after ${before} and ${load()}${priority()}.`;
  return { title, text: `${text}\n\n${taken}` };
};

const run = async (): Promise<void> => {
  const { values, positionals } = parseArgs({
    options: { quick: { type: 'boolean', default: false }, write: { type: 'boolean', default: false } },
    allowPositionals: true,
  });
  if (!positionals.every(isName)) throw new Error(USAGE);
  const names = positionals.length > 0 ? positionals.filter(isName) : NAMES;
  const effort: Effort = { quick: values.quick, say: (text) => console.error(text) };
  for (const name of names) {
    const section = await measure(name, effort);
    console.log(`\n## ${section.title}\n\n${section.text}`);
    if (values.write) await writeFigures(name, section);
  }
};

/** Whatever was started ends with us. */
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(130));

run().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
