/** Judged once more at the moment of assigning: what changed since the approval, or was forged in the store, is not granted. */
import { describe, expect, it } from 'vitest';
import type { AccessRequest } from '../../lambda/domain/access-request.ts';
import { beginGrant } from '../../lambda/use-cases/begin-grant.ts';
import { convergeLease } from '../../lambda/use-cases/converge-lease.ts';
import { ACCOUNTS, PEOPLE, PERMISSION_SETS, POLICY_TEXT, policyOf } from './small-policy.ts';
import { at, later, type SmallWorld, smallWorld } from './small-world.ts';
import {
  active,
  begun,
  convergeWoken,
  decide,
  granted,
  kindsOf,
  leaseIdFor,
  leaseOf,
  readRequest,
  seconds,
  statusOf,
  submit,
} from './story.ts';

type Change = (small: SmallWorld) => void;

const CHANGES: readonly (readonly [string, Change, RegExp])[] = [
  [
    'the requester is disabled',
    ({ people }) => people.putPerson({ ...PEOPLE.ann, enabled: false }),
    /no longer an enabled user/,
  ],
  ['the requester is deleted', ({ people }) => people.removePerson('id-ann'), /no longer an enabled user/],
  [
    'the requester has left the group',
    ({ people }) => people.putGroup({ id: 'group-engineers', name: 'engineers', memberIds: ['id-bob'] }),
    /No rule of the policy lets ann/,
  ],
  ['the group is gone', ({ people }) => people.removeGroup('group-engineers'), /No rule of the policy lets ann/],
  [
    'the account was moved out of the OU',
    ({ accounts }) => accounts.putAccount({ ...ACCOUNTS.prod, ouPath: 'Quarantine' }),
    /No rule of the policy lets ann/,
  ],
  [
    'the account is suspended',
    ({ accounts }) => accounts.putAccount({ ...ACCOUNTS.prod, active: false }),
    /not active/,
  ],
  ['the account is gone', ({ accounts }) => accounts.removeAccount(ACCOUNTS.prod.id), /no account/],
  [
    'the account now hosts Brevet',
    ({ accounts }) => accounts.putAccount({ ...ACCOUNTS.prod, forbidden: 'hosting-account' }),
    /never a target/,
  ],
  [
    'the permission set is gone',
    ({ accounts }) => accounts.removePermissionSet(PERMISSION_SETS.Admin.arn),
    /no permission set/,
  ],
  [
    'a permission set of the same name is another',
    ({ accounts }) => {
      accounts.removePermissionSet(PERMISSION_SETS.Admin.arn);
      accounts.putPermissionSet({ ...PERMISSION_SETS.Admin, arn: `${PERMISSION_SETS.Admin.arn}-new` });
    },
    /no permission set/,
  ],
  [
    'the policy has no such rule any more',
    ({ published }) =>
      published.publish(policyOf(POLICY_TEXT.replaceAll('permission_sets: [Admin]', 'permission_sets: [Other]'))),
    /No rule of the policy lets ann/,
  ],
  [
    'the policy allows less time',
    ({ published }) => published.publish(policyOf(POLICY_TEXT.replace('max_duration: 4h', 'max_duration: 30m'))),
    /too long/,
  ],
  [
    'the policy asks for a ticket',
    ({ published }) =>
      published.publish(policyOf(POLICY_TEXT.replace('{ justification_length: 5 }', "{ ticket_pattern: 'CHG-.*' }"))),
    /needs a ticket/,
  ],
];

const expectNothingGiven = async (small: SmallWorld, request: AccessRequest, reason: RegExp): Promise<void> => {
  expect(await readRequest(small, request.id)).toMatchObject({
    status: 'failed',
    reason: expect.stringMatching(reason),
  });
  expect(small.identityCenter.list()).toEqual([]);
  expect(await leaseOf(small, request)).toMatchObject({ holds: [], state: { kind: 'vacant' } });
};

