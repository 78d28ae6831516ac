/** `brevet export organization`: the organization into one file, for judging policies offline. */
import { writeFile } from 'node:fs/promises';
import type { CommonFlags, Context } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { failure, usage } from '../failure.ts';
import type { WrittenOrganization } from '../json-documents.ts';
import { readOrganizationNow } from '../policy/read-organization.ts';
import { wrap } from '../render/text.ts';

export interface ExportOrganizationFlags extends CommonFlags {
  readonly out?: string;
  readonly host?: string;
  readonly hostIsTarget?: boolean;
}

/** For the owner alone: it names everybody. */
const MODE = 0o600;

export const exportOrganization = async (
  { output, terminal, caller }: Context,
  { out, host, hostIsTarget: isHostTarget = false, region, profile }: ExportOrganizationFlags,
): Promise<ExitCode> => {
  if (out === undefined) throw usage('There is no --out, which says where to write it.');
  const { endpointUrl } = (await caller()).profile;
  const organization = await readOrganizationNow({
    env: terminal.env,
    host,
    isHostTarget,
    region,
    profile,
    endpointUrl,
  }).catch((error: unknown) => {
    const why = error instanceof Error ? error.message : String(error);
    throw failure('credentials_unavailable', `The organization cannot be read: ${why}`, {
      next: 'It takes the right to list accounts, tags, permission sets, users, groups and memberships.',
      cause: error,
    });
  });
  await writeFile(out, `${JSON.stringify(organization, null, 1)}\n`, { mode: MODE });
  const { accounts, permissionSets, groups, people, takenAt } = organization;
  const written: WrittenOrganization = {
    file: out,
    takenAt,
    accounts: accounts.length,
    permissionSets: permissionSets.length,
    groups: groups.length,
    people: people.length,
  };
  output.answer(written, (one, page) =>
    wrap(
      `Written to ${one.file}: ${one.accounts} accounts, ${one.permissionSets} permission sets, ${one.groups} groups, ${one.people} people.`,
      page.columns,
    ),
  );
  return EXIT.usable;
};
