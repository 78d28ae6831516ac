/** `brevet drift`: what was changed outside, and `brevet drift baseline`, which finds in order what stands now. */
import type { Command } from 'commander';
import type { DriftView } from '../../lambda/contract/drift.ts';
import type { Client } from '../client.ts';
import type { CommonFlags, Context } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { Go } from '../program.ts';

/** @param described adds what every command has */
export const addDrift = (program: Command, go: Go, described: (command: Command) => Command): void => {
  const drift = program.command('drift').description('assignments that were made or removed outside Brevet');
  described(drift.command('show', { isDefault: true }))
    .description('what was found, and how far the search is (auditors and administrators)')
    .action((flags: CommonFlags) => go(flags, showDrift));
  described(drift.command('baseline'))
    .description('find in order every unexplained assignment that is there now (administrators)')
    .action((flags: CommonFlags) => go(flags, takeBaseline));
};

/** The state is that of the last page, and the findings are all. */
const wholeDrift = async (client: Client): Promise<DriftView> => {
  const { everyItem } = await import('../client.ts');
  let latest: DriftView | undefined;
  const findings = await everyItem(async (cursor) => {
    latest = await client.drift(cursor === undefined ? {} : { cursor });
    return { items: latest.findings, cursor: latest.cursor };
  });
  const { cursor: _last, ...view } = latest ?? (await client.drift({}));
  return { ...view, findings: [...findings] };
};

const showDrift = async ({ output, connect }: Context): Promise<ExitCode> => {
  const { driftLines } = await import('../render/drift.ts');
  output.answer(await wholeDrift(await connect()), driftLines);
  return EXIT.usable;
};

const takeBaseline = async ({ output, connect }: Context): Promise<ExitCode> => {
  const { baselineLines } = await import('../render/drift.ts');
  output.answer(await (await connect()).takeBaseline(), baselineLines);
  return EXIT.usable;
};
