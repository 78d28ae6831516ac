/** People for whom the same rules and guardrails of both versions speak of an account and a permission set. */
import { type CrowdOf, partsOf } from './crowds.ts';
import type { Entitlement, Guardrail } from './policy.ts';
import type { Speaking, SpeakingThere } from './version-seen.ts';

/** What of one version speaks of all of them. */
export interface Spoken {
  readonly rules: readonly Entitlement[];
  readonly guardrails: readonly Guardrail[];
}

export interface Alike {
  /** One and the same list for the same people. */
  readonly people: readonly number[];
  readonly was: Spoken;
  readonly is: Spoken;
}

type Rule = Entitlement | Guardrail;

const speakingOf = <One extends Rule>(speaking: readonly Speaking<One>[], person: number): readonly One[] =>
  speaking.filter(({ crowd }) => crowd.has(person)).map(({ rule }) => rule);

const spokenOf = ({ rules, guardrails }: SpeakingThere, person: number): Spoken => ({
  rules: speakingOf(rules, person),
  guardrails: speakingOf(guardrails, person),
});

const partsAlike = (was: SpeakingThere, is: SpeakingThere, crowdOf: CrowdOf): readonly Alike[] => {
  const asking = [...was.rules, ...is.rules].map(({ crowd }) => crowd);
  const held = [...was.guardrails, ...is.guardrails].map(({ crowd }) => crowd);
  return partsOf(asking, held).map((people) => {
    const [anyone = 0] = people;
    return { people: crowdOf(people).people, was: spokenOf(was, anyone), is: spokenOf(is, anyone) };
  });
};

/** What speaks somewhere as a key: the same for the same rules and people. */
const keyMaker = () => {
  const ids = new Map<Rule, number>();
  const idOf = (rule: Rule): number => {
    const id = ids.get(rule) ?? ids.size;
    ids.set(rule, id);
    return id;
  };
  const keyOf = ({ rules, guardrails }: SpeakingThere): string =>
    [...rules, ...guardrails].map(({ rule, crowd }) => `${idOf(rule)}.${crowd.id}`).join();
  return (was: SpeakingThere, is: SpeakingThere): string => `${keyOf(was)}|${keyOf(is)}`;
};

/** @param isTouched whether the rule can make any difference; people of whom no such rule speaks are left out */
export const alikeBy = (crowdOf: CrowdOf, isTouched: (rule: Rule) => boolean) => {
  const keyOf = keyMaker();
  const known = new Map<string, readonly Alike[]>();
  const isConcerned = ({ was, is }: Alike): boolean =>
    [...was.rules, ...was.guardrails, ...is.rules, ...is.guardrails].some(isTouched);
  return (was: SpeakingThere, is: SpeakingThere): readonly Alike[] => {
    const key = keyOf(was, is);
    const alike = known.get(key) ?? partsAlike(was, is, crowdOf).filter(isConcerned);
    known.set(key, alike);
    return alike;
  };
};
