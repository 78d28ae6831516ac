/** The command line: every command with its arguments and options; what they do is loaded when they run. */
import { Command, type OutputConfiguration } from 'commander';
import manifest from '../package.json' with { type: 'json' };
import type { AgainFlags } from './commands/again.ts';
import type { ReviewFlags } from './commands/attend.ts';
import { addAudit } from './commands/audit.ts';
import type { CompleteFlags } from './commands/completion.ts';
import type { CredentialProcessFlags } from './commands/credential-process.ts';
import type { ApproveFlags, RejectFlags } from './commands/decide.ts';
import { addDrift } from './commands/drift.ts';
import type { ExplainFlags } from './commands/explain.ts';
import type { ExtendFlags } from './commands/extend.ts';
import type { ListFlags } from './commands/list.ts';
import { addExport, addPolicy } from './commands/policy.ts';
import type { RequestFlags } from './commands/request.ts';
import type { RunFlags } from './commands/run.ts';
import { addSignIn } from './commands/sign-in.ts';
import type { CommonFlags, Context } from './context.ts';
import { helpLayout, withExamples, withExitCodes } from './help.ts';

/** Runs a command that was chosen; it answers with its exit code. */
export type Go = (flags: CommonFlags, run: (context: Context) => Promise<number>) => Promise<void>;

const TARGET = 'ACCOUNT/PERMISSION_SET; the account by name, start of its name, or id';

/** What every command has that calls the service. */
const calling = (command: Command): Command =>
  withExamples(command)
    .option('--endpoint <url>', 'address of the service (else BREVET_ENDPOINT, or brevet_endpoint in the AWS profile)')
    .option('--region <region>', 'Region to sign for (else from the host, AWS_REGION or the profile)')
    .option('--profile <name>', 'AWS profile to call as (else BREVET_PROFILE, AWS_PROFILE)')
    .option('--auth <door>', 'sigv4 (AWS credentials) or oidc (brevet login); else oidc where you are signed in');

const described = (command: Command): Command => calling(command.option('--json', 'print one JSON document on stdout'));

/** How a request is followed that is asked for. */
const followed = (command: Command): Command =>
  command
    .option('--wait', 'wait until it is usable, or over')
    .option('--timeout <duration>', 'with --wait: the longest to wait')
    .option(
      '--write-profile [name]',
      'wait, write an AWS profile for it, print the line to evaluate (=NAME for a name)',
    );

const glassBreaking = (command: Command): Command =>
  command
    .option('--break-glass', 'at once, without approval: others are told, and review it')
    .option('--incident <reference>', 'with --break-glass: the incident for which it is done');

const addAsking = (program: Command, go: Go): void => {
  const request = described(program.command('request'))
    .description('ask for access to an account with a permission set')
    .argument('<target>', TARGET)
    .option('--for <duration>', 'how long, such as 1h, 90m, 1h30m')
    .option('--reason <text>', 'why; approvers read it')
    .option('--ticket <reference>', 'the ticket that it belongs to')
    .option('--start <when>', 'start of the window: +30m, 22:00, "2026-11-23 22:00" or 2026-11-23T22:00Z');
  followed(glassBreaking(request)).action((target: string, flags: RequestFlags) =>
    go(flags, async (context) => (await import('./commands/request.ts')).request(context, target, flags)),
  );
  const again = described(program.command('again'))
    .description('ask again for what you asked for before')
    .argument('[id]', 'its id or a part of it; without, your newest request')
    .option('--for <duration>', 'for another length')
    .option('--reason <text>', 'for another reason')
    .option('--ticket <reference>', 'for another ticket')
    .option('--start <when>', 'in a window that starts then; else now');
  followed(again).action((id: string | undefined, flags: AgainFlags) =>
    go(flags, async (context) => (await import('./commands/again.ts')).again(context, id, flags)),
  );
  const explain = described(program.command('explain'))
    .description('whether a request would be taken, by which rule, and what is missing; nothing is asked for')
    .argument('<target>', 'ACCOUNT/PERMISSION_SET; the account by name or id, in your catalogue or not')
    .option('--for <duration>', 'how long', '1h')
    .option('--reason <text>', 'why; without, it is taken for long enough')
    .option('--ticket <reference>', 'the ticket that it belongs to')
    .option('--start <when>', 'start of the window')
    .option('--person <user name>', 'for somebody else (auditors and administrators)');
  glassBreaking(explain).action((target: string, flags: ExplainFlags) =>
    go(flags, async (context) => (await import('./commands/explain.ts')).explain(context, target, flags)),
  );
  described(program.command('catalog'))
    .description('what you may ask for')
    .argument('[query]', 'words to look for')
    .action((query: string | undefined, flags: CommonFlags) =>
      go(flags, async (context) => (await import('./commands/catalog.ts')).catalog(context, query)),
    );
};

