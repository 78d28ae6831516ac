/** The doctor's findings, one under the other: the verdict in words, never in colour alone. */
import type { DoctorReport, Finding } from '../json-documents.ts';
import type { Page } from '../output.ts';
import { type Field, fieldLines } from './fields.ts';
import type { Emphasis } from './style.ts';

const WORDS: Record<Finding['verdict'], string> = {
  good: 'well',
  advice: 'ADVICE',
  bad: 'NOT WELL',
  unknown: 'unknown',
};
const EMPHASIS: Partial<Record<Finding['verdict'], Emphasis>> = { good: 'green', advice: 'yellow', bad: 'red' };

const fieldsOf = ({ verdict, text, next, code }: Finding): Field[] => [
  [WORDS[verdict], text],
  ...(code === undefined ? [] : [['code', code] as const]),
  ...(next === undefined ? [] : [['next', next] as const]),
];

const findingLines = (finding: Finding, page: Page): string[] => [
  page.style(EMPHASIS[finding.verdict] ?? 'bold', finding.check),
  ...fieldLines(fieldsOf(finding), page.columns),
];

export const doctorLines = ({ findings }: DoctorReport, page: Page): string[] =>
  findings.flatMap((finding) => findingLines(finding, page));
