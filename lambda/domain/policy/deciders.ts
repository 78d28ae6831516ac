/** Which people could decide a stage: told from those whom it names, whoever looked these up. */
import type { Person } from './facts.ts';
import { fitsWho, hasAttributes, isOneWith } from './fit.ts';
import type { AttributeTest, Who } from './policy.ts';

/** How many people of a stage are looked at at most: each costs a call. */
export const MOST_LOOKED_AT = 250;

type Ids = ReadonlySet<string>;

/**
 * Of the people whom a stage names: those who are asked, by group or by name; those to whom it is escalated; and of each list
 * of groups its people: everybody must be in all of the lists.
 */
export type StagePeople = readonly [asked: Ids, later: Ids, ...lists: readonly Ids[]];

/** What a stage says of people beyond their names. */
interface StageTerms {
  readonly attributes?: readonly AttributeTest[];
  readonly everybodyWith?: readonly AttributeTest[];
}

export interface Candidates {
  /** In the order in which they are looked at. */
  readonly ids: readonly string[];
  /** False where others could decide, too: everybody who has an attribute, and no list says who that might be. */
  readonly areAll: boolean;
  /** Of one of them, or of those others, as they are now; undefined for somebody who is not there any more. */
  readonly couldDecide: (person: Person | undefined) => person is Person;
}

/** The Identity Store cannot be asked who has an attribute: of everybody who has it those alone are found whom some list has. */
export const candidatesIn = (
  { attributes = [], everybodyWith }: StageTerms,
  [asked, later, ...lists]: StagePeople,
  without: readonly string[],
): Candidates => ({
  ids: [...new Set([...asked, ...later, ...(everybodyWith ? (lists[0] ?? []) : [])])].filter(
    (id) => !without.includes(id) && lists.every((list) => list.has(id)),
  ),
  areAll: everybodyWith === undefined || lists.length > 0,
  couldDecide: (person): person is Person =>
    person?.enabled === true &&
    (later.has(person.id) ||
      (asked.has(person.id) && hasAttributes(attributes, person.attributes) === 'yes') ||
      isOneWith(everybodyWith ?? [], person.attributes)),
});

const NONE: Ids = new Set();

/** Whether somebody who is in none of its groups certainly is none of these: of attributes that were not read, nobody knows. */
export const couldNotAsk = (who: Who, person: Person): boolean => fitsWho(who, { person, groups: NONE }) === 'no';
