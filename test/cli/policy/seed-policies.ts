/** Policies for the organization of the seed, as somebody writes them. */
import { offlineOrganization } from '../../../cli/policy/offline.ts';
import { policyFrom } from '../../../lambda/adapters/policy-from-file.ts';
import { parsePolicyFile } from '../../../lambda/contract/policy-file.ts';
import type { Policy } from '../../../lambda/domain/policy/policy.ts';
import { readTestSeed } from '../../contract/stand-in.ts';
import { exportOf } from './seed-organization.ts';

export const organization = offlineOrganization(exportOf(await readTestSeed()));

export const policyOf = (text: string): Policy => {
  const parsed = parsePolicyFile(`version: 1\n${text}`);
  if (!parsed.ok) throw new Error(parsed.problems.join('\n'));
  return policyFrom(parsed.file, parsed.version);
};
