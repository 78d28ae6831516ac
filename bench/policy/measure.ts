/** The policy engine over a big organization: compiling, catalogues, decisions beside Cedar, growth, and a diff. */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type OfflineOrganization, requesterIn } from '../../cli/policy/offline.ts';
import { DEFAULT_LIMITS } from '../../lambda/contract/limits.ts';
import { accountIndexOf, permissionSetIndexOf } from '../../lambda/domain/policy/account-index.ts';
import type { JudgedAsk } from '../../lambda/domain/policy/ask.ts';
import { browse, type CatalogEntry } from '../../lambda/domain/policy/catalog.ts';
import type { Person } from '../../lambda/domain/policy/facts.ts';
import { judge } from '../../lambda/domain/policy/judge.ts';
import type { Policy } from '../../lambda/domain/policy/policy.ts';
import { isRefusal } from '../../lambda/domain/refusal.ts';
import { addSeconds, instant } from '../../lambda/domain/time.ts';
import { type Effort, fixed, type Section, table, whole } from '../report.ts';
import { median, percentile } from '../statistics.ts';
import { makeFolder, removeFolder } from '../temporary-folder.ts';
import { cedarAllows, cedarCall, loadCedar } from './cedar.ts';
import { diffs } from './diffs.ts';
import { everybody } from './everybody.ts';
import { compile, type Ground, groundOf, msOf } from './ground.ts';
import { type Chance, chanceFrom, FULL, TENTH } from './organization.ts';

const PAGE = DEFAULT_LIMITS.pageSize;
const NOW = instant(Date.UTC(2026, 10, 23, 10));

const take = (entries: Iterable<CatalogEntry>, most: number): readonly CatalogEntry[] => {
  const taken: CatalogEntry[] = [];
  for (const entry of entries) {
    taken.push(entry);
    if (taken.length > most) break;
  }
  return taken;
};

/** Page after page, as a caller reads it. */
const readAll = (next: (after: number | undefined) => Iterable<CatalogEntry>): number => {
  let count = 0;
  let after: number | undefined;
  for (;;) {
    const page = take(next(after), PAGE);
    count += Math.min(page.length, PAGE);
    if (page.length <= PAGE) return count;
    after = page[PAGE - 1]?.position;
  }
};

const compiling = ({ document, organization }: Ground) => {
  const times = Array.from({ length: 10 }, () => msOf(() => compile(document)));
  const lists = msOf(() => {
    accountIndexOf([...organization.accounts]);
    permissionSetIndexOf([...organization.permissionSets]);
  });
  return { usual: median(times), lists };
};

const apart = ({ content, document }: Ground) => {
  const folder = makeFolder();
  try {
    const [organizationPath, policyPath] = [join(folder, 'organization.json'), join(folder, 'policy.json')];
    writeFileSync(organizationPath, JSON.stringify(content));
    writeFileSync(policyPath, document);
    const script = fileURLToPath(new URL('./resident.ts', import.meta.url));
    const answer = execFileSync(process.execPath, [script, organizationPath, policyPath], { encoding: 'utf8' });
    const { idle, rss, compileMs } = JSON.parse(answer) as { idle: number; rss: number; compileMs: number };
    return { memory: (rss - idle) / 2 ** 20, compileMs };
  } finally {
    removeFolder(folder);
  }
};

const WORDS = ['account-1', 'prod', 'unit-3', 'part-5', 'set-7', 'account-12/set', 'nothing-like-it'];

const catalogues = ({ organization, policy }: Ground, people: number) => {
  const chance = chanceFrom(5);
  const seen = requesterIn(organization, policy);
  const first: number[] = [];
  const search: number[] = [];
  const complete: number[] = [];
  let most = 0;
  for (let count = 0; count < people; count += 1) {
    const requester = seen(chance.pick(organization.people));
    const open = (after?: number, words: readonly string[] = []) =>
      browse(policy, requester, organization.accounts, organization.permissionSets, {
        words,
        ...(after === undefined ? {} : { after }),
      });
    first.push(msOf(() => take(open(), PAGE)));
    const word = chance.pick(WORDS);
    search.push(msOf(() => take(open(undefined, [word]), PAGE)));
    let entries = 0;
    complete.push(msOf(() => (entries = readAll(open))));
    most = Math.max(most, entries);
  }
  return { first, search, complete, most };
};

/** Half of the cases are made near a rule, so that a good part of them is allowed. */
const casesOf = ({ organization, policy }: Ground, count: number): readonly JudgedAsk[] => {
  const chance = chanceFrom(7);
  const seen = requesterIn(organization, policy);
  const byGroup = new Map(organization.content.groups.map(({ name, memberIds }) => [name, memberIds]));
  const byId = new Map(organization.people.map((person) => [person.id, person]));
  return Array.from({ length: count }, (_, index): JudgedAsk => {
    const near = index % 2 === 0 ? chance.pick(policy.entitlements) : undefined;
    const durationSeconds = chance.pick([600, 1800, 3600, 7200, 14_400, 28_800]);
    return {
      requester: seen(personNear(near?.who.groups ?? [], byGroup, byId, chance) ?? chance.pick(organization.people)),
      account: near ? accountNear(organization, near.what.accounts, chance) : chance.pick(organization.accounts),
      permissionSet: setNear(organization, near?.what.permissionSets.names ?? [], chance),
      durationSeconds,
      window: { from: NOW, until: addSeconds(NOW, durationSeconds) },
      justification: 'x'.repeat(1 + chance.below(25)),
      others: [],
    };
  });
};