describe('between approval and assigning', () => {
  it.each(CHANGES)('%s: the request fails with the reason, and nothing is given', async (_what, change, reason) => {
    const small = smallWorld();
    const request = await begun(small);
    change(small);
    await convergeWoken(small);
    await expectNothingGiven(small, request, reason);
    expect(await kindsOf(small, request)).toEqual(['asked', 'voted', 'grant-begun', 'grant-failed', 'gone']);
  });

  it.each(CHANGES)(
    '%s: joining what another request holds fails too, and the other keeps it',
    async (_what, change) => {
      const small = smallWorld();
      const [first, second] = [await active(small), await begun(small)];
      change(small);
      await convergeWoken(small);
      expect([await statusOf(small, first), await statusOf(small, second)]).toEqual(['active', 'failed']);
      expect(small.identityCenter.list()).toEqual(['id-ann 400000000001 Admin']);
    },
  );

  it('a policy that asks for more approvals does not undo those of the version that let it through', async () => {
    const small = smallWorld();
    const request = await begun(small);
    small.published.publish(
      policyOf(POLICY_TEXT.replace('{ groups: [leads] }', '{ groups: [leads, seconds], required: 2 }')),
    );
    await convergeWoken(small);
    expect(await statusOf(small, request)).toBe('active');
  });

  it('a rule that goes by tags is judged by them, though the policy in force asks for none', async () => {
    const small = smallWorld();
    small.accounts.putAccount({ ...ACCOUNTS.prod, tags: { env: 'prod' } });
    small.accounts.putPermissionSet({ ...PERMISSION_SETS.Admin, tags: { level: 'high' } });
    const tagged = POLICY_TEXT.replace(
      '{ accounts: { organizational_units: [Workloads] }, permission_sets: [Admin] }',
      '{ accounts: { tags: { env: prod } }, permission_sets: { tags: { level: high } } }',
    );
    small.published.publish(policyOf(tagged));
    const request = await begun(small);
    small.published.publish(policyOf(POLICY_TEXT));
    await convergeWoken(small);
    expect(await statusOf(small, request)).toBe('active');
  });

  it('a rule that goes by tags gives nothing where the tags are others by now', async () => {
    const small = smallWorld();
    small.accounts.putAccount({ ...ACCOUNTS.prod, tags: { env: 'prod' } });
    small.published.publish(
      policyOf(POLICY_TEXT.replace('{ organizational_units: [Workloads] }', '{ tags: { env: prod } }')),
    );
    const request = await begun(small);
    small.accounts.putAccount({ ...ACCOUNTS.prod, tags: { env: 'test' } });
    small.published.publish(policyOf(POLICY_TEXT));
    await convergeWoken(small);
    await expectNothingGiven(small, request, /by the rule "production" alone/);
  });

  it('a freeze that the policy in force has lifted holds nobody up', async () => {
    const small = smallWorld();
    const [from, until] = [30, 180].map((minutes) =>
      new Date(small.clock.now() + minutes * 60_000).toISOString().replace(/\.\d+/, ''),
    );
    const freeze = `guardrails:\n  - name: stop\n    freeze: { reason: a release, from: '${from}', until: '${until}' }\n`;
    small.published.publish(policyOf(`${POLICY_TEXT}${freeze}`));
    const asked = granted(await submit(small, { wish: { durationSeconds: seconds(1200) } }));
    small.clock.advance(15 * 60);
    small.published.publish(policyOf(POLICY_TEXT));
    granted(await decide(small, asked.id, 'leo'));
    granted(await beginGrant(small.world, asked.id));
    await convergeWoken(small);
    expect(await statusOf(small, asked)).toBe('active');
  });

  it('law 9: nothing is given while the policy cannot be read; it is when it can be', async () => {
    const small = smallWorld();
    const request = await begun(small);
    small.world.policies.failNext('byVersion', { times: 3 });
    await convergeLease(small.world, leaseIdFor(request), later(small, 0.5));
    expect(await statusOf(small, request)).toBe('granting');
    expect(small.identityCenter.list()).toEqual([]);
    await convergeLease(small.world, leaseIdFor(request), later(small, 60));
    expect(await statusOf(small, request)).toBe('active');
  });
});

