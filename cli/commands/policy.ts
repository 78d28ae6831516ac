/** `brevet policy …` and `brevet export …` on the command line: what they take; what they do is loaded when they run. */
import type { Command } from 'commander';
import type { CommonFlags } from '../context.ts';
import type { Go } from '../program.ts';
import type { ExportOrganizationFlags } from './export-organization.ts';
import type { CheckFlags } from './policy-check.ts';
import type { PolicyExplainFlags } from './policy-explain.ts';
import type { LintFlags, PolicyFlags } from './policy-lint.ts';
import type { PublishFlags } from './policy-publish.ts';
import type { ReplayFlags } from './policy-replay.ts';

const ORGANIZATION = 'what brevet export organization wrote';
const POLICY = 'a policy file, or a folder of them';

const offline = (command: Command): Command => command.option('--json', 'print one JSON document on stdout');

/** @param described adds what every command has that calls the service */
export const addPolicy = (program: Command, go: Go, described: (command: Command) => Command): void => {
  const policy = program.command('policy').description('look at a policy before it is in force, and publish it');
  described(policy.command('show'))
    .description('the policy in force, as a file (auditors and administrators)')
    .action((flags: CommonFlags) =>
      go(flags, async (context) => (await import('./policy-show.ts')).showPolicy(context)),
    );
  described(policy.command('check'))
    .description('what a policy would do, by what the service knows; it is not stored (auditors and administrators)')
    .argument('<policy>', POLICY)
    .option('--cases', 'try the cases that stand beside it too')
    .option('--person <user names...>', 'tell what changes for them')
    .option(
      '--everybody',
      'tell what changes for anybody, and lint by who there is; waits while people are counted, maybe for minutes',
    )
    .option('--past <number>', 'so many past requests, those asked last: which would come out otherwise')
    .action((path: string, flags: CheckFlags) =>
      go(flags, async (context) => (await import('./policy-check.ts')).checkPolicy(context, path, flags)),
    );
  offline(policy.command('lint'))
    .description('what does not fit, and names that nothing bears; file, line and column')
    .argument('<policy>', POLICY)
    .option('--organization <file>', `${ORGANIZATION}; without, only the form is looked at`)
    .option('--codeowners <file>', 'of the repository: whether those who may change a delegated file may change others')
    .action((path: string, flags: LintFlags) =>
      go(flags, async (context) => (await import('./policy-lint.ts')).lintPolicy(context, path, flags)),
    );
  offline(policy.command('test'))
    .description('runs the cases that stand beside a policy, in files that end in .test.yaml')
    .argument('<policy>', POLICY)
    .requiredOption('--organization <file>', ORGANIZATION)
    .action((path: string, flags: PolicyFlags) =>
      go(flags, async (context) => (await import('./policy-test.ts')).testPolicy(context, path, flags)),
    );
  offline(policy.command('explain'))
    .description('what brevet explain would say by a policy: every rule, condition by condition, and who could approve')
    .argument('<policy>', POLICY)
    .argument('<target>', 'ACCOUNT/PERMISSION_SET; the account by name or id')
    .requiredOption('--person <user name>', 'for whom')
    .requiredOption('--organization <file>', ORGANIZATION)
    .option('--for <duration>', 'how long', '1h')
    .option('--reason <text>', 'why; without, it is taken for long enough')
    .option('--ticket <reference>', 'the ticket that it belongs to')
    .option('--start <when>', 'start of the window; else now')
    .option('--on-call <schedules...>', 'schedules by which they are on call; without, nobody can tell')
    .option('--break-glass', 'at once, without approval')
    .option('--incident <reference>', 'with --break-glass: the incident for which it is done')
    .action((path: string, target: string, flags: PolicyExplainFlags) =>
      go(flags, async (context) => (await import('./policy-explain.ts')).explainPolicy(context, path, target, flags)),
    );
  offline(policy.command('diff'))
    .description('who gains and who loses what between two versions, over the whole organization')
    .argument('<before>', POLICY)
    .argument('<after>', POLICY)
    .requiredOption('--organization <file>', ORGANIZATION)
    .action((before: string, after: string, flags: PolicyFlags) =>
      go(flags, async (context) => (await import('./policy-diff.ts')).diffPolicies(context, before, after, flags)),
    );
  offline(policy.command('replay'))
    .description('past requests, out of the audit trail, against a policy: which would come out otherwise')
    .argument('<policy>', POLICY)
    .requiredOption('--audit <files...>', 'what brevet audit export wrote; windows may overlap')
    .requiredOption('--organization <file>', ORGANIZATION)
    .action((path: string, flags: ReplayFlags) =>
      go(flags, async (context) => (await import('./policy-replay.ts')).replayPolicy(context, path, flags)),
    );
  offline(policy.command('publish'))
    .description('puts a policy in force: a version of its own, and the pointer to it; refuses what lint refuses')
    .argument('<policy>', POLICY)
    .option('--organization <file>', `${ORGANIZATION}; with it names are looked up, and who gains and loses is shown`)
    .option('--dry-run', 'everything but publishing')
    .option('--table <name>', 'the policy table (else BREVET_POLICY_TABLE, or brevet_policy_table in the AWS profile)')
    .option('--role <arn>', 'role to publish as, which your AWS credentials may take on')
    .option('--yes', 'do not ask')
    .option('--region <region>', 'Region of the table (else AWS_REGION or the profile)')
    .option('--profile <name>', 'AWS profile to publish as (else BREVET_PROFILE, AWS_PROFILE)')
    .action((path: string, flags: PublishFlags) =>
      go(flags, async (context) => (await import('./policy-publish.ts')).publishPolicy(context, path, flags)),
    );
};

export const addExport = (program: Command, go: Go): void => {
  const out = program.command('export').description('write what the policy tools work on');
  offline(out.command('organization'))
    .description('accounts, permission sets, groups and people, read from AWS with your own credentials')
    .requiredOption('--out <file>', 'where to write it; it names people, so keep it as you keep such things')
    .option('--host <account>', 'id of the account that hosts Brevet, which is no target')
    .option('--host-is-target', 'the settings let that account be a target, with two approvers')
    .option('--region <region>', 'Region of IAM Identity Center (else AWS_REGION or the profile)')
    .option('--profile <name>', 'AWS profile to read as (else AWS_PROFILE)')
    .action((flags: ExportOrganizationFlags) =>
      go(flags, async (context) => (await import('./export-organization.ts')).exportOrganization(context, flags)),
    );
};
