/** A rule by what it says, its name left out: a rule of another name gives nobody anything else. */
import type { Entitlement, Guardrail } from './policy.ts';

const contentOf = ({ name: _name, ...content }: Entitlement | Guardrail): string => JSON.stringify(content);

/** Once for each rule: it is asked for at every target. */
const keys = new WeakMap<Entitlement | Guardrail, string>();

export const contentKey = (rule: Entitlement | Guardrail): string => {
  const key = keys.get(rule) ?? contentOf(rule);
  keys.set(rule, key);
  return key;
};
