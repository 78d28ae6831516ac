/** The policy as people write it: a YAML file, or several, turned into the document that is stored. */
import { type Document, isNode, isScalar, LineCounter, parseDocument, visit } from 'yaml';
import { delegatedFileProblems } from './policy-delegated-files.ts';
import {
  checkPolicyContent,
  checkPolicyForm,
  type PolicyFile,
  type PolicyProblem,
  policyVersionOf,
} from './policy-document.ts';

export interface PolicyText {
  /** As problems name it. */
  readonly name: string;
  readonly text: string;
}

/** Where something stands in the files. Lines and columns count from 1. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

export interface PlacedProblem {
  readonly place: Place;
  /** Such as `entitlements.0.max_duration`. */
  readonly path: string;
  readonly message: string;
}

export type ParsedPolicy =
  | {
      readonly ok: true;
      readonly file: PolicyFile;
      /** What is stored: the content as JSON, so that nothing that runs needs a YAML parser. */
      readonly document: string;
      readonly version: string;
      /** Where a part of the merged content was written. */
      placeOf(path: readonly PropertyKey[]): Place;
    }
  | { readonly ok: false; readonly problems: readonly string[]; readonly placed: readonly PlacedProblem[] };

/** Of the files of a folder, those that hold cases. */
export const isCaseFile = (name: string): boolean => /\.test\.ya?ml$/.test(name);

/** Of the files of a folder, those that are the policy. */
export const isPolicyFile = (name: string): boolean => /\.ya?ml$/.test(name) && !isCaseFile(name);

/** Whether a folder of the folder is looked into; what is hidden is other tools'. */
export const isLookedInto = (one: { readonly name: string; isDirectory(): boolean }): boolean =>
  one.isDirectory() && !one.name.startsWith('.');

/** NB. A guardrail in a file that nobody reads holds for nobody: files below the folder are refused, and not passed over. */
export const belowText = (folder: string, below: string): string =>
  `${folder} is one policy, and ${below} lies below it, where nothing is read. Move it into the folder, or elsewhere.`;

const PARTS = ['delegations', 'entitlements', 'guardrails'] as const;
type Part = (typeof PARTS)[number];

interface Source {
  readonly name: string;
  readonly document: Document;
  readonly lines: LineCounter;
}

const MOST_ALIASES = 50;

/** The place itself, or of what it should have been in. */
const placeIn = ({ name: file, document, lines }: Source, path: readonly PropertyKey[]): Place => {
  for (let depth = path.length; depth >= 0; depth -= 1) {
    const node = depth === 0 ? document.contents : document.getIn(path.slice(0, depth), true);
    if (!isNode(node) || !node.range) continue;
    const { line, col: column } = lines.linePos(node.range[0]);
    return { file, line, column };
  }
  return { file, line: 1, column: 1 };
};

const problemAt = ({ name: file, lines }: Source, offset: number, message: string): PlacedProblem => {
  const { line, col: column } = lines.linePos(offset);
  return { place: { file, line, column }, path: '', message };
};

/** NB. What is copied out of such a key changes what things inherit, and would be left out of a rule in silence. */
const UNUSABLE_KEY = '__proto__';

const unusableKeys = (source: Source): readonly PlacedProblem[] => {
  const found: PlacedProblem[] = [];
  visit(source.document, {
    Pair: (_, { key }) => {
      if (!isScalar(key) || key.value !== UNUSABLE_KEY) return;
      found.push(problemAt(source, key.range?.[0] ?? 0, `the name "${UNUSABLE_KEY}" is not allowed`));
    },
  });
  return found;
};

const UNRESOLVED = /^Unresolved alias .*: (?<anchor>.+)$/;

const placeOfAlias = ({ document }: Source, anchor: string): number => {
  let offset = 0;
  visit(document, {
    Alias: (_, alias) => {
      if (alias.source !== anchor) return undefined;
      offset = alias.range?.[0] ?? 0;
      return visit.BREAK;
    },
  });
  return offset;
};

/** The parser looks at aliases only as it makes content of them. */
const aliasProblems = (source: Source): readonly PlacedProblem[] => {
  try {
    contentOf(source);
    return [];
  } catch (thrown) {
    if (!(thrown instanceof ReferenceError)) throw thrown;
    const anchor = UNRESOLVED.exec(thrown.message)?.groups?.anchor;
    if (anchor === undefined)
      return [problemAt(source, 0, 'its aliases stand for too much; write out what they repeat')];
    return [problemAt(source, placeOfAlias(source, anchor), `there is no anchor "${anchor}" before this`)];
  }
};

const syntaxProblems = (source: Source): readonly PlacedProblem[] => {
  const [error] = source.document.errors;
  if (error) {
    const { pos, message } = error;
    return [problemAt(source, pos[0], message.split('\n')[0]?.replace(/:$/, '') ?? message)];
  }
  const unusable = unusableKeys(source);
  return unusable.length > 0 ? unusable : aliasProblems(source);
};

