/** Copies that nobody can change, so that callers of a memory adapter never share state with it. */

const freezeDeep = (value: unknown): void => {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return;
  Object.freeze(value);
  for (const part of Object.values(value)) freezeDeep(part);
};

export const frozenCopy = <Value>(value: Value): Value => {
  const copy = structuredClone(value);
  freezeDeep(copy);
  return copy;
};
