/** `brevet policy publish`: puts a policy in force that lint finds nothing in, and says what was in force before. */
import type { CommonFlags, Context } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { failure, usage } from '../failure.ts';
import type { PolicyPublication } from '../json-documents.ts';
import type { Page } from '../output.ts';
import { readOrganization, readPolicyFiles } from '../policy/files.ts';
import { lint } from '../policy/lint.ts';
import type { OfflineOrganization } from '../policy/offline.ts';
import { openPolicyTable, type PolicyTable, type TableOptions } from '../policy/policy-table.ts';
import { carryOut, type PublicationPlan, planPublication, type SoundPolicy } from '../policy/publish.ts';
import { differencesLines, shownFrom } from '../render/differences.ts';
import { type Field, fieldLines } from '../render/fields.ts';
import { wrap } from '../render/text.ts';
import { findingLines } from './policy-lint.ts';

export interface PublishFlags extends CommonFlags {
  readonly organization?: string;
  readonly table?: string;
  readonly role?: string;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
}

const NO_TABLE = 'There is no --table, nor BREVET_POLICY_TABLE, nor brevet_policy_table in the AWS profile.';

const tableFrom = async ({ terminal, caller }: Context, flags: PublishFlags): Promise<TableOptions> => {
  const { profile, isNamed } = await caller();
  const { env } = terminal;
  const table = flags.table ?? (env.BREVET_POLICY_TABLE || profile.policyTable);
  if (table === undefined) throw usage(NO_TABLE, 'The deploy prints it: PolicyTableName.');
  const region = flags.region ?? (env.AWS_REGION || env.AWS_DEFAULT_REGION || profile.region);
  if (region === undefined) {
    throw failure('region_missing', 'Nothing says in which Region the policy table is.', {
      next: 'Set AWS_REGION, or region in your AWS profile, or pass --region.',
    });
  }
  return {
    table,
    region,
    ...(isNamed ? { profile: profile.name } : {}),
    ...(flags.role === undefined ? {} : { role: flags.role }),
  };
};

type Outcome = PolicyPublication['outcome'];

const OUTCOMES: Readonly<Record<Outcome, string>> = {
  published: 'Published. It is in force within ten seconds.',
  unchanged: 'It is in force already; nothing was changed.',
  'dry-run': 'Nothing was published (--dry-run).',
  refused: 'Nothing was published: lint refuses it.',
};

const versionLines = ({ version, replaces }: PolicyPublication, page: Page): readonly string[] => {
  const before: readonly Field[] = replaces === undefined ? [] : [['in force before', replaces]];
  return fieldLines([...before, ...(version === undefined ? [] : [['this policy', version] as const])], page.columns);
};

const publicationLines = (publication: PolicyPublication, page: Page): string[] => [
  ...findingLines(publication.findings),
  ...versionLines(publication, page),
  ...wrap(OUTCOMES[publication.outcome], page.columns),
];

/** Before anybody is asked; the answer goes to stdout afterwards. */
const planLines = ({ differences, replaces, judgedNames }: PolicyPublication, page: Page): string[] => [
  ...(differences ? [...differencesLines(differences, page), ''] : []),
  ...(replaces === undefined ? ['No policy is in force yet.'] : []),
  ...(judgedNames ? [] : wrap('Names were not looked up, nor who gains or loses: --organization does.', page.columns)),
];

const publicationOf = (plan: PublicationPlan, outcome: Outcome, judgedNames: boolean): PolicyPublication => ({
  outcome,
  version: plan.version,
  ...(plan.replaces === undefined ? {} : { replaces: plan.replaces }),
  judgedNames,
  findings: [],
  ...(plan.differences && { differences: plan.differences.map(shownFrom) }),
});

/** @throws Failure when nobody said yes. */
const confirm = async ({ terminal }: Context, { yes }: PublishFlags): Promise<void> => {
  if (yes) return;
  const typed = await terminal.ask('Publish it? [y/N] ');
  if (typed !== undefined && /^y(es)?$/i.test(typed.trim())) return;
  throw usage('Nothing was published: nobody said yes.', 'Where nobody can be asked, say --yes.');
};

const publishTo = async (
  table: PolicyTable,
  policy: SoundPolicy,
  organization: OfflineOrganization | undefined,
  flags: PublishFlags,
  context: Context,
): Promise<PolicyPublication> => {
  const plan = await planPublication(table, policy, organization);
  const told = (outcome: Outcome): PolicyPublication => publicationOf(plan, outcome, organization !== undefined);
  if (plan.replaces === plan.version) return told('unchanged');
  context.output.aside(told('dry-run'), planLines);
  if (flags.dryRun) return told('dry-run');
  await confirm(context, flags);
  await carryOut(table, policy, plan);
  return told('published');
};

export const publishPolicy = async (context: Context, path: string, flags: PublishFlags): Promise<ExitCode> => {
  const { output } = context;
  const parsed = await readPolicyFiles(path);
  const organization = flags.organization === undefined ? undefined : await readOrganization(flags.organization);
  const findings = lint(parsed, organization);
  if (!parsed.ok || findings.length > 0) {
    const shown = findings.map(({ place, path: where, message }) => ({ ...place, path: where, message }));
    const refused = { outcome: 'refused', judgedNames: organization !== undefined, findings: shown } as const;
    output.answer<PolicyPublication>(refused, publicationLines);
    return EXIT.refused;
  }
  const table = openPolicyTable(await tableFrom(context, flags));
  try {
    output.answer(await publishTo(table, parsed, organization, flags, context), publicationLines);
    return EXIT.usable;
  } finally {
    table.close();
  }
};
