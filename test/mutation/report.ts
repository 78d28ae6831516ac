/** Reads Stryker's report: the score as Stryker counts it, and the survivors, those that were looked at and those that were not. */
import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { counted, tableOf } from '../reliability/page.ts';

/** A survivor that somebody has looked at, as in `survivors.yaml`. */
interface Survivor {
  /** Below `lambda/domain`. */
  readonly file: string;
  /** The line, without its indentation. */
  readonly line: string;
  /** The expression in it, and what it was changed into. */
  readonly code: string;
  readonly becomes: string;
  readonly why: string;
}

interface Position {
  readonly line: number;
  readonly column: number;
}
interface Mutant {
  readonly status: string;
  readonly replacement?: string;
  readonly location: { readonly start: Position; readonly end: Position };
}
/** The part of a mutation testing report that is read here. */
export interface MutationReport {
  readonly files: Readonly<Record<string, { readonly source: string; readonly mutants: readonly Mutant[] }>>;
}

export interface Remaining extends Omit<Survivor, 'why'> {
  readonly lineNumber: number;
  /** Absent until somebody has looked at it. */
  readonly why?: string;
}

const LOOKED_AT = parse(await readFile(new URL('survivors.yaml', import.meta.url), 'utf8')) as readonly Survivor[];

const DETECTED = ['Killed', 'Timeout'];
const UNDETECTED = ['Survived', 'NoCoverage'];
const ROOT = 'lambda/domain/';

const countOf = (mutants: readonly Mutant[], statuses: readonly string[]): number =>
  mutants.filter(({ status }) => statuses.includes(status)).length;

export const scoreOf = (mutants: readonly Mutant[]): number => {
  const [detected, undetected] = [countOf(mutants, DETECTED), countOf(mutants, UNDETECTED)];
  return (100 * detected) / (detected + undetected);
};

const survivorOf = (file: string, source: string, { location, replacement = '' }: Mutant): Remaining => {
  const lines = source.split('\n').slice(location.start.line - 1, location.end.line);
  const line = lines[0] ?? '';
  const code = lines.length === 1 ? line.slice(location.start.column - 1, location.end.column - 1) : line.trim();
  const found = { file: file.replace(ROOT, ''), line: line.trim(), code, becomes: replacement.split('\n')[0] ?? '' };
  const known = LOOKED_AT.find(
    (one) => one.file === found.file && one.line === found.line && one.code === code && one.becomes === found.becomes,
  );
  return { ...found, lineNumber: location.start.line, ...(known ? { why: known.why } : {}) };
};

export const remainingIn = ({ files }: MutationReport): readonly Remaining[] =>
  Object.entries(files).flatMap(([file, { source, mutants }]) =>
    mutants.filter(({ status }) => UNDETECTED.includes(status)).map((mutant) => survivorOf(file, source, mutant)),
  );

export const tableOfScores = (report: MutationReport): string => {
  const files = Object.entries(report.files).map(([file, { mutants }]) => ({ file: file.replace(ROOT, ''), mutants }));
  const all = files.flatMap(({ mutants }) => mutants);
  const remaining = remainingIn(report);
  const unseen = (wanted?: string): number =>
    remaining.filter(({ file, why }) => why === undefined && (wanted === undefined || file === wanted)).length;
  const row = (name: string, mutants: readonly Mutant[], notLookedAt: number): readonly (string | number)[] => [
    name,
    counted(countOf(mutants, [...DETECTED, ...UNDETECTED])),
    counted(countOf(mutants, UNDETECTED)),
    notLookedAt,
    `${scoreOf(mutants).toFixed(1)} %`,
  ];
  const scored = files.filter(({ mutants }) => countOf(mutants, [...DETECTED, ...UNDETECTED]) > 0);
  return tableOf(
    ['file', 'mutants', 'survivors', 'of them not looked at', 'score'],
    [...scored.map(({ file, mutants }) => row(file, mutants, unseen(file))), row('**all**', all, unseen())],
  );
};