const addUsing = (program: Command, go: Go): void => {
  glassBreaking(calling(program.command('run')))
    .description('ask, wait, run a command with the access, and end the access when the command ends')
    .argument('<target>', TARGET)
    .argument('<command...>', 'behind --: the command and its arguments')
    .option('--for <duration>', 'how long at most')
    .option('--reason <text>', 'why; approvers read it')
    .option('--ticket <reference>', 'the ticket that it belongs to')
    .option('--timeout <duration>', 'the longest to wait; then the request is taken back')
    .action((target: string, words: string[], flags: RunFlags) =>
      go(flags, async (context) => (await import('./commands/run.ts')).run(context, target, words, flags)),
    );
  calling(program.command('credential-process'))
    .description('credentials for credential_process in ~/.aws/config: joins the access that you hold, or asks')
    .argument('<target>', TARGET)
    .option('--for <duration>', 'how long to ask for', '1h')
    .option('--reason <text>', 'why; without, it joins only and never asks')
    .option('--ticket <reference>', 'the ticket that it belongs to')
    .option('--timeout <duration>', 'the longest to wait', '50s')
    .action((target: string, flags: CredentialProcessFlags) =>
      go(flags, async (context) =>
        (await import('./commands/credential-process.ts')).credentialProcess(context, target, flags),
      ),
    );
};

const addReading = (program: Command, go: Go): void => {
  described(program.command('ls'))
    .description('list requests')
    .option('--view <view>', 'mine, to-review, active, break-glass or all', 'mine')
    .option('--status <status>', 'only those of this status')
    .option('--all', 'every page instead of the first')
    .option('--cursor <cursor>', 'go on from an earlier page')
    .action((flags: ListFlags) =>
      go(flags, async (context) => (await import('./commands/list.ts')).list(context, flags)),
    );
  described(program.command('show'))
    .description('one request, with its history and who can decide')
    .argument('[id]', 'its id, or the first or last 4 or more characters; without, your newest request')
    .action((id: string | undefined, flags: CommonFlags) =>
      go(flags, async (context) => (await import('./commands/show.ts')).show(context, id)),
    );
  described(program.command('whoami'))
    .description('who the service takes you for')
    .action((flags: CommonFlags) =>
      go(flags, async (context) => (await import('./commands/whoami.ts')).whoami(context)),
    );
  described(program.command('doctor'))
    .description('whether the way to the service works, and what to improve')
    .action((flags: CommonFlags) =>
      go(flags, async (context) => (await import('./commands/doctor.ts')).doctor(context)),
    );
};

const addDeciding = (program: Command, go: Go): void => {
  described(program.command('approve'))
    .description('approve a request, or an extension')
    .argument('[id]', 'its id, or the first or last 4 or more characters; without, those that wait are listed')
    .option('--comment <text>', 'for the requester and the record')
    .option('--for <duration>', 'shorten it to this')
    .option('--extend-to <duration>', 'approve an extension: how long access lasts in all with it, as shown')
    .action((id: string | undefined, flags: ApproveFlags) =>
      go(flags, async (context) => (await import('./commands/decide.ts')).approve(context, id, flags)),
    );
  described(program.command('reject'))
    .description('reject a request, or an extension')
    .argument('[id]', 'its id, or the first or last 4 or more characters; without, those that wait are listed')
    .option('--comment <text>', 'for the requester and the record')
    .action((id: string | undefined, flags: RejectFlags) =>
      go(flags, async (context) => (await import('./commands/decide.ts')).reject(context, id, flags)),
    );
};

