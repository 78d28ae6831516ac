/** A proposed policy looked at for everybody, as the service does it: out of a count in the table's pieces; and what counting takes. */

import { piecesOf, textOf, versionOf } from '../../lambda/adapters/catalogue-pieces.ts';
import { readCensus } from '../../lambda/adapters/census-documents.ts';
import { createMemoryCatalogueSource } from '../../lambda/adapters/memory/memory-catalogue-source.ts';
import { createMemoryDirectory } from '../../lambda/adapters/memory/memory-directory.ts';
import { createMemoryLedger } from '../../lambda/adapters/memory/memory-ledger.ts';
import { createMemoryPolicySource } from '../../lambda/adapters/memory/memory-policy-source.ts';
import { CENSUS_RATE } from '../../lambda/adapters/paced-client.ts';
import { createPolicyContentReader } from '../../lambda/adapters/policy-content-reader.ts';
import { createSystemClock } from '../../lambda/adapters/system-clock.ts';
import { DEFAULT_LIMITS } from '../../lambda/contract/limits.ts';
import { canonicalJson } from '../../lambda/domain/audit-event.ts';
import type { Census } from '../../lambda/domain/census.ts';
import { isRefusal } from '../../lambda/domain/refusal.ts';
import { addSeconds } from '../../lambda/domain/time.ts';
import { checkPolicy } from '../../lambda/use-cases/check-policy.ts';
import { fixed, whole } from '../report.ts';
import { changedFrom } from './diffs.ts';
import type { Ground } from './ground.ts';

/** Of users as well as of members. */
const A_PAGE = 100;
const AUDITORS = 'group-auditors';

const censusOf = ({ content }: Ground): Census => {
  const placeOf = new Map(content.people.map(({ id }, place) => [id, place]));
  const placesOf = (ids: readonly string[]) => ids.flatMap((id) => placeOf.get(id) ?? []);
  return {
    people: content.people,
    members: Object.fromEntries(content.groups.map(({ id, memberIds }) => [id, placesOf(memberIds)])),
  };
};

/** What the function knows, with everybody counted a moment ago. */
const serviceOver = (ground: Ground, pieces: readonly Uint8Array[], version: string) => {
  const { content, policy } = ground;
  const [auditor] = content.people;
  if (!auditor) throw new Error('nobody is there');
  const clock = createSystemClock();
  const catalogue = createMemoryCatalogueSource();
  const { permissionSets, organizationalUnits: units } = content;
  const accounts = content.accounts.map(({ forbidden: _never, ...one }) => one);
  catalogue.publish({ asOf: clock.now(), accounts, units, permissionSets });
  catalogue.publishGroups(content.groups, clock.now());
  const world = {
    ...{ clock, catalogue, trail: createMemoryLedger(), limits: DEFAULT_LIMITS },
    policies: createMemoryPolicySource(policy),
    policyReader: createPolicyContentReader(),
    directory: createMemoryDirectory({
      people: [auditor],
      groups: [{ id: AUDITORS, name: 'auditors', memberIds: [auditor.id] }],
    }),
    roleGroups: { administrators: [], auditors: ['auditors'] },
    census: {
      readState: async () => ({
        revision: 1,
        taken: { version, asOf: clock.now(), goodUntil: addSeconds(clock.now(), 60) },
      }),
      read: async () => readCensus(textOf(version, pieces)),
    },
    censusTaker: {
      begin: async () => {
        throw new Error('a group was not counted');
      },
    },
  };
  return (proposed: unknown) =>
    checkPolicy(world, { caller: auditor, content: proposed, cases: [], people: [], everybody: true });
};

const pagesOf = (count: number): number => Math.max(1, Math.ceil(count / A_PAGE));

/** The first two of the changes: of some rules, and of everything. */
export const everybody = async (ground: Ground): Promise<readonly (readonly string[])[]> => {
  const census = censusOf(ground);
  const text = canonicalJson(census);
  const [pieces, version] = [piecesOf(text), versionOf(text)];
  const check = serviceOver(ground, pieces, version);
  const bytes = pieces.reduce((sum, { length }) => sum + length, 0);
  const { groups, people } = ground.content;
  const calls = groups.reduce((sum, { memberIds }) => sum + pagesOf(memberIds.length), pagesOf(people.length));
  const seconds = calls / CENSUS_RATE.perSecond;
  const rows = [
    [
      `calls that count everybody, of all ${whole(groups.length)} groups (by pages of ${A_PAGE}, ${CENSUS_RATE.perSecond} a second)`,
      `${whole(calls)}, ${whole(Math.round(seconds))} s`,
      '',
    ],
    ['the count in the table', `${whole(Math.round(bytes / 1000))} KB in ${pieces.length} items`, ''],
  ];
  for (const [what, proposed] of changedFrom(ground).filter((_, index) => index === 0 || index === 2)) {
    const since = performance.now();
    const checked = await check(proposed);
    const ms = performance.now() - since;
    if (isRefusal(checked) || !checked.everybody?.isWhole) throw new Error('everybody was not compared');
    const { concerned } = checked.everybody;
    rows.push([
      `look for everybody, by the count: ${what} (${whole(concerned)} people concerned, ${whole(checked.findings.length)} findings)`,
      `${fixed(ms / 1000, 1)} s`,
      'at most 10 s',
    ]);
  }
  return rows;
};
