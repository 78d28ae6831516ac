/** What a lease is for vanishes, or moves, at every point of its life: the request comes to its end with the reason, and nobody calls for ever. */
import {
  DeleteGroupMembershipCommand,
  DeleteUserCommand,
  GetGroupMembershipIdCommand,
} from '@aws-sdk/client-identitystore';
import { ListParentsCommand, ListRootsCommand, MoveAccountCommand } from '@aws-sdk/client-organizations';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AccessRequest } from '../../lambda/domain/access-request.ts';
import { addSeconds } from '../../lambda/domain/time.ts';
import { requestView } from '../../lambda/handlers/api/views.ts';
import { awaitStep } from '../../lambda/use-cases/await-step.ts';
import { beginGrant } from '../../lambda/use-cases/begin-grant.ts';
import { convergeLease } from '../../lambda/use-cases/converge-lease.ts';
import { type StandInWorld, standInWorld } from './stand-in-world.ts';

let on: StandInWorld;
beforeEach(async () => {
  on = await standInWorld();
});
afterEach(() => on.stop());

/** What AWS answers from then on for what is not there any more. */
const VANISH = {
  'the permission set': async () =>
    on.standIn.fail({
      kind: 'error',
      operation: 'sso-admin:*',
      where: { PermissionSetArn: on.permissionSetArn },
      error: 'ResourceNotFoundException',
      reason: 'no such permission set',
    }),
  'the account': async () =>
    on.standIn.fail(
      ...(['TargetId', 'AccountId'] as const).map((member) => ({
        kind: 'error',
        operation: 'sso-admin:*',
        where: { [member]: on.target.accountId },
        error: 'ResourceNotFoundException',
        reason: 'no such account',
      })),
      {
        kind: 'error',
        operation: 'organizations:*',
        where: { AccountId: on.target.accountId },
        error: 'AccountNotFoundException',
      },
    ),
  /** The assignment stays listed, and its deletion fails for ever, as reported of AWS. */
  'the user': async () => {
    const { identityStore, seed } = on.standIn;
    const { id: UserId } = await on.person('maria');
    await identityStore.send(new DeleteUserCommand({ IdentityStoreId: seed.identityStoreId, UserId }));
  },
} as const;
type What = keyof typeof VANISH;
const WHATS = Object.keys(VANISH) as What[];

const reasonOf = (request: AccessRequest): string | undefined =>
  requestView({ request, youMay: [] }, on.clock.now()).reason;

/** Nothing is called, by anybody, however long one waits. */
const expectQuiet = async (): Promise<void> => {
  const before = on.calls();
  await on.minutes(30);
  expect(on.calls()).toBe(before);
};

describe('before it is granted', () => {
  it.each([
    ['the permission set', /permission set|no such permission set/],
    ['the account', /no account/],
    ['the user', /no longer an enabled user/],
  ] as const)('%s: the request fails with that, and nothing is ever assigned', async (what, reason) => {
    const request = await on.submit();
    await VANISH[what]();
    await on.begin(request);
    await on.minutes(2);
    const failed = await on.read(request);
    expect(failed.status).toBe('failed');
    expect(reasonOf(failed)).toMatch(reason);
    expect(on.standIn.callsOf('DeleteAccountAssignment')).toBe(0);
    await expectQuiet();
  });
});

describe('while Identity Center is at it', () => {
  it.each(['the account', 'the user'] as const)(
    '%s: the request is over soon, with the reason, and nobody can use anything',
    async (what) => {
      await on.standIn.pace({ latencyMs: { min: 30_000, max: 30_000 } });
      const asked = await on.submit();
      await beginGrant(on.world, asked.id);
      await convergeLease(on.world, on.woken[0] ?? '', addSeconds(on.clock.now(), 5));
      expect(await on.lease(asked)).toMatchObject({
        state: { kind: 'creating', operation: { id: expect.anything() } },
      });
      await VANISH[what]();
      await on.minutes(25);
      const over = await on.read(asked);
      expect(over.status).toBe('failed');
      expect(reasonOf(over)).toMatch(/./);
      await expectQuiet();
    },
  );
});