describe('forged in the store', () => {
  /** Ann’s request for production, scheduled without anybody having approved it. */
  const forged = async (small: SmallWorld, forgery: Partial<AccessRequest>): Promise<AccessRequest> => {
    const before = granted(await submit(small));
    const { expiresAt: _, ...base } = { expiresAt: undefined, ...before };
    const after = { ...base, status: 'scheduled', startsAt: small.clock.now(), ...forgery } as AccessRequest;
    await small.world.ledger.commit({ requests: [{ before, after, events: [] }] });
    granted(await beginGrant(small.world, before.id));
    await convergeWoken(small);
    return before;
  };
  const approval = (approver: (typeof PEOPLE)[keyof typeof PEOPLE]) =>
    ({ stage: 0, approver, choice: 'approve', at: at('09:00') }) as unknown as AccessRequest['votes'][number];
  const NOBODY = [] as const;
  const version = policyOf(POLICY_TEXT).version;
  const rule = (name: string, policyVersion = version) =>
    ({ name, policyVersion, maxDurationSeconds: 14_400 }) as AccessRequest['entitled'];

  it.each([
    ['no votes', {}, /needs 1 approval\(s\) and has 0/],
    ['a rule that asks nobody', { approval: NOBODY }, /needs 1 approval\(s\) and has 0/],
    ['a vote of the requester', { votes: [approval(PEOPLE.ann)] }, /needs 1 approval\(s\) and has 0/],
    ['a rejection', { votes: [{ ...approval(PEOPLE.leo), choice: 'reject' }] }, /was rejected/],
    ['a rule of that version that lets others through', { approval: NOBODY, entitled: rule('sandbox') }, /"sandbox"/],
    [
      'a rule that lets it through for less time',
      { approval: NOBODY, entitled: rule('incident'), ticket: 'INC-1' },
      /"incident" alone: 1h is too long/,
    ],
    [
      'a rule whose condition is not met',
      { approval: NOBODY, entitled: rule('incident'), durationSeconds: seconds(60) },
      /"incident" alone: .* needs a ticket/,
    ],
    [
      'a rule that the version does not have',
      { approval: NOBODY, entitled: rule('no-such-rule') },
      /no rule "no-such-rule"/,
    ],
  ] as const)('with %s: not granted', async (_what, forgery, reason) => {
    const small = smallWorld();
    const request = await forged(small, forgery as Partial<AccessRequest>);
    await expectNothingGiven(small, request, reason);
  });

  it('with one vote counted twice: not granted', async () => {
    const small = smallWorld();
    const before = granted(await submit(small, { permissionSet: 'Database', wish: { ticket: 'CHG-1' } }));
    const voted = granted(await decide(small, before.id, 'leo'));
    const { expiresAt: _, ...base } = { expiresAt: undefined, ...voted };
    const [vote] = voted.votes;
    const after = { ...base, status: 'scheduled', startsAt: small.clock.now(), votes: [vote, vote] } as AccessRequest;
    await small.world.ledger.commit({ requests: [{ before: voted, after, events: [] }] });
    granted(await beginGrant(small.world, before.id));
    await convergeWoken(small);
    await expectNothingGiven(small, before, /needs 2 approval\(s\) and has 1/);
  });

  it('with a policy version that was never published: nothing is given, and it fails at its deadline', async () => {
    const small = smallWorld();
    const request = await forged(small, { entitled: rule('production', 'f'.repeat(64)) });
    expect(small.identityCenter.list()).toEqual([]);
    small.clock.advance(15 * 60);
    await convergeLease(small.world, leaseIdFor(request), later(small, 60));
    await expectNothingGiven(small, request, /not usable before/);
  });

  it('a wake-up for what nobody approved gives nothing', async () => {
    const small = smallWorld();
    const request = granted(await submit(small));
    await convergeLease(small.world, leaseIdFor(request), later(small, 60));
    expect(await statusOf(small, request)).toBe('pending');
    expect(small.identityCenter.list()).toEqual([]);
  });
});
