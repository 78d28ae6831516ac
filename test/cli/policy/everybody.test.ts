/** What the service says of a proposed policy for everybody, out of a count: the same as the offline tools, out of an export. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Difference, diff } from '../../../cli/policy/diff.ts';
import { lint } from '../../../cli/policy/lint.ts';
import { offlineOrganization } from '../../../cli/policy/offline.ts';
import { createMemoryDirectory } from '../../../lambda/adapters/memory/memory-directory.ts';
import { createMemoryPolicySource } from '../../../lambda/adapters/memory/memory-policy-source.ts';
import { createPolicyContentReader } from '../../../lambda/adapters/policy-content-reader.ts';
import type { OrganizationExport } from '../../../lambda/contract/organization-export.ts';
import { parsePolicyFile } from '../../../lambda/contract/policy-file.ts';
import type { Policy } from '../../../lambda/domain/policy/policy.ts';
import { isRefusal } from '../../../lambda/domain/refusal.ts';
import { checkPolicy } from '../../../lambda/use-cases/check-policy.ts';
import { CHECK_LIMITS, policyContent } from '../../use-cases/checking.ts';
import { createCounting } from '../../use-cases/counting.ts';
import { smallWorld } from '../../use-cases/small-world.ts';
import { policyOf } from './case-and-service.ts';
import { organizations, policyTexts } from './random-organization.ts';

const AUDITOR = { id: 'id-aud', userName: 'aud', displayName: 'AUD', enabled: true, attributes: {} };

const withAuditor = (content: OrganizationExport): OrganizationExport => ({
  ...content,
  people: [...content.people, AUDITOR],
  groups: [...content.groups, { id: 'g-auditors', name: 'auditors', memberIds: [AUDITOR.id] }],
});

/** Asked for, counted, and asked for again. */
const checkedFor = async (content: OrganizationExport, before: Policy, text: string) => {
  const { accounts, groups, people, permissionSets, organizationalUnits: units } = content;
  const small = smallWorld();
  const { clock, catalogue } = small;
  const known = accounts.map(({ forbidden: _never, ...one }) => one);
  catalogue.publish({ asOf: clock.now(), accounts: known, units, permissionSets });
  catalogue.publishGroups(groups, clock.now());
  const counting = createCounting({ people, groups, clock });
  const world = {
    ...{ ...small.world, ...counting, trail: small.world.ledger, policyReader: createPolicyContentReader() },
    directory: createMemoryDirectory({ people, groups }),
    policies: createMemoryPolicySource(before),
    limits: { ...small.world.limits, ...CHECK_LIMITS },
  };
  const ask = () =>
    checkPolicy(world, { caller: AUDITOR, content: policyContent(text), cases: [], people: [], everybody: true });
  expect(await ask()).toMatchObject({ refused: 'people_being_counted' });
  await counting.count();
  const checked = await ask();
  if (isRefusal(checked)) throw new Error(checked.detail);
  return checked;
};

const toldOf = (differences: readonly Difference[]): readonly unknown[] =>
  differences.map(({ people, changes }) => [...people].sort().join() + JSON.stringify(changes)).sort();

describe('for everybody, in any organization, by any two policies', { timeout: 240_000 }, () => {
  const drawn = fc.tuple(organizations.map(withAuditor), policyTexts, policyTexts);
  const run = (judge: (content: OrganizationExport, before: string, after: string) => Promise<void>) =>
    fc.assert(
      fc.asyncProperty(drawn, async ([content, before, after]) => {
        fc.pre(policyOf(before) !== undefined && policyOf(after) !== undefined);
        await judge(content, before, after);
      }),
      { numRuns: 300 },
    );

  it('lint finds over the API what it finds offline', () =>
    run(async (content, before, after) => {
      const policy = policyOf(before);
      if (!policy) return;
      const { findings, leftOut } = await checkedFor(content, policy, after);
      const offline = lint(parsePolicyFile(after), offlineOrganization(content));
      expect(leftOut).toBe(0);
      expect(findings).toEqual(offline.map(({ path, message }) => ({ path, message })));
    }));

  it('the same changes for the same people', () =>
    run(async (content, before, after) => {
      const [was, is] = [policyOf(before), policyOf(after)];
      if (!was || !is) return;
      const { everybody } = await checkedFor(content, was, after);
      const offline = diff(was, is, offlineOrganization(content));
      const differences = everybody?.differences.map(({ people, changes }) => ({
        people: people.map(({ userName }) => userName),
        changes,
      }));
      expect(toldOf(differences ?? [])).toEqual(toldOf(offline));
      expect(everybody).toMatchObject({ people: content.people.length, changesLeftOut: 0, isWhole: true });
      // Where several bear a name, names do not tell how many they are.
      const areAllUnlike = new Set(content.people.map(({ userName }) => userName)).size === content.people.length;
      if (areAllUnlike) expect(everybody?.concerned).toBe(new Set(offline.flatMap(({ people }) => people)).size);
    }));
});
