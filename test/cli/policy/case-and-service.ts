/** One question, put to a case of a policy, offline and over the API, and to the service, over the same facts. */
import { runCase } from '../../../cli/policy/cases.ts';
import { offlineOrganization } from '../../../cli/policy/offline.ts';
import { createMemoryDirectory } from '../../../lambda/adapters/memory/memory-directory.ts';
import { createMemoryOrganization } from '../../../lambda/adapters/memory/memory-organization.ts';
import { createMemoryPolicySource } from '../../../lambda/adapters/memory/memory-policy-source.ts';
import { createPolicyContentReader } from '../../../lambda/adapters/policy-content-reader.ts';
import { policyFrom } from '../../../lambda/adapters/policy-from-file.ts';
import type { OrganizationExport } from '../../../lambda/contract/organization-export.ts';
import type { PolicyCase } from '../../../lambda/contract/policy-case.ts';
import { parsePolicyFile } from '../../../lambda/contract/policy-file.ts';
import type { Policy } from '../../../lambda/domain/policy/policy.ts';
import type { CaseOutcome } from '../../../lambda/domain/policy/policy-case.ts';
import { isRefusal } from '../../../lambda/domain/refusal.ts';
import { checkPolicy } from '../../../lambda/use-cases/check-policy.ts';
import { explainAsk } from '../../../lambda/use-cases/explain-ask.ts';
import { seconds } from '../../domain/samples.ts';
import { CHECK_LIMITS, policyContent } from '../../use-cases/checking.ts';
import { smallWorld } from '../../use-cases/small-world.ts';

export interface Ask {
  readonly content: OrganizationExport;
  readonly policy: Policy;
  /** The file of that policy. */
  readonly text: string;
  readonly userName: string;
  readonly isBreakGlass: boolean;
}

/** The code, and for a refusal what it says. */
export type Answer = readonly [string, string?];

const caseOf = ({ userName, isBreakGlass }: Ask): PolicyCase => ({
  ...{ name: 'a case', person: userName, target: 'prod/Admin', for: seconds(3600), at: '2026-11-23T09:00Z' },
  ...{ reason: 'long enough', on_call: [], open: [], expect: 'allowed' },
  ...(isBreakGlass && { break_glass: true, incident: 'INC-7' }),
});

const answerOf = ({ passed, differences }: CaseOutcome): Answer => {
  if (passed) return ['allowed'];
  const [got = '', detail = ''] = differences;
  return [/got "(?<code>\w+)"$/.exec(got)?.groups?.code ?? got, detail];
};

export const ofCase = (ask: Ask): Answer => {
  const place = { file: 'cases', line: 1, column: 1 };
  return answerOf(runCase(ask.policy, offlineOrganization(ask.content), { place, given: caseOf(ask) }));
};

const AUDITOR = { id: 'id-aud', userName: 'aud', displayName: 'AUD', enabled: true };

/** What `POST /policy/check` says to the same case. */
export const ofCheck = async (ask: Ask): Promise<Answer> => {
  const { accounts, groups, people, permissionSets, organizationalUnits: units } = ask.content;
  const small = smallWorld();
  const all = [...groups, { id: 'g-auditors', name: 'auditors', memberIds: [AUDITOR.id] }];
  const directory = createMemoryDirectory({ people: [...people, AUDITOR], groups: all });
  const known = accounts.map(({ forbidden: _never, ...one }) => one);
  small.catalogue.publish({ asOf: small.clock.now(), accounts: known, units, permissionSets });
  small.catalogue.publishGroups(all, small.clock.now());
  const world = { ...small.world, directory };
  const parts = { policyReader: createPolicyContentReader(), trail: small.world.ledger, ...small.counting };
  const checked = await checkPolicy(
    { ...world, ...parts, limits: { ...world.limits, ...CHECK_LIMITS } },
    { caller: AUDITOR, content: policyContent(ask.text), cases: [caseOf(ask)], people: [] },
  );
  if (isRefusal(checked)) return [checked.refused, checked.detail];
  const [outcome] = checked.cases;
  return outcome?.isCounted ? answerOf(outcome) : ['not counted'];
};

/** What `brevet explain` says to the person; undefined where nobody, or more than one, bears the name. */
export const explainedByService = async ({ content, policy, userName, isBreakGlass }: Ask) => {
  const { world } = smallWorld();
  const [only, another] = content.people.filter((one) => one.userName.toLowerCase() === userName.toLowerCase());
  if (!only || another) return undefined;
  const accounts = content.accounts.map(({ forbidden: _never, ...one }) => one);
  return explainAsk(
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
};

/** What asking would come to. */
export const ofService = async (ask: Ask): Promise<Answer> => {
  const explained = await explainedByService(ask);
  if (!explained) return [`the organization has nobody named "${ask.userName}"`, ''];
  if (isRefusal(explained)) return [explained.refused, explained.detail];
  const { outcome } = explained;
  return isRefusal(outcome) ? [outcome.refused, outcome.detail] : ['allowed'];
};

export const policyOf = (text: string): Policy | undefined => {
  const parsed = parsePolicyFile(text);
  return parsed.ok ? policyFrom(parsed.file, parsed.version) : undefined;
};
