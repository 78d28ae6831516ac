/** `npm run mutation [-- --incremental] [--mutate FILES] [--write] [--report]`: mutates the domain, and says what no test noticed. */
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { Stryker } from '@stryker-mutator/core';
import { commandOf, takenWith, writeFigures } from '../reliability/page.ts';
import { type MutationReport, remainingIn, scoreOf, tableOfScores } from './report.ts';

const { values } = parseArgs({
  options: {
    /** What did not change since the last time is taken from it. Constants of a module may be missed. */
    incremental: { type: 'boolean', default: false },
    mutate: { type: 'string' },
    write: { type: 'boolean', default: false },
    /** Nothing is mutated: the last report is read again. */
    report: { type: 'boolean', default: false },
  },
});

const CONFIGURATION = new URL('stryker.config.json', import.meta.url).pathname;
const REPORT = new URL('../../.stryker/mutation.json', import.meta.url);

const say = (line: string): void => void process.stdout.write(`${line}\n`);

const mutate = (): Promise<unknown> =>
  new Stryker({
    configFile: CONFIGURATION,
    incremental: values.incremental,
    ...(values.mutate === undefined ? {} : { mutate: values.mutate.split(',') }),
  }).runMutationTest();

if (!values.report) await mutate();

const report = JSON.parse(await readFile(REPORT, 'utf8')) as MutationReport;
const remaining = remainingIn(report);
for (const { file, lineNumber, code, becomes, why } of remaining) {
  say(
    `${why === undefined ? 'NEW SURVIVOR' : 'survivor'} ${file}:${lineNumber}: ${code} → ${becomes}${why ? ` (${why})` : ''}`,
  );
}
const score = scoreOf(Object.values(report.files).flatMap(({ mutants }) => mutants));
say(
  `score ${score.toFixed(1)} %, survivors ${remaining.length}, not looked at ${remaining.filter(({ why }) => !why).length}`,
);
if (values.write) await writeFigures('mutation', `${tableOfScores(report)}\n\n${takenWith(commandOf('mutation'))}`);
