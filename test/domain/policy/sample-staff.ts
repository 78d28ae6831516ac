/** Everybody there is, for tests of who could approve, or be told. */
import type { Person } from '../../../lambda/domain/policy/facts.ts';
import type { Staff } from '../../../lambda/domain/policy/known-names.ts';

export const colleague = (userName: string, change: Partial<Person> = {}): Person => ({
  ...{ id: `id-${userName}`, userName, displayName: userName, enabled: true, attributes: {} },
  ...change,
});

/** @param groups user names of their members, by their names; of a member who is none of the people, the id is all there is. */
export const staffOf = (
  people: readonly Person[],
  groups: Readonly<Record<string, readonly string[]>> = {},
): Staff => ({
  people,
  personOf: (id) => people.find((one) => one.id === id),
  idsOf: (named) => [
    ...named.users.flatMap((userName) => people.find((one) => one.userName === userName)?.id ?? []),
    ...named.groups.flatMap((name) => (groups[name] ?? []).map((userName) => `id-${userName}`)),
  ],
});
