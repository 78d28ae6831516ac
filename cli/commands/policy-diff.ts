/** `brevet policy diff`: who gains and who loses what between two versions of a policy. */
import type { Context } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { PolicyDifferences } from '../json-documents.ts';
import { diff } from '../policy/diff.ts';
import { readSoundPolicy } from '../policy/files.ts';
import { differencesLines, shownFrom } from '../render/differences.ts';
import { organizationNamed, type PolicyFlags } from './policy-lint.ts';

export const diffPolicies = async (
  { output }: Context,
  beforePath: string,
  afterPath: string,
  flags: PolicyFlags,
): Promise<ExitCode> => {
  const [before, after, organization] = await Promise.all([
    readSoundPolicy(beforePath),
    readSoundPolicy(afterPath),
    organizationNamed(flags),
  ]);
  const document: PolicyDifferences = { differences: diff(before, after, organization).map(shownFrom) };
  output.answer(document, ({ differences }, page) => differencesLines(differences, page));
  return EXIT.usable;
};
