/** The files of teams: which delegation each is bound by, and what is wrong with how they say it. */
import { unknownDelegation } from './policy-delegation.ts';
import type { PolicyFile } from './policy-document.ts';

export interface FileContent {
  /** As problems name it. */
  readonly name: string;
  readonly content: PolicyFile;
}

export interface FileProblem {
  /** Name of the file. */
  readonly file: string;
  /** Where in the content of the file. */
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

type Delegation = PolicyFile['delegations'][number];

const plainName = (name: string): string => name.split(/[/\\]/).at(-1) ?? name;

/** NB. A team could leave the line out, so that it is the delegation that says which file is bound. */
const pinnedBy = (delegations: readonly Delegation[], name: string): Delegation | undefined =>
  delegations.find(({ file }) => file === plainName(name));

const headProblem = (head: string, name: string, delegations: readonly Delegation[]): string | undefined => {
  const delegation = delegations.find((one) => one.name === head);
  if (!delegation) return unknownDelegation(head, delegations);
  if (delegation.file === plainName(name)) return undefined;
  const other = delegation.file === undefined ? 'names no file' : `is for the file ${delegation.file}`;
  return `the delegation "${head}" ${other}; it must say file: ${plainName(name)}`;
};

/** A team's guardrail could shut others out, and its delegation could give away what is not its own. */
const PLATFORM_PARTS = ['delegations', 'guardrails'] as const;

const problemsOf = (
  { name: file, content }: FileContent,
  delegations: readonly Delegation[],
): readonly FileProblem[] => {
  const pinned = pinnedBy(delegations, file);
  const { delegation: head } = content;
  if (head === undefined)
    return pinned ? [{ file, path: [], message: `this file must begin with: delegation: ${pinned.name}` }] : [];
  const message = headProblem(head, file, delegations);
  return [
    ...(message === undefined ? [] : [{ file, path: ['delegation'], message }]),
    ...PLATFORM_PARTS.filter((part) => content[part].length > 0).map((part) => ({
      file,
      path: [part],
      message: `a delegated file has no ${part}; they are the platform team's`,
    })),
    ...content.entitlements.flatMap((rule, index) =>
      rule.delegation === undefined || rule.delegation === head
        ? []
        : [{ file, path: ['entitlements', index, 'delegation'], message: `this file is of the delegation "${head}"` }],
    ),
  ];
};

const missingFiles = (files: readonly FileContent[]): readonly FileProblem[] => {
  const names = new Set(files.map(({ name }) => plainName(name)));
  return files.flatMap(({ name: file, content }) =>
    content.delegations.flatMap((one, index) =>
      one.file === undefined || names.has(one.file)
        ? []
        : [{ file, path: ['delegations', index, 'file'], message: `the file ${one.file} is not beside this one` }],
    ),
  );
};

/** What is wrong with which file belongs to which delegation. */
export const delegatedFileProblems = (files: readonly FileContent[]): readonly FileProblem[] => {
  const delegations = files.flatMap(({ content }) => content.delegations);
  return [...files.flatMap((one) => problemsOf(one, delegations)), ...missingFiles(files)];
};
