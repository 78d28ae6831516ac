/** EventBridge's patterns, as far as the rules here use them: texts, `exists`, `anything-but`, and `$or`. */

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** NB. `anything-but` matches only what is there, as with EventBridge. */
const matchesOne = (matcher: unknown, value: unknown): boolean => {
  if (!isObject(matcher)) return matcher === value;
  if ('exists' in matcher) return matcher.exists === (value !== undefined);
  const others = [matcher['anything-but']].flat();
  if (others[0] === undefined) throw new Error(`no such matcher here: ${JSON.stringify(matcher)}`);
  return value !== undefined && !others.includes(value);
};

export const matchesPattern = (pattern: Readonly<Record<string, unknown>>, event: unknown): boolean =>
  Object.entries(pattern).every(([name, wanted]) => {
    if (name === '$or') return [wanted].flat().some((one) => isObject(one) && matchesPattern(one, event));
    const value = isObject(event) ? event[name] : undefined;
    if (isObject(wanted)) return matchesPattern(wanted, value);
    return [wanted].flat().some((matcher) => matchesOne(matcher, value));
  });
