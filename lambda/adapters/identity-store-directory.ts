/** People and groups out of the Identity Store of IAM Identity Center. */
import type { GroupRef } from '../domain/access-request.ts';
import type { Person } from '../domain/policy/facts.ts';
import { foldedCase, isStoreName } from '../domain/proven-identity.ts';
import type { Instant } from '../domain/time.ts';
import type { Clock } from '../ports/clock.ts';
import type { Directory, Match } from '../ports/directory.ts';
import { OutOfTime } from '../ports/faults.ts';
import { type Cached, cached, cachedByKey } from './cached.ts';
import type { IdentityStoreCalls, StoredUser } from './identity-store-calls.ts';
import { listMemberIds } from './identity-store-members.ts';
import { allPages, batches } from './paged.ts';
import { ENTERPRISE } from './person-attributes.ts';
import { callingUnless, required } from './service-call.ts';
import { personFrom } from './stored-person.ts';

export interface IdentityStoreDirectoryParts {
  readonly calls: IdentityStoreCalls;
  readonly identityStoreId: string;
  readonly clock: Clock;
}

const SOURCE = 'identity-store';
const NOT_FOUND = ['ResourceNotFoundException'];
const GROUP_SECONDS = 5 * 60;
/** Who could decide is asked again and again while somebody waits for it, and costs a call for each group and person. */
const TELLING_SECONDS = 60;
/** `IsMemberInGroups` takes 1 to 100 groups. */
const GROUPS_A_CALL = 100;
const Extensions = [ENTERPRISE];

const isSame = (left: string | undefined, right: string): boolean =>
  left !== undefined && foldedCase(left) === foldedCase(right);

/** Whether the service tells `A` from `a` is not documented, so it is asked for both ways of writing. */
const writings = (text: string): readonly string[] => [...new Set([text, foldedCase(text)])];

/** NB. An identity must be certain: more than one is told from one, however often each was found. */
const onlyOne = (users: readonly StoredUser[]): Match => {
  const [only, another] = new Map(users.map((user) => [user.UserId, user])).values();
  if (another) return 'several';
  return only && personFrom(only);
};

export const createIdentityStoreDirectory = ({
  calls,
  identityStoreId: IdentityStoreId,
  clock,
}: IdentityStoreDirectoryParts): Directory => {
  const usersNamed = (userName: string): Promise<readonly StoredUser[]> =>
    allPages(async (NextToken) => {
      const Filters = [{ AttributePath: 'UserName', AttributeValue: userName }];
      const answer = await calls('ListUsers', { IdentityStoreId, Filters, NextToken, Extensions });
      return { items: answer.Users, nextToken: answer.NextToken };
    });

  const userIdOf = async (email: string): Promise<string | undefined> => {
    const UniqueAttribute = { AttributePath: 'emails.value', AttributeValue: email };
    const asking = calls('GetUserId', { IdentityStoreId, AlternateIdentifier: { UniqueAttribute } });
    const found = await callingUnless(SOURCE, NOT_FOUND, asking);
    return found && required(SOURCE, 'UserId', found.UserId);
  };

  const userOf = (UserId: string) =>
    callingUnless(SOURCE, NOT_FOUND, calls('DescribeUser', { IdentityStoreId, UserId, Extensions }));

  const loadGroup = async (name: string): Promise<GroupRef | undefined> => {
    const UniqueAttribute = { AttributePath: 'displayName', AttributeValue: name };
    const asking = calls('GetGroupId', { IdentityStoreId, AlternateIdentifier: { UniqueAttribute } });
    const found = await callingUnless(SOURCE, NOT_FOUND, asking);
    return found && { id: required(SOURCE, 'GroupId', found.GroupId), name };
  };

  const groups = new Map<string, Cached<GroupRef | undefined>>();
  const groupNamed = (name: string): Cached<GroupRef | undefined> => {
    const known = groups.get(name) ?? cached(() => loadGroup(name), GROUP_SECONDS, clock);
    groups.set(name, known);
    return known;
  };

  /** Undefined when the person or one of the groups has vanished. */
  const memberships = async (personId: string, GroupIds: string[]): Promise<ReadonlySet<string> | undefined> => {
    const asking = calls('IsMemberInGroups', { IdentityStoreId, MemberId: { UserId: personId }, GroupIds });
    const answer = await callingUnless(SOURCE, NOT_FOUND, asking);
    if (!answer) return undefined;
    const results = required(SOURCE, 'Results', answer.Results);
    return new Set(results.flatMap(({ GroupId, MembershipExists }) => (MembershipExists && GroupId ? [GroupId] : [])));
  };

  /** One vanished group fails the call for all: then each is asked alone, and nobody belongs to the vanished one. */
  const idsOfGroupsWith = async (personId: string, asked: readonly GroupRef[]): Promise<readonly string[]> => {
    const ids = asked.map(({ id }) => id);
    const together = await memberships(personId, ids);
    if (together) return [...together];
    const alone = await Promise.all(ids.map((id) => memberships(personId, [id])));
    return alone.flatMap((found) => [...(found ?? [])]);
  };

  const find = async (personId: string): Promise<Person | undefined> => {
    const found = await userOf(personId);
    return found && personFrom(found);
  };

  const listMembers = (GroupId: string, until?: Instant): Promise<readonly string[]> =>
    listMemberIds(calls, { IdentityStoreId, GroupId }, async () => {
      if (until !== undefined && clock.now() >= until) throw new OutOfTime();
    });
  const members = cachedByKey((id) => listMembers(id), TELLING_SECONDS, clock);

  return {
    // NB. Names that the service refuses to look for are nobody's: they must not fail whoever asks about others, too.
    findByUserName: async (userName) => {
      if (!isStoreName(userName)) return undefined;
      const found = await Promise.all(writings(userName).map(usersNamed));
      return onlyOne(found.flat().filter((user) => isSame(user.UserName, userName)));
    },

    findByEmail: async (email) => {
      const ids = await Promise.all(writings(email).map(userIdOf));
      const users = await Promise.all([...new Set(ids)].map((id) => (id === undefined ? undefined : userOf(id))));
      const isTheirs = (user: StoredUser | undefined) =>
        user?.Emails?.some(({ Value }) => isSame(Value, email)) ?? false;
      return onlyOne(users.filter((user) => user !== undefined).filter(isTheirs));
    },

    findById: find,
    recall: cachedByKey(find, TELLING_SECONDS, clock),

    findGroup: async (name) => {
      if (!isStoreName(name)) return undefined;
      const found = await groupNamed(name).get();
      // Absence is not remembered: a group that was just made counts at once.
      if (!found) groups.delete(name);
      return found;
    },

    groupsOf: async (personId, asked) => {
      const found = await Promise.all(batches(asked, GROUPS_A_CALL).map((batch) => idsOfGroupsWith(personId, batch)));
      const ids = new Set(found.flat());
      return asked.filter(({ id }) => ids.has(id));
    },

    memberIds: ({ id }, until) => (until === undefined ? members(id) : listMembers(id, until)),
  };
};
