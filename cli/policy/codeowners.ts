/** Who owns a file by CODEOWNERS, as GitHub reads it: the last pattern that fits says so. */

interface Line {
  readonly fits: RegExp;
  /** In lower case: users and teams have no other. */
  readonly owners: readonly string[];
}

const escaped = (text: string): string => text.replace(/[.+^${}()|[\]\\]/g, '\\$&');

const segment = (part: string): string =>
  part === '**' ? '.*' : escaped(part).replaceAll('*', '[^/]*').replaceAll('?', '[^/]');

/** What is named stands for everything below it, too; but `folder/*` for what lies there itself. */
const endOf = (pattern: string): string => {
  if (pattern.endsWith('/')) return '/.+$';
  return pattern.endsWith('/*') ? '$' : '(?:/.*)?$';
};

const patternOf = (pattern: string): RegExp => {
  const isAnchored = pattern.slice(0, -1).includes('/');
  const parts = pattern.replace(/^\/|\/$/g, '').split('/');
  const path = parts.map(segment).join('/').replaceAll('.*/', '(?:.*/)?');
  return new RegExp(`^${isAnchored ? '' : '(?:.*/)?'}${path}${endOf(pattern)}`);
};

const linesIn = (text: string): readonly Line[] =>
  text.split('\n').flatMap((line) => {
    const [pattern, ...owners] = line
      .replace(/(^|\s)#.*$/, '')
      .split(/\s+/)
      .filter(Boolean);
    return pattern === undefined ? [] : [{ fits: patternOf(pattern), owners: owners.map((one) => one.toLowerCase()) }];
  });

/** Of paths from the root of the repository; nobody where nothing says who. */
export const ownersBy = (text: string): ((path: string) => readonly string[]) => {
  const lines = linesIn(text);
  return (path) => lines.findLast(({ fits }) => fits.test(path))?.owners ?? [];
};
