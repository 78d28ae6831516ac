/** Sets of people who are counted through from 0 on: people who are the same to some rules are looked at once. */

export interface Crowd {
  /** The same for the same people. */
  readonly id: number;
  /** Ascending. */
  readonly people: readonly number[];
  has(person: number): boolean;
}

/** Of ascending people; one crowd for the same people. */
export type CrowdOf = (people: readonly number[]) => Crowd;

const crowdWith = (id: number, people: readonly number[]): Crowd => {
  let members: ReadonlySet<number> | undefined;
  return {
    id,
    people,
    has: (person) => {
      members ??= new Set(people);
      return members.has(person);
    },
  };
};

export const crowds = (): CrowdOf => {
  const made = new Map<string, Crowd>();
  return (people) => {
    const key = people.join();
    const crowd = made.get(key) ?? crowdWith(made.size, people);
    made.set(key, crowd);
    return crowd;
  };
};

const split = (people: readonly number[], crowd: Crowd): readonly (readonly number[])[] =>
  [people.filter((one) => crowd.has(one)), people.filter((one) => !crowd.has(one))].filter(({ length }) => length > 0);

/** The people of any of these crowds, in parts: all of a part belong to the same of them, and to the same of the others. */
export const partsOf = (some: readonly Crowd[], others: readonly Crowd[]): readonly (readonly number[])[] => {
  const all = new Set(some.flatMap(({ people }) => people));
  let parts: readonly (readonly number[])[] = [[...all].sort((one, other) => one - other)];
  for (const crowd of new Set([...some, ...others])) parts = parts.flatMap((people) => split(people, crowd));
  return parts;
};
