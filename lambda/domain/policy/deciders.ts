/** Which people could decide a stage: told from those whom it names, whoever looked these up. */
import type { Person } from './facts.ts';
import { fitsWho, hasAttributes, isOneWith } from './fit.ts';
import type { AttributeTest, Who } from './policy.ts';

/** How many people of a stage are looked at at most: each costs a call. */
export const MOST_LOOKED_AT = 250;

/** Ids of the people whom a stage names. */
export interface StagePeople {
  /** By group or by name. */
  readonly asked: ReadonlySet<string>;
  /** Those to whom it is escalated. */
  readonly later: ReadonlySet<string>;
  /** Of each list of groups: everybody must be in all of them. */
  readonly lists: readonly ReadonlySet<string>[];
}

/** What a stage says of people beyond their names. */
interface StageTerms {
  readonly attributes?: readonly AttributeTest[];
  readonly everybodyWith?: readonly AttributeTest[];
}

/** The Identity Store cannot be asked who has an attribute: of everybody who has it those alone are found whom some list has. */
export const areListed = ({ everybodyWith }: StageTerms, { lists }: StagePeople): boolean =>
  everybodyWith === undefined || lists.length > 0;

/** Ids of those who can be listed and may be deciders, in the order in which they are looked at. */
export const candidatesIn = (
  { everybodyWith }: StageTerms,
  { asked, later, lists }: StagePeople,
  without: readonly string[],
): readonly string[] =>
  [...new Set([...asked, ...later, ...(everybodyWith ? (lists[0] ?? []) : [])])].filter(
    (id) => !without.includes(id) && lists.every((list) => list.has(id)),
  );

/** Of one of the candidates, as they are now; undefined for somebody who is not there any more. */
export const couldDecide = (
  { attributes = [], everybodyWith = [] }: StageTerms,
  { asked, later }: StagePeople,
  person: Person | undefined,
): person is Person =>
  person?.enabled === true &&
  (later.has(person.id) ||
    (asked.has(person.id) && hasAttributes(attributes, person.attributes) === 'yes') ||
    isOneWith(everybodyWith, person.attributes));

const NONE: ReadonlySet<string> = new Set();

/** Whether somebody who is in none of its groups certainly is none of these: of attributes that were not read, nobody knows. */
export const couldNotAsk = (who: Who, person: Person): boolean => fitsWho(who, { person, groups: NONE }) === 'no';
