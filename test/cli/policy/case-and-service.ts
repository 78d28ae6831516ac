/** One question, put to a case of a policy and to the service, over the same facts. */
import { runCase } from '../../../cli/policy/cases.ts';
import { offlineOrganization } from '../../../cli/policy/offline.ts';
import { createMemoryDirectory } from '../../../lambda/adapters/memory/memory-directory.ts';
import { createMemoryOrganization } from '../../../lambda/adapters/memory/memory-organization.ts';
import { createMemoryPolicySource } from '../../../lambda/adapters/memory/memory-policy-source.ts';
import { policyFrom } from '../../../lambda/adapters/policy-from-file.ts';
import type { OrganizationExport } from '../../../lambda/contract/organization-export.ts';
import type { PolicyCase } from '../../../lambda/contract/policy-case.ts';
import { parsePolicyFile } from '../../../lambda/contract/policy-file.ts';
import type { Policy } from '../../../lambda/domain/policy/policy.ts';
import { isRefusal } from '../../../lambda/domain/refusal.ts';
import { explainAsk } from '../../../lambda/use-cases/explain-ask.ts';
import { seconds } from '../../domain/samples.ts';
import { smallWorld } from '../../use-cases/small-world.ts';

export interface Ask {
  readonly content: OrganizationExport;
  readonly policy: Policy;
  readonly userName: string;
  readonly isBreakGlass: boolean;
}

/** The code, and for a refusal what it says. */
export type Answer = readonly [string, string?];

export const ofCase = ({ content, policy, userName, isBreakGlass }: Ask): Answer => {
  const given: PolicyCase = {
    ...{ name: 'a case', person: userName, target: 'prod/Admin', for: seconds(3600), at: '2026-11-23T09:00Z' },
    ...{ reason: 'long enough', on_call: [], open: [], expect: 'allowed' },
    ...(isBreakGlass && { break_glass: true, incident: 'INC-7' }),
  };
  const place = { file: 'cases', line: 1, column: 1 };
  const { passed, differences } = runCase(policy, offlineOrganization(content), { place, given });
  if (passed) return ['allowed'];
  const [got = '', detail = ''] = differences;
  return [/got "(?<code>\w+)"$/.exec(got)?.groups?.code ?? got, detail];
};

/** What `brevet explain` says to the person, which is what asking would come to. */
export const ofService = async ({ content, policy, userName, isBreakGlass }: Ask): Promise<Answer> => {
  const { world } = smallWorld();
  const [only, another] = content.people.filter((one) => one.userName.toLowerCase() === userName.toLowerCase());
  if (!only || another) return [`the organization has nobody named "${userName}"`, ''];
  const accounts = content.accounts.map(({ forbidden: _never, ...one }) => one);
  const explained = await explainAsk(
    {
      ...world,
      directory: createMemoryDirectory(content),
      organization: createMemoryOrganization({ accounts, permissionSets: content.permissionSets }),
      policies: createMemoryPolicySource(policy),
    },
    {
      caller: only,
      target: { account: '400000000001', permissionSet: 'Admin' },
      wish: {
        durationSeconds: seconds(3600),
        justification: 'long enough',
        ...(isBreakGlass && { incident: 'INC-7' }),
      },
    },
  );
  if (isRefusal(explained)) return [explained.refused, explained.detail];
  const { outcome } = explained;
  return isRefusal(outcome) ? [outcome.refused, outcome.detail] : ['allowed'];
};

export const policyOf = (text: string): Policy | undefined => {
  const parsed = parsePolicyFile(text);
  return parsed.ok ? policyFrom(parsed.file, parsed.version) : undefined;
};