const addAttending = (program: Command, go: Go): void => {
  described(program.command('acknowledge'))
    .description('say that you know that the glass was broken; silences the alarm')
    .argument('[id]', 'its id, or the first or last 4 or more characters; without, those that wait are listed')
    .action((id: string | undefined, flags: CommonFlags) =>
      go(flags, async (context) => (await import('./commands/attend.ts')).acknowledge(context, id)),
    );
  described(program.command('review'))
    .description('say whether it was right to break the glass')
    .argument('[id]', 'its id, or the first or last 4 or more characters; without, those that wait are listed')
    .option('--justified', 'it was')
    .option('--not-justified', 'it was not')
    .option('--comment <text>', 'for the record')
    .action((id: string | undefined, flags: ReviewFlags) =>
      go(flags, async (context) => (await import('./commands/attend.ts')).review(context, id, flags)),
    );
};

const addEnding = (program: Command, go: Go): void => {
  for (const [name, what] of [
    ['cancel', 'take back a request that has not begun'],
    ['end', 'end access now'],
  ] as const) {
    described(program.command(name))
      .description(what)
      .argument('[id]', 'its id or a part of it; without, the only one of yours that fits')
      .action((id: string | undefined, flags: CommonFlags) =>
        go(flags, async (context) => (await import('./commands/cancel-or-end.ts'))[name](context, id)),
      );
  }
  described(program.command('extend'))
    .description('ask for more time on access that you hold')
    .argument('[id]', 'its id or a part of it; without, the only one of yours that fits')
    .requiredOption('--for <duration>', 'how much longer')
    .action((id: string | undefined, flags: ExtendFlags) =>
      go(flags, async (context) => (await import('./commands/extend.ts')).extend(context, id, flags)),
    );
};

const addLocal = (program: Command, go: Go): void => {
  const local = program.command('local').description('for the service on this machine (npm start)');
  described(local.command('profile'))
    .description('write AWS profiles for its people into files of their own, and print how to use them')
    .action((flags: CommonFlags) =>
      go(flags, async (context) => (await import('./commands/local-profile.ts')).localProfile(context)),
    );
};

const addCompletion = (program: Command, go: Go): void => {
  withExamples(program.command('completion'))
    .description('a script that makes the shell complete commands, targets and ids')
    .argument('<shell>', 'bash, zsh or fish')
    .action((shell: string) =>
      go({}, async (context) => (await import('./commands/completion.ts')).completion(context, shell)),
    );
  calling(program.command('__complete', { hidden: true }))
    .argument('[words...]')
    .option('--fetch <what>')
    .action((words: string[], flags: CompleteFlags) =>
      go(flags, async (context) => (await import('./commands/completion.ts')).complete(context, program, words, flags)),
    );
};

/** Where help goes, and how wide it may be; how commands fail is left to whoever parses. */
export type HelpOutput = Pick<OutputConfiguration, 'writeOut' | 'writeErr' | 'getOutHelpWidth' | 'getErrHelpWidth'>;

/** Parsing it throws a CommanderError instead of ending the process. */
export const programWith = (go: Go, helpOutput: HelpOutput): Command => {
  const program = new Command('brevet')
    .exitOverride()
    .configureOutput({ ...helpOutput, outputError: () => undefined })
    .description('Temporary elevated access to AWS: ask for it, decide on it, end it.')
    .configureHelp(helpLayout)
    .version(manifest.version);
  withExitCodes(program);
  for (const add of [addAsking, addUsing, addReading, addDeciding, addAttending, addEnding, addLocal, addCompletion])
    add(program, go);
  addAudit(program, go, described);
  addDrift(program, go, described);
  addPolicy(program, go, described);
  addExport(program, go);
  addSignIn(program, go, described);
  return program;
};
