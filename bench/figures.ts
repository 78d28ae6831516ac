/** Puts measured figures into docs/benchmarks.md, between the marks of their measure. */
import { readFile, writeFile } from 'node:fs/promises';
import { ROOT } from './local-service.ts';
import type { Section } from './report.ts';

const PAGE = `${ROOT}docs/benchmarks.md`;

/** @throws when the page has no marks for the measure. */
export const writeFigures = async (name: string, { text }: Section): Promise<void> => {
  const page = await readFile(PAGE, 'utf8');
  const begin = `<!-- ${name}: begin -->`;
  const end = `<!-- ${name}: end -->`;
  const from = page.indexOf(begin);
  const until = page.indexOf(end);
  if (from === -1 || until < from) throw new Error(`docs/benchmarks.md has no place for ${name}`);
  await writeFile(PAGE, `${page.slice(0, from + begin.length)}\n${text}\n${page.slice(until)}`);
};
