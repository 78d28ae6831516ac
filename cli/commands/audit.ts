/** `brevet audit …` on the command line: what the two commands take; what they do is loaded when they run. */
import type { Command } from 'commander';
import type { Go } from '../program.ts';
import type { ExportFlags } from './audit-export.ts';
import type { VerifyFlags } from './audit-verify.ts';

/** @param described adds what every command has */
export const addAudit = (program: Command, go: Go, described: (command: Command) => Command): void => {
  const audit = program
    .command('audit')
    .description('the audit trail: what happened, and whether it was changed since');
  described(audit.command('export'))
    .description('the events of all requests, one a line, oldest first (auditors and administrators)')
    .option('--from <when>', 'first moment: 2026-11-01 (UTC) or 2026-11-01T08:00Z; else a day before --to')
    .option('--to <when>', 'end, itself left out; else now')
    .option('--out <file>', 'write them there instead of on stdout')
    .action((flags: ExportFlags) =>
      go(flags, async (context) => (await import('./audit-export.ts')).exportEvents(context, flags)),
    );
  audit
    .command('verify')
    .description('whether exported events are as they were sealed; needs no service')
    .argument('<file>', 'what export wrote, or - for stdin')
    .option('--whole', 'every request is there from its first event')
    .option('--earlier <file>', 'an export of before, of a window inside this one: all of it has to be there still')
    .option('--json', 'print one JSON document on stdout')
    .action((file: string, flags: VerifyFlags) =>
      go(flags, async (context) => (await import('./audit-verify.ts')).verifyEvents(context, file, flags)),
    );
};
