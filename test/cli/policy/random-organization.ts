/** Small organizations and policies in which it is often in doubt whether anybody is there to approve, or to be told. */
import fc from 'fast-check';
import type { OrganizationExport } from '../../../lambda/contract/organization-export.ts';

const GROUPS = ['g0', 'g1', 'g2', 'g3', 'empty', 'all'];
/** Nothing bears the last. */
const GROUP_NAMES = [...GROUPS, 'gone'];
const IDS = ['0', '1', '2', '3', '4', '5', '6', '7'];
const USER_NAMES = ['u0', 'u1', 'u2', 'u3', 'u4', 'u5', 'u6', 'U7'];
const DEPARTMENTS = ['a', 'b'];
const TITLES = ['lead', 'engineer'];

const some = <Value>(values: readonly Value[], least = 0, most = 3): fc.Arbitrary<Value[]> =>
  fc.subarray([...values], { minLength: least, maxLength: Math.min(most, values.length) });
const sometimes = <Value>(one: fc.Arbitrary<Value>): fc.Arbitrary<Value | undefined> =>
  fc.oneof(fc.constant(undefined), one);

const person = (id: string, index: number) =>
  fc.record({
    id: fc.constant(id),
    // Now and then several bear the name of the one before, whatever the case of its letters.
    userName: fc
      .integer({ min: 0, max: 9 })
      .map((drawn) => (drawn === 0 ? USER_NAMES[Math.max(0, index - 1)]?.toUpperCase() : USER_NAMES[index]) ?? ''),
    displayName: fc.constant(id),
    enabled: fc.integer({ min: 0, max: 4 }).map((drawn) => drawn > 0),
    attributes: fc.record(
      { department: fc.constantFrom(...DEPARTMENTS), title: fc.constantFrom(...TITLES) },
      { requiredKeys: [] },
    ),
  });

/** The last id is nobody's any more. */
const membersOf = (name: string): fc.Arbitrary<string[]> => {
  if (name === 'all') return fc.constant(IDS);
  return some([...IDS, 'gone'], 0, name === 'empty' ? 0 : 4);
};
const group = (name: string) => membersOf(name).map((memberIds) => ({ id: `id-${name}`, name, memberIds }));

const owner = fc.constantFrom(undefined, '', 'g1', 'group:g2', 'user:u3', 'user:U6', 'nobody');
const account = (tag: string | undefined): OrganizationExport['accounts'][number] => ({
  ...{ id: '400000000001', name: 'prod', ouPath: 'Workloads/Prod', active: true },
  tags: tag === undefined ? {} : { owner: tag },
});

export const organizations: fc.Arbitrary<OrganizationExport> = fc
  .tuple(fc.tuple(...IDS.map(person)), fc.tuple(...GROUPS.map(group)), owner, fc.integer({ min: 0, max: 7 }))
  .map(([people, groups, tag, drawn]) => ({
    version: 1,
    takenAt: '2026-11-23T08:00:00.000Z',
    accounts: [{ ...account(tag), ...(drawn === 0 && { guarded: true as const }) }],
    organizationalUnits: ['Workloads', 'Workloads/Prod'],
    permissionSets: [{ arn: 'arn:aws:sso:::permissionSet/ps-1', name: 'Admin', sessionSeconds: 3600, tags: {} }],
    groups,
    people,
  }));

const attributes = fc.record(
  { department: some(DEPARTMENTS, 1), title: some(TITLES, 1) },
  { requiredKeys: [], noNullPrototype: true },
);
const users = some([...USER_NAMES, 'nobody'], 0, 2);
const namesSome = (one: { readonly groups: unknown[]; readonly users: unknown[] }): boolean =>
  one.groups.length + one.users.length > 0;

const named = fc.record({ groups: some(GROUP_NAMES, 0, 2), users }).filter(namesSome);
const narrowed = fc
  .tuple(named, sometimes(attributes))
  .map(([one, with_]) => ({ ...one, ...(with_ && { attributes: with_ }) }));
const everybody = attributes.filter((one) => Object.keys(one).length > 0).map((one) => ({ attributes: one }));
const tagged = named.map((one) => ({ ...one, account_tag: 'owner' }));
const approvers = fc.oneof(
  { weight: 3, arbitrary: narrowed },
  everybody,
  tagged,
  fc.constant({ account_tag: 'owner' }),
);

const required = fc.constantFrom(1, 1, 1, 2, 3);
const stage = fc
  .record({ approvers, required, escalate_to: sometimes(named) })
  .map(({ escalate_to, ...one }) => ({ ...one, ...(escalate_to && { escalate_after: '1h', escalate_to }) }));
const approval = fc.oneof(
  fc.constant('none' as const),
  fc.tuple(approvers, required).map(([one, count]) => ({ ...one, required: count })),
  fc.array(stage, { minLength: 1, maxLength: 3 }).map((stages) => ({ stages })),
);

const who = fc.oneof(
  { weight: 3, arbitrary: fc.constant({ groups: ['all'], users: [] }) },
  { weight: 2, arbitrary: fc.constantFrom(...GROUPS.slice(0, 4)).map((one) => ({ groups: [one], users: [] })) },
  narrowed,
  everybody,
);
const glass = fc
  .record({ tell: named, by: sometimes(named) })
  .map(({ tell, by }) => ({ tell, ...(by && { review: { by } }) }));

const plain = fc
  .record({ who, approval, break_glass: sometimes(glass) })
  .map(({ break_glass, ...rule }) => ({ ...rule, ...(break_glass && { break_glass }) }));
const delegated = fc.record({
  who,
  approval: approval.filter((one) => one !== 'none'),
  delegation: fc.constant('team'),
});
const entitlement = fc.oneof({ weight: 2, arbitrary: plain }, delegated);
const floor = fc
  .record({
    min_approvals: sometimes(fc.integer({ min: 1, max: 4 })),
    approvers_from: sometimes(some(GROUP_NAMES, 1, 2)),
  })
  .filter((one) => one.min_approvals !== undefined || one.approvers_from !== undefined);
const guardrail = fc.record({
  floor,
  who: sometimes(some(GROUP_NAMES, 1, 2).map((groups) => ({ groups }))),
  break_glass: fc.constantFrom('allow', 'allow', 'forbid'),
});
const delegation = fc.record({ approvers_from: sometimes(some(GROUP_NAMES, 1, 2)) });

/** As it is written, in JSON, which is YAML. */
export const policyTexts: fc.Arbitrary<string> = fc
  .record({
    entitlements: fc.array(entitlement, { minLength: 1, maxLength: 3 }),
    guardrails: fc.array(guardrail, { maxLength: 2 }),
    delegation,
  })
  .map((drawn) =>
    JSON.stringify({
      version: 1,
      delegations: [
        {
          ...{ name: 'team', writers: ['g0'], organizational_units: ['Workloads'], permission_sets: ['Admin'] },
          ...{ max_duration: '4h', ...drawn.delegation },
        },
      ],
      entitlements: drawn.entitlements.map((rule, index) => ({
        ...{ name: `rule-${index}`, ...rule, max_duration: '4h' },
        what: { accounts: 'all', permission_sets: ['Admin'] },
      })),
      guardrails: drawn.guardrails.map((rule, index) => ({ name: `floor-${index}`, ...rule })),
    }),
  );
