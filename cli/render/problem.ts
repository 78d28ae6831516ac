/** A failure for people: what happened, its code, and what to do next. */
import type { Problem } from '../../lambda/contract/problem.ts';
import type { Failure } from '../failure.ts';
import type { Page } from '../output.ts';
import { type Field, fieldLines } from './fields.ts';
import { hintFor } from './hints.ts';
import { wrap } from './text.ts';

/** What a failure says, without its machinery: so that it can be neutralised like every other document. */
export interface Complaint {
  readonly problem: Problem;
  readonly next?: string;
}

export const complaintOf = ({ problem, next }: Failure): Complaint => {
  const advice = next ?? hintFor(problem);
  return advice === undefined ? { problem } : { problem, next: advice };
};

export const complaintLines = ({ problem, next }: Complaint, page: Page): string[] => {
  const { title, detail, code, traceId, issues = [] } = problem;
  const fields: Field[] = [
    ...issues.map(({ path, message }) => [path || 'body', message] as const),
    ['code', code],
    ...(next === undefined ? [] : [['next', next] as const]),
    ...(traceId === undefined ? [] : [['trace', traceId] as const]),
  ];
  return [
    ...wrap(`brevet: ${title}: ${detail}`, page.columns).map((line) => page.style('bold', line)),
    ...fieldLines(fields, page.columns),
  ];
};
