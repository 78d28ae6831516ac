/** Reads the one settings file and the policy file it names, and says where in them something does not fit. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Document, isNode, LineCounter, parseDocument } from 'yaml';
import { DEFAULT_LIMITS } from '../lambda/contract/limits.ts';
import {
  belowText,
  isLookedInto,
  isPolicyFile,
  type ParsedPolicy,
  type PolicyText,
  parsePolicyFiles,
} from '../lambda/contract/policy-file.ts';
import { slowPatterns } from '../lambda/contract/policy-patterns.ts';
import { type Settings, settingsSchema } from '../lambda/contract/settings.ts';

type Issue = NonNullable<ReturnType<typeof settingsSchema.safeParse>['error']>['issues'][number];

/** A file that does not fit; the message is for the person who wrote it. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
}

export interface Configuration {
  readonly settings: Settings;
  readonly settingsPath: string;
  /** True when no settings were named or found, and the example of this repository stands in for them. */
  readonly isExample: boolean;
  readonly policyPath: string;
  readonly policy: Extract<ParsedPolicy, { ok: true }>;
}

const EXAMPLE = fileURLToPath(new URL('../examples/brevet.yaml', import.meta.url));

/** By order: the context value or option, the environment, `./brevet.yaml`, and the example, so that a fresh clone works. */
export const findSettings = (named: string | undefined, from = process.cwd()): string => {
  const chosen = named ?? process.env.BREVET_SETTINGS;
  if (chosen) return resolve(from, chosen);
  const usual = resolve(from, 'brevet.yaml');
  return existsSync(usual) ? usual : EXAMPLE;
};

const readText = (path: string, what: string): string => {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : error;
    throw new SettingsError(`The ${what} cannot be read (${code}): ${path}`);
  }
};

const problems = (path: string, lines: readonly string[]): SettingsError =>
  new SettingsError([`${path} does not fit:`, ...lines.map((line) => `  ${line}`)].join('\n'));

/** The line of the place itself, or of what it should have been in. */
const lineOf = (document: Document, lines: LineCounter, path: readonly PropertyKey[]): number => {
  for (let depth = path.length; depth >= 0; depth -= 1) {
    const node = document.getIn(path.slice(0, depth), true);
    if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
  }
  return 1;
};

/** What zod says, in the words of somebody who writes YAML. */
const explain = (issue: Issue, written: unknown): string => {
  if (issue.code === 'unrecognized_keys') return `there is no such setting: ${issue.keys.join(', ')}`;
  if (issue.code !== 'invalid_type') return issue.message;
  if (written === undefined) return 'is missing';
  const hint = issue.expected === 'string' && typeof written === 'number' ? '; write it in quotes' : '';
  return `${issue.message}${hint}`;
};

const describe = (document: Document, lines: LineCounter, issue: Issue): string => {
  const place = issue.code === 'unrecognized_keys' ? [...issue.path, issue.keys[0] ?? ''] : issue.path;
  const line = lineOf(document, lines, place);
  return `line ${line}, ${issue.path.join('.') || 'settings'}: ${explain(issue, document.getIn(issue.path))}`;
};

/** @throws SettingsError naming line and place of every problem. */
export const parseSettings = (text: string, path: string): Settings => {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const [broken] = document.errors; // the others are mostly its consequences
  if (broken) throw problems(path, [broken.message]);
  const result = settingsSchema.safeParse(document.toJS({ maxAliasCount: 50 }));
  if (result.success) return result.data;
  throw problems(
    path,
    result.error.issues.map((issue) => describe(document, lines, issue)),
  );
};

/** A file, or every `.yaml` and `.yml` file of a folder in the order of their names, without those that hold cases. */
const policyTexts = (path: string): readonly PolicyText[] => {
  if (!existsSync(path) || !statSync(path).isDirectory()) {
    return [{ name: basename(path), text: readText(path, 'policy file') }];
  }
  const entries = readdirSync(path, { withFileTypes: true });
  for (const { name } of entries.filter(isLookedInto)) {
    const below = readdirSync(join(path, name)).find(isPolicyFile);
    if (below !== undefined) throw new SettingsError(belowText(path, join(name, below)));
  }
  const names = entries.map(({ name }) => name).filter(isPolicyFile);
  return names.sort().map((name) => ({ name, text: readText(join(path, name), 'policy file') }));
};

const readPolicy = (path: string): Configuration['policy'] => {
  const texts = policyTexts(path);
  const bytes = texts.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0);
  if (bytes > DEFAULT_LIMITS.policyBytes) {
    throw new SettingsError(`${path} has ${bytes} bytes; a policy has at most ${DEFAULT_LIMITS.policyBytes}`);
  }
  const policy = parsePolicyFiles(texts);
  if (!policy.ok) throw problems(path, policy.problems);
  // NB. Functions try patterns on what anybody writes.
  const slow = slowPatterns(policy.file).map(({ path: where, message }) => {
    const { file, line, column } = policy.placeOf(where);
    return `${file}:${line}:${column}: ${where.join('.')}: ${message}`;
  });
  if (slow.length > 0) throw problems(path, slow);
  return policy;
};

/** @throws SettingsError when either file is missing or does not fit. */
export const readConfiguration = (named?: string, from?: string): Configuration => {
  const settingsPath = findSettings(named, from);
  const settings = parseSettings(readText(settingsPath, 'settings file'), settingsPath);
  const policyPath = resolve(dirname(settingsPath), settings.policy);
  return { settings, settingsPath, isExample: settingsPath === EXAMPLE, policyPath, policy: readPolicy(policyPath) };
};