const personNear = (
  groups: readonly string[],
  byGroup: ReadonlyMap<string, readonly string[]>,
  byId: ReadonlyMap<string, Person>,
  chance: Chance,
): Person | undefined => {
  const ids = groups.length === 0 ? [] : (byGroup.get(chance.pick(groups)) ?? []);
  return ids.length === 0 ? undefined : byId.get(chance.pick(ids));
};

const accountNear = (
  { accounts }: OfflineOrganization,
  { ids, names, organizationalUnits }: Policy['entitlements'][number]['what']['accounts'],
  chance: Chance,
) => {
  const unit = organizationalUnits[0];
  const near = accounts.filter(
    ({ id, name, ouPath }) =>
      ids.includes(id) || names.includes(name) || (unit !== undefined && ouPath.startsWith(unit)),
  );
  return chance.pick(near.length > 0 ? near : accounts);
};

const setNear = ({ permissionSets }: OfflineOrganization, names: readonly string[], chance: Chance) => {
  const name = names.length > 0 ? chance.pick(names) : undefined;
  return permissionSets.find((one) => one.name === name) ?? chance.pick(permissionSets);
};

const beside = (ground: Ground, count: number) => {
  const cases = casesOf(ground, count);
  loadCedar(ground.policy);
  const calls = cases.map(cedarCall);
  let ours: boolean[] = [];
  let theirs: boolean[] = [];
  const ourMs = msOf(() => (ours = cases.map((one) => !isRefusal(judge(ground.policy, one)))));
  const theirMs = msOf(() => (theirs = calls.map(cedarAllows)));
  const unequal = ours.filter((allowed, index) => allowed !== theirs[index]).length;
  return {
    unequal,
    allowed: ours.filter(Boolean).length,
    ourRate: (count / ourMs) * 1000,
    theirRate: (count / theirMs) * 1000,
  };
};

const GROWTH_ROUNDS = 51;

/** Microseconds a decision takes, in rounds of which each looks at the one and then at the other: a noisy moment meets both. */
const growth = (small: Ground, large: Ground, count: number) => {
  const judging = [small, large].map((ground) => {
    const cases = casesOf(ground, count);
    return () => (msOf(() => cases.map((one) => judge(ground.policy, one))) * 1000) / count;
  });
  const rounds = Array.from({ length: GROWTH_ROUNDS }, () => judging.map((one) => one()));
  const [ofSmall, ofLarge] = [0, 1].map((which) => rounds.map((round) => round[which] ?? 0));
  const ratios = rounds.map(([few = 0, many = 0]) => many / few);
  return {
    smallUs: median(ofSmall ?? []),
    largeUs: median(ofLarge ?? []),
    ratio: median(ratios),
    middle: [percentile(ratios, 0.25), percentile(ratios, 0.75)] as const,
  };
};

export const measurePolicy = async ({ quick, say }: Effort): Promise<Section> => {
  say('policy: generating the organization');
  const ground = groundOf(FULL);
  const { usual, lists } = compiling(ground);
  const { memory, compileMs: first } = apart(ground);
  say('policy: catalogues');
  const { first: firstPage, search, complete, most } = catalogues(ground, quick ? 300 : 2000);
  say('policy: decisions beside Cedar');
  const count = quick ? 2000 : 100_000;
  const { unequal, allowed, ourRate, theirRate } = beside(ground, count);
  const { ratio, middle, smallUs, largeUs } = growth(groundOf(TENTH), ground, 10_000);
  say('policy: diff');
  const diffRows = diffs(ground);
  say('policy: for everybody, as the service looks');
  const everybodyRows = await everybody(ground);
  const rows = [
    ['compile the policy, in a process that has compiled none', `${fixed(first, 0)} ms`, 'at most 500 ms'],
    ['compile the policy, again', `${fixed(usual, 0)} ms`, ''],
    ['index the accounts and permission sets', `${fixed(lists, 0)} ms`, ''],
    ['resident size above idle', `${fixed(memory, 0)} MB`, 'at most 150 MB'],
    ['first page of a catalogue, p95', `${fixed(percentile(firstPage, 0.95), 2)} ms`, 'at most 10 ms'],
    ['search in it, p95', `${fixed(percentile(search, 0.95), 2)} ms`, 'at most 10 ms'],
    [
      `whole catalogue, all pages, the slowest (at most ${whole(most)} entries)`,
      `${fixed(Math.max(...complete), 0)} ms`,
      'at most 150 ms',
    ],
    ['decisions a second', whole(ourRate), ''],
    ['decisions a second, Cedar', whole(theirRate), ''],
    [`verdicts unequal to Cedar's, of ${whole(count)} (${whole(allowed)} allowed)`, whole(unequal), 'none'],
    [
      'cost of a decision, ten times the accounts and rules',
      `${fixed(ratio, 2)}× (half of ${GROWTH_ROUNDS} rounds from ${fixed(middle[0], 2)}× to ${fixed(middle[1], 2)}×; ${fixed(smallUs, 1)} to ${fixed(largeUs, 1)} µs)`,
      'at most 2×',
    ],
    ...diffRows,
    ...everybodyRows,
  ];
  const size = `${whole(FULL.accounts)} accounts in ${FULL.units} units, ${FULL.permissionSets} permission sets, ${whole(FULL.people)} people, ${whole(FULL.groups)} groups, ${FULL.entitlements} entitlements, ${FULL.guardrails} guardrails; the policy's document has ${whole(ground.document.length)} bytes`;
  return {
    title: 'The policy over a big organization',
    text: `${size}.\n\n${table(['what', 'measured', 'target'], rows)}`,
  };
};