const contentOf = ({ document }: Source): unknown => document.toJS({ maxAliasCount: MOST_ALIASES });

const problemsIn = (source: Source): readonly PlacedProblem[] => {
  const syntax = syntaxProblems(source);
  if (syntax.length > 0) return syntax;
  const checked = checkPolicyForm(contentOf(source));
  return checked.ok
    ? []
    : checked.problems.map((problem) => placed(inWords(source, problem), placeIn(source, problem.path)));
};

/** What is not there has no type either, and need not hear which. */
const inWords = ({ document }: Source, problem: PolicyProblem): PolicyProblem =>
  document.hasIn(problem.path) ? problem : { ...problem, message: 'is missing' };

const placed = ({ path, message }: PolicyProblem, place: Place): PlacedProblem => ({
  place,
  path: path.map(String).join('.'),
  message,
});

const rulesIn = (source: Source, part: Part): readonly unknown[] => {
  const content = contentOf(source) as Partial<Record<Part, readonly unknown[]>>;
  return content[part] ?? [];
};

/** The rules of a team's file carry the name of its delegation once they are among those of other files. */
const mergedRules = (source: Source, part: Part): readonly unknown[] => {
  const rules = rulesIn(source, part);
  const { delegation } = contentOf(source) as { readonly delegation?: string };
  if (part !== 'entitlements' || delegation === undefined) return rules;
  return rules.map((rule) => ({ ...(rule as object), delegation }));
};

/** Left out when there are none, so that the version of a policy without them stays what it was. */
const mergedContent = (sources: readonly Source[]) => {
  const [delegations = [], entitlements, guardrails = []] = PARTS.map((part) =>
    sources.flatMap((source) => mergedRules(source, part)),
  );
  return {
    version: 1,
    ...(delegations.length === 0 ? {} : { delegations }),
    entitlements,
    ...(guardrails.length === 0 ? {} : { guardrails }),
  };
};

/** Which file is whose. Of files whose form was checked. */
const ownerProblems = (sources: readonly Source[]): readonly PlacedProblem[] => {
  const files = sources.flatMap((source) => {
    const checked = checkPolicyForm(contentOf(source));
    return checked.ok ? [{ name: source.name, content: checked.file }] : [];
  });
  return delegatedFileProblems(files).flatMap(({ file, path, message }) => {
    const source = sources.find(({ name }) => name === file);
    return source ? [placed({ path, message }, placeIn(source, path))] : [];
  });
};

/** In which file, and there where, a part of the merged content stands. */
const placing = (sources: readonly Source[]) => {
  const counts = new Map(PARTS.map((part) => [part as string, sources.map((source) => rulesIn(source, part).length)]));
  return (path: readonly PropertyKey[]): Place => {
    const [part, index, ...rest] = path;
    let left = typeof index === 'number' ? index : 0;
    for (const [at, source] of sources.entries()) {
      const count = counts.get(String(part))?.[at] ?? 0;
      if (left < count) return placeIn(source, typeof index === 'number' ? [part ?? '', left, ...rest] : path);
      left -= count;
    }
    return placeIn(sources[0] as Source, []);
  };
};

const textOf = ({ place, path, message }: PlacedProblem): string =>
  `${place.file}:${place.line}:${place.column}: ${path === '' ? '' : `${path}: `}${message}`;

const refused = (problems: readonly PlacedProblem[]): ParsedPolicy => ({
  ok: false,
  problems: problems.map(textOf),
  placed: problems,
});

/** Reads and checks the files of a policy, whose rules follow one another in the order given; every problem names its place. */
export const parsePolicyFiles = (texts: readonly PolicyText[]): ParsedPolicy => {
  const sources = texts.map(({ name, text }): Source => {
    const lines = new LineCounter();
    return { name, lines, document: parseDocument(text, { lineCounter: lines }) };
  });
  if (sources.length === 0) return { ok: false, problems: ['there is no policy file'], placed: [] };
  const problems = sources.flatMap(problemsIn);
  if (problems.length > 0) return refused(problems);
  const owners = ownerProblems(sources);
  if (owners.length > 0) return refused(owners);
  const placeOf = placing(sources);
  const content = mergedContent(sources);
  const checked = checkPolicyContent(content);
  if (!checked.ok) return refused(checked.problems.map((problem) => placed(problem, placeOf(problem.path))));
  const document = JSON.stringify(content);
  return { ok: true, file: checked.file, document, version: policyVersionOf(document), placeOf };
};

/** The same for one file. */
export const parsePolicyFile = (text: string, name = 'policy'): ParsedPolicy => parsePolicyFiles([{ name, text }]);
