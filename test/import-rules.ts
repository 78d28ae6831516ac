/** Which way imports run: what each part of the repository may import, and what is wrong with the imports of one file. */
import { posix } from 'node:path';

interface Rule {
  /** Files whose path begins with this; the first rule that fits counts. */
  readonly files: string;
  /** Beginnings of paths in the repository that they may import. */
  readonly mayImport: readonly string[];
  /** Packages and Node's built-in modules that they may import. */
  readonly packages: 'any' | readonly string[];
}

/** In the order of the layout in the README: handlers → use-cases → ports → domain, everything else from outside. */
export const RULES: readonly Rule[] = [
  { files: 'lambda/domain/', mayImport: ['lambda/domain/'], packages: [] },
  { files: 'lambda/contract/', mayImport: ['lambda/contract/'], packages: ['zod', 'yaml', 'node:crypto'] },
  { files: 'lambda/ports/', mayImport: ['lambda/ports/', 'lambda/domain/'], packages: [] },
  { files: 'lambda/use-cases/', mayImport: ['lambda/use-cases/', 'lambda/ports/', 'lambda/domain/'], packages: [] },
  {
    files: 'lambda/adapters/',
    mayImport: ['lambda/adapters/', 'lambda/ports/', 'lambda/domain/', 'lambda/contract/'],
    packages: 'any',
  },
  {
    files: 'lambda/handlers/',
    mayImport: [
      'lambda/handlers/',
      'lambda/composition.ts',
      'lambda/authorizer-composition.ts',
      'lambda/tell-composition.ts',
      'lambda/logger.ts',
      'lambda/use-cases/',
      'lambda/ports/',
      'lambda/domain/',
      'lambda/contract/',
    ],
    packages: 'any',
  },
  ...['lambda/composition.ts', 'lambda/authorizer-composition.ts', 'lambda/tell-composition.ts'].map((files) => ({
    files,
    mayImport: [
      'lambda/logger.ts',
      'lambda/adapters/',
      'lambda/use-cases/',
      'lambda/ports/',
      'lambda/domain/',
      'lambda/contract/',
    ],
    packages: 'any' as const,
  })),
  { files: 'lambda/logger.ts', mayImport: [], packages: ['@aws-lambda-powertools/logger'] },
  { files: 'lib/', mayImport: ['lib/', 'lambda/contract/'], packages: 'any' },
  { files: 'bin/', mayImport: ['lib/', 'lambda/contract/'], packages: 'any' },
  // The policy tools judge offline with the engine itself, so that what they say is what the service does.
  {
    files: 'cli/policy/',
    mayImport: [
      'cli/',
      'lambda/contract/',
      'lambda/domain/',
      'lambda/adapters/policy-from-file.ts',
      'lambda/adapters/policy-lint.ts',
      'lambda/adapters/organizations-',
      'lambda/adapters/permission-set-calls.ts',
      'lambda/adapters/identity-center-permission-sets.ts',
      'lambda/adapters/paced.ts',
      'lambda/adapters/identity-store-',
      'lambda/adapters/system-clock.ts',
      'lambda/adapters/person-attributes.ts',
      // What is explained offline looks as what the service explains.
      'lambda/handlers/api/explanation-view.ts',
    ],
    packages: 'any',
  },
  { files: 'cli/', mayImport: ['cli/', 'lambda/contract/', 'package.json'], packages: 'any' },
  { files: 'web/', mayImport: ['web/', 'lambda/contract/'], packages: 'any' },
  {
    files: 'local/',
    mayImport: [
      'local/',
      'lib/',
      'bin/',
      'lambda/handlers/',
      'lambda/use-cases/',
      'lambda/ports/',
      'lambda/domain/',
      'lambda/contract/',
    ],
    packages: 'any',
  },
];

const COMMENTS = /\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm;
const IMPORTS = [
  /\b(?:import|export)\b[^'"`;]*?\bfrom\s*(['"])(?<name>[^'"]+)\1/g,
  /\bimport\s*(['"])(?<name>[^'"]+)\1/g,
  /\b(?:import|require|resolve)\s*\(\s*(['"`])(?<name>[^'"`]+)\1/g,
];

/** Every module that the source names in an import, of values or of types, static or dynamic. */
export const importsOf = (source: string): readonly string[] => {
  const code = source.replaceAll(COMMENTS, '');
  return IMPORTS.flatMap((pattern) => [...code.matchAll(pattern)].flatMap(({ groups }) => groups?.name ?? []));
};

const packageOf = (name: string): string => {
  const parts = name.split('/');
  return name.startsWith('@') ? parts.slice(0, 2).join('/') : (parts[0] ?? name);
};

const isAllowed = (rule: Rule, file: string, name: string): boolean => {
  if (name.startsWith('.')) {
    const target = posix.join(posix.dirname(file), name);
    return rule.mayImport.some((beginning) => target.startsWith(beginning));
  }
  return rule.packages === 'any' || rule.packages.includes(packageOf(name));
};

/** The imports of the file that run the wrong way, as `file imports name`. */
export const wrongImports = (file: string, source: string): readonly string[] => {
  const rule = RULES.find(({ files }) => file.startsWith(files));
  if (!rule) return [`${file} belongs to no part that the rules know`];
  return importsOf(source)
    .filter((name) => !isAllowed(rule, file, name))
    .map((name) => `${file} imports ${name}`);
};
