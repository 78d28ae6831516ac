// Turns the seed as written into the seed as used: ids derived, names resolved, what does not fit reported.
import { derivedAccountId, derivedPermissionSetArn, derivedResourceId, derivedUnitId } from './derived-ids.ts';
import type { Seed, SeedAccount, SeedAssignment, SeedGroup, SeedOrganizationalUnit, SeedPerson } from './seed.ts';
import type { SeedFile, StandingAssignmentInFile, UnitInFile } from './seed-file.ts';

/** Looks a name up; a name that is not there becomes a problem and the answer an empty string. */
type Lookup = (name: string, where: string) => string;

export const resolveSeed = (file: SeedFile): { seed: Seed; problems: readonly string[] } => {
  const problems: string[] = [];
  const { organizationalUnits, accounts } = tree(file);
  const permissionSets = file.permissionSets.map((set) => permissionSet(file, set));
  const people = file.people.map((entry) => person(file, entry));
  const accountId = lookup(problems, 'account', new Map(accounts.map(({ name, id }) => [name, id])));
  const userId = lookup(problems, 'person', new Map(people.map(({ userName, userId }) => [userName, userId])));
  const groups = file.groups.map((entry, index) => group(file, entry, userId, `groups[${index}].members`));
  const assign = assigner({
    accountId,
    userId,
    groupId: lookup(problems, 'group', new Map(groups.map(({ displayName, groupId }) => [displayName, groupId]))),
    permissionSetArn: lookup(problems, 'permission set', new Map(permissionSets.map(({ name, arn }) => [name, arn]))),
  });
  problems.push(
    ...repeated('account name', accounts, 'name'),
    ...repeated('account id', accounts, 'id'),
    ...repeated('userName', people, 'userName'),
    ...repeated('e-mail', people, 'email'),
    ...repeated('group', groups, 'displayName'),
    ...repeated('permission set', permissionSets, 'name'),
  );
  const seed: Seed = {
    region: file.region,
    organizationId: file.organizationId,
    rootId: file.rootId,
    managementAccountId: accountId(file.managementAccount, 'managementAccount'),
    hostingAccountId: accountId(file.hostingAccount, 'hostingAccount'),
    instanceArn: `arn:aws:sso:::instance/${file.instanceId}`,
    identityStoreId: file.identityStoreId,
    callerIs: file.callerIs,
    organizationalUnits,
    accounts,
    permissionSets,
    people,
    groups,
    standingAssignments: file.standingAssignments.flatMap(assign),
    onCall: rota(file, lookup(problems, 'person', new Map(people.map(({ userName, email }) => [userName, email])))),
  };
  return { seed, problems };
};

const rota = ({ onCall }: SeedFile, emailOf: Lookup): Seed['onCall'] =>
  Object.fromEntries(
    Object.entries(onCall).map(([schedule, names]) => [
      schedule,
      names.map((name) => emailOf(name, `onCall.${schedule}`)),
    ]),
  );

const tree = (file: SeedFile): { organizationalUnits: SeedOrganizationalUnit[]; accounts: SeedAccount[] } => {
  const organizationalUnits: SeedOrganizationalUnit[] = [];
  const accounts: SeedAccount[] = [];
  const visit = (
    unit: UnitInFile,
    id: string,
    path: readonly string[],
    inherited: Readonly<Record<string, string>>,
  ): void => {
    const handedDown = { ...inherited, ...unit.tags };
    for (const account of unit.accounts) {
      accounts.push({
        id: account.id ?? derivedAccountId(file.organizationId, account.name),
        name: account.name,
        email: `aws+${account.name}@example.com`,
        parentId: id,
        path,
        state: account.state,
        tags: { ...handedDown, ...account.tags },
      });
    }
    for (const [name, child] of Object.entries(unit.units)) {
      const childPath = [...path, name];
      const childId = derivedUnitId(file.rootId, childPath);
      organizationalUnits.push({ id: childId, name, parentId: id, path: childPath });
      visit(child, childId, childPath, handedDown);
    }
  };
  visit(file.root, file.rootId, [], {});
  return { organizationalUnits, accounts };
};

const permissionSet = (file: SeedFile, set: SeedFile['permissionSets'][number]): Seed['permissionSets'][number] => ({
  arn: derivedPermissionSetArn(file.instanceId, set.name),
  name: set.name,
  description: set.description,
  sessionDuration: set.sessionDuration,
  managedPolicyArns: set.managedPolicies.map((policy) => `arn:aws:iam::aws:policy/${policy}`),
  inlinePolicy: set.inlinePolicy === undefined ? undefined : JSON.stringify(set.inlinePolicy),
  tags: set.tags,
});

const person = (file: SeedFile, entry: SeedFile['people'][number]): SeedPerson => ({
  userId: derivedResourceId(file.identityStoreId, 'user', entry.userName),
  userName: entry.userName,
  email: entry.email ?? `${entry.userName}@example.com`,
  givenName: entry.givenName,
  familyName: entry.familyName,
  displayName: `${entry.givenName} ${entry.familyName}`,
  title: entry.title,
  attributes: { team: entry.team, ...entry.attributes },
  status: entry.status,
});

const group = (file: SeedFile, entry: SeedFile['groups'][number], userId: Lookup, where: string): SeedGroup => ({
  groupId: derivedResourceId(file.identityStoreId, 'group', entry.name),
  displayName: entry.name,
  description: entry.description,
  memberUserIds: [...new Set(entry.members)].map((member) => userId(member, where)),
});

const assigner =
  (find: { accountId: Lookup; userId: Lookup; groupId: Lookup; permissionSetArn: Lookup }) =>
  (entry: StandingAssignmentInFile, index: number): SeedAssignment[] => {
    const where = `standingAssignments[${index}]`;
    const principal =
      'user' in entry
        ? { principalType: 'USER' as const, principalId: find.userId(entry.user, `${where}.user`) }
        : { principalType: 'GROUP' as const, principalId: find.groupId(entry.group, `${where}.group`) };
    const permissionSetArn = find.permissionSetArn(entry.permissionSet, `${where}.permissionSet`);
    return entry.accounts.map((name) => ({
      accountId: find.accountId(name, `${where}.accounts`),
      permissionSetArn,
      ...principal,
    }));
  };

const lookup =
  (problems: string[], kind: string, known: ReadonlyMap<string, string>): Lookup =>
  (name, where) => {
    const found = known.get(name);
    if (found === undefined)
      problems.push(`${where}: there is no ${kind} "${name}"; there are ${[...known.keys()].join(', ')}`);
    return found ?? '';
  };

const repeated = <Key extends string>(
  kind: string,
  items: readonly Readonly<Record<Key, string>>[],
  key: Key,
): string[] => {
  const values = items.map((item) => item[key]);
  const twice = new Set(values.filter((value, index) => values.indexOf(value) !== index));
  return [...twice].map((value) => `the ${kind} "${value}" appears twice`);
};
