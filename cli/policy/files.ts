/** Reads what the policy tools work on: a policy (a file or a folder), its cases, and an exported organization. */
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { policyFrom } from '../../lambda/adapters/policy-from-file.ts';
import { organizationExport } from '../../lambda/contract/organization-export.ts';
import {
  belowText,
  isCaseFile,
  isLookedInto,
  isPolicyFile,
  type ParsedPolicy,
  parsePolicyFiles,
} from '../../lambda/contract/policy-file.ts';
import { slowPatterns } from '../../lambda/contract/policy-patterns.ts';
import type { Policy } from '../../lambda/domain/policy/policy.ts';
import { usage } from '../failure.ts';
import { ownersBy } from './codeowners.ts';
import type { OwnedFile } from './lint-owners.ts';
import { type OfflineOrganization, offlineOrganization } from './offline.ts';

export interface NamedText {
  readonly name: string;
  readonly text: string;
}

const CASES = /\.test\.ya?ml$/;
const YAML = /\.ya?ml$/;

const unreadable = (path: string, error: unknown): Error => {
  const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
  return usage(`${path} cannot be read: ${code}.`);
};

export const readText = async (path: string): Promise<string> => {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw unreadable(path, error);
  }
};

/** Paths of the YAML files there: the file itself, or those of the folder in the order of their names. */
const yamlFiles = async (path: string): Promise<readonly string[]> => {
  try {
    if (!(await stat(path)).isDirectory()) return [path];
    const names = (await readdir(path)).filter((name) => YAML.test(name)).sort();
    return names.map((name) => join(path, name));
  } catch (error) {
    throw unreadable(path, error);
  }
};

const readAll = (paths: readonly string[]): Promise<readonly NamedText[]> =>
  Promise.all(paths.map(async (path) => ({ name: path, text: await readText(path) })));

/** Policy files in the folders of a folder. */
const filesBelow = async (path: string): Promise<readonly string[]> => {
  if (!(await stat(path)).isDirectory()) return [];
  const folders = (await readdir(path, { withFileTypes: true })).filter(isLookedInto);
  const inside = folders.map(async ({ name }) => {
    return (await readdir(join(path, name))).filter(isPolicyFile).map((file) => join(path, name, file));
  });
  return (await Promise.all(inside)).flat();
};

/** Paths of the files of the policy, as problems and places name them. */
const policyPaths = async (path: string): Promise<readonly string[]> => {
  const [first, ...others] = (await yamlFiles(path)).filter((file) => file === path || isPolicyFile(file));
  const [below] = await filesBelow(path);
  if (below !== undefined) throw usage(belowText(path, below));
  if (first === undefined) throw usage(`${path} has no policy in it: no file that ends in .yaml.`);
  return [first, ...others];
};

/** The policy as written: problems and places name the paths as they were given. */
export const readPolicyFiles = async (path: string): Promise<ParsedPolicy> =>
  parsePolicyFiles(await readAll(await policyPaths(path)));

const soundIn = (path: string, parsed: ParsedPolicy): Policy => {
  if (parsed.ok) return policyFrom(parsed.file, parsed.version);
  throw usage(`${path} does not fit: ${parsed.problems[0]}`, `See all: brevet policy lint ${path}`);
};

/** Of a policy that must be sound. @throws Failure */
export const readSoundPolicy = async (path: string): Promise<Policy> => soundIn(path, await readPolicyFiles(path));

/** The same, with patterns that may be tried: some could be kept busy for ever by a case. @throws Failure */
export const readQuickPolicy = async (path: string): Promise<Policy> => {
  const parsed = await readPolicyFiles(path);
  const [slow] = parsed.ok ? slowPatterns(parsed.file) : [];
  if (slow) throw usage(`${path}: ${slow.path.join('.')}: ${slow.message}`, `See all: brevet policy lint ${path}`);
  return soundIn(path, parsed);
};

/** Cases stand beside the policy: `policy.test.yaml` beside `policy.yaml`, or any `*.test.yaml` in the folder. */
export const readCaseFiles = async (path: string): Promise<readonly NamedText[]> => {
  const isFolder = (await yamlFiles(path))[0] !== path;
  const folder = isFolder ? path : dirname(path);
  const beside = (await yamlFiles(folder)).filter(isCaseFile);
  const stem = basename(path).replace(YAML, '');
  return readAll(isFolder ? beside : beside.filter((file) => basename(file).replace(CASES, '') === stem));
};

/** @throws Failure when it is not what `brevet export organization` writes. */
export const readOrganization = async (path: string): Promise<OfflineOrganization> => {
  const text = await readText(path);
  try {
    return offlineOrganization(organizationExport.parse(JSON.parse(text)));
  } catch {
    throw usage(`${path} is no exported organization.`, 'Write one: brevet export organization --out FILE');
  }
};

/** Folders of a repository in which CODEOWNERS may lie; else it lies at the root. */
const CODEOWNERS_FOLDERS = new Set(['.github', 'docs', '.gitlab']);
/** GitHub reads the first of these that is there. */
const CODEOWNERS_FIRST = ['.github', '.', 'docs'];

/** Names of files that are not there, and would be a part of the policy: any, and such as somebody's pattern may fit. */
const newFiles = (path: string, files: readonly string[]): readonly string[] =>
  files.includes(path) ? [] : [join(path, 'another.yaml'), ...files.map((file) => file.replace(YAML, '-more.yaml'))];

const newCodeowners = (root: string, folder: string): readonly string[] => {
  const at = CODEOWNERS_FIRST.findIndex((one) => resolve(root, one) === folder);
  return CODEOWNERS_FIRST.slice(0, Math.max(0, at)).map((one) => join(root, one, 'CODEOWNERS'));
};

/** Who owns each file of the policy, CODEOWNERS itself, and what could be added to them. @throws Failure where the policy lies in no repository of it */
export const readOwners = async (path: string, codeowners: string) => {
  const ownersOf = ownersBy(await readText(codeowners));
  const folder = dirname(resolve(codeowners));
  const root = CODEOWNERS_FOLDERS.has(basename(folder)) ? dirname(folder) : folder;
  const owned = (name: string): OwnedFile => {
    const inside = relative(root, resolve(name)).split(sep).join('/');
    if (inside.startsWith('../')) throw usage(`${name} is not in the repository of ${codeowners}, which is ${root}.`);
    return { name, owners: ownersOf(inside) };
  };
  const files = await policyPaths(path);
  const notThere = [...newFiles(path, files), ...newCodeowners(root, folder)];
  return { files: files.map(owned), owning: owned(codeowners), addable: notThere.map(owned) };
};
