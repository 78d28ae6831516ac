/** Reads JSON more strictly than JSON.parse, for texts in which nothing may be said twice or hidden. */

export type StrictJson =
  | { readonly value: unknown }
  | { readonly fault: 'not-json' | 'not-strict'; readonly why: string };

/** The tokens that matter for structure; a text that JSON.parse took has no quotes outside of strings. */
const TOKENS = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\],]/g;

/** Where the scan stands: the names met so far in each object around it, undefined for a list. */
type Around = (Set<string> | undefined)[];

const nameFault = (token: string, names: Set<string>): string | undefined => {
  const name = String(JSON.parse(token));
  // NB. Copied into an object, this name would change what the object inherits.
  if (name === '__proto__') return 'the name "__proto__" is not allowed';
  if (names.has(name)) return `the name ${JSON.stringify(name.slice(0, 100))} stands twice in one object`;
  names.add(name);
  return undefined;
};

const goOn = (around: Around, token: string): void => {
  if (token === '{' || token === '[') around.push(token === '{' ? new Set() : undefined);
  if (token === '}' || token === ']') around.pop();
};

/** What is wrong with a text that is JSON, if anything: JSON.parse keeps the last of two values in silence. */
const faultIn = (text: string, mostDeep: number): string | undefined => {
  const around: Around = [];
  let before = '';
  for (const [token] of text.matchAll(TOKENS)) {
    const names = around.at(-1);
    const isName = token.startsWith('"') && (before === '{' || before === ',');
    const fault = names && isName ? nameFault(token, names) : undefined;
    if (fault) return fault;
    goOn(around, token);
    if (around.length > mostDeep) return `objects and lists lie more than ${mostDeep} deep in each other`;
    before = token;
  }
  return undefined;
};

/** `not-strict`: it is JSON, and nests too deep, names something twice, or names `__proto__`. */
export const parseStrictJson = (text: string, mostDeep: number): StrictJson => {
  try {
    const value: unknown = JSON.parse(text);
    const why = faultIn(text, mostDeep);
    return why === undefined ? { value } : { fault: 'not-strict', why };
  } catch (error) {
    return { fault: 'not-json', why: error instanceof Error ? error.message : String(error) };
  }
};