describe('while it is held', () => {
  it.each([
    ['the permission set', 'the window closed; its account or permission set is not there any more'],
    ['the account', 'the window closed; its account or permission set is not there any more'],
    ['the user', 'the window closed; its user is not in IAM Identity Center any more'],
  ] as const)('%s: the request ends in time, says so, and the lease is done with', async (what, reason) => {
    const request = await on.begin(await on.submit());
    expect(request.status).toBe('active');
    await VANISH[what]();
    await on.minutes(62);
    await on.minutes(5);
    const ended = await on.read(request);
    expect(ended.status).toBe('ended');
    expect(reasonOf(ended)).toBe(reason);
    expect(await on.lease(request)).toMatchObject({ state: { kind: 'vacant' }, holds: [] });
    expect((await on.world.ledger.readEvents(request.id)).at(-1)).toMatchObject({
      kind: 'gone',
      data: { vanished: what === 'the user' ? 'user' : 'target' },
    });
    await expectQuiet();
  });

  it('the account, and Identity Center refuses to touch it: it counts as gone once the organization has no such account', async () => {
    const request = await on.begin(await on.submit());
    await on.standIn.fail(
      { kind: 'error', operation: 'DeleteAccountAssignment', error: 'AccessDeniedException' },
      {
        kind: 'error',
        operation: 'organizations:*',
        where: { AccountId: on.target.accountId },
        error: 'AccountNotFoundException',
      },
    );
    await on.minutes(63);
    const ended = await on.read(request);
    expect(reasonOf(ended)).toBe('the window closed; its account has left the organization');
    await expectQuiet();
  });

  it('nobody can tell whether the user is there: it keeps trying', async () => {
    const request = await on.begin(await on.submit());
    await on.standIn.fail(
      { kind: 'error', operation: 'DeleteAccountAssignment', error: 'AccessDeniedException' },
      { kind: 'outage', operation: 'identitystore:*' },
    );
    await on.minutes(75);
    expect((await on.read(request)).status).toBe('ending');
    await on.standIn.fail();
    await on.minutes(6);
    expect((await on.read(request)).status).toBe('ended');
    expect(await on.isAssigned(request)).toBe(false);
  });
});

describe('while it is being taken away', () => {
  it.each(WHATS)('%s: it is over, and the lease is done with', async (what) => {
    const request = await on.begin(await on.submit());
    await on.standIn.fail({ kind: 'error', operation: 'DeleteAccountAssignment', error: 'ConflictException' });
    await on.end(request);
    expect((await on.read(request)).status).toBe('ending');
    await on.standIn.fail();
    await VANISH[what]();
    await on.minutes(6);
    expect((await on.read(request)).status).toBe('ended');
    expect(await on.lease(request)).toMatchObject({ state: { kind: 'vacant' }, holds: [] });
    await expectQuiet();
  });
});

describe('while it stands by somebody else’s doing', () => {
  it.each(WHATS)('%s: the request ends, and nothing is ever deleted', async (what) => {
    await on.assignOutside('maria');
    const request = await on.begin(await on.submit());
    expect(request).toMatchObject({ status: 'active', standing: true });
    await VANISH[what]();
    await on.minutes(64);
    expect((await on.read(request)).status).toBe('ended');
    expect(on.standIn.callsOf('DeleteAccountAssignment')).toBe(0);
    await expectQuiet();
  });
});

describe('between the approval and the start', () => {
  const scheduled = () => on.submit({ start: addSeconds(on.clock.now(), 2 * 3600) });

  it('the account moves out of the organizational unit: it is not granted', async () => {
    const request = await scheduled();
    const { organizations } = on.standIn;
    const { Parents } = await organizations.send(new ListParentsCommand({ ChildId: on.target.accountId }));
    const { Roots } = await organizations.send(new ListRootsCommand({}));
    const [SourceParentId, DestinationParentId] = [Parents?.[0]?.Id, Roots?.[0]?.Id];
    await organizations.send(
      new MoveAccountCommand({ AccountId: on.target.accountId, SourceParentId, DestinationParentId }),
    );
    await on.minutes(123);
    expect((await on.read(request)).status).toBe('failed');
    expect(on.standIn.callsOf('CreateAccountAssignment')).toBe(0);
  });

  it('the person leaves the group: it is not granted', async () => {
    const request = await scheduled();
    const { identityStore, seed } = on.standIn;
    const { identityStoreId: IdentityStoreId } = seed;
    const GroupId = seed.groups.find(({ displayName }) => displayName === 'payments-engineers')?.groupId;
    const MemberId = { UserId: request.requester.id };
    const { MembershipId } = await identityStore.send(
      new GetGroupMembershipIdCommand({ IdentityStoreId, GroupId, MemberId }),
    );
    await identityStore.send(new DeleteGroupMembershipCommand({ IdentityStoreId, MembershipId }));
    await on.minutes(123);
    expect((await on.read(request)).status).toBe('failed');
    expect(on.standIn.callsOf('CreateAccountAssignment')).toBe(0);
  });

  it('somebody ends it: nothing is ever created, deleted or looked at', async () => {
    const request = await scheduled();
    const before = on.calls();
    expect((await on.end(request)).status).toBe('ended');
    await on.minutes(130);
    expect(on.calls()).toBe(before);
    expect((await on.read(request)).status).toBe('ended');
  });
});

describe('again and again', () => {
  it('it is asked for anew after its end, and while the timer of the one before still runs', async () => {
    const first = await on.begin(await on.submit());
    await on.end(first);
    await on.minutes(1);
    expect((await on.read(first)).status).toBe('ended');
    const second = await on.begin(await on.submit());
    expect(second.status).toBe('active');
    await on.minutes(58);
    await awaitStep(on.world, { step: 'end', requestId: first.id, taskToken: 'the old timer' });
    await on.converge();
    expect((await on.read(second)).status).toBe('active');
    expect(await on.isAssigned(second)).toBe(true);
    await on.minutes(5);
    expect((await on.read(second)).status).toBe('ended');
    expect(await on.isAssigned(second)).toBe(false);
  });
});
