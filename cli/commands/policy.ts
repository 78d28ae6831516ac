/** `brevet policy …` and `brevet export …` on the command line: what they take; what they do is loaded when they run. */
import type { Command } from 'commander';
import type { Go } from '../program.ts';
import type { ExportOrganizationFlags } from './export-organization.ts';
import type { LintFlags, PolicyFlags } from './policy-lint.ts';

const ORGANIZATION = 'what brevet export organization wrote';
const POLICY = 'a policy file, or a folder of them';

const offline = (command: Command): Command => command.option('--json', 'print one JSON document on stdout');

export const addPolicy = (program: Command, go: Go): void => {
  const policy = program.command('policy').description('look at a policy before it is deployed; needs no service');
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
  offline(policy.command('diff'))
    .description('who gains and who loses what between two versions, over the whole organization')
    .argument('<before>', POLICY)
    .argument('<after>', POLICY)
    .requiredOption('--organization <file>', ORGANIZATION)
    .action((before: string, after: string, flags: PolicyFlags) =>
      go(flags, async (context) => (await import('./policy-diff.ts')).diffPolicies(context, before, after, flags)),
    );
};

export const addExport = (program: Command, go: Go): void => {
  const out = program.command('export').description('write what the policy tools work on');
  offline(out.command('organization'))
    .description('accounts, permission sets, groups and people, read from AWS with your own credentials')
    .requiredOption('--out <file>', 'where to write it; it names people, so keep it as you keep such things')
    .option('--host <account>', 'id of the account that hosts Brevet, which is never a target')
    .option('--region <region>', 'Region of IAM Identity Center (else AWS_REGION or the profile)')
    .option('--profile <name>', 'AWS profile to read as (else AWS_PROFILE)')
    .action((flags: ExportOrganizationFlags) =>
      go(flags, async (context) => (await import('./export-organization.ts')).exportOrganization(context, flags)),
    );
};
